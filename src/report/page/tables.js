// SPDX-License-Identifier: GPL-2.0-only
/* tables.js - top talkers, to sort by any column, and the firewall's rules. */
"use strict";
globalThis.CT = globalThis.CT || {};

(() => {
	const { element, button, byId, format } = CT;
	const BY = { src: "Source", dst: "Destination", port: "Port", pair: "Pair" };
	const NUMBERS = [["entries", "Entries"], ["connections", "Connections"],
		["packets", "Packets"], ["bytes", "Bytes"], ["invalid", "INVALID"]];

	let m = null, by = "src", sortBy = "entries", down = true;

	function nameOf(r) {
		switch (by) {
		case "src":
			return r.src;
		case "dst":
			return r.dst;
		case "pair":
			return r.src + " → " + r.dst;
		default:
			return (r.proto ?? "") + " " + (r.dport ?? r.port ?? "");
		}
	}

	/* What a name is searched by. */
	function searchOf(r) {
		return by === "port" ? (r.proto ? r.proto + " " : "") + ":" + (r.dport ?? "") :
			by === "pair" ? r.src + " " + r.dst : nameOf(r);
	}

	function headCell(key, label, numeric) {
		const about = key === "entries" ? "Entries in the table at its fullest moment: sort by this" :
			"Sort by this";
		const th = element("th", numeric ? "n" : "");
		th.scope = "col";
		if (key === sortBy)
			th.setAttribute("aria-sort", down ? "descending" : "ascending");
		const b = button(label + (key === sortBy ? down ? " ▾" : " ▴" : ""), about, () => {
			down = key === sortBy ? !down : numeric;
			sortBy = key;
			drawTalkers();
			byId("talkers-table").querySelector(`[data-key="${key}"]`).focus();
		});
		b.dataset.key = key;
		th.append(b);
		return th;
	}

	function compare(a, b) {
		const order = sortBy === "name" ? nameOf(a).localeCompare(nameOf(b), "en", { numeric: true }) :
			(a[sortBy] ?? 0) - (b[sortBy] ?? 0);
		return (down ? -order : order) || a.rank - b.rank;
	}

	function talkerRow(r) {
		const name = button(nameOf(r), "Search for this", () => {
			const field = byId("search");
			field.value = searchOf(r);
			field.form.requestSubmit();
		});
		const row = element("tr", "", element("td", "mono", name));
		for (const [key] of NUMBERS) {
			const n = r[key] ?? 0;
			const cell = element("td", "n", key === "bytes" ? format.bytes(n) : format.number(n));
			if (key === "bytes")
				cell.title = format.number(n);
			if (key === "invalid" && n)
				cell.classList.add("some");
			row.append(cell);
		}
		return row;
	}

	function drawTalkers() {
		const records = m.json.top.filter(r => r.by === by).sort(compare);
		const head = element("tr", "", headCell("name", BY[by], false),
			...NUMBERS.map(([key, label]) => headCell(key, label, true)));
		const table = element("table", "grid", element("thead", "", head),
			element("tbody", "", ...records.map(talkerRow)));
		table.setAttribute("aria-label", "Top talkers by " + BY[by].toLowerCase());
		byId("talkers-table").replaceChildren(table);
		for (const b of byId("talkers-by").children)
			b.setAttribute("aria-pressed", b.dataset.by === by);
	}

	/* Too many different addresses, as a flood has: the lists were full. */
	function sayLeft() {
		const left = m.json.limits.top_left;
		byId("talkers-note").hidden = !left;
		if (left)
			byId("talkers-note").textContent = "A list leaves out up to " +
				format.plural(left, "connection", "connections") + ": there were too many " +
				"different addresses, and each list counts those that came first.";
	}

	function beginTalkers() {
		const present = Object.keys(BY).filter(k => m.json.top.some(r => r.by === k));
		if (!present.length) {
			byId("talkers").hidden = true;
			return;
		}
		by = present[0];
		for (const key of present) {
			const b = button(BY[key], "", () => {
				by = key;
				drawTalkers();
			});
			b.dataset.by = key;
			byId("talkers-by").append(b);
		}
		sayLeft();
		drawTalkers();
	}

	function ruleRow(r, i) {
		const row = element("tr", r.number === null ? "chain" : r.packets ? "" : "unmatched");
		const where = r.table + ":" + r.chain + (r.number === null ? "" : ":" + r.number);
		const text = r.number === null ? "policy " + r.rule : r.rule;
		const show = r.number !== null && r.packets ? button(text, "Show the packets that it decided",
			() => CT.packets.list({ rule: i + 1 })) : text;
		row.append(element("td", "mono where", r.l3proto + " " + where), element("td", "mono", show),
			element("td", "n", format.number(r.packets)), element("td", "n", format.number(r.bytes)));
		if (r.unknown)
			row.lastChild.title = format.number(r.unknown) + " not known";
		return row;
	}

	function drawRules() {
		const matched = byId("matched-only").checked;
		const head = element("tr", "");
		for (const [text, className] of [["Where", ""], ["Rule", ""], ["Packets", "n"], ["Bytes", "n"]]) {
			const th = element("th", className, element("span", "", text));
			th.scope = "col";
			head.append(th);
		}
		const rows = m.json.rules.map((r, i) => [r, i])
			.filter(([r]) => !matched || r.packets).map(([r, i]) => ruleRow(r, i));
		const table = element("table", "grid", element("thead", "", head),
			element("tbody", "", ...rows));
		table.setAttribute("aria-label", "The firewall's rules and what each has counted");
		byId("rules-table").replaceChildren(table);
	}

	function begin(model) {
		m = model;
		beginTalkers();
		if (m.json.rules && m.json.rules.length) {
			byId("rules").hidden = false;
			byId("matched-only").addEventListener("change", drawRules);
			byId("matched-only").checked = m.json.rules.length > 200;
			drawRules();
		}
	}

	CT.tables = { begin };
})();
