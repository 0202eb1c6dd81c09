/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * side.h - one of the two engines of --versus: tracks the frames of a batch and
 * notes its verdicts, which versus.c then compares with those of the other side.
 *
 * A side touches nothing but itself and its own parsed frames, so that two sides
 * may be at work in two threads.
 */
#ifndef REPLAY_SIDE_H
#define REPLAY_SIDE_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ctreplay/conntrack.h"
#include "ctreplay/reassembly.h"
#include "replay/batch.h"
#include "replay/firewall.h"
#include "replay/quality/quality.h"
#include "replay/settings.h"
#include "report/packet_view.h"

/* The verdict on a frame's packet. */
struct word {
	uint64_t id;
	/* Most packets: what is compared, as one number. */
	union {
		struct {
			uint8_t tracked;	/* 0: the frame has no verdict */
			uint8_t viewed;		/* more of it is in 'views' */
			uint8_t ctstate, dir, proto, state;
			uint8_t rule_verdict;	/* enum rule_verdict */
			uint8_t zero;
		};
		uint64_t bits;
	};
};

/* An event of a connection or an expectation; also an expectation itself, as if it
 * were new. */
struct happening {
	/* Before the verdict on the frame of index i: 2 * i; after it: 2 * i + 1. */
	uint64_t step;
	bool of_expect;
	bool matched;		/* match.c: the other side has it, too */
	union {
		struct ct_event event;
		struct ct_expect_event expect;
	};
};

/* No datagram is longer. */
#define SIDE_NESTED_MAX	(65536u + 64)

struct side {
	const struct settings *settings;
	bool second;
	struct ct *ct;
	const struct ct_stats *ct_stats;
	struct ct_reassembly *reassembly;
	const struct ct_reassembly_stats *reassembly_stats;
	struct firewall *firewall;	/* or NULL */
	ct_time now;
	struct groups groups;	/* gives a reason to some packets in NEW */
	bool no_memory;
	uint32_t no_memory_at;	/* from this frame on verdicts are not valid */

	/* Of the batch at hand. */
	struct word *words;	/* one for each frame */
	/* The packets that have a reason, were dropped by a helper or came as
	 * fragments, in order. */
	struct packet_view *views;
	size_t nviews;
	struct happening *happenings;	/* in order */
	size_t nhappenings, happenings_size;
	uint32_t frame;		/* the one at hand */
	uint64_t step;		/* of events that come now */
	struct ct_verdict verdict;
	/* A fragment that was in a datagram of the reassembly. */
	uint8_t nested[SIDE_NESTED_MAX];
};

/* The configuration of an engine whose events the side takes.  The side must stay
 * where it is as long as the engine exists. */
void side_take_events(struct side *s, struct ct_config *cfg);

/* 'ct' and 'reassembly' belong to the caller.  False: no memory, and side_free()
 * must still be called. */
bool side_init(struct side *s, const struct settings *settings, bool second,
	       struct ct *ct, struct ct_reassembly *reassembly);
void side_free(struct side *s);

/* Forgets what the side has noted of the batch before. */
void side_begin(struct side *s);

/* Moves the clock on to 'time', which is before the frame of index 'frame'. */
void side_advance(struct side *s, ct_time time, uint32_t frame);

/* Notes the expectations as happenings; false: no memory. */
bool side_note_expectations(struct side *s);

/* Tracks the frames from number 'from' to before 'to'. */
void side_track(struct side *s, const struct batch *b, uint32_t from, uint32_t to);

#endif
