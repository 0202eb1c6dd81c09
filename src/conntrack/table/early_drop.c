/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * early_drop.c - chooses the connection that makes way when the table is full.
 *
 * Most tables never are full, so the queue stays empty until one is.  From then
 * on each new connection that is not ASSURED is appended.  One that becomes
 * ASSURED or ends stays in the queue, because to find it there would need
 * memory accesses of every connection: it is skipped when it comes to the
 * front, or removed when the queue has no space left and is compacted.  If that
 * leaves less than half of it free, the queue doubles, so that the cost of each
 * new connection is constant on average.
 */
#include "conntrack/table/early_drop.h"

#include <stdlib.h>

#include "base/debug.h"
#include "conntrack/table/list.h"
#include "conntrack/table/table.h"

#define CAPACITY_MIN	1024u
#define AHEAD		8u	/* entries that are prefetched */

/* Whether number[i] is still a candidate.  Numbers are used again; 'order'
 * tells whether it is still the same connection. */
static bool is_candidate(const struct table *t,
			 const struct early_drop_queue *q, uint32_t i)
{
	const struct entry_rest *rest = table_rest(t, q->number[i]);

	return rest->indexed && rest->order == q->order + i &&
	       !(table_entry(t, q->number[i])->status & CT_STATUS_ASSURED);
}

static void compact(const struct table *t, struct early_drop_queue *q)
{
	uint32_t kept = 0, order = q->order + q->end;

	for (uint32_t i = q->first; i < q->end; i++) {
		if (i + AHEAD < q->end)
			table_fetch(t, q->number[i + AHEAD]);
		if (!is_candidate(t, q, i))
			continue;
		table_rest(t, q->number[i])->order = order + kept;
		q->number[kept++] = q->number[i];
	}
	q->first = 0;
	q->end = kept;
	q->order = order;
}

static bool enqueue(void *arg, uint32_t number)
{
	struct table *t = arg;

	if (!(table_entry(t, number)->status & CT_STATUS_ASSURED))
		early_drop_add(t, number);
	return true;
}

/*
 * The table is full for the first time: the queue begins with all candidates.
 */
static noinline bool activate(struct table *t)
{
	struct early_drop_queue *q = &t->early_drop;

	q->number = malloc((t->count + (size_t)1) * sizeof(*q->number));
	q->capacity = q->number ? t->count + 1 : 0;
	q->active = true;
	if (q->number && list_each(t, enqueue, t))
		return true;
	free(q->number);
	*q = (struct early_drop_queue){ 0 };
	return false;
}

bool early_drop_reserve(struct table *t)
{
	struct early_drop_queue *q = &t->early_drop;
	uint32_t capacity, *number;

	if (likely(!q->active || q->end < q->capacity))
		return true;
	compact(t, q);
	if (q->end < q->capacity / 2)
		return true;
	capacity = q->capacity ? q->capacity * 2 : CAPACITY_MIN;
	number = realloc(q->number, capacity * sizeof(*number));
	if (!number)
		return q->end < q->capacity;
	q->number = number;
	q->capacity = capacity;
	return true;
}

void early_drop_add(struct table *t, uint32_t number)
{
	struct early_drop_queue *q = &t->early_drop;

	if (likely(!q->active))
		return;
	debug_assert(q->end < q->capacity && table_rest(t, number)->indexed);
	table_rest(t, number)->order = q->order + q->end;
	q->number[q->end++] = number;
}

bool early_drop_oldest(struct table *t, uint32_t *number)
{
	struct early_drop_queue *q = &t->early_drop;

	*number = ENTRY_NONE;
	if (unlikely(!q->active) && !activate(t))
		return false;
	for (; q->first < q->end; q->first++) {
		if (is_candidate(t, q, q->first)) {
			*number = q->number[q->first];
			break;
		}
	}
	return true;
}

void early_drop_free(struct table *t)
{
	free(t->early_drop.number);
}

#ifdef CTREPLAY_DEBUG

#include "conntrack/debug.h"

void early_drop_check(const struct table *t)
{
	const struct early_drop_queue *q = &t->early_drop;
	uint32_t candidates = 0, queued = 0;
	uint64_t last = 0;

	if (!q->active)
		return;
	debug_assert(q->first <= q->end && q->end <= q->capacity);
	for (uint32_t i = ENTRY_NONE; (i = table_next_indexed(t, i)) != ENTRY_NONE; )
		candidates += !(table_entry(t, i)->status & CT_STATUS_ASSURED);
	for (uint32_t i = q->first; i < q->end; i++) {
		if (!is_candidate(t, q, i))
			continue;
		queued++;
		debug_assert(table_entry(t, q->number[i])->id > last);
		last = table_entry(t, q->number[i])->id;
	}
	debug_assert(queued == candidates);
}

#endif
