// SPDX-License-Identifier: GPL-2.0-only
/*
 * packets.js - the packets that are selected, by everything that is: search, word,
 * reason, rule, connection, host, trouble, and the time that is shown.
 */
"use strict";
globalThis.CT = globalThis.CT || {};

(() => {
	const { element, button, byId, format, names } = CT;
	const HEADS = [["k-frame", "Frame"], ["k-time", "Time"], ["k-word", "Word"],
		["k-ends", "Packet"], ["k-why", "Why"], ["k-dir", "Direction"],
		["k-state", "State after it"], ["k-length", "Bytes"]];

	let m = null, grid = null;
	let shown = new Uint32Array(0);
	let timer = 0;

	const TESTS = {
		conn: v => i => m.packets.conn[i] === v + 1,
		alone: v => i => m.alone[i] === v + 1,
		word: v => i => m.packets.word[i] === v,
		reason: v => i => m.packets.reason[i] === v,
		rule: v => i => m.packets.rule[i] === v,
		trouble: v => i => (m.trouble[i] & v) !== 0,
		host: v => i => {
			const { conn, src, dst } = m.packets, c = m.connections, k = conn[i] - 1;
			return src[i] === v + 1 || dst[i] === v + 1 ||
				k >= 0 && (c.src[k] === v || c.dst[k] === v);
		},
	};

	const LABELS = {
		conn: v => "connection " + m.connections.id[v],
		alone: v => names.host(v) + " without a connection",
		word: v => m.json.words[v],
		reason: v => names.reason(v)?.name ?? "",
		rule: v => names.rule(v) || "dropped by no rule",
		trouble: v => ["", "INVALID", "dropped", "INVALID and dropped"][v],
		host: v => names.host(v),
	};

	function collect() {
		const { facets, query } = CT.view, p = m.packets;
		const tests = Object.entries(facets).map(([name, v]) => TESTS[name](v));
		let first = 0, end = p.count;
		if (byId("in-range").checked) {
			const [from, to] = CT.view.range;
			first = CT.model.lowerBound(p.count, i => p.at[i], from);
			end = CT.model.lowerBound(p.count, i => p.at[i], to);
		}
		const out = new Uint32Array(end - first);
		let n = 0;
		for (let i = first; i < end; i++) {
			if (query && !query.packets[i])
				continue;
			let passes = true;
			for (let k = 0; k < tests.length && passes; k++)
				passes = tests[k](i);
			if (passes)
				out[n++] = i;
		}
		return out.subarray(0, n);
	}

	function chips() {
		const box = byId("chips");
		box.replaceChildren();
		const add = (text, remove) => box.append(element("li", "",
			button(text + " ✕", "No longer only " + text, remove)));
		for (const [name, v] of Object.entries(CT.view.facets))
			if (name !== "trouble")
				add(LABELS[name](v), () => CT.view.setFacet(name, null));
		if (CT.view.query)
			add("“" + CT.view.query.text + "”", () => {
				byId("search").value = "";
				CT.view.query = null;
				CT.view.changed("query");
			});
		byId("only-trouble").setAttribute("aria-pressed", CT.view.facets.trouble === 3);
		byId("every-packet").setAttribute("aria-pressed",
			!Object.keys(CT.view.facets).length && !CT.view.query);
	}

	function update() {
		shown = collect();
		byId("packet-list").classList.toggle("no-why", !shown.some(i =>
			m.trouble[i] || m.packets.reason[i]));
		grid.setCount(shown.length);
		const at = CT.view.packet < 0 ? -1 : indexOf(CT.view.packet);
		if (at >= 0)
			grid.select(at, true);
		byId("packet-count").textContent = format.plural(shown.length, "packet", "packets") +
			(m.complete ? "" : " of those in this page");
		chips();
	}

	/* A zoom that goes on is not kept waiting for the list. */
	function later() {
		if (!byId("in-range").checked)
			return;
		clearTimeout(timer);
		timer = setTimeout(update, 120);
	}

	function indexOf(packet) {
		const at = CT.model.lowerBound(shown.length, i => shown[i], packet);
		return shown[at] === packet ? at : -1;
	}

	function word(i) {
		const name = m.json.words[m.packets.word[i]], bad = m.trouble[i] & 1;
		return element("span", "w" + (bad ? " bad" : ""),
			element("span", "swatch c-" + name), name);
	}

	function cells(i) {
		const p = m.packets, proto = names.packetProtocol(i);
		const told = names.why(i) || (names.reason(p.reason[i])?.sentence ?? "");
		const dropped = m.trouble[i] & 2 && p.verdict[i] ? names.verdict(i) : "";
		const verdict = dropped && !told.includes(dropped) ? dropped + ": " : "";
		return [String(p.frame[i]), names.time(p.time[i]), word(i),
			(proto ? proto + " " : "") + names.packetText(i), verdict + told,
			["–", "original", "reply"][p.dir[i]] ?? "–", names.state(p.state[i]) || "–",
			format.number(p.length[i])];
	}

	function fill(row, index) {
		const values = cells(shown[index]);
		HEADS.forEach(([className], k) => {
			const cell = element("span", className, values[k]);
			cell.setAttribute("role", "gridcell");
			if (k === 3 || k === 4)
				cell.title = values[k];
			row.append(cell);
		});
	}

	/* Shows this packet, whatever is selected, where it can. */
	function show(packet) {
		CT.view.selectPacket(packet);
		shown = collect();
		if (indexOf(packet) < 0) {
			CT.view.facets = {};
			CT.view.query = null;
			byId("in-range").checked = false;
			CT.view.changed("query");
		}
		CT.view.changed("facets");
	}

	/* The first packet of a new selection is shown. */
	function first() {
		shown = collect();
		CT.view.selectPacket(shown.length ? shown[0] : -1);
	}

	/* Lists the packets that have this and nothing else, for parts above and below. */
	function list(facets) {
		CT.view.only(facets);
		first();
		byId("packets").scrollIntoView({ block: "start" });
	}

	/* The next packet in trouble after the one that is shown, or the one before it. */
	function step(by) {
		const n = m.packets.count;
		let i = CT.view.packet < 0 ? (by > 0 ? -1 : n) : CT.view.packet;
		for (i += by; i >= 0 && i < n; i += by)
			if (m.trouble[i]) {
				show(i);
				const t = m.packets.at[i], [a, b] = CT.view.range;
				if (t < a || t > b)
					CT.view.zoomTo(t - (b - a) / 2, t + (b - a) / 2);
				return;
			}
	}

	function begin(model) {
		m = model;
		grid = new CT.VirtualList(byId("packet-list"), {
			label: "Packets", heads: HEADS, fill,
			size: () => (CT.view.sizes().narrow ? { row: 60, head: 0 } : { row: 22, head: 24 }),
			chosen: index => CT.view.selectPacket(shown[index]),
		});
		byId("only-trouble").addEventListener("click", () => CT.view.only({ trouble: 3 }));
		byId("every-packet").addEventListener("click", () => CT.view.clear());
		byId("in-range").addEventListener("change", update);
		CT.view.on("facets query time-mode", update);
		CT.view.on("range", later);
		if (m.trouble.some(t => t))
			CT.view.facets = { trouble: 3 };
		update();
		first();
	}

	CT.packets = { begin, list, show, first, step, cells, heads: HEADS,
		get shown() {
			return shown;
		} };
})();
