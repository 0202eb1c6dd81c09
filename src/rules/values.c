/* SPDX-License-Identifier: GPL-2.0-only */
/* The values of options: numbers, ports, addresses, protocols. */
#include "rules/reader.h"

#include <arpa/inet.h>
#include <endian.h>

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return 16;
}

bool parse_u64(const char *s, const char *end, uint64_t max, uint64_t *v)
{
	unsigned int base = 10;
	uint64_t n = 0;

	if (end - s > 2 && s[0] == '0' && (s[1] == 'x' || s[1] == 'X')) {
		base = 16;
		s += 2;
	} else if (end - s > 1 && s[0] == '0') {
		base = 8;
	}
	if (s == end)
		return false;
	for (; s < end; s++) {
		unsigned int d = (unsigned int)digit(*s);

		if (d >= base || n > (max - d) / base)
			return false;
		n = n * base + d;
	}
	*v = n;
	return n <= max;
}

bool take_u64(struct reader *r, uint64_t max, uint64_t *v)
{
	const char *s = take(r);

	if (!s)
		return false;
	if (!parse_u64(s, s + strlen(s), max, v))
		return refuse(r, s, "%s wants a number up to %llu", r->option,
			      (unsigned long long)max);
	return true;
}

bool take_u32(struct reader *r, uint32_t max, uint32_t *v)
{
	uint64_t n;

	if (!take_u64(r, max, &n))
		return false;
	*v = (uint32_t)n;
	return true;
}

bool take_u8(struct reader *r, uint8_t *v)
{
	uint64_t n;

	if (!take_u64(r, UINT8_MAX, &n))
		return false;
	*v = (uint8_t)n;
	return true;
}

bool parse_range(struct reader *r, const char *s, char sep, uint64_t max,
		 uint64_t *lo, uint64_t *hi)
{
	const char *mid = strchr(s, sep), *end = s + strlen(s);

	*lo = 0;
	*hi = max;
	if (!mid)
		mid = end;
	if (s == end || (mid > s && !parse_u64(s, mid, max, lo)) ||
	    (mid < end && mid + 1 < end && !parse_u64(mid + 1, end, max, hi)))
		return refuse(r, s, "%s wants a number or a range of them, up to %llu",
			      r->option, (unsigned long long)max);
	if (mid == end)
		*hi = *lo;
	return true;
}

bool take_range(struct reader *r, uint64_t max, uint64_t *lo, uint64_t *hi)
{
	const char *s = take(r);

	return s && parse_range(r, s, ':', max, lo, hi);
}

/* Services that rulesets write by hand; iptables-save prints numbers.  The
 * list is here, since what /etc/services says differs between machines. */
static const struct {
	const char *name;
	uint16_t port;
} services[] = {
	{ "ftp-data", 20 }, { "ftp", 21 }, { "ssh", 22 }, { "telnet", 23 },
	{ "smtp", 25 }, { "time", 37 }, { "whois", 43 }, { "domain", 53 },
	{ "bootps", 67 }, { "bootpc", 68 }, { "tftp", 69 }, { "http", 80 },
	{ "www", 80 }, { "kerberos", 88 }, { "pop3", 110 }, { "sunrpc", 111 },
	{ "auth", 113 }, { "nntp", 119 }, { "ntp", 123 }, { "epmap", 135 },
	{ "netbios-ns", 137 }, { "netbios-dgm", 138 }, { "netbios-ssn", 139 },
	{ "imap2", 143 }, { "imap", 143 }, { "snmp", 161 }, { "snmp-trap", 162 },
	{ "bgp", 179 }, { "irc", 194 }, { "ldap", 389 }, { "https", 443 },
	{ "microsoft-ds", 445 }, { "submissions", 465 }, { "isakmp", 500 },
	{ "syslog", 514 }, { "printer", 515 }, { "router", 520 }, { "ipp", 631 },
	{ "submission", 587 }, { "ldaps", 636 }, { "rsync", 873 },
	{ "imaps", 993 }, { "pop3s", 995 }, { "openvpn", 1194 },
	{ "ms-sql-s", 1433 }, { "l2f", 1701 }, { "radius", 1812 },
	{ "radius-acct", 1813 }, { "nfs", 2049 }, { "cvspserver", 2401 },
	{ "mysql", 3306 }, { "svn", 3690 }, { "sip", 5060 }, { "sip-tls", 5061 },
	{ "mdns", 5353 }, { "postgresql", 5432 }, { "x11", 6000 },
	{ "http-alt", 8080 }, { "ipsec-nat-t", 4500 }, { "webcache", 8080 },
};

