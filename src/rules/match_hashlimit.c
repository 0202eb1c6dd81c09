/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * hashlimit: xt_hashlimit.c of the kernel, revision 3.
 *
 * Rules of one name share one table, whose rate, burst, mode and sizes are those
 * of the rule that was loaded first.
 */
#include "base/state_io.h"
#include "rules/hashlimit.h"
#include "rules/kv.h"
#include "rules/shared.h"

#define BYTE_CREDITS_PER_TICK	(1ull << 24)	/* CREDITS_PER_JIFFY_BYTES */
#define MAX_ENTRIES		65536u		/* of memory beyond 1 GB */

struct hl_key {
	union ct_addr src, dst;
	uint16_t sport, dport;
	uint32_t zero;
};

/*
 * What struct dsthash_ent has in a union, by which rules of one name may disagree: with
 * --hashlimit-rate-match 'credit' is the interval and, in its upper half, whether the
 * window before was over the rate; 'cap' is what this window had, 'cost' the rate.
 */
struct hl_value {
	uint64_t last, credit, cost, cap;
	uint64_t expires;	/* ticks */
};

#define WINDOW_OVER	(1ull << 32)

struct hl_table {
	struct hl_config cfg;
	struct kv entries;
	union ct_addr src_mask, dst_mask;
	ct_time  next_gc;	/* 0: no packet yet */
};

static void free_table(void *data)
{
	kv_free(&((struct hl_table *)data)->entries);
}

static void entry_state(void *key, void *value, void *arg)
{
	struct state_io *io = arg;
	struct hl_key *k = key;
	struct hl_value *v = value;

	state_bytes(io, &k->src, sizeof(k->src));
	state_bytes(io, &k->dst, sizeof(k->dst));
	state_u16(io, &k->sport);
	state_u16(io, &k->dport);
	state_u64(io, &v->last);
	state_u64(io, &v->credit);
	state_u64(io, &v->cost);
	state_u64(io, &v->cap);
	state_u64(io, &v->expires);
}

static void table_state(void *data, struct state_io *io)
{
	struct hl_table *t = data;

	state_u64(io, &t->next_gc);
	kv_state(&t->entries, io, entry_state, io,
		 "a table of hashlimit has too much in it");
}

static bool hashlimit_bind(struct rules *r, unsigned int family, void *info)
{
	struct hashlimit *m = info;
	struct hl_table *t = shared_find(r, SHARED_HASHLIMIT, family, m->name);
	unsigned int bits = family == CT_L3_IPV6 ? 128 : 32;

	m->table = t;
	if (t)
		return true;
	t = m->table = shared_add(r, SHARED_HASHLIMIT, family, m->name,
				  sizeof(*t), free_table, table_state);
	if (!t)
		return false;
	t->cfg = m->cfg;
	kv_init(&t->entries, sizeof(struct hl_key), sizeof(struct hl_value),
		t->cfg.max ? t->cfg.max : MAX_ENTRIES);
	prefix_mask(family, t->cfg.src_bits < bits ? t->cfg.src_bits : bits,
		    &t->src_mask);
	prefix_mask(family, t->cfg.dst_bits < bits ? t->cfg.dst_bits : bits,
		    &t->dst_mask);
	return true;
}

static bool entry_gone(void *value, void *arg)
{
	return ((struct hl_value *)value)->expires <= *(const uint64_t *)arg;
}

/* htable_gc(): entries past their time stay in force until a round.  Rounds are
 * counted from the first packet, since the time of loading is not known. */
static void collect(struct hl_table *t, ct_time now)
{
	ct_time interval = t->cfg.gc_ms * 1000000ull, last;
	uint64_t tick;

	if (!t->next_gc)
		t->next_gc = now + interval;
	if (now < t->next_gc)
		return;
	last = now - (now - t->next_gc) % interval;
	t->next_gc = last + interval;
	tick = ticks(last);
	kv_sweep(&t->entries, entry_gone, &tick);
}

static bool has_ports(uint8_t proto, uint32_t *off)
{
	*off = proto == 51 ? 4 : 0;
	return proto == 6 || proto == 17 || proto == 33 || proto == 50 ||
	       proto == 51 || proto == 132 || proto == 136;
}

/* hashlimit_init_dst(). */
static enum answer key_of(const struct hl_table *t, struct rules_context *c,
			  struct hl_key *key)
{
	uint8_t mode = t->cfg.mode, h[4];
	uint32_t off;
	enum answer a;

	*key = (struct hl_key){ 0 };
	for (unsigned int i = 0; i < 2; i++) {
		if (mode & MODE_SIP)
			key->src.d[i] = c->src.d[i] & t->src_mask.d[i];
		if (mode & MODE_DIP)
			key->dst.d[i] = c->dst.d[i] & t->dst_mask.d[i];
	}
	if (!(mode & (MODE_SPT | MODE_DPT)))
		return ANSWER_YES;
	if (c->no_l4)
		return ANSWER_NO;
	/* ipv6_skip_exthdr() stops at the header of a later fragment, which has no ports. */
	if (!has_ports(c->l4proto, &off) ||
	    (c->fragoff && c->family == CT_L3_IPV6))
		return ANSWER_YES;
	a = context_read(c, c->l4off + off, h, sizeof(h));
	if (mode & MODE_SPT && a == ANSWER_YES)
		key->sport = load_be16(h);
	if (mode & MODE_DPT && a == ANSWER_YES)
		key->dport = load_be16(h + 2);
	return a;
}

