/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * reassembly_state.c - the queues of each store, oldest first, each with its fragments
 * in the order of their arrival.  Loading inserts them again, which makes the same runs.
 */
#include "packet/reassembly_state.h"

#include <stdlib.h>
#include <string.h>

#include "ctreplay/state.h"
#include "packet/ip.h"

STATE_COVERS(struct fragment, 40);
STATE_COVERS(struct fragment_queue, 152);
STATE_COVERS(struct fragment_key, 40);
STATE_COVERS(struct ct_reassembly_stats, 48);

#define PAYLOAD_MAX	65535u
#define FRAGMENT_HEADER6	8u

static void stats_state(struct state_io *io, struct ct_reassembly_stats *s)
{
	state_u64(io, &s->held);
	state_u64(io, &s->whole);
	state_u64(io, &s->dropped);
	state_u64(io, &s->timed_out);
	state_u64(io, &s->over_limit);
	state_u64(io, &s->out_of_memory);
}

/* What precedes a fragment's bytes. */
static void fragment_state(struct state_io *io, struct fragment *f)
{
	state_u64(io, &f->number);
	state_below32(io, &f->offset, PAYLOAD_MAX + 1);
	state_below32(io, &f->end, PAYLOAD_MAX + PAYLOAD_MAX);
	state_below32(io, &f->header, WHOLE_MAX + 1);
	state_below32(io, &f->captured, PAYLOAD_MAX + 1);
	state_below32(io, &f->headers_captured, WHOLE_MAX + 1);
}

static void save_fragments(struct state_io *io, struct fragment_queue *q)
{
	uint32_t n = 0;

	for (struct fragment *f = q->fragments; f; f = f->next)
		n++;
	state_u32(io, &n);
	for (struct fragment *f = q->fragments; f; f = f->next) {
		fragment_state(io, f);
		state_bytes(io, f->data, f->header + f->captured);
	}
}

/* Whether it is one that new_fragment() makes.  Offsets are multiples of 8, or there could
 * be more than FRAGMENTS_MAX; an IPv4 datagram that is too long is noticed when it is
 * whole. */
static bool is_sound(const struct fragment *f, bool ipv6)
{
	uint32_t least = ipv6 ? IPV6_HEADER + FRAGMENT_HEADER6 : IPV4_HEADER;
	uint32_t length = f->end - f->offset;

	if (f->end <= f->offset || f->offset & 7 || length > PAYLOAD_MAX ||
	    f->captured > length || (ipv6 && f->end > PAYLOAD_MAX))
		return false;
	return f->offset ? !f->header :
	       f->header >= least && f->header + length <= WHOLE_MAX;
}

static void load_fragment(struct state_io *io, struct fragment_queue *q, bool ipv6)
{
	struct fragment head = { .next = NULL }, *f;

	fragment_state(io, &head);
	if (state_failed(io))
		return;
	if (!is_sound(&head, ipv6)) {
		state_fail(io, "a fragment is none");
		return;
	}
	f = malloc(sizeof(*f) + head.header + head.captured);
	if (!f) {
		state_no_memory(io);
		return;
	}
	*f = head;
	f->run_end = f->end;
	state_bytes(io, f->data, f->header + f->captured);
	if (state_failed(io) || !queue_restore(q, f)) {
		free(f);
		state_fail(io, "a fragment overlaps another one");
	}
}

static void key_state(struct state_io *io, struct fragment_key *key)
{
	state_bytes(io, &key->src, sizeof(key->src));
	state_bytes(io, &key->dst, sizeof(key->dst));
	state_u32(io, &key->id);
	state_u32(io, &key->protonum);
}

/* What its fragments do not tell. */
static void queue_state(struct state_io *io, struct fragment_queue *q)
{
	uint32_t seen = q->peer ? q->peer_seen : 0;

	state_u64(io, &q->since);
	state_u64(io, &q->charge);
	state_below32(io, &q->len, PAYLOAD_MAX + PAYLOAD_MAX);
	state_below8(io, &q->flags, (QUEUE_FIRST_IN | QUEUE_LAST_IN) + 1);
	state_below8(io, &q->ecn, 1u << 4);
	state_u8(io, &q->next_header);
	state_u32(io, &seen);
	q->peer_seen = seen;
}

