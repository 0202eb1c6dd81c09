// SPDX-License-Identifier: GPL-2.0-only
/* names.js - what the page calls a packet, a connection, a state, a rule. */
"use strict";
globalThis.CT = globalThis.CT || {};

(() => {
	let m = null;
	const DAY = 86400e6;
	let byClock = false;
	let dateFrom = 11;	/* where in a date a time begins: see CT.format.clock() */

	/* A capture of a minute has the clock's times, one of a day their day, of a year both. */
	function use(model) {
		m = model;
		byClock = m.length >= 60e6;
		dateFrom = m.length >= 365 * DAY ? 0 : m.length >= DAY ? 5 : 11;
		document.documentElement.dataset.dates = dateFrom;
	}

	function host(i) {
		return m.json.hosts[i] ?? "?";
	}

	function protocol(number) {
		return m.protocol.get(number) ?? "protocol " + number;
	}

	function hasPorts(number) {
		return !/^icmp/.test(protocol(number));
	}

	function end(hostIndex, port, proto) {
		const address = host(hostIndex);
		if (!port || !hasPorts(proto))
			return address;
		return address.includes(":") ? "[" + address + "]:" + port : address + ":" + port;
	}

	/* "192.0.2.10:40000", "198.51.100.20:80" for a packet of the direction. */
	function connectionEnds(i, reply) {
		const c = m.connections;
		const from = end(c.src[i], c.sport[i], c.proto[i]);
		const to = end(c.dst[i], c.dport[i], c.proto[i]);
		return reply ? [to, from] : [from, to];
	}

	function connection(i) {
		const [from, to] = connectionEnds(i, false);
		return protocol(m.connections.proto[i]) + " " + from + " → " + to;
	}

	/*
	 * A packet has addresses of its own where they are not its connection's: an ICMP
	 * error, a packet without a connection.
	 * dir: 1 original, 2 reply; an INVALID packet has no direction, and 3 and 4 say
	 * which way it went all the same.
	 */
	function packetText(i) {
		const p = m.packets;
		let arrow = " → ", ends = [[p.src[i], p.sport[i]], [p.dst[i], p.dport[i]]]
			.map(([h, port]) => h ? end(h - 1, port, p.proto[i]) : "?");
		if (p.conn[i] > 0 && !p.src[i]) {
			ends = connectionEnds(p.conn[i] - 1, p.dir[i] === 2 || p.dir[i] === 4);
			arrow = p.dir[i] ? " → " : " ↔ ";
		} else if (!p.src[i] && !p.dst[i]) {
			return "addresses not kept";
		}
		return ends.join(arrow);
	}

	function packetProtocol(i) {
		const { proto } = m.packets;
		return proto[i] ? protocol(proto[i]) : "";
	}

	function reason(i) {
		return i ? m.json.reasons[i] : null;
	}

	function state(i) {
		return m.json.states[i] ?? "";
	}

	function rule(i) {
		const r = i && m.json.rules ? m.json.rules[i - 1] : null;
		if (!r)
			return "";
		return (r.l3proto === "ipv6" ? "ipv6 " : "") + r.table + ":" + r.chain + ":" + (r.number ?? "policy");
	}

	function verdict(i) {
		return (m.json.verdicts[m.packets.verdict[i]] || "").toUpperCase();
	}

	/* Why a packet is in trouble, in a line: of this packet, else of its reason; the rule. */
	function why(i) {
		const p = m.packets, r = reason(p.reason[i]);
		const told = m.told.get(p.frame[i]);
		const parts = [];
		if (told)
			return told;
		if (r)
			parts.push(r.sentence);
		if (p.rule[i] && m.trouble[i] & 2)
			parts.push(verdict(i) + " by " + rule(p.rule[i]));
		return parts.join("; ");
	}

	const HOW_ENDED = ["alive at the end", "timed out", "removed"];

	function time(us, digits = 6) {
		return byClock ? CT.format.clock(m.start, us, digits, dateFrom) :
			CT.format.relative(us, digits);
	}

	/* For marks that are 'step' seconds apart. */
	function mark(us, step) {
		const digits = step >= 1 ? 0 : Math.min(6, Math.ceil(-Math.log10(step) - 1e-9));
		if (!byClock || dateFrom === 11)
			return time(us, digits);
		const text = CT.format.date(m.start, us);
		if (step >= 86400)
			return text.slice(dateFrom, 10);
		return step >= 60 ? text.slice(5, 16) : time(us, digits);
	}

	CT.names = {
		use, host, protocol, hasPorts, connection, connectionEnds, packetText,
		packetProtocol, reason, state, rule, verdict, why, time, mark,
		ended: i => HOW_ENDED[m.connections.ended[i]] ?? "removed",
		fullTime: us => CT.format.date(m.start, us) + " UTC",
		get byClock() {
			return byClock;
		},
		set byClock(on) {
			byClock = on;
		},
	};
})();
