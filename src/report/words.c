/* SPDX-License-Identifier: GPL-2.0-only */
#include "report/words.h"

#include <arpa/inet.h>

static void ipv4(struct out *o, const uint8_t *b)
{
	for (int i = 0; i < 4; i++) {
		if (i)
			out_char(o, '.');
		out_u64(o, b[i]);
	}
}

static uint32_t group(const union ct_addr *a, unsigned int i)
{
	return (uint32_t)(a->b[2 * i] << 8 | a->b[2 * i + 1]);
}

/* The longest run of zero groups, the first of equals; RFC 5952 section 4.2
 * leaves a single one alone. */
static void longest_zeros(const union ct_addr *a, unsigned int *at,
			  unsigned int *len)
{
	*at = 8;
	*len = 1;
	for (unsigned int i = 0; i < 8; i++) {
		unsigned int n = 0;

		while (i + n < 8 && group(a, i + n) == 0)
			n++;
		if (n > *len) {
			*at = i;
			*len = n;
		}
		if (n)
			i += n - 1;
	}
}

static void ipv6(struct out *o, const union ct_addr *a)
{
	unsigned int at, len;

	/* ::ffff:192.0.2.1, RFC 5952 section 5. */
	bool mapped = a->d[0] == 0 && group(a, 4) == 0 && group(a, 5) == 0xffff;
	if (mapped) {
		out_str(o, "::ffff:");
		ipv4(o, a->b + 12);
		return;
	}
	longest_zeros(a, &at, &len);
	for (unsigned int i = 0; i < 8; i++) {
		if (i == at) {
			out_str(o, "::");
			i += len - 1;
			continue;
		}
		if (i && i != at + len)
			out_char(o, ':');
		out_hex(o, group(a, i));
	}
}

void words_address(struct out *o, const union ct_addr *a, uint8_t l3num)
{
	if (l3num == CT_L3_IPV4)
		ipv4(o, a->b);
	else
		ipv6(o, a);
}

void words_address_string(char out[WORDS_ADDRESS_ROOM], const union ct_addr *a,
			  uint8_t l3num)
{
	inet_ntop(l3num == CT_L3_IPV4 ? AF_INET : AF_INET6, a, out,
		  WORDS_ADDRESS_ROOM);
}

void words_address_full(struct out *o, const union ct_addr *a, uint8_t l3num)
{
	static const char hex[] = "0123456789abcdef";

	if (l3num == CT_L3_IPV4) {
		ipv4(o, a->b);
		return;
	}
	for (int i = 0; i < 16; i++) {
		if (i && i % 2 == 0)
			out_char(o, ':');
		out_char(o, hex[a->b[i] >> 4]);
		out_char(o, hex[a->b[i] & 15]);
	}
}

void words_seconds(struct out *o, uint64_t nanoseconds, unsigned int decimals)
{
	uint64_t fraction = nanoseconds % CT_NSEC_PER_SEC;

	out_u64(o, nanoseconds / CT_NSEC_PER_SEC);
	if (!decimals)
		return;
	out_char(o, '.');
	for (unsigned int i = decimals; i < 9; i++)
		fraction /= 10;
	out_u64_zeros(o, fraction, decimals);
}

/* Days since the epoch to a date of the Gregorian calendar: years are counted
 * from March, so that the odd day is the last of its year. */
static void civil(uint64_t days, uint64_t *year, uint64_t *month, uint64_t *day)
{
	uint64_t since_0000 = days + 719468;
	uint64_t era = since_0000 / 146097, of_era = since_0000 % 146097;
	uint64_t yoe = (of_era - of_era / 1460 + of_era / 36524 -
			of_era / 146096) / 365;
	uint64_t of_year = of_era - (365 * yoe + yoe / 4 - yoe / 100);
	uint64_t m = (5 * of_year + 2) / 153;

	*day = of_year - (153 * m + 2) / 5 + 1;
	*month = m < 10 ? m + 3 : m - 9;
	*year = yoe + era * 400 + (*month <= 2);
}

void words_time_iso(struct out *o, ct_time t)
{
	uint64_t s = t / CT_NSEC_PER_SEC, year, month, day;

	civil(s / 86400, &year, &month, &day);
	out_u64_zeros(o, year, 4);
	out_char(o, '-');
	out_u64_zeros(o, month, 2);
	out_char(o, '-');
	out_u64_zeros(o, day, 2);
	out_char(o, 'T');
	out_u64_zeros(o, s / 3600 % 24, 2);
	out_char(o, ':');
	out_u64_zeros(o, s / 60 % 60, 2);
	out_char(o, ':');
	out_u64_zeros(o, s % 60, 2);
	out_char(o, '.');
	out_u64_zeros(o, t % CT_NSEC_PER_SEC, 9);
	out_char(o, 'Z');
}

static void why(struct out *o, const struct ct_why *w)
{
	unsigned int n = 0, addr = 0;

	for (const char *p = ct_reason_text(w->reason); *p; p++) {
		if (*p != '%') {
			out_char(o, *p);
			continue;
		}
		switch (*++p) {
		case 'd':
		case 'u':
			out_u64(o, w->n[n++]);
			break;
		case 'x':
			out_hex(o, w->n[n++]);
			break;
		case 's':
			out_str(o, ct_proto_state_name(CT_L4_TCP,
						       (uint8_t)w->n[n++]));
			break;
		case 'A':
			words_address_full(o, &w->addr[addr++], w->l3num);
			break;
		}
	}
}

void words_why(struct out *o, const struct ct_verdict *v)
{
	for (unsigned int i = 0; i < v->nwhy; i++) {
		if (i)
			out_str(o, "; ");
		why(o, &v->why[i]);
	}
}
