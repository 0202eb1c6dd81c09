/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * codec_lz4.c - LZ4 frames, and the older "legacy" frames, with liblz4.
 *
 * A legacy frame is a magic number and blocks, each with its compressed size in front;
 * a block is 8 MiB when decompressed, the last one may be shorter.
 */
#include <stdlib.h>
#include <string.h>

#include "capture/codec.h"

#define VERSION		100u
#define LEGACY_FIRST	0x02		/* its first byte, in the file's order */
#define LEGACY_MAGIC	0x184c2102u
#define LEGACY_BLOCK	(8u * 1024 * 1024)
/* Data that does not compress grows by this. */
#define LEGACY_PACKED	(LEGACY_BLOCK + LEGACY_BLOCK / 255 + 16)

static struct {
	size_t (*create)(void **, unsigned int);
	size_t (*free)(void *);
	size_t (*decompress)(void *, void *, size_t *, const void *, size_t *,
			     const void *);
	unsigned int (*is_error)(size_t);
	const char *(*error_name)(size_t);
	int (*block)(const char *, char *, int, int);
} lib;

struct legacy {
	uint8_t packed[LEGACY_PACKED];
	uint8_t plain[LEGACY_BLOCK];
	uint8_t size[4];	/* of the block, little-endian, */
	size_t have_size;	/* of which these bytes were read, */
	uint32_t wanted;	/* and what it says; 0: not known yet */
	size_t have;		/* bytes of 'packed' */
	size_t begin, end;	/* of 'plain', to be given */
};

struct lz4 {
	void *frame;
	bool begun;
	struct legacy *legacy;	/* NULL: frames */
	size_t result;
};

static bool load(void *handle)
{
	return codec_find(handle, "LZ4F_createDecompressionContext", &lib.create) &&
	       codec_find(handle, "LZ4F_freeDecompressionContext", &lib.free) &&
	       codec_find(handle, "LZ4F_decompress", &lib.decompress) &&
	       codec_find(handle, "LZ4F_isError", &lib.is_error) &&
	       codec_find(handle, "LZ4F_getErrorName", &lib.error_name) &&
	       codec_find(handle, "LZ4_decompress_safe", &lib.block);
}

static void *open_lz4(void)
{
	struct lz4 *l = calloc(1, sizeof(*l));

	if (l && !lib.is_error(lib.create(&l->frame, VERSION)))
		return l;
	free(l);
	return NULL;
}

static void close_lz4(void *state)
{
	struct lz4 *l = state;

	if (l) {
		lib.free(l->frame);
		free(l->legacy);
	}
	free(l);
}

/* Takes up to 'n' bytes of the input; returns how many. */
static size_t take(struct codec_io *io, uint8_t *to, size_t n)
{
	if (n > io->in_left)
		n = io->in_left;
	memcpy(to, io->in, n);
	io->in += n;
	io->in_left -= n;
	return n;
}

static void give(struct legacy *g, struct codec_io *io)
{
	size_t n = g->end - g->begin;

	if (n > io->out_left)
		n = io->out_left;
	memcpy(io->out, g->plain + g->begin, n);
	g->begin += n;
	io->out += n;
	io->out_left -= n;
}

/* Reads the number in front of a block; it may be the magic number again, as after a
 * concatenation. */
static enum codec_result read_size(struct legacy *g, struct codec_io *io)
{
	uint32_t size;

	g->have_size += take(io, g->size + g->have_size, 4 - g->have_size);
	if (g->have_size < 4)
		return CODEC_MORE;
	g->have_size = 0;
	size = (uint32_t)g->size[3] << 24 | (uint32_t)g->size[2] << 16 |
	       (uint32_t)g->size[1] << 8 | g->size[0];
	if (size == LEGACY_MAGIC)
		return CODEC_MORE;
	if (size == 0 || size > LEGACY_PACKED)
		return CODEC_FAILED;
	g->wanted = size;
	g->have = 0;
	return CODEC_MORE;
}

static enum codec_result read_block(struct legacy *g, struct codec_io *io)
{
	int n;

	g->have += take(io, g->packed + g->have, g->wanted - g->have);
	if (g->have < g->wanted)
		return CODEC_MORE;
	n = lib.block((const char *)g->packed, (char *)g->plain, (int)g->wanted,
		      (int)LEGACY_BLOCK);
	g->wanted = 0;
	if (n < 0)
		return CODEC_FAILED;
	g->begin = 0;
	g->end = (size_t)n;
	return CODEC_MORE;
}

static enum codec_result legacy_step(struct legacy *g, struct codec_io *io, bool last)
{
	enum codec_result result = CODEC_MORE;

	while (result == CODEC_MORE) {
		give(g, io);
		if (g->begin < g->end)
			return CODEC_MORE;
		/* A frame has no mark at its end. */
		if (io->in_left == 0)
			return last && !g->wanted && !g->have_size ? CODEC_END :
								     CODEC_MORE;
		result = g->wanted ? read_block(g, io) : read_size(g, io);
	}
	return result;
}

/* The first byte tells the two formats apart. */
static bool begin(struct lz4 *l, const struct codec_io *io)
{
	l->begun = true;
	if (io->in[0] == LEGACY_FIRST) {
		l->legacy = calloc(1, sizeof(*l->legacy));
		return l->legacy != NULL;
	}
	return true;
}

static enum codec_result step(void *state, struct codec_io *io, bool last)
{
	struct lz4 *l = state;
	size_t in = io->in_left, out = io->out_left;

	if (!l->begun && io->in_left && !begin(l, io))
		return CODEC_FAILED;
	if (l->legacy)
		return legacy_step(l->legacy, io, last);
	l->result = lib.decompress(l->frame, io->out, &out, io->in, &in, NULL);
	if (lib.is_error(l->result))
		return CODEC_FAILED;
	io->in += in;
	io->in_left -= in;
	io->out += out;
	io->out_left -= out;
	return l->result == 0 ? CODEC_END : CODEC_MORE;
}

static const char *error(const void *state)
{
	const struct lz4 *l = state;

	if (l->begun && lib.is_error(l->result))
		return lib.error_name(l->result);
	return l->legacy ? CODEC_DAMAGED : CODEC_NO_MEMORY;
}

/* A frame, or one that is to be skipped. */
static bool begins(uint8_t first)
{
	return first == 0x04 || (first & 0xf0) == 0x50;
}

const struct codec codec_lz4 = {
	{ "liblz4.so.1", NULL }, "liblz4-1", load, open_lz4, close_lz4, step, error,
	begins,
};
