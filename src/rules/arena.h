/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * arena.h - memory that is taken piece by piece and given back at once.
 *
 * A ruleset is untrusted input: the arena has a limit, and says so by NULL.
 */
#ifndef RULES_ARENA_H
#define RULES_ARENA_H 1

#include <stddef.h>
#include <stdint.h>

struct arena_block;

struct arena {
	struct arena_block *block;	/* the newest; it knows the others */
	size_t used, limit;		/* bytes handed out; how many may be */
};

void arena_init(struct arena *a, size_t limit);
void arena_free(struct arena *a);
/* 'size' zeroed bytes, aligned for any type; NULL beyond the limit. */
void *arena_alloc(struct arena *a, size_t size);
/* A copy of 'len' bytes of text with a terminating zero. */
char *arena_text(struct arena *a, const char *text, size_t len);

#endif
