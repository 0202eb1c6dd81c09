/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * records.h - a record buffer: what is to be printed, as values, in the order in
 * which it is printed.
 *
 * Tracking appends records, formatting makes lines of them later.  No record points
 * into the engine.
 */
#ifndef REPLAY_RECORDS_H
#define REPLAY_RECORDS_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ctreplay/conntrack.h"
#include "report/rule_view.h"

enum record_kind {
	RECORD_NONE,		/* withdrawn */
	RECORD_PACKET,		/* struct packet_view */
	RECORD_VERDICT,		/* struct verdict_record */
	RECORD_RULED,		/* struct ruled_record */
	RECORD_FRAME,		/* struct frame_record */
	RECORD_EVENT,		/* struct ct_event */
	RECORD_EXPECT,		/* struct ct_expect_event */
	RECORD_CONNECTION,	/* struct connection_view */
	RECORD_DIFFERENCE,	/* struct difference (report/difference.h) */
};

/* The verdict on a packet where there is no reason.  The rest of its line is in the
 * batch's parsed_frame. */
struct verdict_record {
	ct_time time;
	uint64_t id;
	uint32_t slot;
	uint32_t frame;		/* index in the batch */
	uint8_t ctstate, dir, proto, state;	/* as in struct ct_verdict */
};

/* The same, and what the rules of a firewall say. */
struct ruled_record {
	struct verdict_record verdict;
	struct rule_view rule;
};

/* A frame that never reached connection tracking (-v). */
struct frame_record {
	uint64_t number;
	ct_time time;
	const char *class;	/* static storage */
};

#define RECORD_ALIGN 16u

/* The header of each record. */
struct record {
	_Alignas(RECORD_ALIGN) uint32_t kind;	/* enum record_kind */
	uint32_t size;		/* with this header and the padding at the end */
};

struct records {
	size_t used, size;	/* of 'bytes' */
	unsigned char *bytes;
};

bool records_init(struct records *r);		/* false: no memory */
void records_free(struct records *r);

/*
 * Appends space for a record of 'size' bytes: its offset, or RECORDS_FULL.  An
 * empty buffer has space for any record.
 */
#define RECORDS_FULL SIZE_MAX
static inline size_t records_add(struct records *r, enum record_kind kind, size_t size)
{
	size_t whole = (sizeof(struct record) + size + RECORD_ALIGN - 1) &
		       ~(size_t)(RECORD_ALIGN - 1);
	struct record *header;

	if (r->size - r->used < whole)
		return RECORDS_FULL;
	header = (struct record *)(void *)(r->bytes + r->used);
	header->kind = kind;
	header->size = (uint32_t)whole;
	r->used += whole;
	return r->used - whole + sizeof(*header);
}

/* Doubles the buffer; false: no memory.  Records may move. */
bool records_grow(struct records *r);

/* Space in front of the records from 'mark' on, which move: its offset, or RECORDS_FULL if
 * there is no memory. */
size_t records_insert(struct records *r, size_t mark, enum record_kind kind, size_t size);

/* Nothing is printed of the record at 'at'. */
static inline void records_withdraw(struct records *r, size_t at)
{
	struct record *header = (struct record *)(void *)(r->bytes + at) - 1;

	header->kind = RECORD_NONE;
}

static inline void *records_at(const struct records *r, size_t at)
{
	return r->bytes + at;
}

/* Steps through the records; '*at' begins at 0.  NULL at the end. */
static inline const void *records_next(const struct records *r, size_t *at,
				       enum record_kind *kind)
{
	const struct record *header;

	if (*at >= r->used)
		return NULL;
	header = (const struct record *)(const void *)(r->bytes + *at);
	*kind = (enum record_kind)header->kind;
	*at += header->size;
	return header + 1;
}

#endif
