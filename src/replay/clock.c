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
	ct_time x = *(const ct_time *)a, y = *(const ct_time *)b;

	return (x > y) - (x < y);
}

void clock_start(struct clock *c, const struct options *opt, ct_time time)
{
	c->started = true;
	c->start = time;
	for (size_t i = 0; i < opt->nat; i++) {
		const struct timestamp *t = &opt->at[i];

		c->at[i] = t->relative ? time + t->nanoseconds : t->nanoseconds;
	}
	c->nat = opt->nat;
	if (c->nat)
		qsort(c->at, c->nat, sizeof(*c->at), by_time);
}

bool clock_next_at(struct clock *c, ct_time time, ct_time *at)
{
	if (c->next_at == c->nat || c->at[c->next_at] >= time)
		return false;
	*at = c->at[c->next_at++];
	return true;
}
