// SPDX-License-Identifier: GPL-2.0-only
/*
 * pinch.js - two fingers on a touch screen: the time between them grows or shrinks, and
 * goes where their middle goes.  One finger scrolls, as touch-action: pan-y says.
 *
 * Touch events tell of both fingers at once; pointer events would have to be put
 * together, and end when the browser takes the fingers for a scroll.
 */
"use strict";
globalThis.CT = globalThis.CT || {};

(() => {
	const NEAREST = 20;	/* pixels: fingers that touch each other do not zoom without end */

	function measure([a, b]) {
		return { middle: (a.clientX + b.clientX) / 2,
			apart: Math.max(NEAREST, Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY)) };
	}

	/* edges: the left and right edge of the time that is shown, in pixels of the window;
	 * begun: called when a second finger comes */
	function watch(target, edges, begun = () => {}) {
		let first = null;
		const fingers = event => [...event.touches].filter(t => target.contains(t.target));
		const look = event => {
			const now = fingers(event);
			first = now.length === 2 ? { ...measure(now), range: CT.view.range } : null;
			if (first)
				begun();
		};
		const move = event => {
			const now = fingers(event);
			if (!first || now.length !== 2)
				return;
			if (event.cancelable)
				event.preventDefault();
			const [left, right] = edges(), [from, to] = first.range;
			const { middle, apart } = measure(now);
			const share = x => Math.max(0, Math.min(1, (x - left) / (right - left)));
			const width = (to - from) * first.apart / apart;
			const begin = from + (to - from) * share(first.middle) - width * share(middle);
			CT.view.zoomTo(begin, begin + width);
		};
		for (const kind of ["touchstart", "touchend", "touchcancel"])
			target.addEventListener(kind, look, { passive: true });
		target.addEventListener("touchmove", move, { passive: false });
	}

	CT.pinch = { watch };
})();
