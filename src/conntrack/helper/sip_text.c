/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sip_text.c - characters, lines, numbers and addresses of SIP messages.
 *
 * Follows sip_strtouint() of nf_conntrack_sip.c, and in4_pton() and in6_pton()
 * of net/core/utils.c without a delimiter: an address ends at the first
 * character that cannot belong to it.
 */
#include "conntrack/helper/sip_text.h"

#include <string.h>

/* One more than "4294967295" has; leading zeros count. */
#define NUMBER_DIGITS 11u

bool sip_is_alpha(uint8_t c)
{
	uint8_t lower = c | 0x20;

	if (c < 0x80)
		return lower >= 'a' && lower <= 'z';
	/* The multiplication and division signs are among the letters. */
	return c >= 0xc0 && c != 0xd7 && c != 0xf7;
}

bool sip_is(const struct sip_text *t, uint32_t pos, const char *word)
{
	for (; *word; word++, pos++) {
		uint8_t c = sip_char(t, pos);

		if (c >= 'A' && c <= 'Z')
			c |= 0x20;
		if (c != (uint8_t)*word)
			return false;
	}
	return true;
}

bool sip_is_exactly(const struct sip_text *t, uint32_t pos, const char *word)
{
	while (*word)
		if (sip_char(t, pos++) != (uint8_t)*word++)
			return false;
	return true;
}

bool sip_has(const struct sip_text *t, uint32_t pos, const char *word)
{
	return pos <= t->len && t->len - pos >= strlen(word) &&
	       sip_is(t, pos, word);
}

/*
 * Lines end with CR, LF or CR LF.  Callers continue after the first character
 * of a line, so they skip an empty line that ends with a single character
 * together with its end, and do not see the line after it: as in the kernel.
 */
uint32_t sip_next_line(const struct sip_text *t, uint32_t pos)
{
	while (pos < t->len && !sip_is_line_end(sip_char(t, pos)))
		pos++;
	if (pos >= t->len || ++pos >= t->len)
		return SIP_NOWHERE;
	if (sip_char(t, pos - 1) == '\r' && sip_char(t, pos) == '\n' &&
	    ++pos >= t->len)
		return SIP_NOWHERE;
	return pos;
}

