/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * hashlimit: xt_hashlimit.c of the kernel, revision 3.
 *
 * Rules of one name share one table, whose rate, burst, mode and sizes are those
 * of the rule that was loaded first.
 */
#include "base/state_io.h"
#include "rules/clock.h"
#include "rules/kv.h"
#include "rules/reader.h"
#include "rules/shared.h"

#define CREDITS_PER_TICK	(1ull << 39)	/* CREDITS_PER_JIFFY at 250 Hz */
#define BYTE_CREDITS_PER_TICK	(1ull << 24)	/* CREDITS_PER_JIFFY_BYTES */
#define SCALE			1000000ull	/* XT_HASHLIMIT_SCALE_v2 */
#define MAX_ENTRIES		65536u		/* of memory beyond 1 GB */

#define MODE_DIP	0x01u
#define MODE_DPT	0x02u
#define MODE_SIP	0x04u
#define MODE_SPT	0x08u

struct hl_config {
	uint8_t  mode, src_bits, dst_bits;
	bool	 bytes;
	uint64_t avg, burst;
	uint32_t max, gc_ms, expire_ms;
};

struct hl_key {
	union ct_addr src, dst;
	uint16_t sport, dport;
	uint32_t zero;
};

struct hl_value {
	uint64_t last, credit, cost, cap;
	uint64_t expires;	/* ticks */
};

struct hl_table {
	struct hl_config cfg;
	struct kv entries;
	union ct_addr src_mask, dst_mask;
	ct_time  next_gc;	/* 0: no packet yet */
};

struct hashlimit {
	struct hl_config cfg;
	struct hl_table *table;
	const char *name;
	uint32_t unit;		/* seconds of the rate's */
	uint64_t burst;
	bool	 rate_set, above, burst_set, burst_bytes, expire_set;
};

static void hashlimit_init(void *info)
{
	*(struct hashlimit *)info = (struct hashlimit){
		.cfg = { .src_bits = 255, .dst_bits = 255, .gc_ms = 1000 },
		.burst = 5, .unit = 3600 };
}

/* "2kb", with '*end' behind it; false: no such thing. */
static bool parse_bytes(const char *s, const char **end, uint64_t *v)
{
	const char *p = s;
	uint64_t n, shift = 0;

	while (*p >= '0' && *p <= '9')
		p++;
	if (!parse_u64(s, p, UINT32_MAX, &n))
		return false;
	if (*p == 'k' || *p == 'K')
		shift = 10, p++;
	else if (*p == 'm' || *p == 'M')
		shift = 20, p++;
	if ((*p != 'b' && *p != 'B') || n << shift > UINT32_MAX)
		return false;
	*end = p + 1;
	*v = n << shift;
	return true;
}

/* bytes_to_cost() and cost_to_bytes() of libxt_hashlimit.c. */
static uint64_t bytes_to_cost(uint64_t bytes)
{
	return UINT32_MAX / ((bytes >> 4) + 1);
}

static uint64_t cost_to_bytes(uint64_t cost)
{
	return ((cost ? UINT32_MAX / cost : UINT32_MAX) - 1) << 4;
}

static uint32_t unit_of(const char *s)
{
	static const struct { const char *name; uint32_t seconds; } units[] = {
		{ "second", 1 }, { "minute", 60 }, { "hour", 3600 },
		{ "day", 86400 },
	};

	for (size_t i = 0; i < RULES_COUNT(units); i++)
		if (*s && !strncasecmp(units[i].name, s, strlen(s)))
			return units[i].seconds;
	return 0;
}

