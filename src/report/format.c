/* SPDX-License-Identifier: GPL-2.0-only */
#include "report/format.h"

#include <arpa/inet.h>

const char format_octets[4 * 256 + 1] =
	"0.  1.  2.  3.  4.  5.  6.  7.  8.  9.  10. 11. 12. 13. 14. 15. "
	"16. 17. 18. 19. 20. 21. 22. 23. 24. 25. 26. 27. 28. 29. 30. 31. "
	"32. 33. 34. 35. 36. 37. 38. 39. 40. 41. 42. 43. 44. 45. 46. 47. "
	"48. 49. 50. 51. 52. 53. 54. 55. 56. 57. 58. 59. 60. 61. 62. 63. "
	"64. 65. 66. 67. 68. 69. 70. 71. 72. 73. 74. 75. 76. 77. 78. 79. "
	"80. 81. 82. 83. 84. 85. 86. 87. 88. 89. 90. 91. 92. 93. 94. 95. "
	"96. 97. 98. 99. 100.101.102.103.104.105.106.107.108.109.110.111."
	"112.113.114.115.116.117.118.119.120.121.122.123.124.125.126.127."
	"128.129.130.131.132.133.134.135.136.137.138.139.140.141.142.143."
	"144.145.146.147.148.149.150.151.152.153.154.155.156.157.158.159."
	"160.161.162.163.164.165.166.167.168.169.170.171.172.173.174.175."
	"176.177.178.179.180.181.182.183.184.185.186.187.188.189.190.191."
	"192.193.194.195.196.197.198.199.200.201.202.203.204.205.206.207."
	"208.209.210.211.212.213.214.215.216.217.218.219.220.221.222.223."
	"224.225.226.227.228.229.230.231.232.233.234.235.236.237.238.239."
	"240.241.242.243.244.245.246.247.248.249.250.251.252.253.254.255.";

const uint8_t format_octet_len[256] = {
	[0 ... 9] = 2, [10 ... 99] = 3, [100 ... 255] = 4,
};

/* Which 16-bit lanes are zero, as four bits.  The sum's high bit of a lane is set where
 * any of its lower bits is, and nothing is carried into the next lane; the product has a
 * bit of each lane, one beside the other, at the top. */
static inline unsigned int zero_lanes(uint64_t x)
{
	const uint64_t lower = 0x7fff7fff7fff7fffu;
	uint64_t zero = ~(((x & lower) + lower) | x | lower);

	return (unsigned int)((zero >> 15) * 0x0001000200040008u >> 48 & 0xf);
}

/*
 * Returns where the longest run of zero groups begins, and its length in '*len';
 * of equal runs the first, and 8 if there is none (RFC 5952 section 4.2: a single
 * group is not shortened).  Bit 'i' of 'zeros' is set if group 'i' is zero: after
 * n steps a bit is left where a run of n + 1 groups begins.
 */
static inline unsigned int longest_zeros(unsigned int zeros, unsigned int *len)
{
	unsigned int runs = zeros, longer;

	*len = 1;
	while ((longer = runs & zeros >> *len)) {
		runs = longer;
		++*len;
	}
	return *len > 1 ? (unsigned int)__builtin_ctz(runs) : 8;
}

/* Groups from 'i' up to 'end', with a colon behind each. */
static inline char *put_groups(char *p, const union ct_addr *a, unsigned int i,
			       unsigned int end)
{
	for (; i < end; i++) {
		uint64_t group = four_chars(out_hex_pairs + 2 * a->b[2 * i],
					    out_hex_pairs + 2 * a->b[2 * i + 1]);
		unsigned int drop = leading_zeros(group, 4);

		group = htole64((group | (uint64_t)':' << 32) >> drop);
		memcpy(p, &group, sizeof(group));
		p += 5 - drop / 8;
	}
	return p;
}

static char *put_ipv6(char *p, const union ct_addr *a)
{
	unsigned int zeros, at, len;

	zeros = zero_lanes(le64toh(a->d[0])) | zero_lanes(le64toh(a->d[1])) << 4;
	at = longest_zeros(zeros, &len);
	/* An embedded IPv4 address (RFC 5952 section 5): a mapped one, or a
	 * compatible one, which inet_ntop(3) writes so, and with it conntrack(8)
	 * and tcpdump(8). */
	if (at == 0 && (len == 6 || (len == 5 && a->b[10] == 0xff && a->b[11] == 0xff)))
		return put_ipv4(put_str(p, len == 6 ? "::" : "::ffff:"), a->b + 12);
	p = put_groups(p, a, 0, at);
	if (at == 8)
		return p - 1;	/* without the last colon */
	if (at == 0)
		*p++ = ':';
	*p++ = ':';
	at += len;
	p = put_groups(p, a, at, 8);
	return at < 8 ? p - 1 : p;
}

char *put_address(char *p, const union ct_addr *a, uint8_t l3num)
{
	return l3num == CT_L3_IPV4 ? put_ipv4(p, a->b) : put_ipv6(p, a);
}

void out_address(struct out *o, const union ct_addr *a, uint8_t l3num)
{
	out_reserve(o);
	out_end(o, put_address(o->buf + o->len, a, l3num));
}

