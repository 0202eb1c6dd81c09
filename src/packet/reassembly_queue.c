/* SPDX-License-Identifier: GPL-2.0-only */
#include "packet/reassembly_queue.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#define ECN_NOT_ECT	0x1u
#define ECN_CE		0x8u
#define ECN_MASK	0x3u

uint32_t fragment_cost(uint32_t packet_length)
{
	enum {
		SK_BUFF = 256, PAGE = 4096, HEADROOM = 64, SHARED_INFO = 320,
		LINEAR = PAGE - HEADROOM - SHARED_INFO,
	};
	uint32_t frame = 14 + packet_length;
	uint32_t small = SK_BUFF + HEADROOM + SHARED_INFO +
			 ((frame + 63) & ~63u);

	if (small <= PAGE)
		return small;
	if (frame <= LINEAR)
		return SK_BUFF + PAGE;
	return SK_BUFF + PAGE + ((frame - LINEAR + PAGE - 1) & ~(PAGE - 1u));
}

static int compare_keys(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct fragment_key));
}

/*
 * Two runs that overlap compare as equal.  That is a valid order, since no two
 * runs in the tree overlap; a search for one that would ends at the run in its
 * way.
 */
static int compare_runs(const void *a, const void *b)
{
	const struct fragment *x = a, *y = b;

	if (x->run_end <= y->offset)
		return -1;
	return x->offset >= y->run_end;
}

/* For tdestroy(): the list of fragments frees the nodes. */
static void keep_node(void *node)
{
	(void)node;
}

static void timer_add(struct fragment_store *s, struct fragment_queue *q,
		      uint64_t now)
{
	q->since = now;
	q->younger = NULL;
	q->older = s->youngest;
	if (s->youngest)
		s->youngest->younger = q;
	else
		s->oldest = q;
	s->youngest = q;
}

static void timer_remove(struct fragment_store *s, struct fragment_queue *q)
{
	if (q->older)
		q->older->younger = q->younger;
	else
		s->oldest = q->younger;
	if (q->younger)
		q->younger->older = q->older;
	else
		s->youngest = q->older;
}

/* Frees the fragments; the members that point to them are stale afterwards. */
static void free_fragments(struct fragment_store *s, struct fragment_queue *q)
{
	struct fragment *f = q->fragments;

	tdestroy(q->runs, keep_node);
	while (f) {
		struct fragment *next = f->next;

		free(f);
		f = next;
	}
	s->used -= q->charge;
}

static void set_empty(struct fragment_queue *q)
{
	q->charge = 0;
	q->fragments = NULL;
	q->end = &q->fragments;
	q->first = q->tail = q->last_run = NULL;
	q->runs = NULL;
	q->len = q->meat = 0;
	q->flags = q->ecn = 0;
}

void queue_restart(struct fragment_store *s, struct fragment_queue *q,
		   uint64_t now)
{
	free_fragments(s, q);
	set_empty(q);
	timer_remove(s, q);
	timer_add(s, q, now);
}

void queue_kill(struct ct_reassembly *r, struct fragment_store *s,
		struct fragment_queue *q)
{
	free_fragments(s, q);
	timer_remove(s, q);
	tdelete(&q->key, &s->tree, compare_keys);
	s->used -= s->queue_cost;
	if (s->release)
		s->release(r, q);
	free(q);
}

uint32_t store_expire(struct ct_reassembly *r, struct fragment_store *s,
		      uint64_t now)
{
	uint32_t n = 0;

	while (s->oldest && now - s->oldest->since >= s->timeout) {
		queue_kill(r, s, s->oldest);
		n++;
	}
	return n;
}

void store_clear(struct ct_reassembly *r, struct fragment_store *s)
{
	while (s->oldest)
		queue_kill(r, s, s->oldest);
}

/* NULL: no memory, or it is there already. */
struct fragment_queue *queue_new(struct fragment_store *s,
				 const struct fragment_key *key, uint64_t now)
{
	struct fragment_queue *q = calloc(1, sizeof(*q)), **at;

	if (!q)
		return NULL;
	q->key = *key;
	at = tsearch(&q->key, &s->tree, compare_keys);
	if (!at || *at != q) {
		free(q);
		return NULL;
	}
	set_empty(q);
	timer_add(s, q, now);
	s->used += s->queue_cost;
	return q;
}

