/* SPDX-License-Identifier: GPL-2.0-only */
/* codec_lzma.c - xz, with liblzma. */
#include <stdlib.h>

#include "capture/codec.h"

#define MEMORY_MAX	(1ull << 30)	/* xz -9 needs 65 MiB */
#define CONCATENATED	0x08u		/* also streams one after another */
#define RUN		0
#define FINISH		3
#define OK		0
#define STREAM_END	1
#define MEM_ERROR	5
#define MEMLIMIT_ERROR	6
#define BUF_ERROR	10		/* no progress was possible */

struct lzma_stream {
	const uint8_t *next_in;
	size_t avail_in;
	uint64_t total_in;
	uint8_t *next_out;
	size_t avail_out;
	uint64_t total_out;
	void *allocator, *internal, *reserved[4];
	uint64_t seek_pos, reserved_number;
	size_t reserved_size[2];
	int reserved_enum[2];
};

static struct {
	int (*decoder)(struct lzma_stream *, uint64_t, uint32_t);
	int (*code)(struct lzma_stream *, int);
	void (*end)(struct lzma_stream *);
} lib;

struct xz {
	struct lzma_stream s;
	int result;
};

static bool load(void *handle)
{
	return codec_find(handle, "lzma_stream_decoder", &lib.decoder) &&
	       codec_find(handle, "lzma_code", &lib.code) &&
	       codec_find(handle, "lzma_end", &lib.end);
}

static void *open_xz(void)
{
	struct xz *x = calloc(1, sizeof(*x));

	if (x && lib.decoder(&x->s, MEMORY_MAX, CONCATENATED) == OK)
		return x;
	free(x);
	return NULL;
}

static void close_xz(void *state)
{
	struct xz *x = state;

	if (x)
		lib.end(&x->s);
	free(x);
}

static enum codec_result step(void *state, struct codec_io *io, bool last)
{
	struct xz *x = state;

	x->s.next_in = io->in;
	x->s.avail_in = io->in_left;
	x->s.next_out = io->out;
	x->s.avail_out = io->out_left;
	x->result = lib.code(&x->s, last ? FINISH : RUN);
	io->in = x->s.next_in;
	io->in_left = x->s.avail_in;
	io->out = x->s.next_out;
	io->out_left = x->s.avail_out;
	if (x->result == STREAM_END)
		return CODEC_END;
	return x->result == OK || x->result == BUF_ERROR ? CODEC_MORE : CODEC_FAILED;
}

static const char *error(const void *state)
{
	const struct xz *x = state;

	if (x->result == MEMLIMIT_ERROR)
		return "it takes more than a gigabyte of memory to decompress";
	return x->result == MEM_ERROR ? CODEC_NO_MEMORY : CODEC_DAMAGED;
}

/* The library has read all streams that there are. */
static bool begins(uint8_t first)
{
	(void)first;
	return false;
}

const struct codec codec_xz = {
	{ "liblzma.so.5", NULL }, "liblzma5", load, open_xz, close_xz, step, error,
	begins,
};
