/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * connlimit: xt_connlimit.c and nf_conncount.c of the kernel.
 *
 * A rule keeps for each address the tuples that it saw, and asks the table of
 * connections which of them are still there.
 */
#include <stdlib.h>

#include "base/state_io.h"
#include "rules/clock.h"
#include "rules/kv.h"
#include "rules/reader.h"
#include "rules/shared.h"

#define KEYS_MAX	(1u << 20)
#define COLLECT_MAX	64u	/* CONNCOUNT_GC_MAX_COLLECT since 6.18.2 or so */

struct seen {
	struct ct_tuple tuple;
	uint16_t zone;
};

struct seen_list {
	struct seen *seen;
	uint32_t n, room;
	uint64_t last_gc;	/* ticks */
	uint32_t n_then;
};

struct key { union ct_addr addr; uint64_t zone; };

struct counts { struct kv lists; };

struct connlimit {
	struct counts *counts;
	union ct_addr mask;
	uint32_t limit;
	bool	 set, above, dest, masked;
};

static bool take_mask(struct reader *r, struct connlimit *m)
{
	const char *s = take(r);
	uint64_t bits;

	if (!s)
		return false;
	m->masked = true;
	if (parse_u64(s, s + strlen(s), r->family == CT_L3_IPV6 ? 128 : 32, &bits)) {
		prefix_mask(r->family, (unsigned int)bits, &m->mask);
		return true;
	}
	return parse_addr(r, s, s + strlen(s), &m->mask);
}

static enum took connlimit_option(struct reader *r, void *info, const char *opt)
{
	struct connlimit *m = info;

	if (is(opt, "--connlimit-mask"))
		return took(take_mask(r, m));
	if (is(opt, "--connlimit-saddr") || is(opt, "--connlimit-daddr")) {
		m->dest = is(opt, "--connlimit-daddr");
		return TOOK;
	}
	if (!is(opt, "--connlimit-above") && !is(opt, "--connlimit-upto"))
		return NOT_MINE;
	m->set = take_u32(r, UINT32_MAX, &m->limit);
	m->above = is(opt, "--connlimit-above") != inverted(r);
	return took(m->set);
}

static bool free_list(void *value, void *arg)
{
	(void)arg;
	free(((struct seen_list *)value)->seen);
	return true;
}

static void free_counts(void *data)
{
	struct counts *n = data;

	kv_sweep(&n->lists, free_list, NULL);
	kv_free(&n->lists);
}

static bool append(struct seen_list *l, const struct ct_tuple *t, uint16_t zone)
{
	if (l->n == l->room) {
		uint32_t room = l->room ? 2 * l->room : 4;
		struct seen *p = realloc(l->seen, room * sizeof(*p));

		if (!p)
			return false;
		l->seen = p;
		l->room = room;
	}
	l->seen[l->n++] = (struct seen){ *t, zone };
	return true;
}

static void seen_state(struct seen *seen, struct state_io *io)
{
	struct ct_tuple *t = &seen->tuple;

	state_bytes(io, &t->src, sizeof(t->src));
	state_bytes(io, &t->dst, sizeof(t->dst));
	state_u16(io, &t->sport);
	state_u16(io, &t->dport);
	state_u8(io, &t->l3num);
	state_u8(io, &t->protonum);
	state_u16(io, &t->zero);
	state_u16(io, &seen->zone);
}

static void seen_list_state(void *key, void *value, void *arg)
{
	struct state_io *io = arg;
	struct seen_list *l = value;
	struct key *k = key;
	struct seen seen;
	uint32_t n = l->n;

	state_bytes(io, &k->addr, sizeof(k->addr));
	state_u64(io, &k->zone);
	state_u64(io, &l->last_gc);
	state_u32(io, &l->n_then);
	state_u32(io, &n);
	for (uint32_t i = 0; i < n && !state_failed(io); i++) {
		if (io->save)
			seen = l->seen[i];
		else
			memset(&seen, 0, sizeof(seen));
		seen_state(&seen, io);
		if (!io->save && !append(l, &seen.tuple, seen.zone))
			state_no_memory(io);
	}
}

static void counts_state(void *data, struct state_io *io)
{
	struct counts *c = data;

	if (io->save)
		kv_each(&c->lists, seen_list_state, io);
	while (!io->save && state_more(io)) {
		struct seen_list l = { .seen = NULL }, *to;
		struct key key = { .zone = 0 };

		seen_list_state(&key, &l, io);
		to = state_failed(io) || kv_find(&c->lists, &key) ? NULL :
		     kv_add(&c->lists, &key);
		if (!to) {
			free(l.seen);
			state_fail(io, "connlimit has too much in it");
			return;
		}
		*to = l;
	}
}

