// SPDX-License-Identifier: GPL-2.0-only
// data.js - takes the page's data apart; src/report/page.h has its format.
"use strict";

// The bytes of the data block, unpacked.
async function ctBytes() {
	const text = document.getElementById("ct-data").textContent;
	const raw = Uint8Array.from(atob(text.trim()), (c) => c.charCodeAt(0));
	const unpacked = new Blob([raw]).stream().pipeThrough(new DecompressionStream("deflate"));
	return new Uint8Array(await new Response(unpacked).arrayBuffer());
}

// The numbers of a column.
function ctColumn(bytes, base, c) {
	const at = base + c.offset;
	if (c.type === "u8") return bytes.subarray(at, at + c.bytes);
	if (c.type === "u16") return new Uint16Array(bytes.buffer, at, c.count);
	if (c.type === "u32") return new Uint32Array(bytes.buffer, at, c.count);
	const values = new Float64Array(c.count);
	for (let i = 0, p = at; i < c.count; i++) {
		let n = 0, unit = 1, b;
		do {
			b = bytes[p++];
			n += (b & 127) * unit;
			unit *= 128;
		} while (b & 128);
		// A zigzag number: the last bit is its sign.
		values[i] = c.type === "varint" ? n : n % 2 ? -(n + 1) / 2 : n / 2;
	}
	return values;
}

// The JSON, in which each of 'columns' has become its numbers.
async function ctData() {
	const bytes = await ctBytes();
	const n = new DataView(bytes.buffer).getUint32(0, true);
	const data = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + n)));
	const base = Math.ceil((4 + n) / 8) * 8;
	for (const [name, c] of Object.entries(data.columns))
		data.columns[name] = ctColumn(bytes, base, c);
	return data;
}

ctData().then((data) => {
	document.getElementById("ct-text").textContent = JSON.stringify(data, (key, value) =>
		ArrayBuffer.isView(value) ? Array.from(value.subarray(0, 20)) : value, 1);
});
