/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * clock.h - the tracker's clock, which the frames' stamps move, and the moments of
 * --at.
 *
 * The clock never runs backwards: a frame with an older stamp than the frame before
 * it is processed at that frame's time.
 */
#ifndef REPLAY_CLOCK_H
#define REPLAY_CLOCK_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/options.h"
#include "ctreplay/conntrack.h"

/* A stamp this much later than the one before gets a look. */
#define CLOCK_JUMP	(3600 * CT_NSEC_PER_SEC)
/* Later by this, it is a jump even if the stamps go on from there. */
#define CLOCK_FAR	(30 * 24 * CLOCK_JUMP)

/* A jump of the stamps: of frame 'frame' from one time to another. */
struct clock_jump {
	uint64_t frame;		/* 0: none */
	ct_time from, to;
};

/* A moment of --at. */
struct clock_moment {
	ct_time time;
	const char *text;	/* as given */
};

struct clock {
	ct_time now;		/* as ct_now(), without a call */
	ct_time due;		/* from this time on clock_is_due(): 0 before the first frame */
	ct_time start;		/* stamp of the first frame */
	bool started;
	struct clock_moment *at;	/* the moments of --at, sorted */
	size_t nat, next_at;	/* their number, 0 before the first frame; the next */
	uint64_t backward, backward_first;	/* frames with an older stamp */
	struct clock_jump last;		/* the last jump forward */
	struct clock_jump outlier;	/* one that the frames behind it do not follow */
	struct clock_jump far, back;	/* the first that they follow; the first back */
	uint64_t outliers, fars, backs;
};

bool clock_init(struct clock *c, const struct options *opt);	/* false: no memory */
void clock_free(struct clock *c);

/* The first frame's stamp: the relative moments of --at count from it. */
void clock_start(struct clock *c, const struct options *opt, ct_time time);

/* After loading a state: the moments of --at count from its first frame, and those
 * before its clock are past. */
void clock_resume(struct clock *c, const struct options *opt);

/* Whether a stamp takes more than advancing to it: it is the first one, an older one,
 * or one that is later than the next moment of --at. */
static inline bool clock_is_due(const struct clock *c, ct_time time)
{
	return time >= c->due || time < c->now;
}

/* Takes note of a stamp that clock_is_due(), and sets the next due time. */
void clock_note(struct clock *c, uint64_t frame, ct_time time);

/* The next moment of --at if it is before 'time', once each; NULL: none is. */
const struct clock_moment *clock_next_at(struct clock *c, ct_time time);

#endif
