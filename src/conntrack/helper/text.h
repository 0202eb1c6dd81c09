/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * text.h - a payload that is text, for the helpers whose protocols are.
 *
 * Places are offsets from the payload's beginning.  At its end and beyond
 * there is NUL.
 */
#ifndef CONNTRACK_TEXT_H
#define CONNTRACK_TEXT_H 1

#include "base/bytes.h"

#define TEXT_NOWHERE UINT32_MAX

struct text {
	const struct bytes *packet;
	uint32_t start;		/* of the payload, in the packet */
	uint32_t len;
};

static inline uint8_t text_char(const struct text *t, uint32_t pos)
{
	uint8_t c = 0;

	if (pos < t->len)
		bytes_u8(t->packet, t->start + pos, &c);
	return c;
}

static inline bool text_is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

/* Whether the first 'n' characters of 'word' are at 'pos'. */
static inline bool text_has(const struct text *t, uint32_t pos, const char *word,
			    uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (text_char(t, pos + i) != (uint8_t)word[i])
			return false;
	return true;
}

/* The same in whatever case; letters of 'word' are capitals. */
static inline bool text_has_nocase(const struct text *t, uint32_t pos,
				   const char *word, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		uint8_t c = text_char(t, pos + i);

		if (c >= 'a' && c <= 'z')
			c -= 'a' - 'A';
		if (c != (uint8_t)word[i])
			return false;
	}
	return true;
}

/* The decimal number at '*pos', which moves behind it; 0 where there is none.
 * What needs more than 64 bits loses the upper ones: simple_strtoul(). */
static inline uint64_t text_number(const struct text *t, uint32_t *pos)
{
	uint64_t v = 0;

	for (; text_is_digit(text_char(t, *pos)); ++*pos)
		v = v * 10 + (text_char(t, *pos) - '0');
	return v;
}

#endif
