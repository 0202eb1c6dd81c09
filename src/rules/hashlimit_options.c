/* SPDX-License-Identifier: GPL-2.0-only */
/* The options of hashlimit, as libxt_hashlimit.c of iptables reads them. */
#include "rules/hashlimit.h"

void hashlimit_init(void *info)
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

/* bytes_to_cost() of libxt_hashlimit.c. */
static uint64_t bytes_to_cost(uint64_t bytes)
{
	return UINT32_MAX / ((bytes >> 4) + 1);
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
	m->cfg.avg = HL_SCALE * m->unit / n;
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

enum took hashlimit_option(struct reader *r, void *info, const char *opt)
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
		return took(take_table_name(r, &m->name));
	if (is(opt, "--hashlimit-htable-size"))
		return took(take_u32(r, UINT32_MAX, &unused));
	if (is(opt, "--hashlimit-htable-max"))
		return took(take_u32(r, UINT32_MAX, &m->cfg.max));
	if (is(opt, "--hashlimit-htable-gcinterval"))
		return took(take_u32(r, UINT32_MAX, &m->cfg.gc_ms));
	if (is(opt, "--hashlimit-rate-interval"))
		return took(take_u32(r, INT32_MAX, &m->cfg.interval));
	if (is(opt, "--hashlimit-rate-match")) {
		m->cfg.rate_match = true;
		return TOOK;
	}
	if (!is(opt, "--hashlimit-htable-expire"))
		return NOT_MINE;
	m->expire_set = true;
	return took(take_u32(r, UINT32_MAX, &m->cfg.expire_ms));
}

/* What a burst and the expiry are by default: hashlimit_mt_check(). */
bool hashlimit_finish(struct reader *r, void *info)
{
	struct hashlimit *m = info;

	if (!m->rate_set || !m->name)
		return refuse(r, "hashlimit", "it wants a name, and a rate (upto or above)");
	if (!m->expire_set)
		m->cfg.expire_ms = m->unit * 1000;
	if (!m->cfg.gc_ms || !m->cfg.expire_ms)
		return refuse(r, "hashlimit", "an interval of 0");
	m->cfg.burst = m->burst;
	if (m->cfg.rate_match) {
		if (!m->cfg.interval)
			m->cfg.interval = m->cfg.bytes ? 1 : m->unit;
		if (!m->cfg.bytes)
			m->cfg.avg /= m->unit;
		if (!m->cfg.avg)
			return refuse(r, "hashlimit", "the rate is too fast");
	}
	if (m->cfg.bytes) {
		uint64_t rate = hl_cost_to_bytes(m->cfg.avg);

		m->cfg.burst = 0;
		if (m->burst_set && !rate)
			return refuse(r, "hashlimit", "a burst goes with a rate of at "
				      "least 16 bytes a second");
		if (m->burst_set && m->burst < rate)
			return refuse(r, "hashlimit", "the burst is below the rate");
		if (m->burst_set)
			m->cfg.burst = (m->burst + rate - 1) / rate;
		if (m->burst_set && !m->expire_set)
			m->cfg.expire_ms = 60000;
	} else if (m->burst_bytes || !m->burst || m->burst > 1000000) {
		return refuse(r, "hashlimit", "this burst does not go with a rate in packets");
	} else if (!m->cfg.rate_match &&
		   hl_credits(m->cfg.avg * m->burst) < hl_credits(m->cfg.avg)) {
		return refuse(r, "hashlimit", "the burst is too large for the rate");
	}
	return true;
}
