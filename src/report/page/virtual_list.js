// SPDX-License-Identifier: GPL-2.0-only
/*
 * virtual_list.js - a grid of any number of rows, of which those in sight are elements.
 *
 * Browsers limit how tall an element is; above LIMIT the scroll bar stands for rows
 * in proportion.
 */
"use strict";
globalThis.CT = globalThis.CT || {};

(() => {
	const LIMIT = 8e6;
	const SPARE = 4;
	let lists = 0;

	class VirtualList {
		/* fill(row, index) puts cells in a row; chosen(index) hears of a selection. */
		/* size(): the heights of a row and of the head, which the style sheet sets */
		constructor(box, { label, heads, size, fill, chosen }) {
			Object.assign(this, { box, size, fill, chosen });
			this.id = "vlist" + lists++;
			this.count = 0;
			this.current = -1;
			box.className = "vlist";
			box.tabIndex = 0;
			box.setAttribute("role", "grid");
			box.setAttribute("aria-label", label);
			this.head = CT.element("div", "vhead");
			this.head.setAttribute("role", "row");
			for (const [className, text] of heads) {
				const cell = CT.element("span", className, text);
				cell.setAttribute("role", "columnheader");
				this.head.append(cell);
			}
			this.room = CT.element("div", "room");
			this.rows = [];
			box.append(this.head, this.room);
			box.addEventListener("scroll", () => this.draw());
			box.addEventListener("keydown", event => this.key(event));
			this.room.addEventListener("click", event => this.clicked(event));
			addEventListener("resize", () => this.measure());
			this.measure();
		}

		measure() {
			const { row, head } = this.size(), before = this.rowHeight;
			this.rowHeight = row;
			this.headHeight = head;
			if (before !== row) {
				const { current } = this;
				this.setCount(this.count);
				this.current = current;
			}
			this.draw();
		}

		setCount(count) {
			this.count = count;
			this.current = -1;
			this.room.style.height = Math.min(count * this.rowHeight, LIMIT) + "px";
			/* A short list leaves no hole; the style sheet says how tall it may become. */
			this.box.style.height = Math.max(2, count) * this.rowHeight + this.headHeight + 16 + "px";
			this.box.setAttribute("aria-rowcount", count + 1);
			this.draw();
		}

		get seen() {
			return Math.max(1, Math.floor((this.box.clientHeight - this.headHeight) / this.rowHeight));
		}

		/* The first row in sight, and where it lies. */
		place() {
			const tall = this.count * this.rowHeight, top = this.box.scrollTop;
			if (tall <= LIMIT)
				return { first: Math.floor(top / this.rowHeight), base: 0 };
			const share = top / Math.max(1, LIMIT - (this.box.clientHeight - this.headHeight));
			const first = Math.round(Math.min(1, share) * Math.max(0, this.count - this.seen));
			return { first, base: top - first * this.rowHeight };
		}

		draw() {
			const { first, base } = this.place();
			const begin = Math.max(0, first - (base ? 0 : SPARE));
			const wanted = Math.min(this.count - begin, this.seen + 2 * SPARE);
			while (this.rows.length < wanted) {
				const row = CT.element("div", "vrow");
				row.setAttribute("role", "row");
				this.rows.push(row);
				this.room.append(row);
			}
			this.rows.forEach((row, k) => {
				row.hidden = k >= wanted;
				if (k < wanted)
					this.drawRow(row, begin + k, base + (begin + k) * this.rowHeight);
			});
		}

		drawRow(row, index, top) {
			row.style.top = top + "px";
			row.dataset.index = index;
			row.id = this.id + "-" + index;
			row.setAttribute("aria-rowindex", index + 2);
			row.classList.toggle("current", index === this.current);
			row.setAttribute("aria-selected", index === this.current);
			row.replaceChildren();
			this.fill(row, index);
		}

		clicked(event) {
			const row = event.target.closest(".vrow");
			if (row)
				this.select(Number(row.dataset.index));
		}

		scrollTo(index) {
			const tall = this.count * this.rowHeight;
			const inside = this.box.clientHeight - this.headHeight;
			if (tall > LIMIT) {
				const { first } = this.place();
				if (index < first || index >= first + this.seen)
					this.box.scrollTop = (LIMIT - inside) * Math.max(0, index - (this.seen >> 1)) /
						Math.max(1, this.count - this.seen);
				return;
			}
			const top = index * this.rowHeight;
			if (top < this.box.scrollTop)
				this.box.scrollTop = top;
			else if (top + this.rowHeight > this.box.scrollTop + inside)
				this.box.scrollTop = top + this.rowHeight - inside;
		}

		select(index, quiet) {
			this.current = index;
			if (index >= 0) {
				this.scrollTo(index);
				this.box.setAttribute("aria-activedescendant", this.id + "-" + index);
			}
			this.draw();
			if (!quiet)
				this.chosen(index);
		}

		key(event) {
			const page = Math.max(1, this.seen - 1);
			const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page,
				Home: -Infinity, End: Infinity };
			if (!(event.key in steps) || event.ctrlKey || event.altKey || !this.count)
				return;
			const from = this.current < 0 ? (steps[event.key] > 0 ? -1 : 0) : this.current;
			this.select(Math.max(0, Math.min(this.count - 1, from + steps[event.key])));
			event.preventDefault();
			event.stopPropagation();
		}
	}

	CT.VirtualList = VirtualList;
})();
