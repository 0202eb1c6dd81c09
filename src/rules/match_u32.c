/* SPDX-License-Identifier: GPL-2.0-only */
/* u32: xt_u32.c of the kernel and libxt_u32.c of iptables. */
#include "rules/reader.h"

#define U32_TESTS	10u	/* XT_U32_MAXSIZE */

enum u32_op { U32_AND, U32_LEFT, U32_RIGHT, U32_AT };

struct u32_test {
	uint8_t  nlocations, nranges;
	struct { uint32_t number; uint8_t op; } location[U32_TESTS + 1];
	struct { uint32_t lo, hi; } range[U32_TESTS];
};

struct u32 {
	uint8_t  ntests;
	bool	 set, inverted;
	struct u32_test test[U32_TESTS];
};

static const char *skip(const char *s)
{
	while (*s == ' ' || *s == '\t')
		s++;
	return s;
}

static const char *number(struct reader *r, const char *all, const char *s,
			  uint32_t *v)
{
	const char *end;
	uint64_t n;

	s = end = skip(s);
	while ((*end >= '0' && *end <= '9') || (*end >= 'a' && *end <= 'f') ||
	       (*end >= 'A' && *end <= 'F') || *end == 'x' || *end == 'X')
		end++;
	if (!parse_u64(s, end, UINT32_MAX, &n)) {
		refuse(r, all, "a number is expected at '%.20s'", s);
		return NULL;
	}
	*v = (uint32_t)n;
	return end;
}

/* "0>>22&0x3C@0>>16": places and what is done with what stands there. */
static const char *locations(struct reader *r, const char *all, const char *s,
			     struct u32_test *t)
{
	uint8_t op = U32_AT;

	for (;;) {
		if (t->nlocations > U32_TESTS) {
			refuse(r, all, "more than %u operations", U32_TESTS);
			return NULL;
		}
		t->location[t->nlocations].op = op;
		s = number(r, all, s, &t->location[t->nlocations++].number);
		if (!s)
			return NULL;
		s = skip(s);
		if (*s == '&' && s[1] != '&')
			op = U32_AND, s++;
		else if (s[0] == '<' && s[1] == '<')
			op = U32_LEFT, s += 2;
		else if (s[0] == '>' && s[1] == '>')
			op = U32_RIGHT, s += 2;
		else if (*s == '@')
			op = U32_AT, s++;
		else
			return s;
	}
}

static const char *ranges(struct reader *r, const char *all, const char *s,
			  struct u32_test *t)
{
	do {
		if (t->nranges == U32_TESTS) {
			refuse(r, all, "more than %u ranges", U32_TESTS);
			return NULL;
		}
		s = number(r, all, s + 1, &t->range[t->nranges].lo);
		if (!s)
			return NULL;
		t->range[t->nranges].hi = t->range[t->nranges].lo;
		s = skip(s);
		if (*s == ':')
			s = number(r, all, s + 1, &t->range[t->nranges].hi);
		if (!s)
			return NULL;
		t->nranges++;
		s = skip(s);
	} while (*s == ',');
	return s;
}

static bool take_tests(struct reader *r, struct u32 *m)
{
	const char *all = take(r), *s = all;

	m->set = true;
	m->inverted = s && inverted(r);
	while (s) {
		struct u32_test *t = &m->test[m->ntests];

		if (m->ntests++ == U32_TESTS)
			return refuse(r, all, "more than %u tests", U32_TESTS);
		s = locations(r, all, s, t);
		if (s && *s != '=')
			return refuse(r, all, "'=' is expected at '%.20s'", s);
		s = s ? ranges(r, all, s, t) : NULL;
		if (s && !*s)
			return true;
		if (s && (s[0] != '&' || s[1] != '&'))
			return refuse(r, all, "'&&' is expected at '%.20s'", s);
		s = s ? s + 2 : NULL;
	}
	return false;
}

static enum took u32_option(struct reader *r, void *info, const char *opt)
{
	return is(opt, "--u32") ? took(take_tests(r, info)) : NOT_MINE;
}

static bool u32_finish(struct reader *r, void *info)
{
	return ((struct u32 *)info)->set || refuse(r, "u32", "--u32 is missing");
}

/* The value that a test looks at; false: it lies beyond the packet. */
static enum answer value_of(const struct u32_test *t, const struct bytes *b,
			    uint32_t *value)
{
	uint64_t base = 0, at;	/* '@' moves the base, not the place in it */
	uint32_t val = 0;

	for (unsigned int i = 0; i < t->nlocations; i++) {
		uint32_t n = t->location[i].number;

		switch (t->location[i].op) {
		case U32_AND:
			val &= n;
			break;
		case U32_LEFT:
			val = n < 32 ? val << n : 0;
			break;
		case U32_RIGHT:
			val = n < 32 ? val >> n : 0;
			break;
		case U32_AT:
			base += val;
			at = base + n;
			if (at > b->len || b->len - at < 4)
				return ANSWER_NO;
			if (!bytes_there(b, (uint32_t)at, 4))
				return ANSWER_UNKNOWN;
			val = load_be32(b->p + at);
			break;
		}
	}
	*value = val;
	return ANSWER_YES;
}

static bool in_ranges(const struct u32_test *t, uint32_t value)
{
	for (unsigned int i = 0; i < t->nranges; i++)
		if (value >= t->range[i].lo && value <= t->range[i].hi)
			return true;
	return false;
}

static enum answer u32_match(void *info, struct rules_context *c)
{
	const struct u32 *m = info;
	const struct bytes *b = context_bytes(c);
	uint32_t value;

	for (unsigned int i = 0; i < m->ntests; i++) {
		enum answer a = value_of(&m->test[i], b, &value);

		if (a == ANSWER_UNKNOWN)
			return a;
		if (a == ANSWER_NO || !in_ranges(&m->test[i], value))
			return answer(m->inverted);
	}
	return answer(!m->inverted);
}

const struct match_ops match_u32 = {
	.name = "u32", .size = sizeof(struct u32), .option = u32_option,
	.finish = u32_finish, .match = u32_match,
};
