/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * codec_gzip.c - gzip (RFC 1952).
 *
 * Most compressed captures are of this kind, and zlib is the slowest part of reading
 * them.  The faster libraries do not fit: ISA-L 2.30 gives other bytes than gzip(1) of
 * a file that is cut short or damaged, and refuses the checksum of a header that comes
 * in pieces; libdeflate needs a whole member in memory, of which an attacker chooses
 * the size.  So this is our own.  What zlib refuses is refused with the same words, and
 * test_inflate holds every byte against it.
 */
#include <stdlib.h>
#include <string.h>

#include "capture/codec.h"
#include "capture/crc32.h"
#include "capture/inflate.h"

/* What is put out at a time: with the history it stays in the processor's cache. */
#define ROOM		(128u * 1024)

#define MAGIC		0x8b1fu
#define DEFLATE		8u
#define FLAG_CRC	0x02u	/* of the header */
#define FLAG_EXTRA	0x04u
#define FLAG_NAME	0x08u
#define FLAG_COMMENT	0x10u
#define FLAGS_RESERVED	0xe0u
#define NO_LENGTH	(~0u)

enum part {
	HEAD_MAGIC,
	HEAD_METHOD,
	HEAD_TIME,
	HEAD_SYSTEM,
	HEAD_EXTRA,
	HEAD_NAME,
	HEAD_COMMENT,
	HEAD_CRC,
	BODY,
	TAIL_CRC,
	TAIL_LENGTH,
	MEMBER_END,
};

struct gzip {
	enum part part;
	const char *error;
	uint32_t flags, left;	/* of the header; bytes of its extra field */
	uint32_t crc, length;	/* of what was put out, of the member so far */
	uint32_t head_crc;
	struct inflate inflate;
	size_t begin;		/* in 'buf': the member's oldest byte that is kept, */
	size_t given, have;	/* what was given away, and what there is */
	uint8_t buf[INFLATE_HISTORY + ROOM + INFLATE_SLACK];
};

static bool load(void *handle)
{
	(void)handle;
	crc32_prepare();
	return true;
}

static void begin_member(struct gzip *g)
{
	g->part = HEAD_MAGIC;
	g->left = NO_LENGTH;
	g->crc = g->head_crc = 0;
	g->length = 0;
	g->begin = g->have;
	inflate_init(&g->inflate);
}

static void *open_gzip(void)
{
	struct gzip *g = malloc(sizeof(*g));

	if (!g)
		return NULL;
	g->error = NULL;
	g->given = g->have = 0;
	begin_member(g);
	return g;
}

static void close_gzip(void *state)
{
	free(state);
}

/* Takes 'n' bytes of the header, at most 4. */
static bool take(struct gzip *g, struct inflate_io *io, unsigned int n, uint32_t *value)
{
	uint8_t bytes[4];

	if (!inflate_take(&g->inflate, io, 8 * n, value))
		return false;
	for (unsigned int i = 0; i < n; i++)
		bytes[i] = (uint8_t)(*value >> 8 * i);
	g->head_crc = crc32_add(g->head_crc, bytes, n);
	return true;
}

static bool fail(struct gzip *g, const char *why)
{
	g->error = why;
	return false;
}

static bool next(struct gzip *g)
{
	g->part++;
	return true;
}

/* The functions that follow read a part each.  False: more input is needed, or
 * 'g->error' is set. */
static bool read_magic(struct gzip *g, struct inflate_io *io)
{
	uint32_t v;

	if (!take(g, io, 2, &v))
		return false;
	return v == MAGIC ? next(g) : fail(g, "incorrect header check");
}

static bool read_method(struct gzip *g, struct inflate_io *io)
{
	uint32_t v;

	if (!take(g, io, 2, &v))
		return false;
	g->flags = v >> 8;
	if ((v & 0xff) != DEFLATE)
		return fail(g, "unknown compression method");
	return g->flags & FLAGS_RESERVED ? fail(g, "unknown header flags set") : next(g);
}

static bool skip_bytes(struct gzip *g, struct inflate_io *io, unsigned int n)
{
	uint32_t v;

	return take(g, io, n, &v) && next(g);
}

static bool read_extra(struct gzip *g, struct inflate_io *io)
{
	uint32_t v;

	if (!(g->flags & FLAG_EXTRA))
		return next(g);
	if (g->left == NO_LENGTH && !take(g, io, 2, &g->left))
		return false;
	for (; g->left; g->left--)
		if (!take(g, io, 1, &v))
			return false;
	return next(g);
}

