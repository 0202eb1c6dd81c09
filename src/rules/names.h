/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * names.h - a table from names to numbers, for chains, sets and the like.
 *
 * Numbers count from 0 in order of first mention.
 */
#ifndef RULES_NAMES_H
#define RULES_NAMES_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rules/arena.h"

#define NAME_NONE UINT32_MAX

struct names {
	struct arena *arena;
	const char **name;	/* by number */
	uint32_t n, room;
	uint32_t *slot;		/* number + 1, or 0 */
	uint32_t slots;		/* a power of two */
};

void names_init(struct names *t, struct arena *arena);
void names_free(struct names *t);
uint32_t names_find(const struct names *t, const char *name);
/* Finds or adds; NAME_NONE: no memory. */
uint32_t names_add(struct names *t, const char *name);

#endif
