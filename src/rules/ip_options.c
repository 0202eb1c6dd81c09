/* SPDX-License-Identifier: GPL-2.0-only */
#include "rules/ip_options.h"

#include <string.h>

#include "rules/program.h"

#define IPV4_HEADER	20u
#define IPV6_HEADER	40u

static bool all_zero(const uint8_t *p, uint32_t n)
{
	while (n && !*p)
		p++, n--;
	return n == 0;
}

/* --- IPv4: ip_options_compile() --- */

enum {
	IPOPT_END, IPOPT_NOOP, IPOPT_RR = 7, IPOPT_TIMESTAMP = 68, IPOPT_LSRR = 131,
	IPOPT_CIPSO = 134, IPOPT_SSRR = 137, IPOPT_RA = 148,
};

/* Options of which a packet may have one, by their offset; 0: there is none. */
struct found {
	const struct rules_context *c;
	uint32_t rr, ts, srr, cipso;
	bool rr_room;		/* its next address is this router's */
	bool changed;
};

static bool record_route(struct found *f, uint32_t at, const uint8_t *p, uint32_t len)
{
	if (f->rr || len < 3 || p[2] < 4)
		return false;
	if (p[2] <= len) {
		if (p[2] + 3u > len)
			return false;
		f->rr_room = f->changed = true;
	}
	f->rr = at;
	return true;
}

/* inet_addr_type() of a host that is asked for its time. */
static bool is_ours(const struct rules_context *c, const uint8_t *p)
{
	union ct_addr a = { .d = { 0 } };
	const struct route *to;

	memcpy(a.b, p, 4);
	if (p[0] >> 4 == 14)
		return true;
	to = routes_find(&c->rules->routes, CT_L3_IPV4, &a);
	return to && to->type != ROUTE_UNICAST;
}

static bool time_stamps(struct found *f, uint32_t at, const uint8_t *p, uint32_t len)
{
	uint32_t kind, need;

	if (f->ts || len < 4 || p[2] < 5)
		return false;
	kind = p[3] & 15;
	need = kind == 1 || kind == 3 ? 7 : 3;	/* with an address */
	if (p[2] <= len ? p[2] + need > len : p[3] >> 4 == 15)
		return false;
	if (p[2] > len || kind <= 1 || (kind == 3 && is_ours(f->c, p + p[2] - 1)))
		f->changed = true;	/* or counts that there was no room */
	f->ts = at;
	return true;
}

static bool source_route(struct found *f, uint32_t at, const uint8_t *p, uint32_t len)
{
	if (f->srr || len < 3 || p[2] < 4)
		return false;
	f->srr = at;
	return true;
}

/* One option, 'len' octets as it says; others than these are not read. */
static bool read_option(struct found *f, uint32_t at, const uint8_t *p, uint32_t len)
{
	switch (p[0]) {
	case IPOPT_RR:
		return record_route(f, at, p, len);
	case IPOPT_TIMESTAMP:
		return time_stamps(f, at, p, len);
	case IPOPT_LSRR:
	case IPOPT_SSRR:
		return source_route(f, at, p, len);
	case IPOPT_CIPSO:	/* no host knows its domain unless told */
		if (!f->cipso)
			f->cipso = at;
		return false;
	case IPOPT_RA:
		return len >= 4;
	}
	return true;
}

/* 'p' begins with the IP header. */
static bool read_options4(struct found *f, const uint8_t *p, uint32_t end)
{
	for (uint32_t at = IPV4_HEADER; at < end; at += p[at + 1]) {
		while (at < end && p[at] == IPOPT_NOOP)
			at++;
		if (at == end)
			return true;
		if (p[at] == IPOPT_END) {
			f->changed |= !all_zero(p + at, end - at);
			return true;
		}
		if (end - at < 2 || p[at + 1] < 2 || p[at + 1] > end - at ||
		    !read_option(f, at, p + at, p[at + 1]))
			return false;
	}
	return true;
}

static void repeat(struct options4_echo *echo, const uint8_t *option)
{
	memcpy(echo->b + echo->n, option, option[1]);
	echo->n += option[1];
}

/* What ip_options_compile() wrote into the time stamps, and the answer needs again. */
static bool fits_again(const uint8_t *ts)
{
	uint32_t len = ts[1], at = ts[2], step = (ts[3] & 15) == 1 ? 8 : 4;

	if (at > len || (ts[3] & 15) > 1)
		return true;
	return at + step > len || at + step + step - 1 <= len;
}

