/* SPDX-License-Identifier: GPL-2.0-only */
/* string: xt_string.c of the kernel. */
#include "rules/reader.h"

#define STRING_MAX 128u

struct string {
	uint8_t  text[STRING_MAX];
	uint32_t len, from, to;
	bool	 set, inverted, fold, algo;
};

/* "ab|0d 0a|cd": what stands between bars is hexadecimal. */
static bool take_hex(struct reader *r, struct string *m)
{
	const char *s = take(r), *all = s;
	bool hex = false;

	for (; s && *s; s++) {
		if (*s == '|') {
			hex = !hex;
			continue;
		}
		if (hex && *s == ' ')
			continue;
		if (m->len == STRING_MAX)
			return refuse(r, all, "longer than %u bytes", STRING_MAX);
		if (hex) {
			char byte[5] = { '0', 'x', s[0], s[1], 0 };
			uint64_t v;

			if (!s[1] || !parse_u64(byte, byte + 4, 255, &v))
				return refuse(r, all, "two hexadecimal digits make a byte");
			m->text[m->len++] = (uint8_t)v;
			s++;
		} else {
			if (*s == '\\' && s[1])
				s++;
			m->text[m->len++] = (uint8_t)*s;
		}
	}
	return s && (!hex || refuse(r, all, "a bar is not closed"));
}

static bool take_text(struct reader *r, struct string *m)
{
	const char *s = take(r);

	if (!s)
		return false;
	if (strlen(s) > STRING_MAX)
		return refuse(r, s, "longer than %u bytes", STRING_MAX);
	m->len = (uint32_t)strlen(s);
	memcpy(m->text, s, m->len);
	return true;
}

static bool take_pattern(struct reader *r, struct string *m, bool hex)
{
	if (m->set)
		return refuse(r, r->option, "the rule has a string already");
	m->set = true;
	if (!(hex ? take_hex(r, m) : take_text(r, m)))
		return false;
	m->inverted = inverted(r);
	return m->len || refuse(r, r->option, "the string is empty");
}

static enum took string_option(struct reader *r, void *info, const char *opt)
{
	struct string *m = info;
	const char *s;

	if (is(opt, "--string") || is(opt, "--hex-string"))
		return took(take_pattern(r, m, is(opt, "--hex-string")));
	if (is(opt, "--from"))
		return took(take_u32(r, UINT16_MAX, &m->from));
	if (is(opt, "--to"))
		return took(take_u32(r, UINT16_MAX, &m->to));
	if (is(opt, "--icase")) {
		m->fold = true;
		return TOOK;
	}
	if (!is(opt, "--algo"))
		return NOT_MINE;
	s = take(r);
	m->algo = true;
	if (s && !is(s, "bm") && !is(s, "kmp"))
		return took(refuse(r, s, "there are bm and kmp"));
	return took(s != NULL);
}

static void string_init(void *info)
{
	((struct string *)info)->to = UINT16_MAX;
}

static uint8_t fold(uint8_t b)
{
	return b >= 'A' && b <= 'Z' ? (uint8_t)(b + 32) : b;
}

static bool string_finish(struct reader *r, void *info)
{
	struct string *m = info;

	if (!m->set || !m->algo)
		return refuse(r, "string", "it wants --string or --hex-string, and --algo");
	if (m->from > m->to)
		return refuse(r, "string", "--from lies behind --to");
	for (uint32_t i = 0; m->fold && i < m->len; i++)
		m->text[i] = fold(m->text[i]);
	return true;
}

static const uint8_t *find(const struct string *m, const uint8_t *s, uint32_t n)
{
	if (!m->fold)
		return memmem(s, n, m->text, m->len);
	for (uint32_t at = 0; n >= m->len && at <= n - m->len; at++) {
		uint32_t i = 0;

		while (i < m->len && fold(s[at + i]) == m->text[i])
			i++;
		if (i == m->len)
			return s + at;
	}
	return NULL;
}

/* skb_find_text(): the first place from 'from' on counts, and must end by 'to'. */
static enum answer string_match(void *info, struct rules_context *c)
{
	const struct string *m = info;
	const struct bytes *b = context_bytes(c);
	const uint8_t *at = NULL;

	if (m->from < b->cap)
		at = find(m, b->p + m->from, b->cap - m->from);
	if (at)
		return answer(((uint32_t)(at - b->p) + m->len <= m->to) !=
			      m->inverted);
	if (b->cap < b->len && b->cap < m->to)
		return ANSWER_UNKNOWN;
	return answer(m->inverted);
}

const struct match_ops match_string = {
	.name = "string", .size = sizeof(struct string), .init = string_init,
	.option = string_option, .finish = string_finish, .match = string_match,
};
