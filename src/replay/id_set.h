/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * id_set.h - a set of connections, by id.
 *
 * Ids are consecutive, so it is an array of bits: one bit for each connection of
 * the capture.
 */
#ifndef REPLAY_ID_SET_H
#define REPLAY_ID_SET_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All zeros: empty. */
struct id_set {
	uint64_t *bits;
	size_t words;
};

bool id_set_add(struct id_set *s, uint64_t id);		/* false: no memory */
void id_set_remove(struct id_set *s, uint64_t id);
void id_set_free(struct id_set *s);

static inline bool id_set_has(const struct id_set *s, uint64_t id)
{
	return id / 64 < s->words && s->bits[id / 64] >> (id % 64) & 1;
}

#endif
