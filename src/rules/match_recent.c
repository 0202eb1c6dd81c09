/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * recent: xt_recent.c of the kernel.  Rules of one name share one list, whose mask
 * is that of the rule loaded first; both families share it as well.
 */
#include <stdlib.h>

#include "base/state_io.h"
#include "rules/clock.h"
#include "rules/reader.h"
#include "rules/shared.h"

#define LIST_MAX	100u	/* ip_list_tot */
#define STAMPS_MAX	255u	/* XT_RECENT_MAX_NSTAMPS - 1 */

enum { RECENT_CHECK = 1, RECENT_SET, RECENT_UPDATE, RECENT_REMOVE };

struct entry {
	union ct_addr addr;
	uint8_t  family, ttl;
	uint16_t index, n;	/* next place; how many there are */
	uint64_t stamp[];	/* ticks */
};

struct list {
	union ct_addr mask;
	uint16_t stamps;	/* a power of two */
	uint32_t n;
	struct entry *entry[LIST_MAX];	/* least recently used first */
};

struct recent {
	struct list *list;
	const char *name;
	union ct_addr mask;
	uint32_t seconds, hits;
	uint8_t  what;
	bool	 inverted, ttl, reap, dest;
};

static void recent_init(void *info)
{
	*(struct recent *)info = (struct recent){ .name = "DEFAULT" };
}

static bool take_mask(struct reader *r, struct recent *m)
{
	const char *s = take(r);
	uint64_t bits;

	if (!s)
		return false;
	if (parse_u64(s, s + strlen(s), r->family == CT_L3_IPV6 ? 128 : 32, &bits))
		prefix_mask(r->family, (unsigned int)bits, &m->mask);
	else
		return parse_addr(r, s, s + strlen(s), &m->mask);
	return true;
}

static enum took recent_option(struct reader *r, void *info, const char *opt)
{
	static const char *const whats[] = {
		"", "--rcheck", "--set", "--update", "--remove", NULL
	};
	struct recent *m = info;
	int what = name_in(whats, opt, strlen(opt));

	if (what > 0) {
		if (m->what)
			return took(refuse(r, opt, "only one of --set, --rcheck, "
					   "--update and --remove"));
		m->what = (uint8_t)what;
		m->inverted = inverted(r);
		return TOOK;
	}
	if (is(opt, "--seconds"))
		return took(take_u32(r, UINT32_MAX, &m->seconds));
	if (is(opt, "--hitcount"))
		return took(take_u32(r, STAMPS_MAX, &m->hits));
	if (is(opt, "--name"))
		return took(take_table_name(r, &m->name));
	if (is(opt, "--mask"))
		return took(take_mask(r, m));
	if (is(opt, "--rttl"))
		m->ttl = true;
	else if (is(opt, "--reap"))
		m->reap = true;
	else if (is(opt, "--rdest"))
		m->dest = true;
	else if (!is(opt, "--rsource"))
		return NOT_MINE;
	return TOOK;
}

static void free_list(void *data)
{
	struct list *t = data;

	for (uint32_t i = 0; i < t->n; i++)
		free(t->entry[i]);
}

static void entry_state(const struct list *t, struct entry *e, struct state_io *io)
{
	state_bytes(io, &e->addr, sizeof(e->addr));
	state_u8(io, &e->family);
	state_u8(io, &e->ttl);
	state_below16(io, &e->index, t->stamps + 1u);
	state_below16(io, &e->n, t->stamps + 1u);
	state_u64s(io, e->stamp, e->n);
}

/* Least recently used first. */
static void list_state(void *data, struct state_io *io)
{
	struct list *t = data;

	for (uint32_t i = 0; io->save && i < t->n; i++)
		entry_state(t, t->entry[i], io);
	while (!io->save && state_more(io)) {
		struct entry *e = t->n == LIST_MAX ? NULL :
			calloc(1, sizeof(*e) + t->stamps * sizeof(e->stamp[0]));

		if (!e) {
			state_fail(io, "a list of recent is too long");
			return;
		}
		t->entry[t->n++] = e;
		entry_state(t, e, io);
	}
}

static uint16_t power_of_two(uint32_t n)
{
	uint16_t p = 1;

	while (p < n)
		p = (uint16_t)(p << 1);
	return p;
}

/* recent_mt_check(). */
static bool recent_finish(struct reader *r, void *info)
{
	const struct recent *m = info;

	if (!m->what)
		return refuse(r, "recent", "--set, --rcheck, --update or --remove "
			      "is missing");
	if (m->reap && !m->seconds)
		return refuse(r, "recent", "--reap wants --seconds");
	if ((m->what == RECENT_SET || m->what == RECENT_REMOVE) &&
	    (m->seconds || m->hits || m->reap))
		return refuse(r, "recent", "--seconds, --hitcount and --reap go with "
			      "--rcheck and --update");
	return true;
}

