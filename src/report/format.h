/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * format.h - formatters of addresses, times, frame numbers and reasons, in pairs
 * of put_...() and out_...() as out.h has them.
 */
#ifndef REPORT_FORMAT_H
#define REPORT_FORMAT_H 1

#include "ctreplay/conntrack.h"
#include "report/out.h"

/* "0.", "1.", ... "255.", each in four bytes, and how long each is. */
extern const char format_octets[4 * 256 + 1];
extern const uint8_t format_octet_len[256];

/* Copies four bytes whatever the number is, so that no branch depends on it. */
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
	return put_octet(p, b[3]) - 1;	/* without the last dot */
}

/* IPv4 with dots; IPv6 by RFC 5952. */
char *put_address(char *p, const union ct_addr *a, uint8_t l3num);
void out_address(struct out *o, const union ct_addr *a, uint8_t l3num);
/* IPv6 with all its digits, as the kernel's %pI6 prints it. */
char *put_address_full(char *p, const union ct_addr *a, uint8_t l3num);

/* "192.0.2.1:80", "[2001:db8::1]:80", or the address alone. */
static inline char *put_endpoint(char *p, const union ct_addr *a, uint8_t l3num,
				 bool with_port, uint16_t port)
{
	bool brackets = with_port && l3num == CT_L3_IPV6;

	if (brackets)
		*p++ = '[';
	p = put_address(p, a, l3num);
	if (brackets)
		*p++ = ']';
	return with_port ? put_u16(put_char(p, ':'), port) : p;
}

void out_endpoint(struct out *o, const union ct_addr *a, uint8_t l3num,
		  bool with_port, uint16_t port);

/* An IPv4 or IPv6 address as a string, for messages. */
#define ADDRESS_STRING_SIZE 46u
void address_string(char out[ADDRESS_STRING_SIZE], const union ct_addr *a,
		    uint8_t l3num);

/*
 * The text of the last second that was formatted: the next time stamp most
 * often falls into the same one.  All zeros at first; each cache serves one
 * function only.
 */
struct second_cache {
	uint64_t second;
	struct out_text text;
};

/* The text of the last number without its last four digits: frame numbers are
 * consecutive.  All zeros at first. */
struct number_cache {
	uint64_t high;
	struct out_text text;
};

void second_cache_fill(struct second_cache *last, uint64_t nanoseconds);
void number_cache_fill(struct number_cache *last, uint64_t n);

/* Decimal, as put_u64() has it. */
static inline char *put_cached_number(char *p, uint64_t n, struct number_cache *last)
{
	uint64_t base = last->high * 10000, low = n - base;

	if (n < base || low >= 10000) {
		number_cache_fill(last, n);
		low = n % 10000;
	}
	if (!last->high)
		return put_small(p, (uint32_t)low);
	return put_4_digits(put_text(p, &last->text), (uint32_t)low);
}

/* Seconds with six decimals, as put_seconds() has them. */
static inline char *put_micros(char *p, uint64_t nanoseconds,
			       struct second_cache *last)
{
	uint64_t base = last->second * CT_NSEC_PER_SEC;
	uint64_t since = nanoseconds - base;

	if (nanoseconds < base || since >= CT_NSEC_PER_SEC || !last->text.len) {
		second_cache_fill(last, nanoseconds);
		since = nanoseconds % CT_NSEC_PER_SEC;
	}
	return put_6_digits(put_text(p, &last->text), (uint32_t)since / 1000);
}

/* Fills the cache with "2001-09-09T01:46:40."; a time of 64 bits ends in the
 * year 2554. */
void iso_cache_fill(struct second_cache *last, uint64_t s);

/* The part of a time that does not change within a second, and the nanoseconds
 * behind it. */
static always_inline char *put_iso_second(char *p, ct_time t, struct second_cache *last,
					  uint32_t *nanoseconds)
{
	uint64_t base = last->second * CT_NSEC_PER_SEC, since = t - base;

	if (unlikely(t < base || since >= CT_NSEC_PER_SEC || !last->text.len)) {
		iso_cache_fill(last, t / CT_NSEC_PER_SEC);
		since = t % CT_NSEC_PER_SEC;
	}
	*nanoseconds = (uint32_t)since;
	return put_text(p, &last->text);
}

/* "2001-09-09T01:46:40.119804000Z", RFC 3339 */
static inline char *put_time_iso(char *p, ct_time t, struct second_cache *last)
{
	uint32_t nanoseconds, micros;

	p = put_iso_second(p, t, last, &nanoseconds);
	/* Most captures have stamps in microseconds. */
	micros = nanoseconds / 1000;
	if (likely(micros * 1000 == nanoseconds))
		return put_str(put_6_digits(p, micros), "000Z");
	return put_char(put_9_digits(p, nanoseconds), 'Z');
}

void out_time_iso(struct out *o, ct_time t);
/* Seconds with 'decimals' digits, at most 9, of their fraction, cut and not
 * rounded. */
char *put_seconds(char *p, uint64_t nanoseconds, unsigned int decimals);
void out_seconds(struct out *o, uint64_t nanoseconds, unsigned int decimals);

/* Whole seconds from 'from' to 'to'; 0 if 'to' is earlier. */
static inline uint64_t whole_seconds(ct_time from, ct_time to)
{
	return to > from ? (to - from) / CT_NSEC_PER_SEC : 0;
}

/* The texts of a verdict's reasons with their numbers, joined by "; ". */
char *put_reasons(char *p, const struct ct_verdict *v);
void out_reasons(struct out *o, const struct ct_verdict *v);

#endif
