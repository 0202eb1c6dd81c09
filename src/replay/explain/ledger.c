/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/explain/ledger.h"

#include <stdlib.h>
#include <string.h>

bool ledger_init(struct ledger *l)
{
	l->ended = calloc(LEDGER_ENDED, sizeof(*l->ended));
	return l->ended;
}

void ledger_free(struct ledger *l)
{
	free(l->line);
	free(l->expect);
	free(l->ended);
}

/* The same for both directions; no secret, so that results do not vary. */
static size_t hash_ends(const union ct_addr *a, const union ct_addr *b, uint32_t ports,
			uint8_t protonum)
{
	uint64_t h = (a->d[0] ^ b->d[0]) + (a->d[1] ^ b->d[1]) * 3 + ports;

	h = (h + protonum) * 0x9e3779b97f4a7c15u;
	return h >> 32 & (LEDGER_ENDED - 1);
}

static uint32_t ports_of(uint16_t a, uint16_t b)
{
	return (uint32_t)a * b + a + b;
}

static struct ledger_ended *place_of(const struct ledger *l, const struct ct_tuple *t)
{
	return &l->ended[hash_ends(&t->src, &t->dst, ports_of(t->sport, t->dport),
				   t->protonum)];
}

static bool has_line(struct ledger *l, uint32_t slot)
{
	uint32_t n = l->lines ? l->lines : 1024;
	struct ledger_line *line;

	if (slot < l->lines)
		return true;
	while (n <= slot)
		n *= 2;
	line = realloc(l->line, n * sizeof(*line));
	if (!line) {
		l->no_memory = true;
		return false;
	}
	memset(line + l->lines, 0, (n - l->lines) * sizeof(*line));
	l->line = line;
	l->lines = n;
	return true;
}

static void add_expect(struct ledger *l, const struct ct_expect_record *x, uint64_t frame)
{
	size_t n = l->expects ? 2 * l->expects : 64;
	struct ledger_expect *grown;

	if (l->nexpects == l->expects) {
		grown = realloc(l->expect, n * sizeof(*grown));
		if (!grown) {
			l->no_memory = true;
			return;
		}
		l->expect = grown;
		l->expects = n;
	}
	l->expect[l->nexpects++] = (struct ledger_expect){ *x, frame };
}

static void remove_expect(struct ledger *l, uint64_t id)
{
	for (size_t i = 0; i < l->nexpects; i++) {
		if (l->expect[i].record.id != id)
			continue;
		l->expect[i] = l->expect[--l->nexpects];
		return;
	}
}

/* nf_ct_find_expectation(): the source as far as the mask says, the rest exactly. */
static bool meets(const struct ct_expect_record *x, const struct ct_tuple *t)
{
	const struct ct_tuple *e = &x->tuple, *m = &x->mask;

	for (unsigned int i = 0; i < 4; i++)
		if (((t->src.w[i] ^ e->src.w[i]) & m->src.w[i]) != 0)
			return false;
	return t->protonum == e->protonum &&
	       t->l3num == e->l3num && memcmp(&t->dst, &e->dst, sizeof(t->dst)) == 0 &&
	       t->dport == e->dport && ((t->sport ^ e->sport) & m->sport) == 0;
}

/* A new connection that another one expected. */
static void note_expected(struct ledger *l, const struct ct_record *rec)
{
	struct ledger_line *line;

	for (size_t i = 0; i < l->nexpects; i++) {
		const struct ledger_expect *x = &l->expect[i];

		if (x->record.master != rec->master ||
		    !meets(&x->record, &rec->tuple[0]) || !has_line(l, rec->slot))
			continue;
		line = &l->line[rec->slot];
		*line = (struct ledger_line){
			.id = rec->id, .expect_frame = x->frame,
			.helper = x->record.helper,
			.class_name = x->record.class_name,
		};
		return;
	}
}

static void note_ended(struct ledger *l, const struct ct_event *ev)
{
	const struct ledger_line *line = ledger_find(l, ev->record.slot, ev->record.id);

	*place_of(l, &ev->record.tuple[0]) = (struct ledger_ended){
		.event = *ev, .last = line ? line->last : 0,
	};
}

static void note_expect_event(struct ledger *l, const struct ct_expect_event *ev,
			      uint64_t frame)
{
	if (ev->type == CT_EVENT_NEW)
		add_expect(l, &ev->record, frame);
}

/* An expectation that was met is gone before its connection is there, so the
 * connections come first. */
static void note_happenings(struct ledger *l, const struct side *s, uint64_t frame)
{
	for (size_t i = 0; i < s->nhappenings; i++) {
		const struct happening *h = &s->happenings[i];

		if (h->of_expect)
			note_expect_event(l, &h->expect, frame);
		else if (h->event.type == CT_EVENT_NEW && h->event.record.master)
			note_expected(l, &h->event.record);
		else if (h->event.type == CT_EVENT_DESTROY)
			note_ended(l, &h->event);
	}
	for (size_t i = 0; i < s->nhappenings; i++) {
		const struct happening *h = &s->happenings[i];

		if (h->of_expect && h->expect.type == CT_EVENT_DESTROY)
			remove_expect(l, h->expect.record.id);
	}
}

void ledger_frame(struct ledger *l, const struct side *s, const struct word *w,
		  uint64_t number)
{
	struct ledger_line *line;

	if (s->nhappenings)
		note_happenings(l, s, number);
	if (!w->tracked || !w->id || s->verdict.id != w->id ||
	    !has_line(l, s->verdict.slot))
		return;
	line = &l->line[s->verdict.slot];
	if (line->id != w->id)
		*line = (struct ledger_line){ .id = w->id };
	if (!line->first)
		line->first = number;
	line->last = number;
}

const struct ledger_line *ledger_find(const struct ledger *l, uint32_t slot,
				      uint64_t id)
{
	return slot < l->lines && l->line[slot].id == id ? &l->line[slot] : NULL;
}

const struct ledger_expect *ledger_find_expect(const struct ledger *l,
					       const struct packet_view *pkt)
{
	struct ct_tuple t = { .src = pkt->src, .dst = pkt->dst, .l3num = pkt->l3num,
			      .protonum = pkt->protonum };

	if (pkt->summary.ports) {
		t.sport = pkt->summary.a;
		t.dport = pkt->summary.b;
	}
	for (size_t i = 0; i < l->nexpects; i++)
		if (meets(&l->expect[i].record, &t))
			return &l->expect[i];
	return NULL;
}

/* Whether the tuple has these ends; both zero: it has no ports. */
static bool is_between(const struct ct_tuple *t, const struct packet_view *pkt)
{
	const struct packet_summary *s = &pkt->summary;
	size_t size = sizeof(t->src);

	if (memcmp(&t->src, &pkt->src, size) != 0 || memcmp(&t->dst, &pkt->dst, size) != 0)
		return false;
	return !s->ports || (t->sport == s->a && t->dport == s->b);
}

const struct ledger_ended *ledger_find_ended(const struct ledger *l,
					     const struct packet_view *pkt)
{
	const struct packet_summary *s = &pkt->summary;
	uint16_t a = s->ports ? s->a : 0, b = s->ports ? s->b : 0;
	const struct ledger_ended *e;

	if (!s->ports)
		return NULL;
	e = &l->ended[hash_ends(&pkt->src, &pkt->dst, ports_of(a, b), pkt->protonum)];
	if (e->event.record.id && e->event.record.tuple[0].protonum == pkt->protonum &&
	    (is_between(&e->event.record.tuple[0], pkt) ||
	     is_between(&e->event.record.tuple[1], pkt)))
		return e;
	return NULL;
}
