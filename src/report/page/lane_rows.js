// SPDX-License-Identifier: GPL-2.0-only
/*
 * lane_rows.js - which lanes there are, in which order.
 *
 * A row is a host, as -1 - host, or a connection.  Hosts come by their trouble, their
 * connections likewise, and a related connection stands beneath its master.
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

	function collect(c, shown, trouble) {
		const families = new Map(), hosts = new Map();
		for (let i = 0; i < c.count; i++) {
			if (!shown(i))
				continue;
			const root = rootOf(c, i);
			if (!families.has(root)) {
				families.set(root, { root, members: [], trouble: 0 });
				const host = c.src[root];
				if (!hosts.has(host))
					hosts.set(host, { host, families: [], trouble: 0, count: 0,
						invalid: 0, dropped: 0 });
				hosts.get(host).families.push(families.get(root));
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

	function make(m, shown) {
		const c = m.connections;
		const trouble = m.laneTrouble ??= troubleOf(c);
		const hosts = [...collect(c, shown, trouble).values()];
		const rows = [], child = [], about = new Map();
		hosts.sort((a, b) => b.trouble - a.trouble || b.count - a.count || a.host - b.host);
		for (const h of hosts) {
			/* One connection alone needs no headline: its label has the host. */
			if (h.count > 1) {
				rows.push(-1 - h.host);
				child.push(0);
			}
			about.set(h.host, h);
			h.families.sort((a, b) => b.trouble - a.trouble ||
				c.first[a.root] - c.first[b.root] || a.root - b.root);
			for (const family of h.families) {
				family.members.sort((a, b) => (b === family.root) - (a === family.root) ||
					c.first[a] - c.first[b] || a - b);
				for (const i of family.members) {
					rows.push(i);
					child.push(i === family.root ? 0 : 1);
				}
			}
		}
		const connections = hosts.reduce((sum, h) => sum + h.count, 0);
		return { rows: Int32Array.from(rows), child: Uint8Array.from(child), about, connections };
	}

	CT.laneRows = { make };
})();