bool parse_port(struct reader *r, const char *s, const char *end, uint16_t *v)
{
	uint64_t n;

	if (parse_u64(s, end, UINT16_MAX, &n)) {
		*v = (uint16_t)n;
		return true;
	}
	for (size_t i = 0; i < RULES_COUNT(services); i++) {
		if (strlen(services[i].name) == (size_t)(end - s) &&
		    !memcmp(services[i].name, s, (size_t)(end - s))) {
			*v = services[i].port;
			return true;
		}
	}
	/* Elements of sets have no option. */
	return refuse(r, s, "%s wants ports by number, or by a common name",
		      r->option ? r->option : "this");
}

bool take_ports_unordered(struct reader *r, uint16_t *lo, uint16_t *hi)
{
	const char *s = take(r), *mid, *end;

	if (!s)
		return false;
	end = s + strlen(s);
	mid = strchr(s, ':');
	*lo = 0;
	*hi = UINT16_MAX;
	if (!mid)
		mid = end;
	if ((mid > s || mid == end) && !parse_port(r, s, mid, lo))
		return false;
	if (mid == end)
		*hi = *lo;
	else if (mid + 1 < end && !parse_port(r, mid + 1, end, hi))
		return false;
	return true;
}

bool take_ports(struct reader *r, uint16_t *lo, uint16_t *hi)
{
	if (!take_ports_unordered(r, lo, hi))
		return false;
	return *lo <= *hi || refuse(r, r->words.word[r->next - 1],
				    "the range ends before it begins");
}

bool take_table_name(struct reader *r, const char **name)
{
	const char *s = take(r);

	if (!s)
		return false;
	if (!*s || strlen(s) > 62)
		return refuse(r, s, "a name has 1 to 62 letters");
	*name = reader_text(r, s);
	return *name != NULL;
}

bool take_mark(struct reader *r, uint32_t *value, uint32_t *mask)
{
	const char *s = take(r), *slash;
	uint64_t v, m = UINT32_MAX;

	if (!s)
		return false;
	slash = strchr(s, '/');
	if (!parse_u64(s, slash ? slash : s + strlen(s), UINT32_MAX, &v) ||
	    (slash && !parse_u64(slash + 1, slash + strlen(slash), UINT32_MAX, &m)))
		return refuse(r, s, "%s wants VALUE or VALUE/MASK", r->option);
	*value = (uint32_t)v;
	*mask = (uint32_t)m;
	return true;
}

/* As inet_pton(3) takes it, which needs a copy that ends, and more time than all the
 * rest of an element. */
static bool parse_ipv4(const char *s, const char *end, uint8_t *to)
{
	for (unsigned int i = 0; i < 4; i++) {
		const char *first = s;
		unsigned int v = 0;

		for (; s < end && *s >= '0' && *s <= '9' && s - first < 3; s++)
			v = 10 * v + (unsigned int)(*s - '0');
		if (s == first || v > 255 || (*first == '0' && s - first > 1))
			return false;
		to[i] = (uint8_t)v;
		if (i < 3 && (s == end || *s++ != '.'))
			return false;
	}
	return s == end;
}

bool parse_addr_of(unsigned int family, const char *s, const char *end,
		   union ct_addr *a)
{
	char text[64];

	*a = (union ct_addr){ 0 };
	if (family != CT_L3_IPV6)
		return parse_ipv4(s, end, a->b);
	if ((size_t)(end - s) >= sizeof(text))
		return false;
	memcpy(text, s, (size_t)(end - s));
	text[end - s] = 0;
	return inet_pton(AF_INET6, text, a->b) == 1;
}

