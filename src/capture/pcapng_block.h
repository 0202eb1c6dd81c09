/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pcapng_block.h - blocks of a pcapng file, and the numbers in them.
 */
#ifndef CAPTURE_PCAPNG_BLOCK_H
#define CAPTURE_PCAPNG_BLOCK_H 1

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

/* Block types, draft-ietf-opsawg-pcapng section 11.1. */
#define BLOCK_SECTION	0x0a0d0d0au
#define BLOCK_INTERFACE	1u
#define BLOCK_OLD_PACKET 2u
#define BLOCK_SIMPLE	3u
#define BLOCK_NAMES	4u
#define BLOCK_STATISTICS 5u
#define BLOCK_ENHANCED	6u
#define BLOCK_JOURNAL	9u
#define BLOCK_SECRETS	10u
#define BLOCK_CUSTOM	0xbadu
#define BLOCK_CUSTOM_NO_COPY 0x40000badu

#define OPTION_COMMENT	1u	/* of any block */

/* Options of an interface that concern the time. */
#define OPTION_TSRESOL	9u
#define OPTION_TSOFFSET	14u

/* Options of an interface's statistics: packets that were lost since it was opened. */
#define OPTION_IFDROP	5u
#define OPTION_OSDROP	7u

/* A block has its type and length in front of its body, and the length again
 * behind it. */
#define BLOCK_MIN	12u

/* A block that is read is in memory as a whole: the largest frame needs a
 * quarter of this, the rest is for options. */
#define BLOCK_WHOLE_MAX	(1024u * 1024)

/* A block that is skipped; libpcap and Wireshark accept no larger ones. */
#define BLOCK_MAX	(16u * 1024 * 1024)

struct block {
	uint32_t type;
	uint32_t len;		/* as the block says, BLOCK_MIN included */
	bool swapped;		/* the section has the other byte order */
	struct bytes body;
};

/* Each reads a number in the section's byte order at 'off' of the body; false
 * beyond the body's end. */
static inline bool block_u16(const struct block *b, uint32_t off, uint16_t *v)
{
	if (!bytes_copy(&b->body, off, v, sizeof(*v)))
		return false;
	if (b->swapped)
		*v = __builtin_bswap16(*v);
	return true;
}

static inline bool block_u32(const struct block *b, uint32_t off, uint32_t *v)
{
	if (!bytes_copy(&b->body, off, v, sizeof(*v)))
		return false;
	if (b->swapped)
		*v = __builtin_bswap32(*v);
	return true;
}

static inline bool block_u64(const struct block *b, uint32_t off, uint64_t *v)
{
	if (!bytes_copy(&b->body, off, v, sizeof(*v)))
		return false;
	if (b->swapped)
		*v = __builtin_bswap64(*v);
	return true;
}

static inline bool block_i64(const struct block *b, uint32_t off, int64_t *v)
{
	uint64_t u;

	if (!block_u64(b, off, &u))
		return false;
	*v = (int64_t)u;
	return true;
}

/* A time stamp: two halves, the higher one first in either byte order. */
static inline bool block_stamp(const struct block *b, uint32_t off, uint64_t *v)
{
	uint32_t high, low;

	if (!block_u32(b, off, &high) || !block_u32(b, off + 4, &low))
		return false;
	*v = (uint64_t)high << 32 | low;
	return true;
}

/* A walk over the options of a block, draft-ietf-opsawg-pcapng section 3.5. */
struct option_walk {
	struct block at;	/* all options */
	uint32_t off;		/* of the next one */
	uint16_t code, len;	/* of the option at hand ... */
	const uint8_t *value;	/* ... and its value */
};

static inline struct option_walk option_walk(const uint8_t *p, uint32_t len,
					     bool swapped)
{
	return (struct option_walk){
		.at = { .swapped = swapped, .body = { p, len, len } },
	};
}

/* Goes on to the next option; false after the last, and before one that runs past
 * the end. */
static inline bool option_next(struct option_walk *w)
{
	if (!block_u16(&w->at, w->off, &w->code) || w->code == 0 ||
	    !block_u16(&w->at, w->off + 2, &w->len) ||
	    !bytes_has(&w->at.body, w->off + 4, w->len))
		return false;
	w->value = w->at.body.p + w->off + 4;
	w->off += 4 + ((w->len + 3u) & ~3u);
	return true;
}

/* The reason why a file cannot be read on. */
struct pcapng_error {
	char text[160];
};

/* Sets the reason; always false. */
__attribute__((format(printf, 2, 3)))
bool pcapng_fail(struct pcapng_error *e, const char *fmt, ...);

#endif
