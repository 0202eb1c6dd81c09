/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * newcomers.c - which connection goes when the table is full.
 *
 * Most tables never are, so there is nothing here until one is.  From then on
 * connections queue up in the order in which they came.  One that becomes
 * ASSURED or ends is not looked for, which would cost each of them a visit to
 * memory that nobody else has at hand: it is passed over when its turn comes,
 * or when the queue is full and shrinks to those that still count.  At least
 * half of its room is free then, or it gets twice the room, so that a newcomer
 * costs the same few looks in the long run.
 */
#include "conntrack/internal.h"

#include <stdlib.h>

#define ROOM_MIN	1024u
#define AHEAD		8u	/* memory is asked for so many ahead */

/* Numbers are used again, but an entry knows its turn. */
static bool counts(const struct ct *ct, const struct early_drop_queue *q, uint32_t i)
{
	const struct entry_rest *rest = entry_rest(ct, q->number[i]);

	return rest->indexed && rest->turn == q->turn + i &&
	       !(table_entry(ct, q->number[i])->status & CT_STATUS_ASSURED);
}

static void shrink(const struct ct *ct, struct early_drop_queue *q)
{
	uint32_t kept = 0, turn = q->turn + q->end;

	for (uint32_t i = q->first; i < q->end; i++) {
		if (i + AHEAD < q->end)
			entry_fetch(ct, q->number[i + AHEAD]);
		if (!counts(ct, q, i))
			continue;
		entry_rest(ct, q->number[i])->turn = turn + kept;
		q->number[kept++] = q->number[i];
	}
	q->first = 0;
	q->end = kept;
	q->turn = turn;
}

static bool enqueue(void *arg, uint32_t number)
{
	struct ct *ct = arg;

	if (!(table_entry(ct, number)->status & CT_STATUS_ASSURED))
		early_drop_add(ct, number);
	return true;
}

/* All that are there, when the table is full for the first time. */
static noinline bool begin(struct ct *ct)
{
	struct early_drop_queue *q = &ct->early_drop;

	q->number = malloc((ct->count + (size_t)1) * sizeof(*q->number));
	q->room = q->number ? ct->count + 1 : 0;
	q->kept = true;
	if (q->number && entries_each(ct, enqueue, ct))
		return true;
	free(q->number);
	*q = (struct early_drop_queue){ 0 };
	ct->stats.no_memory++;
	return false;
}

bool early_drop_reserve(struct ct *ct)
{
	struct early_drop_queue *q = &ct->early_drop;
	uint32_t room, *number;

	if (likely(!q->kept || q->end < q->room))
		return true;
	shrink(ct, q);
	if (q->end < q->room / 2)
		return true;
	room = q->room ? q->room * 2 : ROOM_MIN;
	number = realloc(q->number, room * sizeof(*number));
	if (!number)
		return q->end < q->room;
	q->number = number;
	q->room = room;
	return true;
}

void early_drop_add(struct ct *ct, uint32_t number)
{
	struct early_drop_queue *q = &ct->early_drop;

	if (likely(!q->kept))
		return;
	entry_rest(ct, number)->turn = q->turn + q->end;
	q->number[q->end++] = number;
}

uint32_t early_drop_oldest(struct ct *ct)
{
	struct early_drop_queue *q = &ct->early_drop;

	if (unlikely(!q->kept) && !begin(ct))
		return ENTRY_NONE;
	for (; q->first < q->end; q->first++)
		if (counts(ct, q, q->first))
			return q->number[q->first];
	return ENTRY_NONE;
}

void early_drop_free(struct ct *ct)
{
	free(ct->early_drop.number);
}
