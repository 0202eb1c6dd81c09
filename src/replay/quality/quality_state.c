/* SPDX-License-Identifier: GPL-2.0-only */
/* quality_state.c - of tables with fixed places those that are used, each with its
 * place. */
#include "replay/quality/quality_state.h"

STATE_COVERS(struct flow_set, 64);
STATE_COVERS(struct flow, 96);
STATE_COVERS(struct flow_count, 24);
STATE_COVERS(struct flows, 120);
STATE_COVERS(struct same_slot, 24);
STATE_COVERS(struct like_slot, 64);
STATE_COVERS(struct copies, 96);
STATE_COVERS(struct datagrams, 4120);
STATE_COVERS(struct group_question, 56);
STATE_COVERS(struct groups, 3608);
STATE_COVERS(struct quality, 8104);

static void first_state(struct state_io *io, struct first_count *c)
{
	state_u64(io, &c->count);
	state_u64(io, &c->first);
}

static void counts_state(struct quality *q, struct state_io *io)
{
	state_u64(io, &q->skip);
	state_u64(io, &q->epoch);
	state_u64(io, &q->copies_invalid);
	first_state(io, &q->cut_header);
	first_state(io, &q->no_length);
	first_state(io, &q->no_length6);
	first_state(io, &q->no_crc);
	first_state(io, &q->not_taken);
	first_state(io, &q->tls);
	first_state(io, &q->not_ip);
	state_u64(io, &q->like_ip);
	state_u64(io, &q->like_ethernet);
	state_u64(io, &q->lost);
	for (unsigned int i = 0; i < FLOW_FAULTS; i++) {
		state_u64(io, &q->flows.fault[i].count);
		state_u64(io, &q->flows.fault[i].first);
		state_u64(io, &q->flows.fault[i].invalid);
	}
}

static void side_state(struct state_io *io, struct flow_side *s)
{
	state_u32(io, &s->next);
	state_u32(io, &s->hole);
	state_u32(io, &s->hole_end);
	state_u32(io, &s->lost);
	state_u32(io, &s->lost_end);
	state_u32(io, &s->acked);
	state_bool(io, &s->ahead);
	state_bool(io, &s->seen);
}

static void flow_state(struct state_io *io, struct flows *flows, uint32_t place)
{
	struct flow_set *set = &flows->set[place / FLOWS_WAYS];
	struct flow *f = &flows->flow[place];

	state_u64(io, &set->key[place % FLOWS_WAYS]);
	state_u64(io, &f->first);
	state_u64(io, &set->last[place % FLOWS_WAYS]);
	state_u64(io, &f->epoch);
	state_u32(io, &f->pending);
	state_u32(io, &f->unanswered);
	state_u32(io, &f->first_ack);
	state_u32(io, &f->first_seq);
	state_u8(io, &f->faults);
	side_state(io, &f->side[0]);
	side_state(io, &f->side[1]);
}

static void same_state(struct state_io *io, struct same_slot *s)
{
	state_u64(io, &s->print);
	state_u64(io, &s->time);
	state_u32(io, &s->interface);
}

static void like_state(struct state_io *io, struct like_slot *s)
{
	state_u64(io, &s->print);
	state_u64(io, &s->time);
	state_bytes(io, &s->src, sizeof(s->src));
	state_bytes(io, &s->dst, sizeof(s->dst));
	state_u32(io, &s->l4);
	state_u32(io, &s->seq);
	state_u16(io, &s->id);
}

static void datagram_state(struct state_io *io, struct datagram_slot *s)
{
	state_u64(io, &s->key);
	state_u64(io, &s->first);
}

static void question_state(struct state_io *io, struct group_question *q)
{
	state_u64(io, &q->number);
	state_u64(io, &q->time);
	state_bytes(io, &q->from, sizeof(q->from));
	state_bytes(io, &q->group, sizeof(q->group));
	state_u16(io, &q->sport);
	state_u16(io, &q->dport);
	state_u8(io, &q->l3num);
}

static void flows_state(struct flows *f, struct state_io *io)
{
	const uint32_t places = FLOWS_SETS * FLOWS_WAYS;

	state_begin(io, STATE_TAG('F', 'L', 'O', 'W'));
	for (uint32_t i = 0; io->save && i < places; i++) {
		if (f->set[i / FLOWS_WAYS].key[i % FLOWS_WAYS]) {
			state_u32(io, &i);
			flow_state(io, f, i);
		}
	}
	while (!io->save && state_more(io)) {
		uint32_t i = 0;

		state_below32(io, &i, places);
		flow_state(io, f, i);
	}
	state_end(io);
}

/* A section with the places of an array that are used. */
#define PLACES(io, tag, array, n, used, visit) do { \
	state_begin(io, tag); \
	for (uint32_t i = 0; (io)->save && i < (n); i++) { \
		if ((array)[i].used) { \
			state_u32(io, &i); \
			visit(io, &(array)[i]); \
		} \
	} \
	while (!(io)->save && state_more(io)) { \
		uint32_t i = 0; \
\
		state_below32(io, &i, n); \
		visit(io, &(array)[i]); \
	} \
	state_end(io); \
} while (0)

static void copies_state(struct copies *c, struct state_io *io)
{
	state_begin(io, STATE_TAG('C', 'O', 'P', 'Y'));
	state_u64(io, &c->watched);
	state_u64(io, &c->count);
	state_u64(io, &c->first);
	state_u64(io, &c->rewritten);
	state_u64(io, &c->rewritten_first);
	state_below32(io, &c->interfaces, COPIES_INTERFACES + 1);
	for (unsigned int i = 0; i < c->interfaces; i++)
		state_u32(io, &c->interface[i]);
	state_end(io);
	PLACES(io, STATE_TAG('S', 'A', 'M', 'E'), c->same, COPIES_SLOTS, print,
	       same_state);
	PLACES(io, STATE_TAG('L', 'I', 'K', 'E'), c->like, COPIES_LIKE_SLOTS, print,
	       like_state);
}

void quality_state(struct quality *q, struct state_io *io)
{
	state_begin(io, STATE_TAG('N', 'O', 'T', 'E'));
	counts_state(q, io);
	state_u64(io, &q->datagrams.evicted);
	state_u64(io, &q->datagrams.evicted_first);
	state_u64(io, &q->datagrams.later);
	state_u64(io, &q->groups.answers);
	state_u64(io, &q->groups.first);
	state_end(io);
	flows_state(&q->flows, io);
	copies_state(&q->copies, io);
	PLACES(io, STATE_TAG('D', 'G', 'R', 'M'), q->datagrams.slot, DATAGRAMS_SLOTS,
	       key, datagram_state);
	PLACES(io, STATE_TAG('G', 'R', 'U', 'P'), q->groups.slot, GROUPS_SLOTS, number,
	       question_state);
	for (unsigned int i = 0; i < GROUPS_SLOTS; i++)
		q->groups.asked |= q->groups.slot[i].number != 0;
}
