/* SPDX-License-Identifier: GPL-2.0-only */
/* limit, quota, statistic: matches that remember how often they were asked. */
#include "base/state_io.h"
#include "rules/clock.h"
#include "rules/reader.h"

/* xt_limit.c counts in credits, of which there are 128 a tick; the nft back end
 * makes nft_limit.c's tokens of the same rule, which are nanoseconds. */
#define CREDITS_PER_TICK	128u
#define LIMIT_SCALE		10000u

struct limit {
	uint32_t avg, burst;	/* avg: ticks of 1/10000 s between two */
	uint64_t cost, credit, cap, last;
	bool	 nft, started;
};

static const struct { const char *name; uint32_t seconds; } units[] = {
	{ "second", 1 }, { "minute", 60 }, { "hour", 3600 }, { "day", 86400 },
};

/* "3/min": any beginning of a unit will do; no unit is a second. */
static bool take_rate(struct reader *r, struct limit *m)
{
	const char *s = take(r), *slash, *end;
	uint32_t seconds = 0;
	uint64_t n;

	if (!s)
		return false;
	end = s + strlen(s);
	slash = strchr(s, '/');
	if (!slash)
		seconds = 1;
	for (size_t i = 0; slash && !seconds && i < RULES_COUNT(units); i++)
		if (slash[1] && !strncasecmp(units[i].name, slash + 1,
					     strlen(slash + 1)))
			seconds = units[i].seconds;
	if (!seconds || !parse_u64(s, slash ? slash : end, UINT32_MAX, &n) || !n)
		return refuse(r, s, "--limit wants NUMBER/second, minute, hour or day");
	if (n / seconds > LIMIT_SCALE)
		return refuse(r, s, "the rate is too fast");
	m->avg = (uint32_t)(LIMIT_SCALE * (uint64_t)seconds / n);
	return m->avg || refuse(r, s, "the rate is too fast");
}

static enum took limit_option(struct reader *r, void *info, const char *opt)
{
	struct limit *m = info;

	if (is(opt, "--limit"))
		return took(take_rate(r, m));
	if (is(opt, "--limit-burst"))
		return took(take_u32(r, 10000, &m->burst));
	return NOT_MINE;
}

static void limit_init(void *info)
{
	*(struct limit *)info = (struct limit){ .avg = LIMIT_SCALE * 3600 / 3,
						.burst = 5 };
}

/* user2credits() of xt_limit.c, 32 bits wide where the kernel's are. */
static uint64_t credits(uint32_t user)
{
	if (user > UINT32_MAX / (RULES_HZ * CREDITS_PER_TICK))
		return (uint32_t)(user / LIMIT_SCALE * RULES_HZ *
				  CREDITS_PER_TICK);
	return user * RULES_HZ * CREDITS_PER_TICK / LIMIT_SCALE;
}

/* The rate that iptables-nft makes of the average: add_nft_limit() there. */
static void nft_rate(struct limit *m)
{
	static const uint64_t mult[] = { 86400, 3600, 60, 1 };
	uint64_t rate, unit;
	size_t i;

	for (i = 1; i < RULES_COUNT(mult); i++) {
		uint64_t scaled = mult[i] * LIMIT_SCALE;

		if (m->avg > scaled || scaled / m->avg < scaled % m->avg)
			break;
	}
	rate = mult[i - 1] * LIMIT_SCALE / m->avg;
	unit = mult[i - 1] * CT_NSEC_PER_SEC;
	m->cost = unit / rate;
	m->cap = m->cost * (m->burst ? m->burst : 5);
}

static bool limit_finish(struct reader *r, void *info)
{
	struct limit *m = info;

	m->nft = r->set->backend == RULES_BACKEND_NFT;
	if (m->nft) {
		nft_rate(m);
	} else {
		/* The kernel's test, which lets the products wrap. */
		if (!m->burst || credits(m->avg * m->burst) < credits(m->avg))
			return refuse(r, "limit", "the burst is 0, or too large for "
				      "the rate");
		m->cap = credits(m->avg * m->burst);
		m->cost = credits(m->avg);
	}
	m->credit = m->cap;
	return true;
}

static enum answer limit_match(void *info, struct rules_context *c)
{
	struct limit *m = info;
	uint64_t now = m->nft ? c->now : ticks(c->now);

	if (m->started)
		m->credit += (now - m->last) * (m->nft ? 1 : CREDITS_PER_TICK);
	m->started = true;
	m->last = now;
	if (m->credit > m->cap)
		m->credit = m->cap;
	if (m->credit < m->cost)
		return ANSWER_NO;
	m->credit -= m->cost;
	return ANSWER_YES;
}

static void limit_state(void *info, struct state_io *io)
{
	struct limit *m = info;

	state_u64(io, &m->credit);
	state_u64(io, &m->last);
	state_bool(io, &m->started);
}

const struct match_ops match_limit = {
	.name = "limit", .size = sizeof(struct limit), .init = limit_init,
	.option = limit_option, .finish = limit_finish, .match = limit_match,
	.state = limit_state,
};

struct quota { uint64_t left; bool set, inverted; };

