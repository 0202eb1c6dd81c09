// SPDX-License-Identifier: GPL-2.0-only
/*
 * binning.js - packets by columns of the screen.
 *
 * With every packet in the page the columns are counted from them, exactly, at any
 * zoom; where a bound left packets out, they come from the capture's own bins.
 */
"use strict";
globalThis.CT = globalThis.CT || {};

(() => {
	const { lowerBound } = CT.model;

	/* Widths that a person can say: 1, 2 or 5 times a power of ten microseconds. */
	function niceWidth(us) {
		const power = 10 ** Math.floor(Math.log10(Math.max(us, 1)));
		for (const n of [1, 2, 5])
			if (n * power >= us)
				return n * power;
		return 10 * power;
	}

	function empty(m, from, width, count) {
		const at = new Float64Array(count);
		for (let i = 0; i < count; i++)
			at[i] = (from + (i + 0.5) * width) / 1e6;
		return { width, at, from, count, drop: new Float64Array(count),
			words: m.json.words.map(() => new Float64Array(count)) };
	}

	function fromPackets(m, out) {
		const { at, word, count } = m.packets, { from, width } = out;
		const first = lowerBound(count, i => at[i], from);
		const end = lowerBound(count, i => at[i], from + width * out.count);
		for (let i = first; i < end; i++) {
			const column = Math.min(out.count - 1, Math.floor((at[i] - from) / width));
			out.words[word[i]][column]++;
			if (m.trouble[i] & 2)
				out.drop[column]++;
		}
		return out;
	}

	function fromBins(m, out) {
		const b = m.bins;
		const add = (source, target) => {
			for (let i = 0; i < b.count; i++) {
				const column = Math.floor((b.start + (i + 0.5) * b.width - out.from) / out.width);
				if (column >= 0 && column < out.count)
					target[column] += source[i];
			}
		};
		for (const w of b.words)
			add(w.value, out.words[m.json.words.indexOf(w.name)]);
		add(b.drop, out.drop);
		return out;
	}

	/* Packets from 'from' to 'to' in at most 'columns' columns and one. */
	function bin(m, from, to, columns) {
		let width = niceWidth((to - from) / Math.max(columns, 8));
		/* Whole bins a column: else one would have a bin more than its neighbour. */
		if (!m.complete)
			width = m.bins.width * Math.ceil(width / m.bins.width);
		const first = Math.floor(from / width) * width;
		const out = empty(m, first, width, Math.ceil((to - first) / width) || 1);
		return m.complete ? fromPackets(m, out) : fromBins(m, out);
	}

	CT.binning = { bin };
})();
