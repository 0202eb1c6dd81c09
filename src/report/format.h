/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * words.h - addresses, times and reasons as text.
 */
#ifndef REPORT_WORDS_H
#define REPORT_WORDS_H 1

#include "ctreplay/conntrack.h"
#include "report/out.h"

/* put_...() write at 'p' and return the place behind, see out.h. */

/* "0.", "1.", ... "255.", each in four bytes; how long each is. */
extern const char format_octets[4 * 256 + 1];
extern const uint8_t format_octet_len[256];

/* Four bytes are copied whatever the number: no branch depends on it. */
static inline char *put_octet(char *p, uint8_t b)
{
	memcpy(p, format_octets + 4 * b, 4);
	return p + format_octet_len[b];
}

static inline char *put_ipv4(char *p, const uint8_t *b)
{
	p = put_octet(p, b[0]);
	p = put_octet(p, b[1]);
	p = put_octet(p, b[2]);
	return put_octet(p, b[3]) - 1;	/* the last dot */
}

/* IPv4 dotted; IPv6 by RFC 5952. */
char *put_address(char *p, const union ct_addr *a, uint8_t l3num);
void out_address(struct out *o, const union ct_addr *a, uint8_t l3num);
/* IPv6 with all its digits, as the kernel's %pI6 prints it. */
char *put_address_full(char *p, const union ct_addr *a, uint8_t l3num);

/* An IPv4 or IPv6 address as a string, for messages. */
#define ADDRESS_STRING_SIZE 46u
void address_string(char out[ADDRESS_STRING_SIZE], const union ct_addr *a,
			  uint8_t l3num);

/* The last second that was written, all zeros at first: the next stamp most
 * often is of the same. */
struct second_cache {
	uint64_t second;
	struct out_word text;
};

/* The same for numbers that are each other's neighbours: but for the last four
 * digits. */
struct number_cache {
	uint64_t high;
	struct out_word text;
};

void second_cache_fill(struct second_cache *last, uint64_t nanoseconds);
void number_cache_fill(struct number_cache *last, uint64_t n);

/* Decimal; some bytes behind it are overwritten. */
static inline char *put_cached_number(char *p, uint64_t n, struct number_cache *last)
{
	uint64_t base = last->high * 10000, low = n - base;

	if (n < base || low >= 10000) {
		number_cache_fill(last, n);
		low = n % 10000;
	}
	if (!last->high)
		return put_small(p, (uint32_t)low);
	return put_four(put_word(p, &last->text), (uint32_t)low);
}

/* The same as put_seconds() with six decimals.  'last' is for these alone. */
static inline char *put_micros(char *p, uint64_t nanoseconds,
			       struct second_cache *last)
{
	uint64_t base = last->second * CT_NSEC_PER_SEC;
	uint64_t since = nanoseconds - base;

	if (nanoseconds < base || since >= CT_NSEC_PER_SEC || !last->text.len) {
		second_cache_fill(last, nanoseconds);
		since = nanoseconds % CT_NSEC_PER_SEC;
	}
	return put_six(put_word(p, &last->text), (uint32_t)since / 1000);
}

/* "2001-09-09T01:46:40.119804+00:00", as Timesketch wants it. */
void out_time_offset(struct out *o, ct_time t);
/* "2001-09-09T01:46:40.119804000Z" */
char *put_time_iso(char *p, ct_time t, struct second_cache *last);
void out_time_iso(struct out *o, ct_time t);
/* Seconds with 'decimals' (at most 9) of their fraction, cut, not rounded. */
char *put_seconds(char *p, uint64_t nanoseconds, unsigned int decimals);
void out_seconds(struct out *o, uint64_t nanoseconds, unsigned int decimals);

/* A reason's text with its numbers; several are joined by "; ". */
char *put_why(char *p, const struct ct_verdict *v);
void out_why(struct out *o, const struct ct_verdict *v);

#endif
