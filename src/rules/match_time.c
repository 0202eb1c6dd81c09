/* SPDX-License-Identifier: GPL-2.0-only */
/* time: xt_time.c of the kernel, by the capture's clock. */
#include <string.h>
#include <time.h>

#include "rules/reader.h"

#define DAY 86400u

struct xt_time {
	int64_t  from, to;	/* seconds since the epoch */
	uint32_t start, stop;	/* of the day */
	uint32_t monthdays;	/* bits 1 to 31 */
	uint8_t  weekdays;	/* bits 1 (Monday) to 7 */
	bool	 contiguous;
};

static void time_init(void *info)
{
	*(struct xt_time *)info = (struct xt_time){ .to = INT64_MAX,
		.stop = DAY - 1, .monthdays = ~1u, .weekdays = 0xfe };
}

/* "hh:mm" or "hh:mm:ss". */
static bool take_clock(struct reader *r, uint32_t *v)
{
	static const uint64_t most[] = { 23, 59, 59 };
	const char *s = take(r);
	uint32_t n = 0, total = 0;

	if (!s)
		return false;
	for (struct part p = first_part(s, ':'); p.s; next_part(&p, ':')) {
		const char *d = p.s;
		uint64_t x;

		while (d + 1 < p.end && *d == '0')
			d++;
		if (n == 3 || !parse_u64(d, p.end, most[n], &x))
			return refuse(r, s, "a time of day is HH:MM or HH:MM:SS");
		total = total * 60 + (uint32_t)x;
		n++;
	}
	if (n < 2)
		return refuse(r, s, "a time of day is HH:MM or HH:MM:SS");
	*v = n == 2 ? total * 60 : total;
	return true;
}

/* "2026-11-30T12:00:00", or a beginning of it; the years that iptables takes. */
static bool take_date(struct reader *r, int64_t *v)
{
	static const struct { const char *before; uint64_t min, max; } parts[] = {
		{ "", 1970, 2038 }, { "-", 1, 12 }, { "-", 1, 31 },
		{ "T ", 0, 23 }, { ":", 0, 59 }, { ":", 0, 59 },
	};
	const char *const text = take(r), *s = text;
	uint64_t x[RULES_COUNT(parts)] = { 1970, 1, 1 };

	if (!s)
		return false;
	for (unsigned int i = 0; *s || !i; i++) {
		size_t n;

		if (i == RULES_COUNT(parts) || (i && !strchr(parts[i].before, *s++)))
			return refuse(r, text, "a date is YYYY-MM-DDTHH:MM:SS");
		while (s[0] == '0' && s[1] >= '0' && s[1] <= '9')
			s++;	/* no octal number */
		n = strspn(s, "0123456789");
		if (!parse_u64(s, s + n, parts[i].max, &x[i]) || x[i] < parts[i].min)
			return refuse(r, text, "a date is YYYY-MM-DDTHH:MM:SS");
		s += n;
	}
	*v = timegm(&(struct tm){
		.tm_year = (int)x[0] - 1900, .tm_mon = (int)x[1] - 1,
		.tm_mday = (int)x[2], .tm_hour = (int)x[3],
		.tm_min = (int)x[4], .tm_sec = (int)x[5],
	});
	return true;
}

static bool take_monthdays(struct reader *r, struct xt_time *m)
{
	const char *s = take(r);

	if (!s)
		return false;
	m->monthdays = 0;
	for (struct part p = first_part(s, ','); p.s; next_part(&p, ',')) {
		uint64_t day;

		if (!parse_u64(p.s, p.end, 31, &day) || !day)
			return refuse(r, s, "days of the month are 1 to 31");
		m->monthdays |= 1u << day;
	}
	if (inverted(r))
		m->monthdays ^= ~1u;
	return true;
}

static bool take_weekdays(struct reader *r, struct xt_time *m)
{
	static const char *const names[] = {
		"mo", "tu", "we", "th", "fr", "sa", "su"
	};
	const char *s = take(r);

	if (!s)
		return false;
	m->weekdays = 0;
	for (struct part p = first_part(s, ','); p.s; next_part(&p, ',')) {
		uint64_t day = 0;

		if (!parse_u64(p.s, p.end, 7, &day))
			for (unsigned int i = 0; i < 7; i++)
				if (p.end - p.s >= 2 &&
				    !strncasecmp(p.s, names[i], 2))
					day = i + 1;
		if (!day)
			return refuse(r, s, "days of the week are Mon to Sun, or 1 to 7");
		m->weekdays |= (uint8_t)(1u << day);
	}
	if (inverted(r))
		m->weekdays ^= 0xfe;
	return true;
}

static enum took time_option(struct reader *r, void *info, const char *opt)
{
	struct xt_time *m = info;

	if (is(opt, "--timestart"))
		return took(take_clock(r, &m->start));
	if (is(opt, "--timestop"))
		return took(take_clock(r, &m->stop));
	if (is(opt, "--datestart"))
		return took(take_date(r, &m->from));
	if (is(opt, "--datestop"))
		return took(take_date(r, &m->to));
	if (is(opt, "--monthdays"))
		return took(take_monthdays(r, m));
	if (is(opt, "--weekdays"))
		return took(take_weekdays(r, m));
	if (is(opt, "--kerneltz") || is(opt, "--localtz")) {
		reader_warn(r, "the kernel's time zone is not known; UTC is taken");
		return TOOK;
	}
	if (is(opt, "--contiguous"))
		m->contiguous = true;
	return is(opt, "--contiguous") || is(opt, "--utc") ? TOOK : NOT_MINE;
}

static enum answer time_match(void *info, struct rules_context *c)
{
	const struct xt_time *m = info;
	int64_t stamp = (int64_t)(c->now / CT_NSEC_PER_SEC);
	uint32_t clock = (uint32_t)(stamp % DAY), weekday;
	time_t t;
	struct tm tm;

	if (stamp < m->from || stamp > m->to)
		return ANSWER_NO;
	if (m->start < m->stop) {
		if (clock < m->start || clock > m->stop)
			return ANSWER_NO;
	} else {
		if (clock < m->start && clock > m->stop)
			return ANSWER_NO;
		if (m->contiguous && clock < m->stop)
			stamp -= DAY;
	}
	/* 1 January 1970 was a Thursday. */
	weekday = (uint32_t)((stamp / DAY + 3) % 7) + 1;
	if (!(m->weekdays >> weekday & 1))
		return ANSWER_NO;
	if (m->monthdays == ~1u)
		return ANSWER_YES;
	t = (time_t)stamp;
	gmtime_r(&t, &tm);
	return answer(m->monthdays >> tm.tm_mday & 1);
}

const struct match_ops match_time = {
	.name = "time", .size = sizeof(struct xt_time), .init = time_init,
	.option = time_option, .match = time_match,
};
