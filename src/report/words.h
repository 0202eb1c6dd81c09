/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * words.h - addresses, times and reasons as text.
 */
#ifndef REPORT_WORDS_H
#define REPORT_WORDS_H 1

#include "ctreplay/conntrack.h"
#include "report/out.h"

/* put_...() write at 'p' and return the place behind, see out.h. */

/* IPv4 dotted; IPv6 by RFC 5952. */
char *put_address(char *p, const union ct_addr *a, uint8_t l3num);
void words_address(struct out *o, const union ct_addr *a, uint8_t l3num);
/* IPv6 with all its digits, as the kernel's %pI6 prints it. */
char *put_address_full(char *p, const union ct_addr *a, uint8_t l3num);

/* An IPv4 or IPv6 address as a string, for messages. */
#define WORDS_ADDRESS_ROOM 46u
void words_address_string(char out[WORDS_ADDRESS_ROOM], const union ct_addr *a,
			  uint8_t l3num);

/* The last second that was written, all zeros at first: the next stamp most
 * often is of the same. */
struct words_second {
	uint64_t second;
	struct out_word text;
};

/* The same for numbers that are each other's neighbours: but for the last four
 * digits. */
struct words_number {
	uint64_t high;
	struct out_word text;
};

/* Decimal; some bytes behind it are overwritten. */
static inline char *put_near(char *p, uint64_t n, struct words_number *last)
{
	uint64_t base = last->high * 10000, low = n - base;

	if (n < base || low >= 10000) {
		char text[32];

		last->high = n / 10000;
		low = n % 10000;
		*put_u64(text, last->high) = '\0';
		out_word_set(&last->text, text, 0);
	}
	if (!last->high)
		return put_small(p, (uint32_t)low);
	return put_four(put_word(p, &last->text), (uint32_t)low);
}

/* "2001-09-09T01:46:40.119804+00:00", as Timesketch wants it. */
void words_time_offset(struct out *o, ct_time t);
/* "2001-09-09T01:46:40.119804000Z" */
char *put_time_iso(char *p, ct_time t, struct words_second *last);
void words_time_iso(struct out *o, ct_time t);
/* The same as put_seconds() with six decimals.  'last' is for these alone. */
char *put_micros(char *p, uint64_t nanoseconds, struct words_second *last);
/* Seconds with 'decimals' (at most 9) of their fraction, cut, not rounded. */
char *put_seconds(char *p, uint64_t nanoseconds, unsigned int decimals);
void words_seconds(struct out *o, uint64_t nanoseconds, unsigned int decimals);

/* A reason's text with its numbers; several are joined by "; ". */
char *put_why(char *p, const struct ct_verdict *v);
void words_why(struct out *o, const struct ct_verdict *v);

#endif