/* user2rate() and user2rate_bytes(). */
static uint64_t rate_of(const struct hl_config *cfg)
{
	return cfg->bytes ? hl_cost_to_bytes(cfg->avg) : HL_SCALE / cfg->avg;
}

/* The most that a window may have: 'burst' of rateinfo_init(). */
static uint64_t most_of(const struct hl_config *cfg)
{
	uint64_t rate = rate_of(cfg);

	if (!cfg->bytes)
		return cfg->burst + rate;
	return cfg->burst ? cfg->burst * rate : rate;
}

/* rateinfo_init(). */
static void fill(struct hl_value *v, const struct hl_config *cfg)
{
	if (cfg->rate_match) {
		v->credit = cfg->interval;
		v->cap = 0;
		v->cost = rate_of(cfg);
	} else if (cfg->bytes) {
		v->credit = BYTE_CREDITS_PER_TICK * RULES_HZ;
		v->cost = cfg->avg * RULES_HZ * BYTE_CREDITS_PER_TICK >> 32;
		v->cap = cfg->burst;
	} else {
		v->credit = v->cap = hl_credits(cfg->avg * cfg->burst);
		v->cost = hl_credits(cfg->avg);
	}
}

/* A window that has ended was over the rate, or not; the next one begins. */
static void next_window(struct hl_value *v, uint64_t now)
{
	uint64_t delta = now - v->last, ticks = (v->credit & UINT32_MAX) * RULES_HZ;

	if (delta < ticks)
		return;
	v->last = now;
	v->credit &= UINT32_MAX;
	v->credit |= v->cap * ticks > delta * v->cost ? WINDOW_OVER : 0;
	v->cap = 0;
}

/* rateinfo_recalc(), by the mode of the table, not of the rule. */
static void earn(struct hl_value *v, const struct hl_config *cfg, uint64_t now)
{
	uint64_t delta = now - v->last, before = v->credit, cap = v->cap;

	if (!delta)
		return;
	if (cfg->rate_match) {
		next_window(v, now);
		return;
	}
	v->last = now;
	if (cfg->bytes) {
		cap = BYTE_CREDITS_PER_TICK * RULES_HZ;
		v->credit += BYTE_CREDITS_PER_TICK * delta;
		if (before >= v->credit)
			v->credit = cap;
	} else {
		v->credit += HL_CREDITS_PER_TICK * delta;
	}
	if (v->credit > cap)
		v->credit = cap;
}

/* hashlimit_byte_cost(): a burst is a number of full seconds on top. */
static uint64_t byte_cost(struct hl_value *v, uint32_t len)
{
	uint64_t full = BYTE_CREDITS_PER_TICK * RULES_HZ;
	uint64_t cost = ((len >> 4) + 1) * v->cost;

	if (cost > full)
		cost = full;
	if (v->credit < cost && v->cap) {
		v->cap--;
		v->credit = full;
	}
	return cost;
}

/* What is left of hashlimit_mt_common(): whether a packet keeps to the limit. */
static bool keeps_to(struct hl_value *v, const struct hashlimit *m, uint32_t len)
{
	uint64_t cost;

	if (m->cfg.rate_match) {
		v->cap += m->cfg.bytes ? len : 1;
		return !(v->credit >> 32) && v->cap <= most_of(&m->table->cfg);
	}
	cost = m->cfg.bytes ? byte_cost(v, len) : v->cost;
	if (v->credit < cost)
		return false;
	v->credit -= cost;
	return true;
}

static enum answer hashlimit_match(void *info, struct rules_context *c)
{
	struct hashlimit *m = info;
	struct hl_table *t = m->table;
	uint64_t now = ticks(c->now);
	struct hl_key key;
	struct hl_value *v;
	enum answer a;

	collect(t, c->now);
	a = key_of(t, c, &key);
	if (a != ANSWER_YES)
		return a == ANSWER_NO ? hotdrop(c) : a;
	v = kv_find(&t->entries, &key);
	if (v) {
		earn(v, &t->cfg, now);
	} else {
		v = kv_add(&t->entries, &key);
		if (!v)
			return hotdrop(c);
		v->last = now;
		fill(v, &t->cfg);
	}
	v->expires = now + (t->cfg.expire_ms + 1000 / RULES_HZ - 1) * RULES_HZ /
			       1000;
	return answer(keeps_to(v, m, c->len) != m->above);
}

const struct match_ops match_hashlimit = {
	.name = "hashlimit", .size = sizeof(struct hashlimit),
	.init = hashlimit_init, .option = hashlimit_option,
	.finish = hashlimit_finish, .bind = hashlimit_bind, .match = hashlimit_match,
};
