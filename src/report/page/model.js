// SPDX-License-Identifier: GPL-2.0-only
/*
 * model.js - packets, connections and their states as arrays, with the indices that
 * the page looks them up by.  Times are microseconds since the capture's start.
 */
"use strict";
globalThis.CT = globalThis.CT || {};

(() => {
	function readPackets(c) {
		const p = {
			frame: c.read("packet.frame", Float64Array, true),
			time: c.read("packet.dt", Float64Array, true),
			conn: c.read("packet.conn", Int32Array, true),
			proto: c.read("packet.proto", Uint8Array),
			word: c.read("packet.word", Uint8Array),
			reason: c.read("packet.reason", Uint8Array),
			dir: c.read("packet.dir", Uint8Array),
			state: c.read("packet.state", Uint8Array),
			length: c.read("packet.length", Uint32Array),
			src: c.read("packet.src", Int32Array),
			dst: c.read("packet.dst", Int32Array),
			sport: c.read("packet.sport", Uint16Array),
			dport: c.read("packet.dport", Uint16Array),
			verdict: c.read("packet.verdict", Uint8Array),
			rule: c.read("packet.rule", Int32Array),
		};
		p.count = p.frame.length;
		p.at = clockOf(p.time);
		return p;
	}

	/*
	 * When each packet was tracked: frames may be older than the one before, and the
	 * clock of connection tracking goes on.  Its times grow, so they can be looked up.
	 */
	function clockOf(time) {
		let now = -Infinity, inOrder = true;
		for (let i = 0; i < time.length && inOrder; i++) {
			inOrder = time[i] >= now;
			now = time[i];
		}
		if (inOrder)
			return time;
		now = -Infinity;
		return time.map(t => now = Math.max(now, t));
	}

	function readConnections(c) {
		const out = {};
		for (const name of ["id", "first", "last", "packets0", "packets1", "bytes0",
			"bytes1", "invalid", "dropped"])
			out[name] = c.read("conn." + name, Float64Array);
		for (const name of ["src", "dst", "sport", "dport", "master"])
			out[name] = c.read("conn." + name, Int32Array);
		for (const name of ["proto", "state", "ended", "flags"])
			out[name] = c.read("conn." + name, Uint8Array);
		out.count = out.id.length;
		return out;
	}

	/* Segments of connection i are those from first[i] to first[i + 1]. */
	function readSegments(c, connections) {
		const conn = c.read("seg.conn", Int32Array, true);
		const at = c.read("seg.at", Float64Array);
		const first = new Uint32Array(connections + 1);
		for (let i = 0; i < conn.length; i++) {
			if (i && conn[i] === conn[i - 1])
				at[i] += at[i - 1];
			if (conn[i] >= 0 && conn[i] < connections)
				first[conn[i] + 1]++;
		}
		for (let i = 0; i < connections; i++)
			first[i + 1] += first[i];
		return { first, at, state: c.read("seg.state", Uint8Array) };
	}

	/* Lists of packets by what 'of' has for each, from 1, as one array and where each
	 * list begins. */
	function indexPackets(of, count, wanted) {
		const first = new Uint32Array(count + 1);
		for (let i = 0; i < of.length; i++)
			if (of[i] > 0 && (!wanted || wanted[i]))
				first[of[i]]++;
		for (let i = 0; i < count; i++)
			first[i + 1] += first[i];
		const fill = first.slice();
		const list = new Uint32Array(first[count]);
		for (let i = 0; i < of.length; i++)
			if (of[i] > 0 && (!wanted || wanted[i]))
				list[fill[of[i] - 1]++] = i;
		return { first, list };
	}

	/*
	 * The source of each packet that has no connection: it is INVALID or UNTRACKED, or
	 * was dropped before it could begin one.  A fragment is part of a packet to come, and
	 * what has a state is of a connection that this page leaves out.
	 */
	function sourcesAlone({ packets, json }) {
		const { conn, src, state, word } = packets, fragment = json.words.indexOf("FRAGMENT");
		return src.map((s, i) => conn[i] || state[i] || word[i] === fragment ? 0 : s);
	}

	/* 1 INVALID, 2 dropped by the firewall, the kernel or a helper. */
	function findTrouble(m) {
		const { packets, json } = m;
		const invalid = json.words.indexOf("INVALID"), drop = json.words.indexOf("DROP");
		const drops = json.verdicts.map(v => /^(drop|reject)/i.test(v));
		const trouble = new Uint8Array(packets.count);
		for (let i = 0; i < packets.count; i++) {
			if (packets.word[i] === drop || drops[packets.verdict[i]])
				trouble[i] = 2;
			if (packets.word[i] === invalid)
				trouble[i] |= 1;
		}
		return trouble;
	}

	/*
	 * Colours follow what a state means for the firewall, not the protocol's own
	 * names, of which there are too many to tell apart.
	 */
	const CLASSES = ["none", "opening", "open", "closing", "closed"];

	function classOfState(name) {
		if (!name)
			return 0;
		const state = name.split(" ").slice(1).join(" ") || name;
		if (/^(SYN|UNREPLIED|REQUEST|RESPOND|PARTOPEN|COOKIE|LISTEN|HEARTBEAT|INIT)/.test(state))
			return 1;
		if (/^(ESTABLISHED|OPEN|ASSURED|REPLIED|DATA)/.test(state))
			return 2;
		if (/^(FIN|CLOSE_WAIT|CLOSING|CLOSEREQ|LAST_ACK|SHUTDOWN)/.test(state))
			return 3;
		if (/^(TIME|CLOSE|NONE)/.test(state))
			return 4;
		return 2;
	}

	function readBins(c, json) {
		const bins = { count: json.bins.count, start: json.bins.start_us,
			width: json.bins.width_us, words: [], table: [] };
		for (const name of json.words)
			if (c.has("bin.word." + name))
				bins.words.push({ name, value: c.read("bin.word." + name, Float64Array) });
		for (const name of c.names("bin.table."))
			bins.table.push({ name: name.slice("bin.table.".length),
				value: c.read(name, Float64Array) });
		bins.drop = c.read("bin.drop", Float64Array);
		bins.entries = c.read("bin.entries", Float64Array);
		return bins;
	}

	function make(container) {
		const json = container.json;
		if (json.format !== 1)
			throw new Error("the data of this page has an unknown format");
		const m = { json, start: BigInt(json.start),
			packets: readPackets(container),
			connections: readConnections(container) };
		m.length = Math.max(1, Number(BigInt(json.end) - m.start));
		m.segments = readSegments(container, m.connections.count);
		m.bins = readBins(container, json);
		m.statistics = json.statistics.find(r => r.type === "statistics") || {};
		m.trouble = findTrouble(m);
		m.ofConnection = indexPackets(m.packets.conn, m.connections.count, null);
		m.troubleOf = indexPackets(m.packets.conn, m.connections.count, m.trouble);
		m.alone = sourcesAlone(m);
		m.aloneOf = indexPackets(m.alone, json.hosts.length, null);
		m.aloneTroubleOf = indexPackets(m.alone, json.hosts.length, m.trouble);
		m.stateClass = Uint8Array.from(json.states, classOfState);
		m.told = new Map(json.told.map(t => [t.frame, t.text]));
		m.protocol = new Map(json.protocols.map(p => [p.number, p.name]));
		m.complete = json.limits.packets_kept === json.limits.packets_seen;
		return m;
	}

	/* The first i of [0, count) where value(i) >= wanted, value growing. */
	function lowerBound(count, value, wanted) {
		let low = 0, high = count;
		while (low < high) {
			const middle = low + high >>> 1;
			if (value(middle) < wanted)
				low = middle + 1;
			else
				high = middle;
		}
		return low;
	}

	CT.model = { make, lowerBound, CLASSES };
})();
