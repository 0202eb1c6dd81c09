/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kv.h - a hash table of keys and values of fixed sizes: what hashlimit, connlimit and
 * sets keep by address.  Entries do not move.
 */
#ifndef RULES_KV_H
#define RULES_KV_H 1

#include <stdbool.h>
#include <stdint.h>

struct state_io;

struct kv_entry {
	struct kv_entry *next;	/* of its slot, or of those that are free */
	uint32_t hash;
	_Alignas(8) uint8_t bytes[];	/* key, then value */
};

struct kv {
	uint32_t key_len, value_len;	/* multiples of 8 */
	uint32_t n, max;
	struct kv_entry **slot;
	uint8_t *marks;		/* a byte a slot: bits of the keys in it, so that most
				 * keys that are not there cost one small table */
	uint32_t slots;
	struct kv_block *block;	/* memory of entries */
	struct kv_entry *free;
};

void kv_init(struct kv *t, uint32_t key_len, uint32_t value_len, uint32_t max);
void kv_free(struct kv *t);
/* The value, or NULL. */
void *kv_find(const struct kv *t, const void *key);
/* A new, zeroed value; the key must not be there.  NULL: full, or no memory. */
void *kv_add(struct kv *t, const void *key);
void kv_remove(struct kv *t, const void *key);
/* The entries as bytes, which 'visit' saves or loads one of.  Loading: up to the
 * section's end; what cannot be added is 'too_much'. */
void kv_state(struct kv *t, struct state_io *io,
	      void (*visit)(void *key, void *value, void *arg), void *arg,
	      const char *too_much);
/* Calls 'fn' for each entry, in any order. */
void kv_each(const struct kv *t, void (*fn)(void *key, void *value, void *arg),
	     void *arg);
/* Removes entries that 'gone' is true of. */
void kv_sweep(struct kv *t, bool (*gone)(void *value, void *arg), void *arg);

#endif
