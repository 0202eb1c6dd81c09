/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * newcomers.c - which connection goes when the table is full.
 *
 * Connections queue up here in the order in which they came.  One that becomes
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

/* Numbers are used again, and an id stands for one connection only.  Its lower
 * half is enough: no queue lasts for 2^32 newcomers. */
static bool counts(const struct ct *ct, const struct newcomer *n)
{
	const struct ct_entry *e = table_entry(ct, n->number);

	return entry_rest(ct, n->number)->indexed && (uint32_t)e->id == n->id &&
	       !(e->status & CT_STATUS_ASSURED);
}

static void shrink(const struct ct *ct, struct newcomers *q)
{
	uint32_t kept = 0;

	for (uint32_t i = q->first; i < q->end; i++) {
		if (i + AHEAD < q->end)
			entry_fetch(ct, q->at[i + AHEAD].number);
		if (counts(ct, &q->at[i]))
			q->at[kept++] = q->at[i];
	}
	q->first = 0;
	q->end = kept;
}

bool newcomers_reserve(struct ct *ct)
{
	struct newcomers *q = &ct->newcomers;
	struct newcomer *at;
	uint32_t room;

	if (likely(q->end < q->room))
		return true;
	shrink(ct, q);
	if (q->end < q->room / 2)
		return true;
	room = q->room ? q->room * 2 : ROOM_MIN;
	at = realloc(q->at, room * sizeof(*at));
	if (!at)
		return q->end < q->room;
	q->at = at;
	q->room = room;
	return true;
}

void newcomers_add(struct ct *ct, uint32_t number)
{
	struct newcomers *q = &ct->newcomers;

	q->at[q->end++] = (struct newcomer){
		number, (uint32_t)table_entry(ct, number)->id
	};
}

uint32_t newcomers_oldest(struct ct *ct)
{
	struct newcomers *q = &ct->newcomers;

	for (; q->first < q->end; q->first++)
		if (counts(ct, &q->at[q->first]))
			return q->at[q->first].number;
	return ENTRY_NONE;
}

void newcomers_free(struct ct *ct)
{
	free(ct->newcomers.at);
}