static bool connlimit_finish(struct reader *r, void *info)
{
	struct connlimit *m = info;

	if (!m->set)
		return refuse(r, "connlimit", "--connlimit-above or -upto is missing");
	if (!m->masked)
		memset(&m->mask, 0xff, sizeof(m->mask));
	m->counts = shared_add(r->rules, SHARED_CONNLIMIT, r->family, "",
			       sizeof(*m->counts), free_counts, counts_state);
	if (!m->counts)
		return refuse(r, NULL, "no memory");
	kv_init(&m->counts->lists, sizeof(struct key), sizeof(struct seen_list),
		KEYS_MAX);
	return true;
}

static bool same(const struct seen *a, const struct ct_tuple *t, uint16_t zone)
{
	return a->zone == zone && !memcmp(&a->tuple, t, sizeof(*t));
}

/* already_closed(): TIME_WAIT and CLOSE do not count. */
static bool closed(const struct ct_tuple *t, uint8_t state)
{
	return t->protonum == CT_L4_TCP &&
	       (state == CT_TCP_TIME_WAIT || state == CT_TCP_CLOSE);
}

static bool find(struct rules_context *c, const struct ct_tuple *t, uint16_t zone,
		 struct rules_found *f)
{
	*f = (struct rules_found){ 0 };
	return c->engine->find &&
	       c->engine->find(c->engine->arg, t, zone, f);
}

/* Leaves out what is no connection any more; whether 't' is among the others. */
static bool collect(struct seen_list *l, struct rules_context *c,
		    const struct ct_tuple *t, uint16_t zone)
{
	uint32_t kept = 0, gone = 0, i;
	bool found = false;

	for (i = 0; i < l->n && !found && gone <= COLLECT_MAX; i++) {
		const struct seen *s = &l->seen[i];
		struct rules_found f;
		bool there = find(c, &s->tuple, s->zone, &f);

		found = t && there && same(s, t, zone);
		if (found || (there && !closed(&s->tuple, f.proto_state)))
			l->seen[kept++] = *s;
		else
			gone++;
	}
	for (; i < l->n; i++)
		l->seen[kept++] = l->seen[i];
	l->n = kept;
	return found;
}

/* nf_conncount_gc_list(): a connection that is ASSURED is not added any more. */
static uint32_t count_assured(struct seen_list *l, struct rules_context *c)
{
	uint64_t now = ticks(c->now);

	if (l->last_gc != now) {
		collect(l, c, NULL, 0);
		l->last_gc = now;
		l->n_then = l->n;
	}
	return l->n;
}

/* __nf_conncount_add(): the list's length, 0 where there is no memory. */
static uint32_t count(struct seen_list *l, struct rules_context *c,
		      const struct ct_tuple *t, uint16_t zone)
{
	uint64_t now = ticks(c->now);

	if (!l->n || l->last_gc != now || l->n - l->n_then >= COLLECT_MAX) {
		/* One that is there already ends the round before its time. */
		if (collect(l, c, t, zone))
			return l->n;
		l->last_gc = now;
		l->n_then = l->n;
	}
	return append(l, t, zone) ? l->n : 0;
}

static bool tuple_of(struct rules_context *c, struct ct_tuple *t)
{
	uint8_t h[4];

	*t = (struct ct_tuple){ .src = c->src, .dst = c->dst,
				.l3num = c->family, .protonum = c->l4proto };
	if (c->no_l4)
		return false;
	if (c->l4proto != CT_L4_TCP && c->l4proto != CT_L4_UDP &&
	    c->l4proto != CT_L4_UDPLITE && c->l4proto != CT_L4_SCTP)
		return true;
	if (context_read(c, c->l4off, h, sizeof(h)) != ANSWER_YES)
		return false;
	t->sport = load_be16(h);
	t->dport = load_be16(h + 2);
	return true;
}

static enum answer connlimit_match(void *info, struct rules_context *c)
{
	const struct connlimit *m = info;
	const struct rules_conn *conn = context_conn(c);
	const union ct_addr *a = m->dest ? &c->dst : &c->src;
	struct key key = { 0 };
	struct ct_tuple t;
	struct seen_list *l;
	struct rules_found f = { 0 };
	uint32_t n;

	if (conn) {
		t = conn->tuple[0];
		f.status = conn->status;
	} else if (!tuple_of(c, &t)) {
		return hotdrop(c);
	} else {
		find(c, &t, 0, &f);
	}
	key.addr.d[0] = a->d[0] & m->mask.d[0];
	key.addr.d[1] = a->d[1] & m->mask.d[1];
	key.zone = conn ? conn->zone : 0;
	l = kv_find(&m->counts->lists, &key);
	if (l && f.status & CT_STATUS_ASSURED) {
		n = count_assured(l, c);
	} else {
		if (!l)
			l = kv_add(&m->counts->lists, &key);
		n = l ? count(l, c, &t, (uint16_t)key.zone) : 0;
	}
	if (!n)
		return hotdrop(c);
	return answer((n > m->limit) == m->above);
}

const struct match_ops match_connlimit = {
	.name = "connlimit", .size = sizeof(struct connlimit),
	.needs = RULES_NEED_CONNTRACK, .option = connlimit_option,
	.finish = connlimit_finish, .match = connlimit_match,
};