static bool take_rate(struct reader *r, struct hashlimit *m, bool above)
{
	const char *s = take(r), *slash, *end;
	uint64_t n;

	if (!s)
		return false;
	if (m->rate_set)
		return refuse(r, r->option, "the rule has a rate already");
	m->rate_set = true;
	m->above = above != inverted(r);
	if (parse_bytes(s, &end, &n) && (is(end, "/s") || is(end, "/sec") ||
					 is(end, "/second"))) {
		m->cfg.bytes = true;
		m->cfg.avg = bytes_to_cost(n);
		m->unit = 15;
		return n || refuse(r, s, "the rate is 0");
	}
	slash = strchr(s, '/');
	m->unit = slash ? unit_of(slash + 1) : 1;
	if (!m->unit || !parse_u64(s, slash ? slash : s + strlen(s), UINT32_MAX,
				   &n) || !n)
		return refuse(r, s, "a rate is NUMBER/second, minute, hour or day, "
			      "or BYTESkb/s");
	m->cfg.avg = SCALE * m->unit / n;
	return m->cfg.avg || refuse(r, s, "the rate is too fast");
}

static bool take_burst(struct reader *r, struct hashlimit *m)
{
	const char *s = take(r), *end;

	if (!s)
		return false;
	m->burst_set = true;
	if (parse_bytes(s, &end, &m->burst) && !*end) {
		m->burst_bytes = true;
		return true;
	}
	return parse_u64(s, s + strlen(s), UINT32_MAX, &m->burst) ||
	       refuse(r, s, "a burst is a number, or one of bytes (2kb)");
}

static bool take_mode(struct reader *r, struct hl_config *cfg)
{
	static const char *const names[] = {
		"dstip", "dstport", "srcip", "srcport", NULL
	};
	const char *s = take(r);

	if (!s)
		return false;
	for (struct part p = first_part(s, ','); p.s; next_part(&p, ',')) {
		int n = name_in(names, p.s, (size_t)(p.end - p.s));

		if (n < 0)
			return refuse(r, s, "there are the modes srcip, srcport, "
				      "dstip and dstport");
		cfg->mode |= (uint8_t)(1u << n);
	}
	return true;
}

static bool take_name(struct reader *r, struct hashlimit *m)
{
	const char *s = take(r);

	if (!s)
		return false;
	if (!*s || strlen(s) > 62)
		return refuse(r, s, "a name has 1 to 62 letters");
	m->name = reader_text(r, s);
	return m->name != NULL;
}

static enum took hashlimit_option(struct reader *r, void *info, const char *opt)
{
	struct hashlimit *m = info;
	uint32_t unused;

	if (is(opt, "--hashlimit-upto") || is(opt, "--hashlimit"))
		return took(take_rate(r, m, false));
	if (is(opt, "--hashlimit-above"))
		return took(take_rate(r, m, true));
	if (is(opt, "--hashlimit-burst"))
		return took(take_burst(r, m));
	if (is(opt, "--hashlimit-mode"))
		return took(take_mode(r, &m->cfg));
	if (is(opt, "--hashlimit-srcmask"))
		return took(take_u8(r, &m->cfg.src_bits));
	if (is(opt, "--hashlimit-dstmask"))
		return took(take_u8(r, &m->cfg.dst_bits));
	if (is(opt, "--hashlimit-name"))
		return took(take_name(r, m));
	if (is(opt, "--hashlimit-htable-size"))
		return took(take_u32(r, UINT32_MAX, &unused));
	if (is(opt, "--hashlimit-htable-max"))
		return took(take_u32(r, UINT32_MAX, &m->cfg.max));
	if (is(opt, "--hashlimit-htable-gcinterval"))
		return took(take_u32(r, UINT32_MAX, &m->cfg.gc_ms));
	if (!is(opt, "--hashlimit-htable-expire"))
		return NOT_MINE;
	m->expire_set = true;
	return took(take_u32(r, UINT32_MAX, &m->cfg.expire_ms));
}

/* user2credits(). */
static uint64_t credits(uint64_t user)
{
	return user * (RULES_HZ * CREDITS_PER_TICK / SCALE);
}

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

