/* SPDX-License-Identifier: GPL-2.0-only */
/* codec_bzip2.c - bzip2, with libbz2. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "capture/codec.h"

#define OK		0
#define STREAM_END	4
#define MEM_ERROR	(-3)

struct bz_stream {
	char *next_in;
	unsigned int avail_in, total_in_low, total_in_high;
	char *next_out;
	unsigned int avail_out, total_out_low, total_out_high;
	void *state, *bzalloc, *bzfree, *opaque;
};

static struct {
	int (*init)(struct bz_stream *, int, int);
	int (*decompress)(struct bz_stream *);
	int (*end)(struct bz_stream *);
} lib;

struct bzip2 {
	struct bz_stream b;
	bool ended;
	int result;
};

static bool load(void *handle)
{
	return codec_find(handle, "BZ2_bzDecompressInit", &lib.init) &&
	       codec_find(handle, "BZ2_bzDecompress", &lib.decompress) &&
	       codec_find(handle, "BZ2_bzDecompressEnd", &lib.end);
}

static void *open_bzip2(void)
{
	struct bzip2 *b = calloc(1, sizeof(*b));

	if (b && lib.init(&b->b, 0, 0) == OK)
		return b;
	free(b);
	return NULL;
}

static void close_bzip2(void *state)
{
	struct bzip2 *b = state;

	if (b)
		lib.end(&b->b);
	free(b);
}

static unsigned int at_most(size_t n)
{
	return n < UINT_MAX ? (unsigned int)n : UINT_MAX;
}

/* libbz2 has no function to begin again. */
static int restart(struct bzip2 *b)
{
	lib.end(&b->b);
	memset(&b->b, 0, sizeof(b->b));
	b->ended = false;
	return lib.init(&b->b, 0, 0);
}

static enum codec_result step(void *state, struct codec_io *io, bool last)
{
	struct bzip2 *b = state;
	unsigned int in = at_most(io->in_left), out = at_most(io->out_left);

	(void)last;
	if (b->ended && (b->result = restart(b)) != OK)
		return CODEC_FAILED;
	/* The library does not write to its input. */
	b->b.next_in = (char *)(uintptr_t)io->in;
	b->b.avail_in = in;
	b->b.next_out = (char *)io->out;
	b->b.avail_out = out;
	b->result = lib.decompress(&b->b);
	io->in += in - b->b.avail_in;
	io->in_left -= in - b->b.avail_in;
	io->out += out - b->b.avail_out;
	io->out_left -= out - b->b.avail_out;
	b->ended = b->result == STREAM_END;
	if (b->ended)
		return CODEC_END;
	return b->result == OK ? CODEC_MORE : CODEC_FAILED;
}

static const char *error(const void *state)
{
	const struct bzip2 *b = state;

	return b->result == MEM_ERROR ? CODEC_NO_MEMORY : CODEC_DAMAGED;
}

static bool begins(uint8_t first)
{
	return first == 'B';
}

const struct codec codec_bzip2 = {
	{ "libbz2.so.1.0", "libbz2.so.1" }, "libbz2-1.0", load, open_bzip2,
	close_bzip2, step, error, begins,
};
