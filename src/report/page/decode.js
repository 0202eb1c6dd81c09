// SPDX-License-Identifier: GPL-2.0-only
/*
 * decode.js - the data block: base64, then zlib, then a length, JSON, and columns.
 *
 * docs/report.md describes the container.  Everything of it comes from a capture, so
 * a column that does not fit its bytes is an error and never a loop without end.
 */
"use strict";
globalThis.CT = globalThis.CT || {};

(() => {
	const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	function bytesOfBase64(text) {
		if (Uint8Array.fromBase64)
			return Uint8Array.fromBase64(text);
		const value = new Uint8Array(128);
		for (let i = 0; i < 64; i++)
			value[ALPHABET.charCodeAt(i)] = i;
		const clean = text.replace(/[^A-Za-z0-9+/]/g, "");
		const out = new Uint8Array(Math.floor(clean.length * 3 / 4));
		let bits = 0, held = 0, at = 0;
		for (let i = 0; i < clean.length; i++) {
			held = held << 6 | value[clean.charCodeAt(i)];
			bits += 6;
			if (bits >= 8) {
				bits -= 8;
				out[at++] = held >> bits & 255;
				held &= (1 << bits) - 1;
			}
		}
		return out;
	}

	async function inflate(bytes) {
		const stream = new Blob([bytes]).stream()
			.pipeThrough(new DecompressionStream("deflate"));
		return new Uint8Array(await new Response(stream).arrayBuffer());
	}

	/* Numbers above 2^31 are told apart since operators on bits end there. */
	function unzigzag(v) {
		if (v < 0x80000000)
			return v >>> 1 ^ -(v & 1);
		return v % 2 ? -(v + 1) / 2 : v / 2;
	}

	function readVarints(data, column, out, signed, summed) {
		const end = column.offset + column.bytes;
		let at = column.offset, sum = 0;
		for (let i = 0; i < column.count; i++) {
			let b = data[at++], v = b & 127, scale = 128;
			while (b > 127 && at < end) {
				b = data[at++];
				v += (b & 127) * scale;
				scale *= 128;
			}
			if (signed)
				v = unzigzag(v);
			out[i] = summed ? sum += v : v;
		}
		if (at > end)
			throw new Error("the data of this page is damaged: a column is cut");
		return out;
	}

	class Container {
		constructor(bytes) {
			const size = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
			if (4 + size > bytes.length)
				throw new Error("the data of this page is damaged: it is cut");
			this.json = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + size)));
			const base = Math.ceil((4 + size) / 8) * 8;
			this.data = bytes.subarray(base);
		}

		has(name) {
			return Object.hasOwn(this.json.columns, name);
		}

		names(prefix) {
			return Object.keys(this.json.columns).filter(n => n.startsWith(prefix));
		}

		/* summed: each value is the difference to the one before. */
		read(name, Kind, summed) {
			if (!this.has(name))
				throw new Error("the data of this page lack the column " + name);
			const column = this.json.columns[name];
			if (column.offset + column.bytes > this.data.length)
				throw new Error("the data of this page is damaged: " + name + " is cut");
			if (column.type === "varint" || column.type === "svarint")
				return readVarints(this.data, column, new Kind(column.count),
					column.type === "svarint", summed);
			return this.readFixed(column, Kind);
		}

		readFixed(column, Kind) {
			const size = { u8: 1, u32: 4 }[column.type];
			if (!size || size * column.count > column.bytes)
				throw new Error("the data of this page has a column of an unknown kind");
			if (size === 1)
				return new Kind(this.data.subarray(column.offset,
					column.offset + column.count));
			const view = new DataView(this.data.buffer,
				this.data.byteOffset + column.offset, column.bytes);
			const out = new Kind(column.count);
			for (let i = 0; i < column.count; i++)
				out[i] = view.getUint32(i * 4, true);
			return out;
		}
	}

	async function decode(text) {
		return new Container(await inflate(bytesOfBase64(text.trim())));
	}

	CT.decode = decode;
})();