/* What a burst and the expiry are by default: hashlimit_mt_check(). */
static bool hashlimit_finish(struct reader *r, void *info)
{
	struct hashlimit *m = info;

	if (!m->rate_set || !m->name)
		return refuse(r, "hashlimit", "it wants a name, and a rate (upto or above)");
	if (!m->expire_set)
		m->cfg.expire_ms = m->unit * 1000;
	if (!m->cfg.gc_ms || !m->cfg.expire_ms)
		return refuse(r, "hashlimit", "an interval of 0");
	m->cfg.burst = m->burst;
	if (m->cfg.bytes) {
		uint64_t rate = cost_to_bytes(m->cfg.avg);

		m->cfg.burst = 0;
		if (m->burst_set && m->burst < rate)
			return refuse(r, "hashlimit", "the burst is below the rate");
		if (m->burst_set)
			m->cfg.burst = (m->burst + rate - 1) / rate;
		if (m->burst_set && !m->expire_set)
			m->cfg.expire_ms = 60000;
	} else if (m->burst_bytes || !m->burst || m->burst > 1000000) {
		return refuse(r, "hashlimit", "this burst does not go with a rate in packets");
	} else if (credits(m->cfg.avg * m->burst) < credits(m->cfg.avg)) {
		return refuse(r, "hashlimit", "the burst is too large for the rate");
	}
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
	/* ipv6_skip_exthdr() says no to "no next header" as well. */
	if (c->no_l4 || (c->family == CT_L3_IPV6 && c->l4proto == 59))
		return ANSWER_NO;
	if (!has_ports(c->l4proto, &off))
		return ANSWER_YES;
	a = context_read(c, c->l4off + off, h, sizeof(h));
	if (mode & MODE_SPT && a == ANSWER_YES)
		key->sport = load_be16(h);
	if (mode & MODE_DPT && a == ANSWER_YES)
		key->dport = load_be16(h + 2);
	return a;
}

static void fill(struct hl_value *v, const struct hl_config *cfg)
{
	if (cfg->bytes) {
		v->credit = BYTE_CREDITS_PER_TICK * RULES_HZ;
		v->cost = cfg->avg * RULES_HZ * BYTE_CREDITS_PER_TICK >> 32;
		v->cap = cfg->burst;
	} else {
		v->credit = v->cap = credits(cfg->avg * cfg->burst);
		v->cost = credits(cfg->avg);
	}
}

/* rateinfo_recalc(). */
static void earn(struct hl_value *v, const struct hashlimit *m, uint64_t now)
{
	uint64_t delta = now - v->last, before = v->credit, cap = v->cap;

	if (!delta)
		return;
	v->last = now;
	if (m->cfg.bytes) {
		cap = BYTE_CREDITS_PER_TICK * RULES_HZ;
		v->credit += BYTE_CREDITS_PER_TICK * delta;
		if (before >= v->credit)
			v->credit = cap;
	} else {
		v->credit += CREDITS_PER_TICK * delta;
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

static enum answer hashlimit_match(void *info, struct rules_context *c)
{
	struct hashlimit *m = info;
	struct hl_table *t = m->table;
	uint64_t now = ticks(c->now), cost;
	struct hl_key key;
	struct hl_value *v;
	enum answer a;

	collect(t, c->now);
	a = key_of(t, c, &key);
	if (a != ANSWER_YES)
		return a == ANSWER_NO ? hotdrop(c) : a;
	v = kv_find(&t->entries, &key);
	if (v) {
		earn(v, m, now);
	} else {
		v = kv_add(&t->entries, &key);
		if (!v)
			return hotdrop(c);
		v->last = now;
		fill(v, &t->cfg);
	}
	v->expires = now + (t->cfg.expire_ms + 1000 / RULES_HZ - 1) * RULES_HZ /
			       1000;
	cost = m->cfg.bytes ? byte_cost(v, c->len) : v->cost;
	if (v->credit < cost)
		return answer(m->above);
	v->credit -= cost;
	return answer(!m->above);
}

const struct match_ops match_hashlimit = {
	.name = "hashlimit", .size = sizeof(struct hashlimit),
	.init = hashlimit_init, .option = hashlimit_option,
	.finish = hashlimit_finish, .bind = hashlimit_bind, .match = hashlimit_match,
};