/* Whether what the queue says of its fragments, of which there are 'n', is what they
 * say: finish() relies on the length. */
static void check_queue(struct state_io *io, const struct fragment_queue *q, uint32_t n,
			const struct fragment_queue *saved)
{
	state_check(io, !q->older || q->older->since <= saved->since,
		    "a datagram has a time that it cannot have");
	state_check(io, (saved->flags & QUEUE_FIRST_IN) == (q->flags & QUEUE_FIRST_IN) &&
		    saved->charge <= n * (uint64_t)fragment_cost(WHOLE_MAX) &&
		    (!q->tail || q->tail->end <= saved->len),
		    "a datagram is not that of its fragments");
}

static void load_queue(struct ct_reassembly *r, struct state_io *io, bool ipv6)
{
	struct fragment_store *s = ipv6 ? &r->v6 : &r->v4;
	struct fragment_queue *q, saved = { .peer = NULL };
	struct fragment_key key;
	uint32_t n = 0;

	memset(&key, 0, sizeof(key));
	key_state(io, &key);
	queue_state(io, &saved);
	state_below32(io, &n, FRAGMENTS_MAX + 1);
	q = state_failed(io) ? NULL : queue_new(s, &key, saved.since);
	if (!q) {
		state_fail(io, "a datagram is there twice, or memory is short");
		return;
	}
	for (uint32_t i = 0; i < n && !state_failed(io); i++)
		load_fragment(io, q, ipv6);
	if (!state_failed(io))
		check_queue(io, q, n, &saved);
	q->charge = saved.charge;
	s->used += q->charge;
	q->len = saved.len;
	q->flags |= saved.flags;
	q->ecn = saved.ecn;
	q->next_header = saved.next_header;
	q->peer_seen = saved.peer_seen;
}

static void store_state(struct ct_reassembly *r, struct state_io *io, bool ipv6)
{
	struct fragment_store *s = ipv6 ? &r->v6 : &r->v4;

	state_begin(io, ipv6 ? STATE_TAG('F', 'R', 'G', '6') :
			       STATE_TAG('F', 'R', 'G', '4'));
	if (!io->save) {
		while (state_more(io))
			load_queue(r, io, ipv6);
	} else {
		for (struct fragment_queue *q = s->oldest; q; q = q->younger) {
			key_state(io, &q->key);
			queue_state(io, q);
			save_fragments(io, q);
		}
	}
	state_end(io);
}

/* The counts of fragments of each source: that of each queue that has one, again. */
static void peers_state(struct ct_reassembly *r, struct state_io *io)
{
	struct fragment_queue *q = r->v4.oldest;
	uint8_t has;

	state_begin(io, STATE_TAG('P', 'E', 'E', 'R'));
	for (; q && !state_failed(io); q = q->younger) {
		uint32_t seen = 0;

		has = q->peer != NULL;
		state_below8(io, &has, 2);
		if (!has)
			continue;
		if (io->save)
			seen = reassembly_ipv4_peer_seen(q);
		state_u32(io, &seen);
		if (!io->save && !reassembly_ipv4_set_peer(r, q, seen))
			state_no_memory(io);
	}
	state_end(io);
}

void reassembly_state(struct ct_reassembly *r, struct state_io *io)
{
	state_begin(io, STATE_TAG('F', 'R', 'A', 'G'));
	stats_state(io, &r->stats);
	state_end(io);
	store_state(r, io, false);
	store_state(r, io, true);
	peers_state(r, io);
}

int ct_reassembly_save(struct ct_reassembly *r, ct_state_write_fn write, void *arg)
{
	struct state_io io;

	if (state_save_begin(&io, write, arg, CT_STATE_VERSION))
		reassembly_state(r, &io);
	state_finish(&io);
	return state_code(&io);
}

int ct_reassembly_load(struct ct_reassembly *r, ct_state_read_fn read, void *arg,
		       struct ct_error *error)
{
	struct state_io io;

	if (state_load_begin(&io, read, arg, CT_STATE_VERSION))
		reassembly_state(r, &io);
	state_finish(&io);
	state_tell(&io, error);
	return state_code(&io);
}
