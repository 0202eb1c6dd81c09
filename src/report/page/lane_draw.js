// SPDX-License-Identifier: GPL-2.0-only
/*
 * lane_draw.js - paints the lanes that can be seen.
 *
 * Levels of detail: what falls into one pixel is painted once, whatever the number of
 * states or packets in it; single packets appear when there is room for them.
 */
"use strict";
globalThis.CT = globalThis.CT || {};

(() => {
	const { lowerBound, CLASSES } = CT.model;
	const color = name => CT.theme.color(name);
	const LABEL_FROM = 13;	/* pixels a lane must have for its label */
	const FONT = 11;
	const mono = 'ui-monospace, "SF Mono", "DejaVu Sans Mono", Menlo, monospace';

	function fitted(text, pixels, advance) {
		const room = Math.floor(pixels / advance);
		return text.length <= room ? text : text.slice(0, Math.max(1, room - 1)) + "…";
	}

	/* g: the canvas' context, sizes and scale, see lanes.js */
	function paintSegments(m, g, i, y, height) {
		const c = m.connections, s = m.segments;
		const begin = s.first[i], end = s.first[i + 1];
		const from = g.timeAt(g.left), to = g.timeAt(g.right);
		if (c.last[i] < from || c.first[i] > to)
			return;
		let k = begin + Math.max(0, lowerBound(end - begin, j => s.at[begin + j], from) - 1);
		while (k < end && s.at[k] <= to) {
			const x0 = Math.max(g.left, Math.floor(g.x(s.at[k])));
			/* All changes within this pixel but the last cannot be seen. */
			let next = k + 1;
			while (next < end && g.x(s.at[next]) < x0 + 1)
				k = next++;
			const until = next < end ? s.at[next] : Math.max(c.last[i], s.at[k]);
			const x1 = Math.min(g.right, Math.max(x0 + 1, Math.ceil(g.x(until))));
			if (x1 > x0)
				g.rect(CLASSES[m.stateClass[s.state[k]]], x0, y, x1 - x0, height);
			k = next;
		}
	}

	function paintTicks(m, g, i, y, height) {
		const { first, list } = m.ofConnection, { at, dir } = m.packets;
		const begin = first[i], count = first[i + 1] - begin;
		const time = j => at[list[begin + j]];
		let k = lowerBound(count, time, g.timeAt(g.left));
		const end = lowerBound(count, time, g.timeAt(g.right));
		if (height < 6 || (end - k) * 3 > g.right - g.left)
			return;
		const half = Math.ceil(height / 2);
		for (; k < end; k++) {
			const p = list[begin + k];
			g.rect("text", Math.round(g.x(at[p])), dir[p] === 2 ? y + half : y, 1,
				dir[p] ? half : height);
		}
	}

	/* Packets without a connection, in the colour of their word: one in a pixel. */
	function paintAlone(m, g, host, y, height) {
		const { first, list } = m.aloneOf, { at, word } = m.packets;
		const begin = first[host], count = first[host + 1] - begin;
		const time = j => at[list[begin + j]], to = g.timeAt(g.right);
		let k = lowerBound(count, time, g.timeAt(g.left));
		while (k < count && time(k) <= to) {
			const x = Math.round(g.x(time(k)));
			g.rect(m.json.words[word[list[begin + k]]], x - 1, y, 2, height);
			k = Math.max(k + 1, lowerBound(count, time, g.timeAt(x + 1)));
		}
	}

	function cross(ctx, x, y, r) {
		ctx.beginPath();
		ctx.moveTo(x - r, y - r);
		ctx.lineTo(x + r, y + r);
		ctx.moveTo(x + r, y - r);
		ctx.lineTo(x - r, y + r);
		ctx.stroke();
	}

	/* INVALID: a bar with a point above; dropped: a cross.  They differ without colour. */
	function paintMark(g, kind, x, y, height) {
		const { ctx } = g;
		if (kind & 1) {
			ctx.fillStyle = color("INVALID");
			ctx.fillRect(x - 1, y, 2, height);
			if (height >= 7) {
				ctx.beginPath();
				ctx.moveTo(x - 4, y - 3);
				ctx.lineTo(x + 4, y - 3);
				ctx.lineTo(x, y + 3);
				ctx.fill();
			}
		}
		if (kind & 2) {
			ctx.lineWidth = 1.6;
			ctx.strokeStyle = ctx.fillStyle = color("DROP");
			if (height >= 7)
				cross(ctx, x, y + height - 2, 3.5);
			else
				ctx.fillRect(x - 1, y + height / 2, 2, Math.max(1, height / 2));
		}
	}

	function paintMarks(m, g, { first, list }, i, y, height) {
		const { at } = m.packets;
		const begin = first[i], count = first[i + 1] - begin;
		const time = j => at[list[begin + j]];
		const to = g.timeAt(g.right);
		let k = lowerBound(count, time, g.timeAt(g.left));
		while (k < count && time(k) <= to) {
			const x = Math.round(g.x(time(k)));
			/* One mark for what is nearer than a mark is wide: up to 1,000 looked at. */
			const next = lowerBound(count, time, g.timeAt(x + 2));
			let kind = 0;
			for (let j = k; j < Math.max(next, k + 1) && j < k + 1000 && kind !== 3; j++)
				kind |= m.trouble[list[begin + j]];
			paintMark(g, kind, x, y, height);
			k = Math.max(next, k + 1);
		}
	}

	function hostText(m, about, host) {
		const h = about.get(host), parts = [CT.names.host(host)];
		if (h.count)
			parts.push(CT.format.plural(h.count, "connection", "connections"));
		if (h.invalid)
			parts.push(CT.format.number(h.invalid) + " INVALID");
		if (h.dropped)
			parts.push(CT.format.number(h.dropped) + " dropped");
		return parts.join("   ");
	}

	/* Beneath its host a connection needs its port only. */
	function connectionText(m, rows, k) {
		const i = rows.rows[k], c = m.connections;
		if (i >= c.count) {
			const h = rows.about.get(i - c.count);
			return (h.lanes === 1 ? CT.names.host(h.host) + ": " : "") +
				CT.format.plural(h.alone, "packet", "packets") + " without a connection";
		}
		if (rows.child[k])
			return "└ " + CT.names.connection(i);
		if (rows.about.get(c.src[i]).lanes === 1)
			return CT.names.connection(i);
		const to = CT.names.connectionEnds(i, false)[1];
		const port = CT.names.hasPorts(c.proto[i]) && c.sport[i] ? ":" + c.sport[i] + " " : "";
		return CT.names.protocol(c.proto[i]) + " " + port + "→ " + to;
	}

	function isBad(m, row) {
		const c = m.connections, host = row - c.count, { first } = m.aloneTroubleOf;
		return host >= 0 ? first[host + 1] > first[host] : c.invalid[row] + c.dropped[row] > 0;
	}

	function paintRow(m, g, rows, k, y) {
		const row = rows.rows[k], { ctx, height } = g;
		if (row < 0) {
			ctx.fillStyle = color("raised");
			ctx.fillRect(0, y, g.width, height);
			if (height >= LABEL_FROM) {
				ctx.fillStyle = color("text");
				ctx.fillText(fitted(hostText(m, rows.about, -1 - row), g.width - 12, g.advance),
					6, y + height / 2);
			}
			return;
		}
		if (g.selected === row) {
			ctx.fillStyle = color("accent-back");
			ctx.fillRect(0, y, g.width, height);
		}
		const labelled = height >= LABEL_FROM;
		const above = labelled && g.narrow ? 14 : 0;
		const barY = y + above + (labelled ? 3 : height > 5 ? 1 : 0);
		const barHeight = Math.max(1, height - above - (labelled ? 6 : height > 5 ? 2 : 0));
		if (labelled) {
			ctx.fillStyle = isBad(m, row) ? color("bad-text") : color("soft");
			ctx.fillText(fitted(connectionText(m, rows, k),
				(g.narrow ? g.width : g.left) - 18, g.advance),
				12, g.narrow ? y + 8 : y + height / 2 + 0.5);
		}
		const host = row - m.connections.count;
		if (host >= 0) {
			paintAlone(m, g, host, barY, barHeight);
		} else {
			paintSegments(m, g, row, barY, barHeight);
			paintTicks(m, g, row, barY, barHeight);
		}
		g.flush();
		if (host >= 0)
			paintMarks(m, g, m.aloneTroubleOf, host, barY, barHeight);
		else
			paintMarks(m, g, m.troubleOf, row, barY, barHeight);
	}

	/* Rectangles by colour, so that the canvas changes its colour a few times a lane. */
	function collector(ctx) {
		const held = new Map();
		return {
			rect(name, x, y, width, height) {
				if (!held.has(name))
					held.set(name, []);
				held.get(name).push(x, y, width, height);
			},
			flush() {
				for (const [name, list] of held) {
					ctx.fillStyle = color(name);
					ctx.globalAlpha = name === "text" ? 0.6 : 1;
					for (let i = 0; i < list.length; i += 4)
						ctx.fillRect(list[i], list[i + 1], list[i + 2], list[i + 3]);
					list.length = 0;
				}
				ctx.globalAlpha = 1;
			},
		};
	}

	function paint(m, g, rows, first, offset, tall) {
		const { ctx } = g;
		Object.assign(g, collector(ctx));
		ctx.font = FONT + "px " + mono;
		ctx.textBaseline = "middle";
		g.advance = g.advance || ctx.measureText("0000000000").width / 10;
		ctx.fillStyle = color("back");
		ctx.fillRect(0, 0, g.width, tall);
		for (let k = first, y = -offset; k < rows.rows.length && y < tall; k++, y += g.height)
			paintRow(m, g, rows, k, y);
		if (g.current >= first) {
			const y = (g.current - first) * g.height - offset;
			ctx.strokeStyle = color("accent");
			ctx.lineWidth = 1;
			ctx.strokeRect(0.5, y + 0.5, g.width - 1, Math.max(1, g.height - 1));
		}
	}

	CT.laneDraw = { paint, hostText };
})();
