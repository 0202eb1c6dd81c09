/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * match.h - finds what two engines have both, where each has its own ids and
 * perhaps another order: connections by their original tuple, expectations by
 * their tuple, mask and master.
 */
#ifndef REPLAY_MATCH_H
#define REPLAY_MATCH_H 1

#include <stdbool.h>
#include <stddef.h>

#include "replay/side.h"

struct match {
	struct happening **order;	/* owned: those of the second side, sorted */
	size_t size;
};

/*
 * Calls 'fn' for each of the 'na' at 'a' in order, with its partner among the 'nb' at
 * 'b' or NULL, and then with NULL for each of 'b' that has no partner.  Partners are
 * of the same kind, type and identity; the first of 'a' gets the first of 'b'.
 * False: no memory.
 */
typedef void match_fn(void *arg, const struct happening *a,
		      const struct happening *b);
bool match_happenings(struct match *m, const struct happening *a, size_t na,
		      struct happening *b, size_t nb, match_fn *fn, void *arg);
void match_free(struct match *m);

#endif
