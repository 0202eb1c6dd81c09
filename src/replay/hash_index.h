/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * hash_index.h - finds elements of an array by the hash of their keys.
 *
 * The array is the caller's and is filled from its start; an element never goes.  The
 * index and the array grow together.
 */
#ifndef REPLAY_HASH_INDEX_H
#define REPLAY_HASH_INDEX_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

/* A place of the hash table; small, since most accesses miss the caches. */
struct hash_place {
	uint32_t hash;
	uint32_t number;	/* of the element, from 1; 0: free */
};

/* All zeros: there is no room. */
struct hash_index {
	struct hash_place *place;	/* open addressing; twice as many as elements */
	uint32_t capacity;		/* of the array; a power of two */
};

/* Doubles the room for elements of 'size' bytes, which is 'first' of them to begin with.
 * Returns the array, which may have moved; NULL: no memory, and nothing changed. */
void *hash_index_grow(struct hash_index *x, void *array, size_t size, uint32_t first);
void hash_index_free(struct hash_index *x);

/* Whether the element has the key. */
typedef bool hash_index_has(const void *element, const void *key);

/* The place of the key's number, or the free one where it would be; there must be
 * room. */
static always_inline struct hash_place *
hash_index_place(const struct hash_index *x, uint32_t hash, const void *array, size_t size,
		 hash_index_has *has, const void *key)
{
	for (uint32_t i = hash;; i++) {
		struct hash_place *p = &x->place[i & (2 * x->capacity - 1)];

		if (!p->number || (p->hash == hash &&
		    has((const char *)array + (p->number - 1) * size, key)))
			return p;
	}
}

#endif
