// SPDX-License-Identifier: GPL-2.0-only
/*
 * search.js - words apart by blanks, each of which a packet or its connection has.
 *
 * A word becomes a test of packets and a test of connections; a connection of which a
 * packet passes is found as well, so that lanes and packets show the same.
 */
"use strict";
globalThis.CT = globalThis.CT || {};

(() => {
	let m = null;
	let timer = 0;

	const never = () => false;

	/* A set of table indices whose text passes. */
	function indices(list, passes, base) {
		const found = new Set();
		list.forEach((entry, i) => {
			if (passes(entry))
				found.add(i + base);
		});
		return found;
	}

	function prefixOf(word) {
		const found = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(word);
		if (!found || found[5] > 32 || found.slice(1, 5).some(n => n > 255))
			return null;
		const value = parts => parts.reduce((sum, n) => sum * 256 + Number(n), 0);
		const size = 2 ** (32 - found[5]);
		const low = Math.floor(value(found.slice(1, 5)) / size) * size;
		return text => {
			const parts = text.split(".");
			return parts.length === 4 && value(parts) >= low && value(parts) < low + size;
		};
	}

	function byHost(passes) {
		const hosts = indices(m.json.hosts, passes, 0);
		if (!hosts.size)
			return null;
		const c = m.connections, p = m.packets;
		return { conn: i => hosts.has(c.src[i]) || hosts.has(c.dst[i]),
			packet: i => hosts.has(p.src[i] - 1) || hosts.has(p.dst[i] - 1) };
	}

	function byNumber(text, kinds) {
		const n = Number(text), c = m.connections, p = m.packets;
		const port = i => (c.sport[i] === n || c.dport[i] === n) &&
			CT.names.hasPorts(c.proto[i]);
		return {
			conn: i => kinds.includes("port") && port(i) ||
				kinds.includes("id") && c.id[i] === n,
			packet: i => kinds.includes("frame") && p.frame[i] === n ||
				kinds.includes("port") && (p.sport[i] === n || p.dport[i] === n),
		};
	}

	function byFrames(from, to) {
		const p = m.packets;
		return { conn: never, packet: i => p.frame[i] >= from && p.frame[i] <= to };
	}

	function byName(word) {
		const lower = word.toLowerCase(), p = m.packets, c = m.connections;
		const has = text => text.toLowerCase().includes(lower);
		const words = indices(m.json.words, w => w.toLowerCase() === lower, 0);
		const verdicts = indices(m.json.verdicts, v => v.toLowerCase() === lower, 0);
		const protocols = new Set(m.json.protocols.filter(x => x.name === lower)
			.map(x => x.number));
		if (words.size || verdicts.size || protocols.size)
			return { conn: i => protocols.has(c.proto[i]),
				packet: i => words.has(p.word[i]) || verdicts.has(p.verdict[i]) ||
					protocols.has(p.proto[i]) };
		const reasons = indices(m.json.reasons, r => has(r.name) || has(r.sentence), 0);
		const rules = indices(m.json.rules ?? [], r =>
			has(r.table + ":" + r.chain + ":" + (r.number ?? "policy")) || has(r.rule), 1);
		const states = indices(m.json.states, has, 0);
		return { conn: i => states.has(c.state[i]),
			packet: i => reasons.has(p.reason[i]) || rules.has(p.rule[i]) ||
				states.has(p.state[i]) };
	}

	function testsOf(word) {
		let found;
		if ((found = /^(?:frame|f)[:=](\d+)(?:-(\d+))?$/i.exec(word)))
			return byFrames(Number(found[1]), Number(found[2] ?? found[1]));
		if ((found = /^(?:id|conn)[:=](\d+)$/i.exec(word)))
			return byNumber(found[1], ["id"]);
		if ((found = /^(?:port[:=]|:)(\d+)$/i.exec(word)))
			return byNumber(found[1], ["port"]);
		if (/^\d+$/.test(word))
			return byNumber(word, ["port", "id", "frame"]);
		const prefix = prefixOf(word);
		const lower = word.toLowerCase();
		return byHost(prefix ?? (text => text.startsWith(lower))) ??
			(/[.:]/.test(word) && byHost(text => text.includes(lower))) ?? byName(word);
	}

	/* Tests of one word, and with them which connections have a packet that passes. */
	function apply(tests, packets, conns) {
		const p = m.packets;
		const own = new Uint8Array(conns.length), of = new Uint8Array(conns.length);
		for (let i = 0; i < conns.length; i++)
			own[i] = of[i] = tests.conn(i) ? 1 : 0;
		for (let i = 0; i < p.count; i++) {
			const conn = p.conn[i] - 1;
			const passes = conn >= 0 && own[conn] || tests.packet(i);
			if (!passes)
				packets[i] = 0;
			else if (conn >= 0)
				of[conn] = 1;
		}
		for (let i = 0; i < conns.length; i++)
			conns[i] &= of[i];
	}

	function query(text) {
		const words = text.trim().split(/\s+/).filter(w => w);
		if (!words.length)
			return null;
		const packets = new Uint8Array(m.packets.count).fill(1);
		const conns = new Uint8Array(m.connections.count).fill(1);
		for (const word of words)
			apply(testsOf(word) || byName(word), packets, conns);
		return { text: words.join(" "), packets, conns };
	}

	function search(text) {
		CT.view.query = query(text);
		CT.view.changed("query");
	}

	function begin(model) {
		m = model;
		const field = CT.byId("search");
		field.addEventListener("input", () => {
			clearTimeout(timer);
			timer = setTimeout(() => search(field.value), 150);
		});
		CT.byId("search-form").addEventListener("submit", event => {
			event.preventDefault();
			clearTimeout(timer);
			search(field.value);
			CT.byId("packets").scrollIntoView({ block: "start" });
		});
		CT.view.on("query", () => {
			if (!CT.view.query && document.activeElement !== field)
				field.value = "";
		});
	}

	CT.search = { begin, query };
})();
