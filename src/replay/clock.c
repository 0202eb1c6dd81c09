/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/clock.h"

#include <stdlib.h>

bool clock_init(struct clock *c, const struct options *opt)
{
	c->at = calloc(opt->nat + 1, sizeof(*c->at));
	return c->at != NULL;
}

void clock_free(struct clock *c)
{
	free(c->at);
}

static int by_time(const void *a, const void *b)
{
	ct_time x = ((const struct clock_moment *)a)->time;
	ct_time y = ((const struct clock_moment *)b)->time;

	return (x > y) - (x < y);
}

void clock_start(struct clock *c, const struct options *opt, ct_time time)
{
	ct_time midnight = time - time % (24 * 3600 * CT_NSEC_PER_SEC);

	c->started = true;
	c->start = time;
	for (size_t i = 0; i < opt->nat; i++) {
		const struct timestamp *t = &opt->at[i];

		c->at[i].text = t->text;
		c->at[i].time = t->nanoseconds +
				(t->relative ? time : t->of_day ? midnight : 0);
	}
	c->nat = opt->nat;
	if (c->nat)
		qsort(c->at, c->nat, sizeof(*c->at), by_time);
}

void clock_resume(struct clock *c, const struct options *opt)
{
	clock_start(c, opt, c->start);
	while (c->next_at < c->nat && c->at[c->next_at].time < c->now)
		c->next_at++;
	c->due = c->now;
}

static void keep_first(struct clock_jump *to, uint64_t *count, uint64_t frame,
		       ct_time from, ct_time time)
{
	if ((*count)++ == 0)
		*to = (struct clock_jump){ frame, from, time };
}

/* An older stamp: it goes on from before the last jump, which then was a single
 * frame's; or it goes back itself. */
static void note_older(struct clock *c, uint64_t frame, ct_time time)
{
	struct clock_jump *last = &c->last;

	if (c->backward++ == 0)
		c->backward_first = frame;
	if (c->now - time < CLOCK_JUMP)
		return;
	if (last->frame && c->now - last->to < CLOCK_JUMP &&
	    time + CLOCK_JUMP >= last->from) {
		keep_first(&c->outlier, &c->outliers, last->frame, last->from,
			   last->to);
		last->frame = 0;
	} else if (!c->outliers) {
		keep_first(&c->back, &c->backs, frame, c->now, time);
	}
}

void clock_note(struct clock *c, uint64_t frame, ct_time time)
{
	if (time < c->now) {
		note_older(c, frame, time);
	} else if (c->now && time - c->now >= CLOCK_JUMP) {
		c->last = (struct clock_jump){ frame, c->now, time };
		if (time - c->now >= CLOCK_FAR)
			keep_first(&c->far, &c->fars, frame, c->now, time);
	}
	c->due = time > c->now ? time : c->now;
	c->due = c->due > UINT64_MAX - CLOCK_JUMP ? UINT64_MAX :
						    c->due + CLOCK_JUMP;
	if (c->next_at < c->nat && c->at[c->next_at].time < c->due)
		c->due = c->at[c->next_at].time;
}

const struct clock_moment *clock_next_at(struct clock *c, ct_time time)
{
	if (c->next_at == c->nat || c->at[c->next_at].time >= time)
		return NULL;
	return &c->at[c->next_at++];
}
