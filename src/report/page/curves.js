// SPDX-License-Identifier: GPL-2.0-only
/*
 * curves.js - packets by word, INVALID and dropped packets, and the table's size, over
 * the time that is shown.  uPlot draws; what is shown is view.js's to say.
 */
"use strict";
globalThis.CT = globalThis.CT || {};

(() => {
	const { element, byId, format, names } = CT;
	const color = name => CT.theme.color(name);
	const COLUMN_PX = 4;
	/* From the bottom of the stack to its top: what is rare stays on the ground. */
	const STACK = ["INVALID", "DROP", "NEW", "RELATED", "UNTRACKED", "FRAGMENT", "ESTABLISHED"];
	const STEPS = [1e-6, 2e-6, 5e-6, 1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3,
		0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900,
		1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800,
		1209600, 2592000, 7776000, 31536000, 63072000, 157680000, 315360000, 1576800000];

	let m = null;
	let charts = [];
	let binned = null;
	let drawing = false;

	/* Marks of the time axis stand on whole seconds of the clock, if it is shown. */
	function splits(u, axis, min, max, step) {
		const base = names.byClock ? Number(m.start % 86400000000n) / 1e6 : 0;
		const out = [];
		for (let t = Math.ceil((min + base) / step) * step; t <= max + base && out.length < 60; t += step)
			out.push(t - base);
		return out;
	}

	function timeLabels(u, marks, axis, space, step) {
		return marks.map(t => names.mark(Math.round(t * 1e6), step));
	}

	function countLabels(u, marks) {
		return marks.map(v => v !== Math.round(v) ? "" : v >= 1e6 ? v / 1e6 + " M" :
			v >= 1e4 ? v / 1e3 + " k" : String(v));
	}

	function axes(withTime) {
		const common = { stroke: () => color("soft"), font: "11px system-ui, sans-serif",
			grid: { stroke: () => color("line"), width: 1 }, ticks: { show: false } };
		const { narrow, axis } = CT.view.sizes();
		return [
			{ ...common, show: withTime, splits, values: timeLabels, incrs: STEPS,
				space: names.byClock || narrow ? 92 : 76, size: 22, gap: 4 },
			{ ...common, values: countLabels, size: axis, gap: 4, space: 26,
				incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5,
					2e5, 5e5, 1e6, 2e6, 5e6, 1e7, 5e7, 1e8, 5e8, 1e9] },
		];
	}

	function options(chart) {
		return {
			width: 300, height: chart.height, legend: { show: false },
			padding: [6, 1, chart.withTime ? 0 : 4, 0],
			scales: { x: { time: false, range: () => CT.view.range.map(t => t / 1e6) },
				y: { range: (u, low, high) => [0, chart.top(high || 1)] } },
			axes: axes(chart.withTime),
			cursor: { sync: { key: "ct", scales: ["x", null] }, y: false,
				drag: { x: true, y: false, setScale: false }, points: { show: false } },
			series: [{}, ...chart.series()],
			hooks: {
				setSelect: [u => selected(u)],
				setCursor: [u => {
					chart.say(u);
					CT.view.cursor = u.cursor.left >= 0 ? u.posToVal(u.cursor.left, "x") * 1e6 : null;
					CT.view.changed("cursor");
				}],
			},
		};
	}

	function selected(u) {
		if (u.select.width < 3)
			return;
		const from = u.posToVal(u.select.left, "x") * 1e6;
		const to = u.posToVal(u.select.left + u.select.width, "x") * 1e6;
		u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
		CT.view.zoomTo(from, to);
	}

	/* Values on each other, the last on top: uPlot draws from the top one down. */
	function stack(parts) {
		const out = [];
		let below = null;
		for (const part of parts) {
			below = below ? part.map((v, i) => v + below[i]) : Float64Array.from(part);
			out.unshift(below);
		}
		return out;
	}

	function bars() {
		return uPlot.paths.bars({ size: [0.92, 60], gap: 0 });
	}

	class Chart {
		constructor(id, title, height, withTime) {
			this.height = height;
			this.withTime = withTime;
			this.legend = element("ul", "legend");
			this.per = element("div", "per");
			this.side = element("div", "side", element("h3", "", title), this.per, this.legend);
			this.plot = element("div", "plot");
			this.plot.id = id;
			this.plot.setAttribute("role", "img");
			byId("curves").append(element("div", "curve", this.side, this.plot));
			CT.pinch.watch(this.plot, () => {
				const { left, right } = this.plot.querySelector(".u-over").getBoundingClientRect();
				return [left, right];
			});
			this.values = [];
		}

		top(high) {
			return high * 1.06;
		}

		/* entries: [name, swatch's class or colour] */
		fillLegend(entries) {
			this.values = entries.map(([name, className, hue]) => {
				const swatch = element("span", "swatch " + className);
				if (hue)
					swatch.style.background = hue;
				const value = element("span", "value");
				this.legend.append(element("li", "", swatch,
					element("span", "name", name), value));
				return value;
			});
		}

		start() {
			const over = u => u.root.querySelector(".u-over");
			this.u?.destroy();
			this.u = new uPlot(options(this), this.data(), this.plot);
			watchWheel(over(this.u), x => this.u.posToVal(x, "x") * 1e6);
			this.resize();
		}

		resize() {
			const width = this.plot.clientWidth;
			if (width && this.u && width !== this.u.width)
				this.u.setSize({ width, height: this.height });
		}

		draw() {
			this.u.setData(this.data(), true);
			this.describe();
		}
	}

	class WordsChart extends Chart {
		constructor() {
			super("curve-words", "Packets", 120, false);
			this.words = STACK.filter(w => (m.statistics.packets_by_ctstate ?? {})[w]);
			this.index = this.words.map(w => m.json.words.indexOf(w));
			this.fillLegend(this.words.map(w => [w, "c-" + w]).reverse());
			this.values.reverse();
		}

		series() {
			return this.words.map(w => ({ fill: () => color(w), width: 0, paths: bars(),
				points: { show: false } })).reverse();
		}

		data() {
			return [binned.at, ...stack(this.index.map(i => binned.words[i]))];
		}

		say(u) {
			const at = u.cursor.idx;
			this.index.forEach((w, i) => {
				this.values[i].textContent = u.cursor.left >= 0 && at !== null ?
					format.number(binned.words[w][at] ?? 0) : format.number(this.sums?.[i] ?? 0);
			});
		}

		describe() {
			this.per.textContent = "a column is " + format.duration(binned.width);
			this.sums = this.index.map(i => binned.words[i].reduce((a, b) => a + b, 0));
			this.plot.setAttribute("aria-label", "Packets over the time shown: " +
				this.words.map((w, i) => format.number(this.sums[i]) + " " + w).join(", "));
			this.say(this.u);
		}
	}

	class TroubleChart extends Chart {
		constructor() {
			super("curve-trouble", "INVALID and dropped", 64, false);
			this.per.hidden = true;
			this.fillLegend([["INVALID", "c-INVALID"], ["dropped (outline)", "c-DROP"]]);
			this.invalid = m.json.words.indexOf("INVALID");
		}

		series() {
			return [
				{ fill: () => color("INVALID"), width: 0, paths: bars(), points: { show: false } },
				{ stroke: () => color("DROP"), width: 1.2, paths: bars(), points: { show: false } },
			];
		}

		data() {
			const drop = Array.from(binned.drop, v => v || null);
			return [binned.at, binned.words[this.invalid], drop];
		}

		top(high) {
			return Math.max(1, high * 1.15);
		}

		say(u) {
			const at = u.cursor.left >= 0 ? u.cursor.idx : null;
			[binned.words[this.invalid], binned.drop].forEach((list, i) => {
				this.values[i].textContent = format.number(at !== null ? list[at] ?? 0 :
					list.reduce((a, b) => a + b, 0));
			});
		}

		describe() {
			this.say(this.u);
			this.plot.setAttribute("aria-label", "Over the time shown: " +
				this.values[0].textContent + " INVALID and " +
				this.values[1].textContent + " dropped packets");
		}
	}

	/* Two colours, "#rrggbb" both, as one: share of the first. */
	function mixed(a, b, share) {
		const part = (text, i) => parseInt(text.slice(1 + 2 * i, 3 + 2 * i), 16);
		return "rgb(" + [0, 1, 2].map(i =>
			Math.round(part(a, i) * share + part(b, i) * (1 - share))).join(" ") + ")";
	}

	class TableChart extends Chart {
		constructor() {
			super("curve-table", "Connections in the table", 176, true);
			this.withMax = false;
			this.states = m.bins.table.filter(t => t.value.some(v => v));
			this.states.sort((a, b) => this.classOf(a) - this.classOf(b));
			this.fillLegend([["most in a moment", "c-total", "transparent"],
				...this.states.map((t, i) => [t.name, "", this.hue(t, i)])]);
			if (m.json.max)
				this.addMax();
		}

		classOf(t) {
			const i = m.json.states.indexOf(t.name);
			return i >= 0 ? m.stateClass[i] : 0;
		}

		/* States of a kind have one colour, and are lighter one after the other. */
		hue(t, i) {
			const kind = this.classOf(t);
			const before = this.states.slice(0, i).filter(s => this.classOf(s) === kind).length;
			return mixed(color(CT.model.CLASSES[kind]), color("back"), Math.max(0.4, 1 - before * 0.22));
		}

		addMax() {
			const peak = m.bins.entries.reduce((a, b) => Math.max(a, b), 0);
			this.withMax = peak * 4 >= m.json.max;
			this.maxButton = CT.button("", "Show the line of nf_conntrack_max (m)", () => {
				this.withMax = !this.withMax;
				this.start();
				this.sayMax();
			});
			this.maxButton.id = "max-line";
			this.side.append(this.maxButton);
			this.sayMax();
		}

		sayMax() {
			this.maxButton.textContent = "nf_conntrack_max " + format.number(m.json.max);
			this.maxButton.setAttribute("aria-pressed", this.withMax);
		}

		series() {
			const stepped = uPlot.paths.stepped({ align: 1 });
			const states = this.states.map((t, i) => ({ fill: () => this.hue(t, i), width: 0,
				paths: stepped, points: { show: false } })).reverse();
			return [...states,
				{ stroke: () => color("text"), width: 1, paths: stepped, points: { show: false } },
				{ stroke: () => color("INVALID"), width: 1.5, dash: [6, 4], points: { show: false } }];
		}

		data() {
			const b = m.bins, [from, to] = CT.view.range;
			const first = Math.max(0, Math.floor((from - b.start) / b.width) - 1);
			const end = Math.min(b.count, Math.ceil((to - b.start) / b.width) + 1);
			this.first = Math.min(first, Math.max(0, end - 1));
			const bins = Math.max(1, end - this.first);
			/* Several bins a step where they are narrower than two pixels. */
			const each = Math.max(1, Math.ceil(bins * 2 / plotWidth()));
			const count = Math.ceil(bins / each);
			/* A step ends where the next begins; the last one is led to its end. */
			const at = Array.from({ length: count + 1 }, (_, i) => (b.start +
				Math.min(b.count, this.first + i * each) * b.width) / 1e6);
			const cut = (list, most) => {
				const part = [];
				for (let i = 0; i < count; i++) {
					const from = this.first + i * each, to = Math.min(b.count, from + each);
					part.push(most ? list.subarray(from, to).reduce((x, y) => Math.max(x, y), 0) :
						list[Math.max(0, to - 1)] ?? 0);
				}
				part.push(part[part.length - 1] ?? 0);
				return part;
			};
			const max = this.withMax ? m.json.max : null;
			return [at, ...stack(this.states.map(t => cut(t.value, false))), cut(b.entries, true),
				at.map(() => max)];
		}

		say(u) {
			const inside = u.cursor.left >= 0 && u.cursor.idx !== null;
			const [from, to] = CT.view.range, b = m.bins;
			const t = inside ? u.posToVal(u.cursor.left, "x") * 1e6 : to;
			const at = Math.max(0, Math.min(b.count - 1, Math.floor((t - b.start) / b.width)));
			let most = b.entries[at];
			if (!inside) {
				const low = Math.max(0, Math.floor((from - b.start) / b.width));
				most = b.entries.subarray(low, at + 1).reduce((x, y) => Math.max(x, y), 0);
			}
			this.values[0].textContent = format.number(most);
			this.states.forEach((s, i) => {
				this.values[i + 1].textContent = format.number(s.value[at]);
			});
		}

		describe() {
			this.say(this.u);
			this.per.textContent = "at the cursor, else at the end";
			this.plot.setAttribute("aria-label", "Connections in the table: at most " +
				this.values[0].textContent + " in the time shown; at its end " +
				this.states.map((s, i) => this.values[i + 1].textContent + " " + s.name).join(", "));
		}
	}

	/* The wheel zooms where it is, with Shift (or sideways) it pans; Ctrl is the browser's. */
	function watchWheel(target, timeAt) {
		target.addEventListener("wheel", event => {
			if (event.ctrlKey)
				return;
			event.preventDefault();
			const sideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
			const turned = sideways ? event.deltaX || event.deltaY : event.deltaY;
			if (sideways)
				CT.view.pan(Math.sign(turned) * 0.1);
			else
				CT.view.zoomBy(turned > 0 ? 1.25 : 0.8,
					timeAt(event.clientX - target.getBoundingClientRect().left));
		}, { passive: false });
		target.addEventListener("dblclick", () => CT.view.all());
	}

	function plotWidth() {
		return Math.max(60, (charts[0].u?.width ?? charts[0].plot.clientWidth) -
			CT.view.sizes().axis);
	}

	function draw() {
		const [from, to] = CT.view.range;
		binned = CT.binning.bin(m, from, to, plotWidth() / COLUMN_PX);
		if (drawing)
			for (const chart of charts)
				chart.draw();
	}

	function restart() {
		draw();
		for (const chart of charts) {
			chart.legend.querySelectorAll(".swatch").forEach((s, i) => {
				if (chart instanceof TableChart && i > 0)
					s.style.background = chart.hue(chart.states[i - 1], i - 1);
			});
			chart.start();
			chart.describe();
		}
		drawing = true;
	}

	function begin(model) {
		m = model;
		charts = [new WordsChart(), new TroubleChart(), new TableChart()];
		restart();
		CT.view.on("range", draw);
		CT.view.on("theme time-mode", restart);
		new ResizeObserver(() => {
			for (const chart of charts)
				chart.resize();
			CT.view.changed("range");
		}).observe(byId("curves"));
	}

	CT.curves = { begin, toggleMax: () => CT.byId("max-line")?.click() };
})();
