/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tracker_steps.h - what the tracker's files share: tracker_init.c connects it to
 * the engine, tracker.c has the steps of a packet, tracker_slow.c those of any other
 * frame, tracker_end.c what is printed once.
 */
#ifndef REPLAY_TRACKER_STEPS_H
#define REPLAY_TRACKER_STEPS_H 1

#include "replay/tracker.h"

/* Adds the record to a full buffer.  RECORDS_FULL: no memory, the record is lost. */
size_t tracker_add_when_full(struct tracker *t, enum record_kind kind, size_t size);

static inline size_t add_record(struct tracker *t, enum record_kind kind,
				size_t size)
{
	size_t at = records_add(&t->batch->records, kind, size);

	return at != RECORDS_FULL ? at : tracker_add_when_full(t, kind, size);
}

/* Enough for the records of one packet, in all but rare cases. */
#define RECORDS_SPARE (16u * 1024)

/* A packet whose verdict, t->verdict, is final. */
struct settled {
	const struct frame *frame;
	struct parsed_frame *parsed;
	size_t mark;		/* where its records begin */
	size_t at;		/* its own, or RECORDS_FULL */
	bool shown;
	const struct rule_view *rule;	/* NULL: there is no firewall */
};

/* Counts it, and fills in its record, or withdraws that. */
void tracker_settle(struct tracker *t, const struct settled *s);

/* Counts a packet of which nothing else is to be done. */
void tracker_count(struct tracker *t, const struct frame *f,
		   const struct ct_packet *pkt, const struct ct_verdict *v);

/* A datagram that is complete. */
void tracker_whole(struct tracker *t, const struct frame *f, struct parsed_frame *p);

/* A fragment that does not reach the engine. */
void tracker_fragment(struct tracker *t, const struct frame *f,
		      const struct parsed_frame *p, const struct ct_verdict *v);

/* Slow path: any frame that is not trackable as it is. */
void tracker_slow(struct tracker *t, const struct frame *f, struct parsed_frame *p);

/* --dedup: copies are not tracked. */
void tracker_leave_copies_out(struct tracker *t, struct batch *b);

static inline void stop_without_memory(struct tracker *t, uint64_t frame)
{
	t->no_memory = true;
	t->no_memory_frame = frame;
}

/* tracker_firewall.c: a trackable frame, for the rules; the engine's clock has not moved
 * yet. */
void tracker_ruled(struct tracker *t, const struct frame *f, struct parsed_frame *p);

/* tracker_firewall.c: a whole datagram, or a fragment that the rules see. */
void tracker_firewall_packet(struct tracker *t, const struct frame *f,
			     struct parsed_frame *p);

/* Whether -C prints the connection. */
static inline bool shows_connection(const struct tracker *t, uint64_t id)
{
	return t->connection_lines &&
	       (!t->selection.active || selection_has_connection(&t->selection, id));
}

/* A connection that ended, for -C and --top. */
void tracker_add_connection(struct tracker *t, const struct connection_view *c);

/* The tables of --at for all moments before 'time', that of the frame of index
 * 'frame' in the batch. */
void tracker_print_snapshots(struct tracker *t, ct_time time, uint32_t frame);

#endif
