// SPDX-License-Identifier: GPL-2.0-only
/* detail.js - all that the page knows of the chosen packet and its connection. */
"use strict";
globalThis.CT = globalThis.CT || {};

(() => {
	const { element, button, byId, format, names } = CT;
	const MOST_STATES = 12, MOST_RELATED = 8;
	let m = null;

	function pairs(entries) {
		const list = element("dl", "");
		for (const [term, text] of entries)
			if (text)
				list.append(element("dt", "", term), element("dd", "", text));
		return list;
	}

	function packetPart(i) {
		const p = m.packets, reason = names.reason(p.reason[i]);
		const word = m.json.words[p.word[i]];
		const out = [element("h3", "", "Frame " + p.frame[i] + ": ",
			element("span", "w" + (m.trouble[i] & 1 ? " bad" : ""),
				element("span", "swatch c-" + word), word))];
		const told = m.told.get(p.frame[i]);
		if (reason && told !== reason.sentence)
			out.push(element("p", "why", reason.sentence));
		if (told)
			out.push(element("p", "why", told));
		out.push(pairs([["Time", names.fullTime(p.time[i])],
			["", format.relative(p.time[i]) + " s since the first frame"],
			["Reason", reason?.name], ["Function", reason?.function],
			["Direction", ["", "original", "reply"][p.dir[i]]],
			["Packet", names.packetProtocol(i) + " " + names.packetText(i)],
			["Length", format.plural(p.length[i], "byte", "bytes")],
			["State after it", names.state(p.state[i])],
			["Verdict", names.verdict(i)], ["Rule", names.rule(p.rule[i])],
			["", p.rule[i] ? m.json.rules[p.rule[i] - 1].rule : ""]]));
		return out;
	}

	function stateList(i) {
		const s = m.segments, list = element("ol", "");
		const begin = s.first[i], end = s.first[i + 1];
		for (let k = begin; k < Math.min(end, begin + MOST_STATES); k++) {
			const kind = CT.model.CLASSES[m.stateClass[s.state[k]]];
			list.append(element("li", "w", element("span", "swatch c-" + kind),
				names.time(s.at[k]) + "  " + names.state(s.state[k])));
		}
		if (end - begin > MOST_STATES)
			list.append(element("li", "", format.number(end - begin - MOST_STATES) + " more"));
		return list;
	}

	function relatedOf(i) {
		const { master, count } = m.connections, out = [];
		for (let k = 0; k < count && out.length < MOST_RELATED; k++)
			if (master[k] === i + 1)
				out.push(k);
		return out;
	}

	function connectionLink(i) {
		return button("connection " + m.connections.id[i], names.connection(i), () => {
			CT.view.only({ conn: i });
			CT.packets.first();
		});
	}

	function connectionPart(i) {
		const c = m.connections, related = relatedOf(i);
		const flags = [c.flags[i] & 1 ? "never answered" : "", c.flags[i] & 2 ? "ASSURED" : "",
			c.flags[i] & 4 ? "expected by a helper" : ""].filter(f => f);
		const counts = (n, b) => format.plural(n, "packet", "packets") + ", " + format.bytes(b);
		const out = [element("h3", "", "Connection " + c.id[i]),
			element("p", "mono", names.connection(i)),
			pairs([["State", names.state(c.state[i])], ["Flags", flags.join(", ")],
				["Original", counts(c.packets0[i], c.bytes0[i])],
				["Reply", counts(c.packets1[i], c.bytes1[i])],
				["INVALID", c.invalid[i] ? format.number(c.invalid[i]) : ""],
				["Dropped", c.dropped[i] ? format.number(c.dropped[i]) : ""],
				["From", names.time(c.first[i])],
				["To", names.time(c.last[i]) + ", " + names.ended(i)]]),
			element("h3", "", "States"), stateList(i)];
		const links = element("div", "do");
		links.append(button("Its packets", "Show the packets of this connection alone",
			() => CT.view.only({ conn: i })), button("Its time", "Zoom to this connection", () => {
			const margin = Math.max(10, (c.last[i] - c.first[i]) * 0.03);
			CT.view.zoomTo(c.first[i] - margin, c.last[i] + margin);
		}));
		if (c.master[i] > 0) {
			out.push(element("h3", "", "Master"));
			links.append(connectionLink(c.master[i] - 1));
		}
		for (const k of related)
			links.append(connectionLink(k));
		if (related.length)
			out.push(element("p", "", related.length + " related to it, below"));
		out.push(links);
		return out;
	}

	function update() {
		const box = byId("detail"), i = CT.view.packet;
		box.replaceChildren();
		const chosen = CT.view.facets.conn;
		if (i >= 0)
			box.append(...packetPart(i));
		const conn = i >= 0 ? m.packets.conn[i] - 1 : chosen ?? -1;
		if (conn >= 0)
			box.append(...connectionPart(conn));
		if (!box.childNodes.length)
			box.append(element("p", "quiet", "Choose a packet or a lane."));
	}

	function begin(model) {
		m = model;
		CT.view.on("packet facets time-mode", update);
		update();
	}

	CT.detail = { begin };
})();
