/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * compare.h - the kernel's word against ctreplay's.
 */
#ifndef CHECK_KERNEL_COMPARE_H
#define CHECK_KERNEL_COMPARE_H 1

#include "frames.h"
#include "inject.h"
#include "util.h"
#include "verdict.h"

enum difference_kind {
	DIFF_STATE, DIFF_DIRECTION, DIFF_REASON, DIFF_OUT,
	DIFF_TABLE, DIFF_EXPECT, DIFF_EVENT,	/* of no frame */
	DIFF_KINDS
};

struct difference {
	enum difference_kind kind;
	size_t frame;		/* index; the number of frames for those of none */
	char *text;
};

struct differences {
	struct difference *v;
	size_t n, room;
};

/* What the two sides are called in texts: "kernel" and "ctreplay" at first. */
void compare_names(const char *first, const char *second);

const char *difference_name(enum difference_kind kind);

/* Compares frame by frame; appends to 'd'. */
void compare_frames(const struct frames *fs, const struct verdict *kernel,
		    const struct verdict *replay, struct differences *d);

/*
 * Compares the tables (DIFF_TABLE) or the expectations (DIFF_EXPECT), whatever
 * their order.  The kernel's is read 'lag' seconds after the last frame, and
 * counts in jiffies: seconds left may differ by as much and by one.
 */
void compare_tables(const struct lines *kernel, const struct lines *replay,
		    enum difference_kind kind, uint64_t lag, size_t nframes,
		    struct differences *d);

/*
 * Compares all events, in their order.  The ids of connections are taken as
 * the number of the [NEW] that they come from.  Only the first difference is
 * told, since all that follows may be shifted.  Where 'expiry' only the order
 * of each connection's events is compared: the kernel finds entries that ran
 * out when it comes by.
 */
void compare_events(const struct lines *kernel, const struct lines *replay,
		    bool expiry, size_t nframes, struct differences *d);

/* The events with "id=#N" for each id, N counting connections from 1. */
struct lines events_numbered(const struct lines *events);

void differences_free(struct differences *d);

/*
 * Whether the kernel says nothing where ctreplay gives this reason_code: such
 * a reason is not compared with the kernel's log.
 */
bool is_silent_reason(const char *code);

#endif