bool parse_addr(struct reader *r, const char *s, const char *end,
		union ct_addr *a)
{
	if (parse_addr_of(r->family, s, end, a))
		return true;
	return refuse(r, s, "this is no IPv%d address; names are not looked up",
		      r->family == CT_L3_IPV6 ? 6 : 4);
}

static uint64_t upper_bits(unsigned int n)
{
	return n ? htobe64(UINT64_MAX << (64 - n)) : 0;
}

void prefix_mask(unsigned int family, unsigned int bits, union ct_addr *mask)
{
	if (family == CT_L3_IPV4)
		bits = bits < 32 ? bits : 32;
	mask->d[0] = upper_bits(bits < 64 ? bits : 64);
	mask->d[1] = bits > 64 ? upper_bits(bits - 64) : 0;
}

bool parse_masked(struct reader *r, const char *s, const char *end,
		  union ct_addr *a, union ct_addr *mask)
{
	const char *slash = memchr(s, '/', (size_t)(end - s));
	unsigned int bits = r->family == CT_L3_IPV6 ? 128 : 32;
	uint64_t n = bits;

	if (!parse_addr(r, s, slash ? slash : end, a))
		return false;
	prefix_mask(r->family, bits, mask);
	if (!slash)
		return true;
	if (parse_u64(slash + 1, end, bits, &n))
		prefix_mask(r->family, (unsigned int)n, mask);
	else if (!parse_addr_of(r->family, slash + 1, end, mask))
		return refuse(r, s, "what follows the '/' is no mask");
	a->d[0] &= mask->d[0];
	a->d[1] &= mask->d[1];
	return true;
}

static const struct {
	const char *name;
	uint8_t proto;
} protocols[] = {
	{ "tcp", 6 }, { "udp", 17 }, { "icmp", 1 }, { "ipv6-icmp", 58 },
	{ "icmpv6", 58 }, { "icmp6", 58 }, { "esp", 50 }, { "ah", 51 },
	{ "sctp", 132 }, { "dccp", 33 }, { "udplite", 136 }, { "gre", 47 },
	{ "igmp", 2 }, { "ipip", 94 }, { "ipencap", 4 }, { "ipv4", 4 },
	{ "ipv6", 41 }, { "ipv6-route", 43 }, { "ipv6-frag", 44 },
	{ "ipv6-nonxt", 59 }, { "ipv6-opts", 60 }, { "ospf", 89 },
	{ "ospfigp", 89 }, { "pim", 103 }, { "vrrp", 112 }, { "l2tp", 115 },
	{ "ipcomp", 108 }, { "mh", 135 }, { "mobility-header", 135 },
	{ "ipv6-mh", 135 }, { "rsvp", 46 }, { "egp", 8 }, { "igp", 9 },
	{ "eigrp", 88 }, { "all", 0 }, { "ip", 0 }, { "isis", 124 },
	{ "hopopt", 0 }, { "ipv6-hopopts", 0 }, { "carp", 112 },
	{ "etherip", 97 }, { "encap", 98 },
};

bool parse_proto(struct reader *r, const char *s, const char *end, uint8_t *v)
{
	uint64_t n;

	if (parse_u64(s, end, 255, &n)) {
		*v = (uint8_t)n;
		return true;
	}
	for (size_t i = 0; i < RULES_COUNT(protocols); i++) {
		if (strlen(protocols[i].name) == (size_t)(end - s) &&
		    !memcmp(protocols[i].name, s, (size_t)(end - s))) {
			*v = protocols[i].proto;
			return true;
		}
	}
	return refuse(r, s, "this is no protocol that is known here by name");
}

int name_in(const char *const *list, const char *s, size_t len)
{
	for (int i = 0; list[i]; i++)
		if (strlen(list[i]) == len && !strncmp(list[i], s, len))
			return i;
	return -1;
}