static void set_echo(struct options4_echo *echo, const struct found *f,
		     const uint8_t *p)
{
	echo->changed = f->changed;
	/* The next address was written, and the pointer moved. */
	if (f->rr && f->rr_room && p[f->rr + 2] + 4u <= p[f->rr + 1] &&
	    p[f->rr + 2] + 7u > p[f->rr + 1])
		echo->none = true;
	if (f->ts && !fits_again(p + f->ts))
		echo->none = true;
	if (f->rr)
		repeat(echo, p + f->rr);
	if (f->ts)
		repeat(echo, p + f->ts);
	if (f->cipso)
		repeat(echo, p + f->cipso);
	echo->n = (echo->n + 3) & ~3u;
}

enum options_word options4_read(const struct rules_context *c,
				struct options4_echo *echo)
{
	uint8_t p[IPV4_HEADER + OPTIONS4_MAX];
	struct found f = { .c = c };
	bool right;

	if (echo)
		memset(echo, 0, sizeof(*echo));
	if (c->thoff <= IPV4_HEADER || c->thoff > sizeof(p) ||
	    !bytes_copy(&c->b, 0, p, c->thoff))
		return OPTIONS_FINE;
	right = read_options4(&f, p, c->thoff);
	if (echo)
		set_echo(echo, &f, p);
	if (!right)
		return OPTIONS_TELL;
	return f.srr ? OPTIONS_DROP : OPTIONS_FINE;
}

/* --- IPv6: ip6_parse_tlv() --- */

enum {
	TLV_PAD1, TLV_PADN, TLV_ROUTER_ALERT = 5, TLV_CALIPSO = 7, TLV_IOAM = 49,
	TLV_JUMBO = 194,
	TLV_MOST = 8,		/* IP6_DEFAULT_MAX_HBH_OPTS_CNT */
	TLV_PADDING = 7,	/* octets in a row */
};

/* An option that is no padding; ip6_tlvopt_unknown() for most types. */
static enum options_word read_tlv(const uint8_t *p, uint32_t off)
{
	switch (p[0]) {
	case TLV_ROUTER_ALERT:
		return p[1] == 2 ? OPTIONS_FINE : OPTIONS_DROP;
	case TLV_CALIPSO:	/* no host knows its domain unless told */
		return OPTIONS_DROP;
	case TLV_IOAM:		/* read where it is enabled; else only its place is */
		return off & 3 ? OPTIONS_DROP : OPTIONS_FINE;
	case TLV_JUMBO:		/* packet.c has read it */
		return OPTIONS_FINE;
	}
	switch (p[0] >> 6) {
	case 0:
		return OPTIONS_FINE;
	case 1:
		return OPTIONS_DROP;
	}
	return p[0] >> 6 == 2 ? OPTIONS_TELL_GROUPS : OPTIONS_TELL;
}

/* 'p' is the whole header, which the packet holds. */
static enum options_word read_tlvs(const uint8_t *p, uint32_t end)
{
	uint32_t padding = 0, options = 0, len;

	for (uint32_t at = 2; at < end; at += len) {
		enum options_word word;

		len = p[at] == TLV_PAD1 ? 1 : end - at < 2 ? 0 : p[at + 1] + 2u;
		if (len == 0 || len > end - at)
			return OPTIONS_DROP;
		if (p[at] <= TLV_PADN) {
			padding += len;
			if (padding > TLV_PADDING ||
			    (len > 2 && !all_zero(p + at + 2, len - 2)))
				return OPTIONS_DROP;
			continue;
		}
		padding = 0;
		if (++options > TLV_MOST)
			return OPTIONS_DROP;
		word = read_tlv(p + at, IPV6_HEADER + at);
		if (word != OPTIONS_FINE)
			return word;
	}
	return OPTIONS_FINE;
}

enum options_word options6_read(const struct rules_context *c)
{
	uint8_t p[256 * 8], next;
	uint32_t n;

	if (!bytes_u8(&c->b, 6, &next) || next != 0 ||
	    !bytes_copy(&c->b, IPV6_HEADER, p, 2))
		return OPTIONS_FINE;
	n = (p[1] + 1u) * 8;
	if (c->b.cap < IPV6_HEADER + n || !bytes_copy(&c->b, IPV6_HEADER, p, n))
		return OPTIONS_FINE;	/* it was not captured */
	return read_tlvs(p, n);
}
