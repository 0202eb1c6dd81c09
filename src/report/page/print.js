// SPDX-License-Identifier: GPL-2.0-only
/*
 * print.js - paper: light, all notes, and a table in place of the list that scrolls.
 */
"use strict";
globalThis.CT = globalThis.CT || {};

(() => {
	const { element, byId, format } = CT;
	const MOST = 500;

	function packetTable() {
		const shown = CT.packets.shown, heads = CT.packets.heads;
		const row = element("tr", "");
		for (const [, text] of heads)
			row.append(element("th", "", element("span", "", text)));
		const body = element("tbody", "");
		for (const i of shown.subarray(0, MOST)) {
			const tr = element("tr", "");
			CT.packets.cells(i).forEach((cell, k) =>
				tr.append(element("td", [0, 1, 7].includes(k) ? "n" : "", cell)));
			body.append(tr);
		}
		const out = [element("table", "grid", element("thead", "", row), body)];
		if (shown.length > MOST)
			out.push(element("p", "quiet", "and " + format.number(shown.length - MOST) + " more"));
		return out;
	}

	/* At once, not at the next display frame: the paper does not wait for one. */
	function before() {
		CT.theme.force("light");
		byId("print-packets").replaceChildren(...packetTable());
		CT.view.flush();
	}

	function after() {
		byId("print-packets").replaceChildren();
		CT.theme.force(null);
	}

	function begin() {
		addEventListener("beforeprint", before);
		addEventListener("afterprint", after);
	}

	CT.print = { begin };
})();
