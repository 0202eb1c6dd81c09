/* SPDX-License-Identifier: GPL-2.0-only */
/* compare.h - compares the kernel's side of a run with ctreplay's. */
#ifndef CHECK_KERNEL_COMPARE_H
#define CHECK_KERNEL_COMPARE_H 1

#include "frames.h"
#include "inject.h"
#include "util.h"
#include "verdict.h"

enum difference_kind {
	DIFF_STATE, DIFF_DIRECTION, DIFF_REASON, DIFF_OUT,
	DIFF_TABLE, DIFF_EXPECT, DIFF_EVENT,	/* not of one frame */
	DIFF_KINDS
};

struct difference {
	enum difference_kind kind;
	size_t frame;		/* index of the frame; the number of frames if it is none's */
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
 * Compares the tables (DIFF_TABLE) or the expectations (DIFF_EXPECT), in any
 * order.  A side that is read 'lag' seconds after the last frame has as many
 * seconds less, and the kernel counts in jiffies: one second more or less is
 * the same.
 */
void compare_tables(const struct lines *kernel, const struct lines *replay,
		    enum difference_kind kind, const uint64_t lag[2],
		    size_t nframes, struct differences *d);

/*
 * Compares all events, in their order. Each side's ids become connection
 * numbers, counted by [NEW] events. Only the first difference is reported,
 * because the rest may be shifted by it. With 'expiry' only the order of each
 * connection's own events counts: the kernel removes expired entries at any
 * later moment.  The kernel's events from 'late' on are of the time after the
 * last frame.
 */
void compare_events(const struct lines *kernel, size_t late,
		    const struct lines *replay, bool expiry, size_t nframes,
		    struct differences *d);

/* The events with "id=#N" for each id, N counting connections from 1. */
struct lines events_numbered(const struct lines *events);

void differences_free(struct differences *d);

/* The kernel, as a version, that ctreplay is told to be; NULL: its default. */
void compare_kernel(const char *version);

/*
 * Whether that kernel logs nothing for this reason_code of ctreplay. Such a
 * reason is not compared.
 */
bool is_silent_reason(const char *code);

#endif