/* inet_frag_find(): a full store refuses even fragments of a known queue. */
struct fragment_queue *queue_find(struct ct_reassembly *r,
				  struct fragment_store *s,
				  const struct fragment_key *key, uint64_t now,
				  enum ct_reason *why)
{
	struct fragment_queue *q, **found;

	if (!s->limit || s->used > s->limit) {
		r->stats.over_limit++;
		*why = CT_REASON_FRAG_LIMIT;
		return NULL;
	}
	found = tfind(key, &s->tree, compare_keys);
	if (found)
		return *found;

	q = queue_new(s, key, now);
	if (!q)
		*why = CT_REASON_FRAG_MEMORY;
	return q;
}

/* Allocates a fragment, without copying its bytes.  Only the fragment at offset
 * 0 keeps its headers. */
static struct fragment *new_fragment(const struct arrival *a)
{
	uint32_t header = a->offset ? 0 : a->header;
	uint32_t have = a->packet.cap > a->header ?
			a->packet.cap - a->header : 0;
	struct fragment *f;

	if (have > a->end - a->offset)
		have = a->end - a->offset;
	f = malloc(sizeof(*f) + header + have);
	if (!f)
		return NULL;
	f->next = NULL;
	f->number = a->number;
	f->offset = a->offset;
	f->end = f->run_end = a->end;
	f->header = header;
	f->captured = have;
	f->headers_captured = header < a->packet.cap ? header : a->packet.cap;
	return f;
}

/* inet_frag_queue_insert() */
static enum queue_insert place(struct fragment_queue *q, struct fragment *f)
{
	struct fragment **found;
	bool furthest = !q->tail || q->tail->end < f->end;

	if (q->tail && furthest) {
		if (f->offset < q->tail->end)
			return QUEUE_OVERLAP;
		if (f->offset == q->tail->end) {
			q->last_run->run_end = f->end;
			q->tail = f;
			return QUEUE_INSERTED;
		}
	}
	found = tsearch(f, &q->runs, compare_runs);
	if (!found)
		return QUEUE_NO_MEMORY;
	if (*found != f)
		return f->offset >= (*found)->offset &&
		       f->end <= (*found)->run_end ? QUEUE_DUPLICATE :
						     QUEUE_OVERLAP;
	if (furthest)
		q->tail = q->last_run = f;
	return QUEUE_INSERTED;
}

static void append(struct fragment_queue *q, struct fragment *f)
{
	*q->end = f;
	q->end = &f->next;
	q->meat += f->end - f->offset;
	if (!f->offset) {
		q->first = f;
		q->flags |= QUEUE_FIRST_IN;
	}
}

bool queue_restore(struct fragment_queue *q, struct fragment *f)
{
	if (place(q, f) != QUEUE_INSERTED)
		return false;
	append(q, f);
	return true;
}

enum queue_insert queue_insert(struct fragment_store *s,
			       struct fragment_queue *q,
			       const struct arrival *a)
{
	struct fragment *f = new_fragment(a);
	enum queue_insert result;
	uint32_t cost = fragment_cost(a->packet.len);

	if (!f)
		return QUEUE_NO_MEMORY;
	result = place(q, f);
	if (result != QUEUE_INSERTED) {
		free(f);
		return result;
	}
	bytes_copy(&a->packet, a->header - f->header, f->data,
		   f->header + f->captured);
	append(q, f);
	q->charge += cost;
	s->used += cost;
	return QUEUE_INSERTED;
}

bool queue_ecn(const struct fragment_queue *q, uint8_t *mark)
{
	*mark = q->ecn & ECN_CE ? ECN_MASK : 0;
	return !(q->ecn & ECN_NOT_ECT) || q->ecn == ECN_NOT_ECT;
}

uint32_t queue_gather(struct ct_reassembly *r, const struct fragment_queue *q,
		      uint32_t off)
{
	uint32_t gap = UINT32_MAX;

	r->nframes = 0;
	for (const struct fragment *f = q->fragments; f; f = f->next) {
		uint8_t *to = r->whole + off + f->offset;
		uint32_t missing = f->end - f->offset - f->captured;

		memcpy(to, f->data + f->header, f->captured);
		memset(to + f->captured, 0, missing);
		if (missing && off + f->offset + f->captured < gap)
			gap = off + f->offset + f->captured;
		r->frames[r->nframes++] = f->number;
	}
	if (q->first->headers_captured < q->first->header &&
	    q->first->headers_captured < gap)
		gap = q->first->headers_captured;
	return gap;
}