static bool recent_bind(struct rules *r, unsigned int family, void *info)
{
	struct recent *m = info;
	uint16_t stamps = power_of_two(m->hits ? m->hits : 1);

	(void)family;	/* both share their lists */
	m->list = shared_find(r, SHARED_RECENT, 0, m->name);
	if (m->list) {
		if (stamps > m->list->stamps)
			m->list->stamps = stamps;
		return true;
	}
	m->list = shared_add(r, SHARED_RECENT, 0, m->name, sizeof(*m->list),
			     free_list, list_state);
	if (!m->list)
		return false;
	m->list->stamps = stamps;
	m->list->mask = m->mask;
	if (!(m->mask.d[0] | m->mask.d[1]))
		memset(&m->list->mask, 0xff, sizeof(m->list->mask));
	return true;
}

static void remove_entry(struct list *t, uint32_t i)
{
	free(t->entry[i]);
	memmove(t->entry + i, t->entry + i + 1,
		(--t->n - i) * sizeof(struct entry *));
}

static uint32_t find(const struct list *t, const union ct_addr *a,
		     unsigned int family, uint8_t ttl)
{
	for (uint32_t i = 0; i < t->n; i++) {
		const struct entry *e = t->entry[i];

		if (e->addr.d[0] == a->d[0] && e->addr.d[1] == a->d[1] &&
		    e->family == family &&
		    (!ttl || !e->ttl || ttl == e->ttl))
			return i;
	}
	return LIST_MAX;
}

static bool add_entry(struct list *t, const union ct_addr *a,
		      unsigned int family, uint8_t ttl, uint64_t now)
{
	struct entry *e = calloc(1, sizeof(*e) + t->stamps * sizeof(e->stamp[0]));

	if (!e)
		return false;
	if (t->n == LIST_MAX)
		remove_entry(t, 0);
	e->addr = *a;
	e->family = (uint8_t)family;
	e->ttl = ttl;
	e->stamp[0] = now;
	e->index = e->n = 1;
	t->entry[t->n++] = e;
	return true;
}

static void update(struct list *t, uint32_t i, uint8_t ttl, uint64_t now)
{
	struct entry *e = t->entry[i];

	e->index &= (uint16_t)(t->stamps - 1);
	e->stamp[e->index++] = now;
	if (e->index > e->n)
		e->n = e->index;
	e->ttl = ttl;
	memmove(t->entry + i, t->entry + i + 1,
		(t->n - 1 - i) * sizeof(struct entry *));
	t->entry[t->n - 1] = e;
}

static bool stamps_fit(const struct recent *m, const struct entry *e,
		       uint64_t since)
{
	uint32_t hits = 0;

	for (uint32_t i = 0; i < e->n; i++) {
		if (m->seconds && (int64_t)(since - e->stamp[i]) > 0)
			continue;
		if (!m->hits || ++hits >= m->hits)
			return true;
	}
	return false;
}

/* recent_entry_reap(): the entry that was used longest ago goes, when it is old. */
static void reap(struct list *t, const struct entry *kept, uint64_t since)
{
	const struct entry *e = t->n ? t->entry[0] : NULL;

	if (e && e != kept && e->index &&
	    (int64_t)(since - e->stamp[e->index - 1]) > 0)
		remove_entry(t, 0);
}

/* The TTL as it came in, before the router took one off. */
static uint8_t ttl_seen(const struct rules_context *c)
{
	bool out = *rules_iface_name(c->out) != 0;

	return (uint8_t)(c->ttl + (out && !(c->local && c->socket)));
}

static enum answer recent_match(void *info, struct rules_context *c)
{
	const struct recent *m = info;
	struct list *t = m->list;
	union ct_addr a = m->dest ? c->dst : c->src;
	uint64_t now = ticks(c->now), since = now - (uint64_t)m->seconds * RULES_HZ;
	uint8_t ttl = ttl_seen(c);
	bool yes = m->inverted;
	uint32_t i;

	a.d[0] &= t->mask.d[0];
	a.d[1] &= t->mask.d[1];
	i = find(t, &a, c->family, m->ttl ? ttl : 0);
	if (i == LIST_MAX) {
		if (m->what != RECENT_SET)
			return answer(yes);
		return add_entry(t, &a, c->family, ttl, now) ? answer(!yes) :
							       hotdrop(c);
	}
	if (m->what == RECENT_SET) {
		yes = !yes;
	} else if (m->what == RECENT_REMOVE) {
		remove_entry(t, i);
		return answer(!yes);
	} else {
		struct entry *e = t->entry[i];

		if (stamps_fit(m, e, since))
			yes = !yes;
		if (m->reap)
			reap(t, m->what == RECENT_UPDATE && yes ? e : NULL, since);
		i = find(t, &a, c->family, 0);
	}
	if (i != LIST_MAX && (m->what == RECENT_SET ||
			      (m->what == RECENT_UPDATE && yes)))
		update(t, i, ttl, now);
	return answer(yes);
}

const struct match_ops match_recent = {
	.name = "recent", .size = sizeof(struct recent), .init = recent_init,
	.option = recent_option, .finish = recent_finish, .bind = recent_bind,
	.match = recent_match,
};
