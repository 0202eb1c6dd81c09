// SPDX-License-Identifier: GPL-2.0-only
/* main.js - reads the data, then starts each part of the page. */
"use strict";
globalThis.CT = globalThis.CT || {};

(() => {
	const { byId, format } = CT;

	function stop(text) {
		byId("loading").hidden = true;
		byId("page").hidden = true;
		byId("stop").textContent = text;
		byId("stop").hidden = false;
	}

	function sayRange() {
		const [a, b] = CT.view.range, last = CT.data.length;
		const from = Math.max(0, a), to = Math.min(last, b);
		byId("range").textContent = CT.names.time(Math.round(from)) + " – " +
			CT.names.time(Math.round(to)) + (CT.names.byClock ? " UTC" : " s") + "  (" +
			format.duration(Math.round(to - from)) + ")";
	}

	function foot(m) {
		byId("foot").textContent = "Written by " + m.json.program + ". This file needs no network " +
			"and sends nothing; it holds addresses and ports of the capture, and no payload.";
	}

	async function start() {
		if (typeof DecompressionStream !== "function") {
			stop("This browser cannot unpack the data of this page (it lacks DecompressionStream). " +
				"Chromium 93, Firefox 113, Safari 16.4 and later ones can.");
			return;
		}
		const block = byId("ct-data");
		const m = CT.model.make(await CT.decode(block.textContent));
		block.remove();
		CT.data = m;
		CT.names.use(m);
		CT.view.begin(m);
		byId("loading").hidden = true;
		byId("page").hidden = false;
		CT.theme.begin();
		for (const part of [CT.packets, CT.search, CT.summary, CT.curves, CT.lanes, CT.detail,
			CT.tables, CT.keyboard, CT.print])
			part.begin(m);
		CT.view.on("range time-mode", sayRange);
		sayRange();
		foot(m);
		CT.view.changed("facets");
		requestAnimationFrame(() => setTimeout(() => {
			CT.ready = performance.now();
			document.documentElement.dataset.ready = Math.round(CT.ready);
		}));
	}

	addEventListener("DOMContentLoaded", () => start().catch(error => {
		console.error(error);
		stop("The data of this page cannot be read: " + error.message);
	}));
})();
