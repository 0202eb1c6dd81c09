// SPDX-License-Identifier: GPL-2.0-only
/* summary.js - the first screen: what this is, what went wrong and when, and trust. */
"use strict";
globalThis.CT = globalThis.CT || {};

(() => {
	const { element, button, byId, format, names } = CT;
	let m = null;

	/* Why frames at the end are missing, as notes. */
	const ENDED_EARLY = {
		interrupted: { text: "The run was interrupted: frames at the end are missing.",
			advice: "what follows is true of the frames up to there" },
		damaged: { text: "A capture is damaged or could not be read to its end: frames are missing.",
			advice: "what follows is true of the frames that could be read; ctreplay's " +
				"message on standard error says where" },
	};

	const sum = counts => Object.values(counts).reduce((a, b) => a + b, 0);

	/* What the kept packets say of each reason and rule; the counts of INVALID are -s's. */
	function countTrouble() {
		const p = m.packets, invalid = new Map(), dropped = new Map();
		const add = (map, key, i) => {
			const seen = map.get(key);
			if (seen) {
				seen.count++;
				seen.last = i;
			} else {
				map.set(key, { count: 1, first: i, last: i });
			}
		};
		for (let i = 0; i < p.count; i++) {
			if (m.trouble[i] & 1)
				add(invalid, p.reason[i], i);
			if (m.trouble[i] & 2)
				add(dropped, p.rule[i], i);
		}
		return { invalid, dropped };
	}

	function whenOf(seen) {
		const p = m.packets;
		if (!seen)
			return "";
		const at = names.time(p.time[seen.first]) + ", frame " + p.frame[seen.first];
		if (seen.first === seen.last)
			return "at " + at;
		return "first at " + at + "; last at " + names.time(p.time[seen.last]);
	}

	function wrongRow(count, label, sentence, seen, facets) {
		const name = button(label, "Show these packets", () => CT.packets.list(facets));
		const when = element("div", "first", whenOf(seen));
		const text = element("td", "", name);
		if (sentence)
			text.append(element("div", "sentence", sentence));
		text.append(when);
		return element("tr", "", element("td", "n", format.number(count)), text);
	}

	function invalidRows(seen) {
		const counts = Object.entries(m.statistics.invalid_by_reason ?? {});
		counts.sort((a, b) => b[1] - a[1]);
		return counts.map(([name, count]) => {
			const i = m.json.reasons.findIndex(r => r.name === name);
			return wrongRow(count, name, i > 0 ? m.json.reasons[i].sentence : "",
				seen.get(i), { reason: i });
		});
	}

	function droppedRows(seen) {
		const order = [...seen].sort((a, b) => b[1].count - a[1].count);
		return order.map(([i, s]) => {
			const by = i ? names.rule(i) : "dropped by the kernel or a helper";
			return wrongRow(s.count, by, i ? m.json.rules[i - 1].rule : "",
				s, i ? { rule: i } : { trouble: 2, rule: 0 });
		});
	}

	/* The first ones of a long list, the others behind a button; on paper all. */
	function shorten(box, items, most, many) {
		if (items.length <= most + 1)
			return;
		for (const item of items.slice(most))
			item.classList.add("rest");
		const more = button(format.number(items.length - most) + " more " + many, "", () => {
			box.classList.add("all");
			more.remove();
		});
		more.className = "more";
		box.append(more);
	}

	function section(box, title, rows, many) {
		const table = element("table", "wrong kind", element("tbody", "", ...rows));
		const part = element("div", "", element("p", "quiet", title), table);
		table.setAttribute("aria-label", title);
		shorten(part, rows, 3, many);
		box.append(part);
	}

	function wrong(seen) {
		const box = byId("wrong");
		const invalid = invalidRows(seen.invalid), dropped = droppedRows(seen.dropped);
		if (!invalid.length && !dropped.length) {
			box.append(element("p", "quiet", "No packet is INVALID, and none is dropped."));
			return;
		}
		if (invalid.length)
			section(box, "INVALID, by reason", invalid, "reasons");
		if (dropped.length)
			section(box, "Dropped, by rule", dropped, "rules");
	}

	/* "testdata: 3 frames ...; advice" has the advice in a member of its own. */
	function trust() {
		const notes = [...m.json.notes];
		if (m.json.ended_early)
			notes.unshift(ENDED_EARLY[m.json.ended_early] ?? ENDED_EARLY.damaged);
		if (!notes.length) {
			byId("trust").append(element("p", "quiet", "No note: ctreplay found no lost, " +
				"copied, cut or one-sided packets that it would have to warn of."));
			return;
		}
		const list = element("ul", "notes");
		for (const note of notes) {
			const item = element("li", "", element("div", "", note.text ?? note.code ?? ""));
			if (note.advice)
				item.append(element("div", "advice", note.advice));
			list.append(item);
		}
		const part = element("div", "", list);
		shorten(part, [...list.children], 5, "notes");
		byId("trust").append(part);
	}

	function leftOut() {
		const l = m.json.limits, parts = [];
		if (l.packets_kept < l.packets_seen)
			parts.push("this page has " + format.number(l.packets_kept) + " of " +
				format.plural(l.packets_seen, "packet", "packets"));
		if (l.connections_kept < l.connections_seen)
			parts.push("this page has " + format.number(l.connections_kept) + " of " +
				format.plural(l.connections_seen, "connection", "connections") +
				", those with most trouble first");
		if (l.top_left)
			parts.push("the top talkers leave out up to " +
				format.plural(l.top_left, "connection", "connections"));
		if (m.json.told_left)
			parts.push(format.number(m.json.told_left) +
				" INVALID or dropped packets have the reason's sentence only");
		return parts;
	}

	function what() {
		const s = m.statistics, list = byId("what");
		const row = (term, text) => {
			if (text)
				list.append(element("dt", "", term), element("dd", "", text));
		};
		const files = m.json.files, most = files.length > 5 ? 4 : 5;
		row("Files", files.slice(0, most).join("\n") + (files.length > most ?
			"\nand " + (files.length - most) + " more" : ""));
		list.lastChild.title = files.join("\n");
		if (s.frames) {
			row("First frame", names.fullTime(0));
			row("Duration", format.duration(Number(BigInt(m.json.end) - m.start)));
		}
		row("Frames", format.number(s.frames ?? 0) + ", " + format.bytes(s.bytes ?? 0));
		row("Connections", format.number(s.entries?.created ?? m.connections.count) +
			", at most " + format.number(s.most_entries ?? 0) + " at once");
		if (m.json.max)
			row("nf_conntrack_max", format.number(m.json.max) + " (" +
				format.share(s.most_entries ?? 0, m.json.max) + " used at most)");
		row("Judged as", "Linux " + m.json.kernel);
		row("By", m.json.program);
		row("Left out", leftOut().join("; "));
	}

	function headline(seen) {
		const s = m.statistics, by = s.packets_by_ctstate ?? {};
		const invalid = by.INVALID ?? 0;
		let dropped = 0, first = Infinity, last = -1;
		for (const one of seen.dropped.values())
			dropped += one.count;
		for (const map of [seen.invalid, seen.dropped])
			for (const one of map.values()) {
				first = Math.min(first, one.first);
				last = Math.max(last, one.last);
			}
		const total = sum(by), parts = [];
		if (invalid)
			parts.push(format.number(invalid) + (invalid === 1 ? " is" : " are") + " INVALID");
		if (dropped)
			parts.push(format.number(dropped) + (dropped === 1 ? " is" : " are") + " dropped");
		if (!total) {
			byId("headline").textContent = s.frames ? "None of " +
				format.plural(s.frames, "frame is", "frames is") + " a packet that is tracked." :
				"There are no frames in this capture.";
			return;
		}
		byId("headline").textContent = "Of " + format.plural(total, "packet", "packets") + ", " +
			(parts.length ? parts.join(" and ") + "." : "none is INVALID and none is dropped.");
		const when = byId("when"), p = m.packets;
		if (last < 0)
			when.textContent = "From " + names.fullTime(0) + ", for " +
				format.duration(m.length) + ".";
		else if (first === last)
			when.textContent = "At " + names.fullTime(p.time[first]) + ", frame " +
				p.frame[first] + ", " + names.time(p.time[first]) + " in this page.";
		else
			when.textContent = "Between " + names.fullTime(p.time[first]) + " (frame " +
				p.frame[first] + ") and " + names.fullTime(p.time[last]) +
				" (frame " + p.frame[last] + ").";
	}

	function words() {
		const by = m.statistics.packets_by_ctstate ?? {};
		const total = sum(by), list = byId("words");
		m.json.words.forEach((name, i) => {
			const n = by[name] ?? 0;
			if (!n && (name === "FRAGMENT" || name === "DROP"))
				return;
			const choose = button("", "Show the packets that are " + name, () => {
				const same = CT.view.facets.word === i;
				CT.view.setFacet("word", same ? null : i);
			});
			choose.append(element("span", "name", element("span", "swatch c-" + name), name),
				element("span", "count", format.number(n)),
				element("span", "share", format.share(n, total)));
			choose.dataset.word = i;
			list.append(element("li", n ? "" : "nothing", choose));
		});
		CT.view.on("facets", () => {
			for (const b of list.querySelectorAll("button"))
				b.setAttribute("aria-pressed", CT.view.facets.word === Number(b.dataset.word));
		});
	}

	function fill() {
		for (const id of ["wrong", "trust", "what"])
			byId(id).replaceChildren();
		const seen = countTrouble();
		headline(seen);
		wrong(seen);
		trust();
		what();
	}

	function begin(model) {
		m = model;
		const files = m.json.files.join(", ");
		byId("files").textContent = files;
		byId("files").title = files;
		document.title = "ctreplay report: " + files;
		fill();
		words();
		CT.view.on("time-mode", fill);
	}

	CT.summary = { begin };
})();
