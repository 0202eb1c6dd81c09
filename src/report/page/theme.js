// SPDX-License-Identifier: GPL-2.0-only
/*
 * theme.js - dark and light: what the system prefers, until the button says otherwise.
 *
 * The choice is not kept: a page from a file has no storage of its own in all browsers.
 */
"use strict";
globalThis.CT = globalThis.CT || {};

(() => {
	const dark = matchMedia("(prefers-color-scheme: dark)");
	const known = new Map();
	let chosen = null;	/* "dark", "light", or null: as the system */
	let forced = null;	/* paper is light */

	function current() {
		return forced ?? chosen ?? (dark.matches ? "dark" : "light");
	}

	function apply() {
		document.documentElement.dataset.theme = current();
		known.clear();
		const button = CT.byId("theme");
		button.textContent = current() === "dark" ? "☀" : "☾";
		button.setAttribute("aria-label", current() === "dark" ? "Light theme" : "Dark theme");
		CT.view.changed("theme");
	}

	/* The value of a custom property, for canvases. */
	function color(name) {
		if (!known.has(name))
			known.set(name, getComputedStyle(document.documentElement)
				.getPropertyValue("--" + name).trim());
		return known.get(name);
	}

	function toggle() {
		chosen = current() === "dark" ? "light" : "dark";
		apply();
	}

	function force(theme) {
		forced = theme;
		apply();
	}

	function begin() {
		dark.addEventListener("change", apply);
		CT.byId("theme").addEventListener("click", toggle);
		apply();
	}

	CT.theme = { begin, color, toggle, force };
})();
