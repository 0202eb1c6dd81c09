// SPDX-License-Identifier: GPL-2.0-only
/*
 * lane_rows.js - which lanes there are, in which order.
 *
 * A row is a host, as -1 - host, a connection, or a host's packets without a connection,
 * as the number of connections + host.  Hosts come by their trouble, their connections
 * likewise, and a related connection stands beneath its master.
 */
"use strict";
globalThis.CT = globalThis.CT || {};

(() => {
	const NEVER_ANSWERED = 1;

	/* INVALID and dropped packets count most; a connection without an answer a little. */
	function troubleOf(c) {
		const out = new Float64Array(c.count);
		for (let i = 0; i < c.count; i++)
			out[i] = c.invalid[i] + c.dropped[i] + (c.flags[i] & NEVER_ANSWERED ? 0.5 : 0);
		return out;
	}

	/* The connection under which i is shown: its master's master's ... or itself. */
	function rootOf(c, i) {
		let root = i;
		for (let depth = 0; depth < 8 && c.master[root] > 0 && c.master[root] - 1 !== root &&
			c.master[root] <= c.count; depth++)
			root = c.master[root] - 1;
		return root;
	}

	function hostOf(hosts, host) {
		if (!hosts.has(host))
			hosts.set(host, { host, families: [], trouble: 0, count: 0, alone: 0,
				invalid: 0, dropped: 0 });
		return hosts.get(host);
	}

	function collect(c, shown, trouble) {
		const families = new Map(), hosts = new Map();
		for (let i = 0; i < c.count; i++) {
			if (!shown(i))
				continue;
			const root = rootOf(c, i);
			if (!families.has(root)) {
				families.set(root, { root, members: [], trouble: 0, first: c.first[root] });
				hostOf(hosts, c.src[root]).families.push(families.get(root));
			}
			const family = families.get(root), host = hosts.get(c.src[root]);
			family.members.push(i);
			family.trouble += trouble[i];
			host.trouble += trouble[i];
			host.count++;
			host.invalid += c.invalid[i];
			host.dropped += c.dropped[i];
		}
		return hosts;
	}

	/* Packets without a connection, by their source. */
	function collectAlone(m, shown, hosts) {
		const c = m.connections, { first, list } = m.aloneOf;
		for (let h = 0; h + 1 < first.length; h++) {
			const packets = list.subarray(first[h], first[h + 1]);
			if (!packets.some(shown))
				continue;
			const host = hostOf(hosts, h), row = c.count + h;
			const family = { root: row, members: [row], trouble: 0, first: m.packets.at[packets[0]] };
			for (const i of packets) {
				family.trouble += m.trouble[i] > 0;
				host.invalid += m.trouble[i] & 1;
				host.dropped += m.trouble[i] >> 1;
			}
			host.alone = packets.length;
			host.trouble += family.trouble;
			host.families.push(family);
		}
	}

	/* shown, shownAlone: whether a connection is, or a packet that has none */
	function make(m, shown, shownAlone) {
		const c = m.connections;
		const trouble = m.laneTrouble ??= troubleOf(c);
		const found = collect(c, shown, trouble);
		collectAlone(m, shownAlone, found);
		const hosts = [...found.values()];
		const rows = [], child = [], about = new Map();
		hosts.sort((a, b) => b.trouble - a.trouble || b.count - a.count || a.host - b.host);
		for (const h of hosts) {
			/* One lane alone needs no headline: its label has the host. */
			h.lanes = h.count + (h.alone > 0);
			if (h.lanes > 1) {
				rows.push(-1 - h.host);
				child.push(0);
			}
			about.set(h.host, h);
			h.families.sort((a, b) => b.trouble - a.trouble ||
				a.first - b.first || a.root - b.root);
			for (const family of h.families) {
				family.members.sort((a, b) => (b === family.root) - (a === family.root) ||
					c.first[a] - c.first[b] || a - b);
				for (const i of family.members) {
					rows.push(i);
					child.push(i === family.root ? 0 : 1);
				}
			}
		}
		const sum = name => hosts.reduce((n, h) => n + h[name], 0);
		return { rows: Int32Array.from(rows), child: Uint8Array.from(child), about,
			connections: sum("count"), alone: sum("alone") };
	}

	CT.laneRows = { make };
})();
