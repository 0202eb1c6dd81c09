/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fuzz_gzip.c - any bytes as a gzip file, in pieces whose sizes are the first two bytes
 * of the input (libFuzzer).  What is put out must not depend on the sizes.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "capture/codec.h"

#define CHECK(what) do { if (!(what)) abort(); } while (0)

#define ROOM	(256u * 1024)	/* what is put out is compared so far */

struct outcome {
	enum codec_result result;
	size_t n;
	const char *error;
	uint8_t bytes[ROOM];
};

static void run(const uint8_t *data, size_t size, size_t piece, size_t room,
		struct outcome *o)
{
	void *state = codec_gzip.open();
	struct codec_io io;
	size_t in = 1, out = 1;

	CHECK(state);
	o->n = 0;
	o->result = CODEC_MORE;
	while (o->result == CODEC_MORE && o->n < ROOM && (size || in || out)) {
		size_t more = size < piece ? size : piece;

		io = (struct codec_io){ data, more, o->bytes + o->n, ROOM - o->n };
		if (io.out_left > room)
			io.out_left = room;
		out = io.out_left;
		o->result = codec_gzip.step(state, &io, size == 0);
		in = more - io.in_left;
		out -= io.out_left;
		o->n += out;
		data += in;
		size -= in;
	}
	o->error = o->result == CODEC_FAILED ? codec_gzip.error(state) : NULL;
	codec_gzip.close(state);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct outcome whole, parts;

	if (size < 2)
		return 0;
	codec_gzip.load(NULL);
	run(data + 2, size - 2, size, ROOM, &whole);
	run(data + 2, size - 2, 1u + data[0], 1u + data[1] * 16u, &parts);
	CHECK(whole.n == parts.n && memcmp(whole.bytes, parts.bytes, whole.n) == 0);
	CHECK(whole.n == ROOM || (whole.result == parts.result &&
				  whole.error == parts.error));
	return 0;
}
