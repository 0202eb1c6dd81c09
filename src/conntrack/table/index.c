/* SPDX-License-Identifier: GPL-2.0-only */
/* index.c - the hash table of connections; index.h describes it. */
#include "conntrack/table/index.h"

#include <stdlib.h>
#include <string.h>

#include "base/debug.h"

#define LINES_MIN	64u

/* The index doubles when it has this number of entries for each line. */
#define CROWDED		9u

#define AHEAD		16u	/* lines that are prefetched */

/* Skips the first 'skip' lines. */
static always_inline uint32_t
find_family(const struct table *t, const struct wanted *w, bool ipv4, uint32_t hash,
	    uint32_t skip, struct ct_entry **entry, enum ct_dir *dir)
{
	for (uint32_t i = skip; i <= t->index.mask; i++) {
		const struct index_line *line = index_line_of(t, hash + i);
		uint32_t number = index_find_in(t, line, w, ipv4, hash,
						entry, dir);

		if (number != ENTRY_NONE || !line->passed)
			return number;
	}
	return ENTRY_NONE;
}

static uint32_t find_on(const struct table *t, const struct wanted *w, uint8_t l3num,
			uint32_t hash, uint32_t skip, struct ct_entry **entry,
			enum ct_dir *dir)
{
	return l3num == CT_L3_IPV4 ?
		find_family(t, w, true, hash, skip, entry, dir) :
		find_family(t, w, false, hash, skip, entry, dir);
}

uint32_t index_find_ports_on(const struct table *t, const struct ct_packet *pkt,
			     struct ct_entry **entry, enum ct_dir *dir)
{
	const struct wanted w = packet_wanted(pkt);

	return find_on(t, &w, pkt->l3num, pkt->priv.hash, 1, entry, dir);
}

uint32_t index_find(const struct table *t, const struct ct_tuple *tuple,
		    uint32_t inverse_l4, uint32_t hash, struct ct_entry **entry,
		    enum ct_dir *dir)
{
	uint64_t tail = tuple_tail(tuple);
	const struct wanted w = {
		&tuple->src, &tuple->dst, tail, tail_with(tail, inverse_l4),
	};

	return find_on(t, &w, tuple->l3num, hash, 0, entry, dir);
}

static bool lines_make(struct index *index, uint32_t n)
{
	index->line = memory_get(n * sizeof(struct index_line));
	if (!index->line)
		return false;
	memset(index->line, 0, n * sizeof(struct index_line));
	index->mask = n - 1;
	return true;
}

bool index_init(struct table *t)
{
	return lines_make(&t->index, LINES_MIN);
}

void index_free(struct table *t)
{
	free(t->index.line);
}

/* index_reserve() must have been called. */
static void put(struct index *index, uint32_t number, uint32_t hash)
{
	struct index_line *line = &index->line[hash & index->mask];
	uint32_t cells, cell;

	while (unlikely(!(cells = cells_with(line, 0)))) {
		line->passed++;
		if (++line > index->line + index->mask)
			line = index->line;
	}
	cell = (uint32_t)__builtin_ctz(cells);
	line->tag[cell] = tag_of(hash);
	line->number[cell] = number;
}

/* All entries of the table, in the order of their addresses.  Where each belongs is
 * anywhere in memory: that is fetched while AHEAD others are put in. */
static void put_all(struct index *index, const struct table *t)
{
	struct { uint32_t number, hash; } ahead[AHEAD] = { 0 };
	uint32_t at = 0;

	for (uint32_t i = ENTRY_NONE; (i = table_next_indexed(t, i)) != ENTRY_NONE;
	     at = (at + 1) % AHEAD) {
		uint32_t hash = table_rest(t, i)->hash;

		fetch_to_write(&index->line[hash & index->mask]);
		if (ahead[at].number != ENTRY_NONE)
			put(index, ahead[at].number, ahead[at].hash);
		ahead[at].number = i;
		ahead[at].hash = hash;
	}
	for (uint32_t i = 0; i < AHEAD; i++, at = (at + 1) % AHEAD)
		if (ahead[at].number != ENTRY_NONE)
			put(index, ahead[at].number, ahead[at].hash);
}

static bool grow(struct table *t)
{
	struct index new;

	if (t->index.mask >= UINT32_MAX / 2 ||
	    !lines_make(&new, (t->index.mask + 1) * 2))
		return false;
	put_all(&new, t);
	free(t->index.line);
	t->index = new;
	return true;
}

bool index_reserve(struct table *t)
{
	uint64_t lines = (uint64_t)t->index.mask + 1;

	/* Without memory for more lines these fill up, which costs time, until
	 * no cell is free. */
	return likely(t->count < lines * CROWDED) || grow(t) ||
	       t->count < lines * CELLS;
}

void index_insert(struct table *t, uint32_t number)
{
	struct entry_rest *rest = table_rest(t, number);

	debug_assert(!rest->indexed);
	debug_assert(t->count < (t->index.mask + (uint64_t)1) * CELLS);
	put(&t->index, number, rest->hash);
	rest->indexed = true;
	t->count++;
}

/* The entry's tag, or NULL where it is in a later line. */
static uint8_t *tag_in(struct index_line *line, uint32_t hash, uint32_t number)
{
	uint32_t cells = cells_with(line, tag_of(hash));

	for (; cells; cells &= cells - 1)
		if (line->number[__builtin_ctz(cells)] == number)
			return &line->tag[__builtin_ctz(cells)];
	return NULL;
}

void index_remove(struct table *t, uint32_t number)
{
	struct entry_rest *rest = table_rest(t, number);
	struct index *index = &t->index;
	struct index_line *line = &index->line[rest->hash & index->mask];
	uint8_t *tag;

	debug_assert(rest->indexed);
	while (unlikely(!(tag = tag_in(line, rest->hash, number)))) {
		debug_assert(line->passed);
		line->passed--;
		if (++line > index->line + index->mask)
			line = index->line;
	}
	*tag = 0;
	rest->indexed = false;
	t->count--;
}

#ifdef CTREPLAY_DEBUG

#include "conntrack/debug.h"

/* The lines that the entry has passed, from its first one, are counted. */
static void count_passed(const struct table *t, uint32_t at, uint32_t number,
			 uint32_t *passed)
{
	uint32_t line = table_rest(t, number)->hash & t->index.mask;

	for (; line != at; line = (line + 1) & t->index.mask)
		passed[line]++;
}

void index_check(const struct table *t)
{
	uint32_t *passed = calloc(t->index.mask + (size_t)1, sizeof(*passed));
	uint32_t used = 0;

	debug_assert(passed);
	for (uint32_t i = 0; i <= t->index.mask; i++) {
		const struct index_line *line = &t->index.line[i];

		for (uint32_t cell = 0; cell < CELLS; cell++) {
			uint32_t number = line->number[cell];

			if (!line->tag[cell])
				continue;
			used++;
			debug_assert(table_has(t, number));
			debug_assert(table_rest(t, number)->indexed);
			debug_assert(line->tag[cell] ==
				     tag_of(table_rest(t, number)->hash));
			count_passed(t, i, number, passed);
		}
	}
	debug_assert(used == t->count);
	for (uint32_t i = 0; i <= t->index.mask; i++)
		debug_assert(passed[i] == t->index.line[i].passed);
	free(passed);
}

#endif