static bool read_text(struct gzip *g, struct inflate_io *io, uint32_t flag)
{
	uint32_t v = g->flags & flag;

	while (v)
		if (!take(g, io, 1, &v))
			return false;
	return next(g);
}

static bool read_head_crc(struct gzip *g, struct inflate_io *io)
{
	uint32_t crc = g->head_crc & 0xffff, v;

	if (!(g->flags & FLAG_CRC))
		return next(g);
	if (!take(g, io, 2, &v))
		return false;
	return v == crc ? next(g) : fail(g, "header crc mismatch");
}

static bool read_body(struct gzip *g, struct inflate_io *io)
{
	enum inflate_result result;

	io->begin = g->buf + g->begin;
	io->out = g->buf + g->have;
	io->out_end = g->buf + INFLATE_HISTORY + ROOM;
	result = inflate_run(&g->inflate, io);
	g->crc = crc32_add(g->crc, g->buf + g->have,
			   (size_t)(io->out - (g->buf + g->have)));
	g->length += (uint32_t)(io->out - (g->buf + g->have));
	g->have = (size_t)(io->out - g->buf);
	if (result == INFLATE_FAILED)
		return fail(g, g->inflate.error);
	return result == INFLATE_END && next(g);
}

static bool read_tail(struct gzip *g, struct inflate_io *io, uint32_t right,
		      const char *why)
{
	uint32_t v;

	if (!inflate_take(&g->inflate, io, 32, &v))
		return false;
	return v == right ? next(g) : fail(g, why);
}

static bool read_part(struct gzip *g, struct inflate_io *io)
{
	switch (g->part) {
	case HEAD_MAGIC:
		return read_magic(g, io);
	case HEAD_METHOD:
		return read_method(g, io);
	case HEAD_TIME:
		return skip_bytes(g, io, 4);
	case HEAD_SYSTEM:
		return skip_bytes(g, io, 2);
	case HEAD_EXTRA:
		return read_extra(g, io);
	case HEAD_NAME:
		return read_text(g, io, FLAG_NAME);
	case HEAD_COMMENT:
		return read_text(g, io, FLAG_COMMENT);
	case HEAD_CRC:
		return read_head_crc(g, io);
	case BODY:
		return read_body(g, io);
	case TAIL_CRC:
		return read_tail(g, io, g->crc, "incorrect data check");
	case TAIL_LENGTH:
		return read_tail(g, io, g->length, "incorrect length check");
	case MEMBER_END:
		break;
	}
	return false;
}

/* Gives what was put out, as much as there is space for. */
static void give(struct gzip *g, struct codec_io *io)
{
	size_t n = g->have - g->given;

	if (n > io->out_left)
		n = io->out_left;
	memcpy(io->out, g->buf + g->given, n);
	g->given += n;
	io->out += n;
	io->out_left -= n;
}

/* Makes room again when all was given, and keeps what matches can reach. */
static void make_room(struct gzip *g)
{
	size_t drop;

	if (g->have < INFLATE_HISTORY + ROOM - INFLATE_MATCH)
		return;
	drop = g->have - INFLATE_HISTORY;
	memmove(g->buf, g->buf + drop, INFLATE_HISTORY);
	g->begin = g->begin > drop ? g->begin - drop : 0;
	g->have = g->given = INFLATE_HISTORY;
}

static enum codec_result step(void *state, struct codec_io *io, bool last)
{
	struct gzip *g = state;
	struct inflate_io in = { .in = io->in, .in_end = io->in + io->in_left };

	(void)last;
	give(g, io);
	while (g->given == g->have && io->out_left) {
		bool goes_on;

		make_room(g);
		goes_on = !g->error && read_part(g, &in);
		if (g->given < g->have)
			give(g, io);
		else if (!goes_on)
			break;
	}
	io->in_left -= (size_t)(in.in - io->in);
	io->in = in.in;
	if (g->given < g->have || !io->out_left)
		return CODEC_MORE;
	if (g->error)
		return CODEC_FAILED;
	if (g->part != MEMBER_END)
		return CODEC_MORE;
	begin_member(g);
	return CODEC_END;
}

static const char *error(const void *state)
{
	return ((const struct gzip *)state)->error;
}

static bool begins(uint8_t first)
{
	return first == 0x1f;
}

const struct codec codec_gzip = {
	{ NULL, NULL }, NULL, load, open_gzip, close_gzip, step, error, begins,
};