static enum took quota_option(struct reader *r, void *info, const char *opt)
{
	struct quota *m = info;

	if (!is(opt, "--quota"))
		return NOT_MINE;
	m->set = take_u64(r, UINT64_MAX, &m->left);
	m->inverted = inverted(r);
	return took(m->set);
}

static bool quota_finish(struct reader *r, void *info)
{
	return ((struct quota *)info)->set ||
	       refuse(r, "quota", "--quota is missing");
}

/* A packet that does not fit forfeits what is left: quota_mt() of xt_quota.c. */
static enum answer quota_match(void *info, struct rules_context *c)
{
	struct quota *m = info;

	if (m->left >= c->len) {
		m->left -= c->len;
		return answer(!m->inverted);
	}
	m->left = 0;
	return answer(m->inverted);
}

static void quota_state(void *info, struct state_io *io)
{
	state_u64(io, &((struct quota *)info)->left);
}

const struct match_ops match_quota = {
	.name = "quota", .size = sizeof(struct quota), .option = quota_option,
	.finish = quota_finish, .match = quota_match, .state = quota_state,
};

enum { STATISTIC_NONE, STATISTIC_RANDOM, STATISTIC_NTH };

struct statistic {
	uint8_t  mode;
	bool	 inverted, given;
	uint32_t probability;	/* of 2^31 */
	uint32_t every, packet;	/* every: one less */
	uint32_t count;
};

static bool take_probability(struct reader *r, struct statistic *m)
{
	const char *s = take(r);
	uint64_t whole = 0, frac = 0, scale = 1;

	if (!s)
		return false;
	m->given = true;
	m->inverted = inverted(r);
	for (; *s >= '0' && *s <= '9' && whole < 2; s++)
		whole = whole * 10 + (uint64_t)(*s - '0');
	if (*s == '.')
		for (s++; *s >= '0' && *s <= '9'; s++)
			if (scale < 1000000000000ull) {
				frac = frac * 10 + (uint64_t)(*s - '0');
				scale *= 10;
			}
	if (*s || whole > 1 || (whole == 1 && frac))
		return refuse(r, s, "--probability wants a number from 0 to 1");
	/* lround(0x80000000 * p) of libxt_statistic.c. */
	m->probability = whole ? 0x80000000u :
		(uint32_t)((frac * 0x80000000ull * 2 / scale + 1) / 2);
	return true;
}

static bool take_mode(struct reader *r, struct statistic *m)
{
	const char *s = take(r);

	if (!s)
		return false;
	m->mode = is(s, "random") ? STATISTIC_RANDOM :
		  is(s, "nth") ? STATISTIC_NTH : STATISTIC_NONE;
	return m->mode || refuse(r, s, "there are the modes random and nth");
}

static enum took statistic_option(struct reader *r, void *info, const char *opt)
{
	struct statistic *m = info;

	if (is(opt, "--mode"))
		return took(take_mode(r, m));
	if (is(opt, "--probability"))
		return took(take_probability(r, m));
	if (is(opt, "--packet"))
		return took(take_u32(r, UINT32_MAX, &m->packet));
	if (!is(opt, "--every"))
		return NOT_MINE;
	m->given = take_u32(r, UINT32_MAX, &m->every);
	m->inverted = inverted(r);
	if (m->given && !m->every)
		return took(refuse(r, opt, "0 is no distance"));
	m->every--;
	return took(m->given);
}

static bool statistic_finish(struct reader *r, void *info)
{
	struct statistic *m = info;
	const struct rules_options *o = &r->rules->options;

	if (!m->mode || !m->given)
		return refuse(r, "statistic", "it wants --mode, and --probability "
			      "or --every");
	if (m->mode == STATISTIC_NTH && m->packet > m->every)
		return refuse(r, "statistic", "--packet is not below --every");
	if (m->mode == STATISTIC_RANDOM && !o->has_seed && !o->unknown_ok)
		return refuse(r, "random", "which packets match is not known; give "
			      "a seed (--rules-seed N)");
	m->count = m->every - m->packet;
	return true;
}

/* splitmix64: any generator will do, as long as a seed gives the same run. */
static uint32_t next_random(struct rules *r)
{
	uint64_t z = r->random += 0x9e3779b97f4a7c15ull;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ z >> 27) * 0x94d049bb133111ebull;
	return (uint32_t)((z ^ z >> 31) >> 32);
}

static enum answer statistic_match(void *info, struct rules_context *c)
{
	struct statistic *m = info;
	bool yes;

	if (m->mode == STATISTIC_RANDOM) {
		if (!c->rules->options.has_seed)
			return ANSWER_UNKNOWN;
		yes = (next_random(c->rules) & 0x7fffffff) < m->probability;
	} else {
		m->count = m->count == m->every ? 0 : m->count + 1;
		yes = !m->count;
	}
	return answer(yes != m->inverted);
}

static void statistic_state(void *info, struct state_io *io)
{
	state_u32(io, &((struct statistic *)info)->count);
}

const struct match_ops match_statistic = {
	.name = "statistic", .size = sizeof(struct statistic),
	.option = statistic_option, .finish = statistic_finish,
	.match = statistic_match, .state = statistic_state,
};
