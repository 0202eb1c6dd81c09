/* SPDX-License-Identifier: GPL-2.0-only */
#include "rules/kv.h"

#include <stdlib.h>
#include <string.h>

#include "base/state_io.h"

#define FIRST_SLOTS 64u

void kv_init(struct kv *t, uint32_t key_len, uint32_t value_len, uint32_t max)
{
	*t = (struct kv){ .key_len = key_len, .value_len = value_len, .max = max };
}

/* Entries come in blocks: a set of 100,000 would spend most of its time in malloc(). */
#define BLOCK_ENTRIES 32u

struct kv_block {
	struct kv_block *next;
	_Alignas(8) uint8_t bytes[];
};

void kv_free(struct kv *t)
{
	while (t->block) {
		struct kv_block *next = t->block->next;

		free(t->block);
		t->block = next;
	}
	free(t->slot);
	free(t->marks);
	t->slot = NULL;
	t->marks = NULL;
	t->free = NULL;
	t->slots = t->n = 0;
}

static size_t entry_size(const struct kv *t)
{
	return sizeof(struct kv_entry) + t->key_len + t->value_len;
}

static bool more_entries(struct kv *t)
{
	size_t size = entry_size(t);
	struct kv_block *b = malloc(sizeof(*b) + BLOCK_ENTRIES * size);

	if (!b)
		return false;
	b->next = t->block;
	t->block = b;
	for (uint32_t i = BLOCK_ENTRIES; i--;) {
		struct kv_entry *e = (void *)(b->bytes + i * size);

		e->next = t->free;
		t->free = e;
	}
	return true;
}

/* Two bits that the slot's number does not tell. */
static uint8_t mark_of(uint32_t h)
{
	return (uint8_t)(1u << (h >> 29) | 1u << (h >> 26 & 7));
}

static uint32_t hash(const void *key, uint32_t len)
{
	const uint8_t *p = key;
	uint64_t h = 0x9e3779b97f4a7c15ull ^ len, word;

	for (uint32_t i = 0; i < len; i += 8) {
		memcpy(&word, p + i, 8);
		h = (h ^ word) * 0xff51afd7ed558ccdull;
		h ^= h >> 32;
	}
	return (uint32_t)(h ^ h >> 29);
}

static struct kv_entry **place(const struct kv *t, const void *key, uint32_t h)
{
	struct kv_entry **e = &t->slot[h & (t->slots - 1)];

	while (*e && ((*e)->hash != h || memcmp((*e)->bytes, key, t->key_len)))
		e = &(*e)->next;
	return e;
}

void *kv_find(const struct kv *t, const void *key)
{
	struct kv_entry *e;
	uint32_t h;

	if (!t->n)
		return NULL;
	h = hash(key, t->key_len);
	if (mark_of(h) & ~t->marks[h & (t->slots - 1)])
		return NULL;
	e = *place(t, key, h);
	return e ? e->bytes + t->key_len : NULL;
}

static bool grow(struct kv *t)
{
	uint32_t slots = t->slots ? 2 * t->slots : FIRST_SLOTS;
	struct kv_entry **slot = calloc(slots, sizeof(struct kv_entry *));
	uint8_t *marks = calloc(slots, 1);

	if (!slot || !marks) {
		free(slot);
		free(marks);
		return false;
	}
	for (uint32_t i = 0; i < t->slots; i++) {
		while (t->slot[i]) {
			struct kv_entry *e = t->slot[i];

			t->slot[i] = e->next;
			e->next = slot[e->hash & (slots - 1)];
			slot[e->hash & (slots - 1)] = e;
			marks[e->hash & (slots - 1)] |= mark_of(e->hash);
		}
	}
	free(t->slot);
	free(t->marks);
	t->slot = slot;
	t->marks = marks;
	t->slots = slots;
	return true;
}

void *kv_add(struct kv *t, const void *key)
{
	uint32_t h = hash(key, t->key_len);
	struct kv_entry *e;

	if (t->n >= t->max || (t->n >= t->slots && !grow(t)))
		return NULL;
	if (!t->free && !more_entries(t))
		return NULL;
	e = t->free;
	t->free = e->next;
	memcpy(e->bytes, key, t->key_len);
	memset(e->bytes + t->key_len, 0, t->value_len);
	e->hash = h;
	e->next = t->slot[h & (t->slots - 1)];
	t->slot[h & (t->slots - 1)] = e;
	t->marks[h & (t->slots - 1)] |= mark_of(h);
	t->n++;
	return e->bytes + t->key_len;
}

/* Its mark stays: another entry of the slot may have it as well. */
static void drop(struct kv *t, struct kv_entry **at)
{
	struct kv_entry *e = *at;

	*at = e->next;
	e->next = t->free;
	t->free = e;
	t->n--;
}

void kv_remove(struct kv *t, const void *key)
{
	struct kv_entry **at;

	if (!t->n)
		return;
	at = place(t, key, hash(key, t->key_len));
	if (*at)
		drop(t, at);
}

void kv_sweep(struct kv *t, bool (*gone)(void *value, void *arg), void *arg)
{
	for (uint32_t i = 0; i < t->slots; i++) {
		struct kv_entry **at = &t->slot[i];

		while (*at) {
			if (gone((*at)->bytes + t->key_len, arg))
				drop(t, at);
			else
				at = &(*at)->next;
		}
	}
}

void kv_each(const struct kv *t, void (*fn)(void *key, void *value, void *arg),
	     void *arg)
{
	for (uint32_t i = 0; i < t->slots; i++)
		for (struct kv_entry *e = t->slot[i]; e; e = e->next)
			fn(e->bytes, e->bytes + t->key_len, arg);
}

static void load(struct kv *t, struct state_io *io,
		 void (*visit)(void *key, void *value, void *arg), void *arg,
		 const char *too_much)
{
	struct kv_entry *e = malloc(entry_size(t));
	void *to;

	if (!e)
		state_no_memory(io);
	while (state_more(io)) {
		memset(e->bytes, 0, t->key_len + t->value_len);
		visit(e->bytes, e->bytes + t->key_len, arg);
		to = state_failed(io) || kv_find(t, e->bytes) ? NULL :
		     kv_add(t, e->bytes);
		if (to)
			memcpy(to, e->bytes + t->key_len, t->value_len);
		else
			state_fail(io, "%s", too_much);
	}
	free(e);
}

void kv_state(struct kv *t, struct state_io *io,
	      void (*visit)(void *key, void *value, void *arg), void *arg,
	      const char *too_much)
{
	if (io->save)
		kv_each(t, visit, arg);
	else
		load(t, io, visit, arg, too_much);
}
