// SPDX-License-Identifier: GPL-2.0-only
/*
 * lanes.js - a lane for each connection, and one for what a host sent without any:
 * scrolling, pointing, keys and selection.
 *
 * The canvas is as large as its window and stays in place; a tall empty element makes
 * the scroll bar.
 */
"use strict";
globalThis.CT = globalThis.CT || {};

(() => {
	const { element, byId, format, names } = CT;
	const HEIGHTS = [2, 4, 8, 18, 24];
	const NARROW_LABEL = 14;	/* there the label stands above its lane */

	let m = null, rows = null, g = null;
	let box, canvas, room, crosshair, brush, tip;
	let width = 0, seenHeight = 0;
	let size = 3, current = -1, dragFrom = null;

	function rowHeight() {
		return HEIGHTS[size] + (CT.view.sizes().narrow && HEIGHTS[size] >= 18 ? NARROW_LABEL : 0);
	}

	/* The host of a lane of packets without a connection, or below 0. */
	function aloneHost(row) {
		return row - m.connections.count;
	}

	function selectedRow() {
		const { conn, alone } = CT.view.facets;
		return conn ?? (alone === undefined ? -1 : m.connections.count + alone);
	}

	function geometry() {
		const { narrow, gutter, axis } = CT.view.sizes();
		const left = narrow ? axis : gutter + axis - 1, right = width;
		const [from, to] = CT.view.range, scale = (right - left) / (to - from);
		return { ctx: canvas.getContext("2d"), width, left, right, narrow, height: rowHeight(),
			x: t => left + (t - from) * scale, timeAt: x => from + (x - left) / scale,
			selected: selectedRow(), current, advance: g?.advance };
	}

	/* Sizes are asked for here alone: it makes the browser lay out the page. */
	function layout() {
		const tall = Math.min(rows.rows.length * rowHeight(), 8e6);
		const wanted = Math.min(Math.max(rows.rows.length * rowHeight() + 2, 60),
			Math.max(220, Math.round(innerHeight * 0.48)));
		box.style.height = wanted + "px";
		room.style.height = tall + "px";
		const dpr = devicePixelRatio || 1, height = box.clientHeight;
		width = box.clientWidth;
		seenHeight = height;
		if (canvas.width !== Math.round(width * dpr) || canvas.height !== Math.round(height * dpr)) {
			canvas.width = Math.round(width * dpr);
			canvas.height = Math.round(height * dpr);
			canvas.style.width = width + "px";
			canvas.style.height = height + "px";
		}
	}

	function draw() {
		g = geometry();
		const dpr = devicePixelRatio || 1, top = box.scrollTop;
		g.ctx.setTransform(dpr, 0, 0, dpr, 0, 0);
		CT.laneDraw.paint(m, g, rows, Math.floor(top / g.height), top % g.height,
			seenHeight);
	}

	function describe() {
		const c = m.connections;
		const title = format.plural(rows.connections, "connection", "connections") +
			(rows.connections < c.count ? " of " + format.number(c.count) : "") +
			(rows.alone ? " and " + format.plural(rows.alone, "packet", "packets") +
			" without one" : "");
		byId("lanes-title").textContent = title + ", by source, most trouble first";
		box.setAttribute("aria-label", "Lanes of " + title +
			". Up and down choose one, Enter shows its packets.");
	}

	/* Which connections the search and the selected host leave. */
	function rebuild() {
		const { query, facets } = CT.view, c = m.connections, p = m.packets;
		const found = query?.conns;
		rows = CT.laneRows.make(m, i => (!found || found[i]) &&
			(facets.host === undefined || c.src[i] === facets.host || c.dst[i] === facets.host),
		i => (!query || query.packets[i]) && (facets.host === undefined ||
			p.src[i] === facets.host + 1 || p.dst[i] === facets.host + 1));
		current = Math.min(current, rows.rows.length - 1);
		layout();
		describe();
		draw();
	}

	function rowAt(event) {
		const y = event.clientY - box.getBoundingClientRect().top - 1 + box.scrollTop;
		const k = Math.floor(y / g.height);
		return k >= 0 && k < rows.rows.length ? k : -1;
	}

	function xOf(event) {
		return event.clientX - box.getBoundingClientRect().left - 1;
	}

	function factsOf(i) {
		const c = m.connections, parts = [names.state(c.state[i]),
			format.number(c.packets0[i]) + " packets there, " + format.number(c.packets1[i]) + " back"];
		if (c.invalid[i])
			parts.push(format.number(c.invalid[i]) + " INVALID");
		if (c.dropped[i])
			parts.push(format.number(c.dropped[i]) + " dropped");
		if (c.flags[i] & 1)
			parts.push("never answered");
		parts.push(names.ended(i));
		return parts.filter(p => p).join(", ");
	}

	/* How many of a host's packets without a connection have which word. */
	function aloneFacts(host) {
		const { first, list } = m.aloneOf, { word, verdict } = m.packets, counts = new Map();
		for (const i of list.subarray(first[host], first[host + 1])) {
			const name = m.json.words[word[i]] + (verdict[i] && m.trouble[i] & 2 ?
				", dropped by a rule" : "");
			counts.set(name, (counts.get(name) ?? 0) + 1);
		}
		return [...counts].map(([name, n]) => format.number(n) + " " + name).join("; ");
	}

	function textOf(i) {
		const host = aloneHost(i);
		if (host >= 0)
			return "Packets of " + names.host(host) + " without a connection: " + aloneFacts(host);
		return "Connection " + m.connections.id[i] + ": " + names.connection(i) + ", " + factsOf(i);
	}

	function rowText(k) {
		const row = rows.rows[k];
		return row < 0 ? CT.laneDraw.hostText(m, rows.about, -1 - row) : textOf(row);
	}

	function choose(k) {
		const row = rows.rows[k];
		if (row < 0)
			CT.view.setFacet("host", CT.view.facets.host === -1 - row ? null : -1 - row);
		else
			chooseLane(row, selectedRow() === row);
		CT.packets.first();
	}

	/* A packet is of one lane at most. */
	function chooseLane(row, off) {
		const host = aloneHost(row);
		delete CT.view.facets[host >= 0 ? "conn" : "alone"];
		CT.view.setFacet(host >= 0 ? "alone" : "conn", off ? null : host >= 0 ? host : row);
	}

	function move(to) {
		current = Math.max(0, Math.min(rows.rows.length - 1, to));
		const top = current * rowHeight();
		if (top < box.scrollTop)
			box.scrollTop = top;
		else if (top + rowHeight() > box.scrollTop + box.clientHeight)
			box.scrollTop = top + rowHeight() - box.clientHeight;
		byId("lane-said").textContent = rowText(current);
		draw();
	}

	function key(event) {
		const page = Math.max(1, Math.floor(box.clientHeight / rowHeight()) - 1);
		const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page,
			Home: -Infinity, End: Infinity };
		if (event.key in steps && !event.ctrlKey && !event.altKey)
			move(current < 0 ? 0 : current + steps[event.key]);
		else if ((event.key === "Enter" || event.key === " ") && current >= 0)
			choose(current);
		else
			return;
		event.preventDefault();
		event.stopPropagation();
	}

	/* What is under the pointer, if it is a mark: the packet. */
	function packetNear(row, x) {
		const host = aloneHost(row), i = host >= 0 ? host : row;
		const { first, list } = host >= 0 ? m.aloneOf : m.troubleOf;
		const { at } = m.packets, begin = first[i];
		const count = first[i + 1] - begin;
		const k = CT.model.lowerBound(count, j => at[list[begin + j]], g.timeAt(x - 4));
		return k < count && g.x(at[list[begin + k]]) <= x + 4 ? list[begin + k] : -1;
	}

	function stateAt(i, t) {
		const s = m.segments, begin = s.first[i], count = s.first[i + 1] - begin;
		const k = CT.model.lowerBound(count, j => s.at[begin + j], t + 1) - 1;
		if (k < 0 || t > m.connections.last[i])
			return "";
		return names.state(s.state[begin + k]);
	}

	function showTip(event) {
		const k = rowAt(event), x = xOf(event);
		if (k < 0 || rows.rows[k] < 0) {
			tip.hidden = true;
			return;
		}
		const i = rows.rows[k], near = packetNear(i, x), t = g.timeAt(x), host = aloneHost(i);
		const lines = host >= 0 ? [element("div", "mono", names.host(host)),
			element("div", "", "without a connection: " + aloneFacts(host))] :
			[element("div", "mono", names.connection(i)), element("div", "", factsOf(i))];
		if (host < 0 && x >= g.left && stateAt(i, t))
			lines.push(element("div", "", names.time(Math.round(t)) + "  " + stateAt(i, t)));
		if (near >= 0)
			lines.push(element("div", "", "Frame " + m.packets.frame[near] + ": " +
				(names.why(near) || m.json.words[m.packets.word[near]])));
		tip.replaceChildren(...lines);
		tip.hidden = false;
		const wide = tip.offsetWidth, high = tip.offsetHeight;
		tip.style.left = Math.max(4, Math.min(event.clientX + 14, innerWidth - wide - 6)) + "px";
		tip.style.top = (event.clientY + 18 + high > innerHeight ? event.clientY - high - 10 :
			event.clientY + 18) + "px";
	}

	function placeCursor() {
		const t = CT.view.cursor;
		crosshair.hidden = t === null || t === undefined || !g;
		if (!crosshair.hidden) {
			crosshair.style.left = Math.round(g.x(t)) + "px";
			crosshair.style.top = box.scrollTop + "px";
			crosshair.style.height = box.clientHeight + "px";
		}
	}

	function pointed(event) {
		showTip(event);
		const x = xOf(event);
		if (dragFrom === null)
			return;
		const low = Math.max(g.left, Math.min(dragFrom, x)), high = Math.max(dragFrom, x);
		brush.hidden = high - low < 4;
		brush.style.left = low + "px";
		brush.style.width = high - low + "px";
		brush.style.top = box.scrollTop + "px";
		brush.style.height = box.clientHeight + "px";
	}

	function released(event) {
		const x = xOf(event), from = dragFrom;
		dragFrom = null;
		brush.hidden = true;
		if (from === null)
			return;
		if (Math.abs(x - from) >= 4) {
			if (event.pointerType === "mouse")
				CT.view.zoomTo(g.timeAt(Math.max(g.left, Math.min(from, x))),
					g.timeAt(Math.max(from, x)));
			return;
		}
		const k = rowAt(event);
		if (k < 0)
			return;
		current = k;
		const near = rows.rows[k] >= 0 ? packetNear(rows.rows[k], x) : -1;
		if (near >= 0) {
			chooseLane(rows.rows[k], false);
			CT.packets.show(near);
		} else {
			choose(k);
		}
	}

	/* Neither a drag nor a click goes on. */
	function forget() {
		tip.hidden = true;
		dragFrom = null;
		brush.hidden = true;
	}

	function wheel(event) {
		if (!event.ctrlKey && !event.shiftKey)
			return;
		event.preventDefault();
		const turned = event.deltaY || event.deltaX;
		if (event.shiftKey)
			CT.view.pan(Math.sign(turned) * 0.1);
		else
			CT.view.zoomBy(turned > 0 ? 1.25 : 0.8, g.timeAt(Math.max(g.left, xOf(event))));
	}

	function listen() {
		box.addEventListener("scroll", () => CT.view.changed("lanes-scroll"));
		box.addEventListener("keydown", key);
		box.addEventListener("wheel", wheel, { passive: false });
		box.addEventListener("pointermove", pointed);
		box.addEventListener("pointerdown", event => {
			if (event.button === 0 && event.clientX - box.getBoundingClientRect().left < box.clientWidth)
				dragFrom = xOf(event);
		});
		box.addEventListener("pointerup", released);
		box.addEventListener("pointerleave", forget);
		box.addEventListener("dblclick", () => CT.view.all());
		CT.pinch.watch(box, () => {
			const at = box.getBoundingClientRect().left + 1;
			return [at + g.left, at + g.right];
		}, forget);
		box.addEventListener("focus", () => current < 0 && rows.rows.length && move(0));
		byId("taller").addEventListener("click", () => resize(1));
		byId("lower").addEventListener("click", () => resize(-1));
	}

	function resize(by) {
		size = Math.max(0, Math.min(HEIGHTS.length - 1, size + by));
		layout();
		draw();
	}

	function build() {
		box = byId("lanes");
		box.className = "lanes";
		box.tabIndex = 0;
		box.setAttribute("role", "application");
		canvas = element("canvas", "");
		canvas.setAttribute("aria-hidden", "true");
		room = element("div", "room");
		crosshair = element("div", "crosshair");
		brush = element("div", "brush");
		brush.hidden = true;
		tip = element("div", "tip");
		tip.hidden = true;
		box.append(canvas, room, crosshair, brush);
		document.body.append(tip);
	}

	function begin(model) {
		m = model;
		build();
		listen();
		rebuild();
		let facetsBefore = CT.view.facets.host;
		CT.view.on("range theme lanes-scroll", draw);
		CT.view.on("query", rebuild);
		CT.view.on("facets", () => {
			if (facetsBefore !== CT.view.facets.host)
				rebuild();
			facetsBefore = CT.view.facets.host;
			draw();
		});
		CT.view.on("cursor", placeCursor);
		new ResizeObserver(() => {
			layout();
			draw();
		}).observe(box);
	}

	CT.lanes = { begin, resize,
		get rows() {
			return rows;
		} };
})();