void out_endpoint(struct out *o, const union ct_addr *a, uint8_t l3num,
		  bool with_port, uint16_t port)
{
	out_reserve(o);
	out_end(o, put_endpoint(o->buf + o->len, a, l3num, with_port, port));
}

void address_string(char out[ADDRESS_STRING_SIZE], const union ct_addr *a,
		    uint8_t l3num)
{
	inet_ntop(l3num == CT_L3_IPV4 ? AF_INET : AF_INET6, a, out,
		  ADDRESS_STRING_SIZE);
}

char *put_address_full(char *p, const union ct_addr *a, uint8_t l3num)
{
	if (l3num == CT_L3_IPV4)
		return put_ipv4(p, a->b);
	for (int i = 0; i < 16; i += 2) {
		memcpy(p, out_hex_pairs + 2 * a->b[i], 2);
		memcpy(p + 2, out_hex_pairs + 2 * a->b[i + 1], 2);
		p[4] = ':';
		p += 5;
	}
	return p - 1;
}

char *put_seconds(char *p, uint64_t nanoseconds, unsigned int decimals)
{
	uint64_t seconds = nanoseconds / CT_NSEC_PER_SEC;
	uint32_t fraction = (uint32_t)(nanoseconds - seconds * CT_NSEC_PER_SEC);

	p = put_u64(p, seconds);
	if (decimals == 6)
		return put_6_digits(put_char(p, '.'), fraction / 1000);
	if (!decimals)
		return p;
	for (unsigned int i = decimals; i < 9; i++)
		fraction /= 10;
	return put_digits(put_char(p, '.'), fraction, decimals);
}

void second_cache_fill(struct second_cache *last, uint64_t nanoseconds)
{
	char text[32];

	last->second = nanoseconds / CT_NSEC_PER_SEC;
	*put_char(put_u64(text, last->second), '.') = '\0';
	out_text_set(&last->text, text, 0);
}

void number_cache_fill(struct number_cache *last, uint64_t n)
{
	char text[32];

	last->high = n / 10000;
	*put_u64(text, last->high) = '\0';
	out_text_set(&last->text, text, 0);
}

void out_seconds(struct out *o, uint64_t nanoseconds, unsigned int decimals)
{
	out_reserve(o);
	out_end(o, put_seconds(o->buf + o->len, nanoseconds, decimals));
}

/* Turns days since the epoch into a date of the Gregorian calendar.  Its years
 * begin in March, so that the leap day is the last day of a year. */
static void civil_date(uint64_t days, uint64_t *year, uint64_t *month, uint64_t *day)
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

void iso_cache_fill(struct second_cache *last, uint64_t s)
{
	uint64_t year, month, day;
	char text[32], *p = text;

	civil_date(s / 86400, &year, &month, &day);
	p = put_char(put_digits(p, (uint32_t)year, 4), '-');
	p = put_char(put_digits(p, (uint32_t)month, 2), '-');
	p = put_char(put_digits(p, (uint32_t)day, 2), 'T');
	p = put_char(put_digits(p, (uint32_t)(s / 3600 % 24), 2), ':');
	p = put_char(put_digits(p, (uint32_t)(s / 60 % 60), 2), ':');
	p = put_char(put_digits(p, (uint32_t)(s % 60), 2), '.');
	*p = '\0';
	out_text_set(&last->text, text, 0);
	last->second = s;
}

void out_time_iso(struct out *o, ct_time t)
{
	struct second_cache last = { 0 };

	out_reserve(o);
	out_end(o, put_time_iso(o->buf + o->len, t, &last));
}

/* Replaces each conversion of the reason's text; reason.h lists them. */
static char *put_reason(char *p, const struct ct_why *w)
{
	unsigned int n = 0, addr = 0;

	for (const char *s = ct_why_text(w); *s; s++) {
		if (*s != '%') {
			*p++ = *s;
			continue;
		}
		if (s[1] >= '0' && s[1] <= '3')
			n = (unsigned int)(*++s - '0');
		switch (*++s) {
		case 'd':
		case 'u':
			p = put_u64(p, w->n[n++]);
			break;
		case 'x':
			p = put_hex(p, w->n[n++]);
			break;
		case 's':
			p = put_str(p, ct_proto_state_name(CT_L4_TCP,
							   (uint8_t)w->n[n++]));
			break;
		case 'F':
			p = put_str(p, ct_ftp_pattern(w->n[n++]));
			break;
		case 'a':
			p = put_address(p, &w->addr[addr++], w->l3num);
			break;
		case 'A':
			p = put_address_full(p, &w->addr[addr++], w->l3num);
			break;
		}
	}
	return p;
}

char *put_reasons(char *p, const struct ct_verdict *v)
{
	for (unsigned int i = 0; i < v->nwhy; i++) {
		if (i)
			p = put_str(p, "; ");
		p = put_reason(p, &v->why[i]);
	}
	return p;
}

void out_reasons(struct out *o, const struct ct_verdict *v)
{
	out_reserve(o);
	out_end(o, put_reasons(o->buf + o->len, v));
}
