/* SPDX-License-Identifier: GPL-2.0-only */
/* codec_zlib.c - gzip (RFC 1952), with zlib. */
#include <stdlib.h>
#include <limits.h>

#include "capture/codec.h"

#define WINDOW_BITS	(15 + 16)	/* the largest window; a gzip header */
#define SYNC_FLUSH	2
#define OK		0
#define STREAM_END	1
#define BUF_ERROR	(-5)		/* no progress was possible, no damage */
#define MEM_ERROR	(-4)

struct z_stream {
	const uint8_t *next_in;
	unsigned int avail_in;
	unsigned long total_in;
	uint8_t *next_out;
	unsigned int avail_out;
	unsigned long total_out;
	const char *msg;
	void *state, *zalloc, *zfree, *opaque;
	int data_type;
	unsigned long adler, reserved;
};

static struct {
	int (*init)(struct z_stream *, int, const char *, int);
	int (*inflate)(struct z_stream *, int);
	int (*reset)(struct z_stream *);
	int (*end)(struct z_stream *);
} lib;

struct gzip {
	struct z_stream z;
	bool ended;
	int result;
};

static bool load(void *handle)
{
	return codec_find(handle, "inflateInit2_", &lib.init) &&
	       codec_find(handle, "inflate", &lib.inflate) &&
	       codec_find(handle, "inflateReset", &lib.reset) &&
	       codec_find(handle, "inflateEnd", &lib.end);
}

static void *open_gzip(void)
{
	struct gzip *g = calloc(1, sizeof(*g));

	/* Only the first number of the version counts. */
	if (g && lib.init(&g->z, WINDOW_BITS, "1.2.11", (int)sizeof(g->z)) == OK)
		return g;
	free(g);
	return NULL;
}

static void close_gzip(void *state)
{
	struct gzip *g = state;

	if (g)
		lib.end(&g->z);
	free(g);
}

static unsigned int at_most(size_t n)
{
	return n < UINT_MAX ? (unsigned int)n : UINT_MAX;
}

static enum codec_result step(void *state, struct codec_io *io, bool last)
{
	struct gzip *g = state;
	unsigned int in = at_most(io->in_left), out = at_most(io->out_left);

	(void)last;
	if (g->ended)
		lib.reset(&g->z);
	g->z.next_in = io->in;
	g->z.avail_in = in;
	g->z.next_out = io->out;
	g->z.avail_out = out;
	g->result = lib.inflate(&g->z, SYNC_FLUSH);
	io->in += in - g->z.avail_in;
	io->in_left -= in - g->z.avail_in;
	io->out += out - g->z.avail_out;
	io->out_left -= out - g->z.avail_out;
	g->ended = g->result == STREAM_END;
	if (g->ended)
		return CODEC_END;
	return g->result == OK || g->result == BUF_ERROR ? CODEC_MORE : CODEC_FAILED;
}

static const char *error(const void *state)
{
	const struct gzip *g = state;

	if (g->result == MEM_ERROR)
		return CODEC_NO_MEMORY;
	return g->z.msg ? g->z.msg : CODEC_DAMAGED;
}

static bool begins(uint8_t first)
{
	return first == 0x1f;
}

const struct codec codec_gzip = {
	{ "libz.so.1", NULL }, "zlib1g", load, open_gzip, close_gzip, step, error,
	begins,
};
