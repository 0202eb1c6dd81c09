// SPDX-License-Identifier: GPL-2.0-only
/* keyboard.js - keys for the whole page, the buttons that do the same, and their list. */
"use strict";
globalThis.CT = globalThis.CT || {};

(() => {
	const { element, byId } = CT;
	const LANES = [["opening", "opening, or not answered"], ["open", "open"],
		["closing", "closing"], ["closed", "closed, the entry stays for a while"]];

	const ACTIONS = {
		in: () => CT.view.zoomBy(0.5), out: () => CT.view.zoomBy(2),
		left: () => CT.view.pan(-0.2), right: () => CT.view.pan(0.2), all: () => CT.view.all(),
	};

	function toggleTime() {
		CT.names.byClock = !CT.names.byClock;
		sayTime();
		CT.view.changed("time-mode");
	}

	function sayTime() {
		byId("time-mode").textContent = CT.names.byClock ? "UTC" : "Seconds";
		byId("time-mode").setAttribute("aria-label", CT.names.byClock ?
			"Times are the clock's, in UTC" : "Times are seconds since the first frame");
	}

	function trouble() {
		byId("only-trouble").click();
	}

	const KEYS = [
		["/", "search", () => byId("search").select()],
		["+", "show less time: zoom in", ACTIONS.in, "="],
		["-", "show more time: zoom out", ACTIONS.out, "_"],
		["←", "earlier", ACTIONS.left, "ArrowLeft"],
		["→", "later", ACTIONS.right, "ArrowRight"],
		["0", "the whole capture", ACTIONS.all],
		["n", "next INVALID or dropped packet", () => CT.packets.step(1)],
		["p", "the one before", () => CT.packets.step(-1)],
		["i", "INVALID and dropped packets only", trouble],
		["a", "all packets: nothing selected", () => CT.view.clear()],
		["l", "to the lanes", () => byId("lanes").focus()],
		["k", "to the packets", () => byId("packet-list").focus()],
		["]", "taller lanes", () => CT.lanes.resize(1)],
		["[", "lower lanes", () => CT.lanes.resize(-1)],
		["t", "clock, or seconds since the first frame", toggleTime],
		["m", "line of nf_conntrack_max", () => CT.curves.toggleMax()],
		["d", "dark or light", () => CT.theme.toggle()],
		["?", "this list", () => byId("keys").showModal()],
	];
	const IN_LISTS = [["↑ ↓ PgUp PgDn Home End", "choose a lane or a packet, where the focus is"],
		["Enter", "select the lane: its packets are listed"], ["Esc", "nothing selected"],
		["Tab", "from part to part"]];
	const POINTER = [["wheel", "zoom on the curves; scroll the lanes"],
		["Ctrl + wheel", "zoom on the lanes"], ["Shift + wheel", "earlier, later"],
		["drag", "zoom to what was marked"], ["double click", "the whole capture"],
		["two fingers", "zoom between them, on the curves and the lanes"]];

	function pressed(event) {
		if (event.ctrlKey || event.altKey || event.metaKey || byId("keys").open)
			return;
		const typing = event.target.matches("input[type=search], textarea, select");
		if (event.key === "Escape") {
			if (typing)
				event.target.blur();
			byId("search").value = "";
			CT.view.clear();
			return;
		}
		if (typing)
			return;
		const found = KEYS.find(([key, , , other]) => key === event.key || other === event.key);
		if (!found || event.key === "←" || event.key === "→")
			return;
		event.preventDefault();
		found[2]();
	}

	function listKeys() {
		const list = byId("key-list");
		for (const [key, text] of [...KEYS, ...IN_LISTS, ...POINTER])
			list.append(element("dt", "", key), element("dd", "", text));
	}

	function laneLegend(target) {
		for (const [kind, text] of LANES)
			target.append(element("li", "", element("span", "swatch c-" + kind), text));
		target.append(element("li", "", element("span", "mark bad", "▾"), "INVALID"),
			element("li", "", element("span", "mark drop", "×"), "dropped"));
	}

	function begin(model) {
		document.addEventListener("keydown", pressed);
		for (const b of document.querySelectorAll("[data-do]"))
			b.addEventListener("click", ACTIONS[b.dataset.do]);
		byId("show-keys").addEventListener("click", () => byId("keys").showModal());
		byId("time-mode").addEventListener("click", toggleTime);
		sayTime();
		listKeys();
		laneLegend(byId("lanes-legend"));
		laneLegend(byId("key-states"));
		for (const name of model.json.words)
			byId("key-words").append(element("li", "",
				element("span", "swatch c-" + name), name));
	}

	CT.keyboard = { begin };
})();
