/* SPDX-License-Identifier: GPL-2.0-only */
/* index.c - the table's index: see index.h for what it looks like. */
#include "conntrack/table/index.h"

#include <stdlib.h>

#include "conntrack/proto/tcp.h"
#include "ctreplay/fast.h"

#define LINES_MIN	64u

/* Twice the lines when there are this many entries for each. */
#define CROWDED		9u

/* From the line on that is 'skip' behind the hash's. */
static uint32_t find_on(const struct ct *ct, const struct wanted *w,
			uint32_t hash, uint32_t skip, struct ct_entry **entry,
			enum ct_dir *dir)
{
	for (uint32_t i = skip; i <= ct->index.mask; i++) {
		const struct index_line *line = index_line_of(ct, hash + i);
		uint32_t number = index_find_in(ct, line, w, false, hash,
						entry, dir);

		if (number != ENTRY_NONE || !line->passed)
			return number;
	}
	return ENTRY_NONE;
}

uint32_t index_find_ports_on(const struct ct *ct, const struct ct_packet *pkt,
			     struct ct_entry **entry, enum ct_dir *dir)
{
	const struct wanted w = packet_wanted(pkt);

	return find_on(ct, &w, pkt->priv.hash, 1, entry, dir);
}

uint32_t index_find(const struct ct *ct, const struct ct_tuple *tuple,
		    uint32_t inverse_l4, uint32_t hash, struct ct_entry **entry,
		    enum ct_dir *dir)
{
	uint64_t tail = tuple_tail(tuple);
	const struct wanted w = {
		&tuple->src, &tuple->dst, tail, tail_with(tail, inverse_l4),
	};

	return find_on(ct, &w, hash, 0, entry, dir);
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

bool index_init(struct ct *ct)
{
	return lines_make(&ct->index, LINES_MIN);
}

void index_free(struct ct *ct)
{
	free(ct->index.line);
}

/* There must be room.  No tag of an entry is taken for a free cell's: the
 * highest bits differ. */
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

static bool grow(struct ct *ct)
{
	struct index new;

	if (ct->index.mask >= UINT32_MAX / 2 ||
	    !lines_make(&new, (ct->index.mask + 1) * 2))
		return false;
	/* In the order in which entries lie in memory. */
	for (uint32_t i = ENTRY_NONE + 1; i < ct->made; i++) {
		const struct entry_rest *rest = entry_rest(ct, i);

		if (rest->indexed)
			put(&new, i, rest->hash);
	}
	free(ct->index.line);
	ct->index = new;
	return true;
}

bool index_reserve(struct ct *ct)
{
	uint64_t lines = (uint64_t)ct->index.mask + 1;

	/* Without memory for more the lines fill up, which costs time only
	 * until there is no free cell. */
	return likely(ct->count < lines * CROWDED) || grow(ct) ||
	       ct->count < lines * CELLS;
}

void index_insert(struct ct *ct, uint32_t number)
{
	struct entry_rest *rest = entry_rest(ct, number);

	put(&ct->index, number, rest->hash);
	rest->indexed = true;
	ct->count++;
}

/* The entry's tag, or NULL where it is not in the line. */
static uint8_t *tag_in(struct index_line *line, uint32_t hash, uint32_t number)
{
	uint32_t cells = cells_with(line, tag_of(hash));

	for (; cells; cells &= cells - 1)
		if (line->number[__builtin_ctz(cells)] == number)
			return &line->tag[__builtin_ctz(cells)];
	return NULL;
}

void index_remove(struct ct *ct, uint32_t number)
{
	struct entry_rest *rest = entry_rest(ct, number);
	struct index *index = &ct->index;
	struct index_line *line = &index->line[rest->hash & index->mask];
	uint8_t *tag;

	while (unlikely(!(tag = tag_in(line, rest->hash, number)))) {
		line->passed--;
		if (++line > index->line + index->mask)
			line = index->line;
	}
	*tag = 0;
	rest->indexed = false;
	ct->count--;
}

void index_fetch(const struct ct *ct, uint32_t hash)
{
	fetch(index_line_of(ct, hash));
}

void ct_prefetch(const struct ct *ct, const struct ct_packet *pkt)
{
	if (!(pkt->priv.prepared & CT_PREPARED_FLOW))
		return;
	/* All that counts of a segment is with the packet. */
	if (!(pkt->priv.prepared & CT_PREPARED_SEGMENT))
		fetch(pkt->data + pkt->l4off);
	index_fetch(ct, pkt->priv.hash);
}

void ct_prefetch_entry(const struct ct *ct, struct ct_packet *pkt)
{
	const struct index_line *line;
	const char *entry;
	uint32_t cells, number;

	if (!(pkt->priv.prepared & CT_PREPARED_FLOW) || !ct->count)
		return;
	line = index_line_of(ct, pkt->priv.hash);
	/* A new connection has none; then it is some other. */
	cells = cells_with(line, tag_of(pkt->priv.hash)) | 1u << (CELLS - 1);
	number = line->number[__builtin_ctz(cells)];
	pkt->priv.entry = number;
	entry = (const char *)table_entry(ct, number);
	fetch_to_write(entry);
	fetch_to_write(entry + CACHE_LINE);
}
