// SPDX-License-Identifier: GPL-2.0-only
/* format.js - numbers, times and names as text, and elements that hold text. */
"use strict";
globalThis.CT = globalThis.CT || {};

(() => {
	const integer = new Intl.NumberFormat("en-US");

	function number(n) {
		return integer.format(n);
	}

	/* A share that is not zero never reads as 0 %, nor one below all as 100 %. */
	function share(part, whole) {
		if (!whole || !part)
			return "0 %";
		const percent = 100 * part / whole;
		if (percent < 0.01)
			return "< 0.01 %";
		if (percent > 99.99 && part < whole)
			return "> 99.99 %";
		return (percent >= 10 ? percent.toFixed(1) : percent.toFixed(2)) + " %";
	}

	function bytes(n) {
		const units = ["B", "kB", "MB", "GB", "TB"];
		let i = 0;
		while (n >= 1000 && i < units.length - 1) {
			n /= 1000;
			i++;
		}
		return (i === 0 || n >= 100 ? n.toFixed(0) : n.toFixed(1)) + " " + units[i];
	}

	function duration(us) {
		const s = us / 1e6;
		if (s < 1)
			return s >= 0.001 ? (s * 1e3).toFixed(us % 1000 ? 3 : 0) + " ms" : us + " µs";
		if (s < 120)
			return s.toFixed(s < 10 ? 3 : 1) + " s";
		const d = Math.floor(s / 86400), h = Math.floor(s / 3600) % 24;
		const m = Math.floor(s / 60) % 60;
		if (d)
			return d + " d " + h + " h";
		return h ? h + " h " + m + " min" : m + " min " + Math.floor(s % 60) + " s";
	}

	/* As ctreplay's lines have it: seconds since the first frame. */
	function relative(us, digits = 6) {
		return (us / 1e6).toFixed(digits);
	}

	/* start is a BigInt: a double does not hold microseconds since 1970 and more. */
	function date(start, us) {
		const total = start + BigInt(Math.round(us));
		const ms = total / 1000n, rest = total % 1000n;
		const stamp = new Date(Number(ms));
		if (Number.isNaN(stamp.getTime()))
			return relative(us) + " s";
		return stamp.toISOString().replace("T", " ").replace("Z",
			String(rest < 0n ? -rest : rest).padStart(3, "0"));
	}

	/*
	 * digits of the second's fraction; from: 0 with the year, 5 with the day, 11 the time
	 * alone, of "2026-11-23 18:58:03.179711".
	 */
	function clock(start, us, digits = 6, from = 11) {
		return date(start, us).slice(from, 11 + 8 + (digits ? digits + 1 : 0));
	}

	/* An element with a class and with children, of which strings become text. */
	function element(name, className, ...children) {
		const e = document.createElement(name);
		if (className)
			e.className = className;
		for (const child of children)
			if (child !== null && child !== undefined)
				e.append(child);
		return e;
	}

	function button(text, title, action) {
		const b = element("button", "", text);
		b.type = "button";
		if (title)
			b.title = title;
		b.addEventListener("click", action);
		return b;
	}

	function plural(n, one, many) {
		return number(n) + " " + (n === 1 ? one : many);
	}

	CT.format = { number, share, bytes, duration, relative, date, clock, plural };
	CT.element = element;
	CT.button = button;
	CT.byId = id => document.getElementById(id);
})();