static int hex_digit(uint8_t c)
{
	if (sip_is_digit(c))
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* _parse_integer_fixup_radix(): the base that the prefix of a number asks for. */
static unsigned int prefix_base(const struct sip_text *t, uint32_t pos)
{
	if (sip_char(t, pos) != '0')
		return 10;
	return (sip_char(t, pos + 1) | 0x20) == 'x' &&
	       hex_digit(sip_char(t, pos + 2)) >= 0 ? 16 : 8;
}

uint32_t sip_strtoul(const struct sip_text *t, uint32_t pos, unsigned int base,
		     uint64_t *value)
{
	uint32_t begin = pos;
	uint64_t v = 0;

	if (base == 0) {
		base = prefix_base(t, pos);
		if (base == 16)
			pos += 2;
	}
	for (;; pos++) {
		int digit = hex_digit(sip_char(t, pos));

		if (digit < 0 || (unsigned int)digit >= base)
			break;
		v = v * base + (unsigned int)digit;
	}
	*value = v;
	return pos - begin;
}

static uint32_t low_bits(const struct sip_text *t, uint32_t pos,
			 unsigned int base, uint32_t *value)
{
	uint64_t all;
	uint32_t n = sip_strtoul(t, pos, base, &all);

	*value = (uint32_t)all;
	return n;
}

uint32_t sip_param_number(const struct sip_text *t, uint32_t pos,
			  uint32_t *value)
{
	return t->quirks & SIP_QUIRK_STRTOUL ? low_bits(t, pos, 0, value) :
					       sip_number(t, pos, value);
}

uint32_t sip_number(const struct sip_text *t, uint32_t pos, uint32_t *value)
{
	uint64_t v = 0;
	uint32_t n = 0;

	if (t->quirks & SIP_QUIRK_STRTOUL)
		return low_bits(t, pos, 10, value);
	*value = 0;
	while (pos + n < t->len && sip_is_digit(sip_char(t, pos + n))) {
		v = v * 10 + (sip_char(t, pos + n) - '0');
		if (++n > NUMBER_DIGITS || v > UINT32_MAX)
			return 0;
	}
	*value = (uint32_t)v;
	return n;
}

/* An address ends with the message. */
static uint8_t address_char(const struct sip_text *t, uint32_t pos)
{
	return pos < t->len ? sip_char(t, pos) : 0;
}

/* Whether a complete address may end before 'c'. */
static bool ends_address(uint8_t c)
{
	return c != '.' && c != ':' && hex_digit(c) < 0;
}

/* A colon, for the port, may follow an IPv4 address. */
static uint32_t ipv4_address(const struct sip_text *t, uint32_t pos,
			     uint8_t octets[4])
{
	for (unsigned int i = 0; i < 4; i++) {
		uint32_t v = 0, begin = pos;
		uint8_t c;

		while (sip_is_digit(c = address_char(t, pos))) {
			v = v * 10 + (c - '0');
			if (v > 255)
				return SIP_NOWHERE;
			pos++;
		}
		if (pos == begin)
			return SIP_NOWHERE;
		octets[i] = (uint8_t)v;
		if (i < 3 ? c != '.' : c != ':' && !ends_address(c))
			return SIP_NOWHERE;
		if (i < 3)
			pos++;
	}
	return pos;
}

#define WORDS 8u

struct ipv6_words {
	uint8_t octets[2 * WORDS];
	uint32_t n;		/* words so far */
	uint32_t gap;		/* words up to the end of "::"; 0 none */
	bool after_gap;		/* "::" was just read */
};

static void add_word(struct ipv6_words *w, uint32_t v)
{
	w->octets[2 * w->n] = (uint8_t)(v >> 8);
	w->octets[2 * w->n + 1] = (uint8_t)v;
	w->n++;
}

/* "::" stands for at least one word of zero. */
static void add_gap(struct ipv6_words *w)
{
	add_word(w, 0);
	w->gap = w->n;
	w->after_gap = true;
}

/* Reads a word, with the colon or colons after it.  '*pos' moves past them;
 * '*done' is set after the last word. */
static bool ipv6_word(const struct sip_text *t, uint32_t *pos,
		      struct ipv6_words *w, bool *done)
{
	uint32_t begin = *pos, v = 0;
	uint8_t c;

	while (hex_digit(c = address_char(t, *pos)) >= 0) {
		if (v & 0xf000)
			return false;
		v = v << 4 | (uint32_t)hex_digit(c);
		++*pos;
	}
	w->after_gap = false;
	if (c == '.') {
		if (w->n > WORDS - 2 || (!w->gap && w->n != WORDS - 2))
			return false;
		*pos = ipv4_address(t, begin, &w->octets[2 * w->n]);
		w->n += 2;
		*done = true;
		return *pos != SIP_NOWHERE;
	}
	if (c != ':') {
		*done = true;
		add_word(w, v);
		return w->gap || w->n == WORDS;
	}
	if (w->n == WORDS - 1)
		return false;
	++*pos;
	add_word(w, v);
	if (!w->gap && address_char(t, *pos) == ':') {
		++*pos;
		add_gap(w);
	}
	return true;
}

static void ipv6_spread(const struct ipv6_words *w, uint8_t octets[16])
{
	uint32_t head = w->gap ? w->gap : w->n, tail = w->n - head;

	memset(octets, 0, 16);
	memcpy(octets, w->octets, 2 * head);
	memcpy(octets + 16 - 2 * tail, w->octets + 2 * head, 2 * tail);
}

static uint32_t ipv6_address(const struct sip_text *t, uint32_t pos,
			     uint8_t octets[16])
{
	struct ipv6_words w = { .n = 0 };
	bool done = false;

	if (address_char(t, pos) == ':') {
		if (address_char(t, pos + 1) != ':')
			return SIP_NOWHERE;
		pos += 2;
		add_gap(&w);
	}
	while (!done) {
		uint8_t c = address_char(t, pos);

		if (hex_digit(c) < 0) {
			if (!w.after_gap || !ends_address(c))
				return SIP_NOWHERE;
			break;
		}
		if (w.n == WORDS || !ipv6_word(t, &pos, &w, &done))
			return SIP_NOWHERE;
	}
	ipv6_spread(&w, octets);
	return pos;
}

uint32_t sip_address(const struct sip_text *t, uint32_t pos,
		     union ct_addr *addr)
{
	uint8_t octets[16] = { 0 };

	pos = t->l3num == CT_L3_IPV4 ? ipv4_address(t, pos, octets) :
				       ipv6_address(t, pos, octets);
	memcpy(addr, octets, sizeof(*addr));
	return pos;
}
