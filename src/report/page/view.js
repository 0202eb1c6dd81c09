// SPDX-License-Identifier: GPL-2.0-only
/*
 * view.js - what all parts of the page share: the time that is shown, what is
 * selected, and which parts are told of a change.
 *
 * Changes are told once a display frame: a wheel that turns fast costs a redraw a
 * frame.  "redraws" keeps how long these took, for the tests.
 */
"use strict";
globalThis.CT = globalThis.CT || {};

(() => {
	const LEAST_US = 20;
	const listeners = new Map();
	const pending = new Set();
	const redraws = [];
	let asked = false;
	let whole = [0, 1];

	const view = {
		range: [0, 1],
		facets: {},	/* conn, alone, host, word, reason, rule, trouble: what packets must have */
		packet: -1,	/* the packet whose details are shown */
		query: null,	/* the search, see search.js */
		redraws,
	};

	/* What page.css has as well: a telephone, and the columns left of the curves. */
	function sizes() {
		const narrow = innerWidth <= 760;
		return { narrow, gutter: narrow ? 0 : 232, axis: narrow ? 44 : 52 };
	}

	function on(names, action) {
		for (const name of names.split(" ")) {
			if (!listeners.has(name))
				listeners.set(name, []);
			listeners.get(name).push(action);
		}
	}

	function flush() {
		const begin = performance.now();
		const names = [...pending];
		pending.clear();
		asked = false;
		const called = new Set();
		for (const name of names)
			for (const action of listeners.get(name) ?? [])
				if (!called.has(action)) {
					called.add(action);
					action();
				}
		/* A message comes after what the browser itself does for this frame. */
		const channel = new MessageChannel();
		channel.port1.onmessage = () => {
			redraws.push({ what: names.join(" "), ms: performance.now() - begin });
			if (redraws.length > 1000)
				redraws.shift();
			channel.port1.close();
		};
		channel.port2.postMessage(0);
	}

	function changed(name) {
		pending.add(name);
		if (!asked) {
			asked = true;
			requestAnimationFrame(flush);
		}
	}

	function zoomTo(from, to) {
		const width = Math.max(LEAST_US, Math.min(to - from, whole[1] - whole[0]));
		let begin = from + (to - from) / 2 - width / 2;
		begin = Math.max(whole[0], Math.min(begin, whole[1] - width));
		view.range = [begin, begin + width];
		changed("range");
	}

	/* factor < 1 shows less; at: the time that stays where it is */
	function zoomBy(factor, at) {
		const [a, b] = view.range;
		const middle = at ?? (a + b) / 2;
		zoomTo(middle - (middle - a) * factor, middle + (b - middle) * factor);
	}

	function pan(share) {
		const [a, b] = view.range, step = (b - a) * share;
		const shift = Math.max(whole[0] - a, Math.min(step, whole[1] - b));
		zoomTo(a + shift, b + shift);
	}

	/* Of a connection, a word, ... all packets are listed, not only those in trouble. */
	function setFacet(name, value) {
		if (name !== "trouble")
			delete view.facets.trouble;
		if (value === null || value === undefined)
			delete view.facets[name];
		else
			view.facets[name] = value;
		changed("facets");
	}

	/* Nothing else than this is selected; the search stays. */
	function only(facets) {
		view.facets = facets;
		changed("facets");
	}

	function clear() {
		view.facets = {};
		view.query = null;
		changed("facets");
		changed("query");
	}

	function selectPacket(i) {
		view.packet = i;
		changed("packet");
	}

	/* The shortest time is shown with a margin, so that its ends can be seen. */
	function begin(model) {
		const margin = Math.max(5, model.length * 0.005);
		whole = [-margin, model.length + margin];
		view.range = [...whole];
	}

	Object.assign(view, {
		sizes, on, changed, flush, zoomTo, zoomBy, pan, setFacet, only, clear, selectPacket, begin,
		all: () => zoomTo(...whole),
	});
	CT.view = view;
})();
