/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * page.h - what is to be printed, as values, in the order in which it is.
 *
 * Tracking fills a page with records, from which lines are made later.  Nothing
 * in them points into the engine.
 */
#ifndef REPLAY_PAGE_H
#define REPLAY_PAGE_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ctreplay/conntrack.h"

enum record_kind {
	RECORD_PACKET,		/* struct packet_view */
	RECORD_WORD,		/* struct packet_word */
	RECORD_FRAME,		/* struct frame_view */
	RECORD_EVENT,		/* struct ct_event */
	RECORD_EXPECT,		/* struct ct_expect_event */
};

/* What is to be said of a packet without a reason; all else is known of its
 * frame, the batch's. */
struct packet_word {
	ct_time time;
	uint64_t id;
	uint32_t frame;
	uint8_t ctstate, dir, proto, state;	/* as in struct ct_verdict */
};

struct frame_view {
	uint64_t number;
	ct_time time;
	const char *class;	/* static storage */
};

#define RECORD_ALIGN 16u

/* In front of each record. */
struct record {
	_Alignas(RECORD_ALIGN) uint32_t kind;	/* enum record_kind */
	uint32_t size;		/* with this, and what aligns the next */
};

struct records {
	size_t used, size;	/* of 'bytes' */
	unsigned char *bytes;
};

bool records_init(struct records *p);		/* false: no memory */
void records_free(struct records *p);

/*
 * Room for a record of 'size' bytes at the end: its offset, or PAGE_FULL.  An
 * empty page has room for any record.
 */
#define RECORDS_FULL SIZE_MAX
static inline size_t records_add(struct records *p, enum record_kind kind, size_t size)
{
	size_t whole = (sizeof(struct record) + size + RECORD_ALIGN - 1) &
		       ~(size_t)(RECORD_ALIGN - 1);
	struct record *r;

	if (p->size - p->used < whole)
		return RECORDS_FULL;
	r = (struct record *)(void *)(p->bytes + p->used);
	r->kind = kind;
	r->size = (uint32_t)whole;
	p->used += whole;
	return p->used - whole + sizeof(*r);
}

/* Makes the page larger; false: no memory.  Records may move. */
bool records_grow(struct records *p);

static inline void *records_at(const struct records *p, size_t at)
{
	return p->bytes + at;
}

/* Steps through the records: '*at' begins at 0.  NULL at the end. */
static inline const void *records_next(const struct records *p, size_t *at,
				    enum record_kind *kind)
{
	const struct record *r;

	if (*at >= p->used)
		return NULL;
	r = (const struct record *)(const void *)(p->bytes + *at);
	*kind = (enum record_kind)r->kind;
	*at += r->size;
	return r + 1;
}

#endif
