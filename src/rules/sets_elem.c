/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sets_elem.c - the elements that "add" names.  "ipset save" prints them one by
 * one; ranges and networks that a person wrote are taken apart.
 */
#include "rules/sets.h"

#include <stdio.h>

/* The values of one part: a run of numbers, or the networks of a range. */
struct run {
	uint8_t  dim;
	uint64_t lo, hi;	/* ports, or IPv4 addresses in host order */
	union ct_addr addr;	/* else */
	uint8_t  cidr, proto;
	uint16_t iface;
	bool	 physdev, mac_set;
	uint32_t mark;
	uint8_t  mac[6];
};

static uint32_t host_order(const union ct_addr *a)
{
	return load_be32(a->b);
}

static void from_host_order(uint32_t v, union ct_addr *a)
{
	*a = (union ct_addr){ .b = { (uint8_t)(v >> 24), (uint8_t)(v >> 16),
				     (uint8_t)(v >> 8), (uint8_t)v } };
}

/* "192.0.2.1", "192.0.2.1-192.0.2.9", "192.0.2.0/24". */
static bool parse_ip(struct reader *r, const struct ip_set *s, const char *t,
		     struct run *run)
{
	const char *end = t + strlen(t), *slash = strchr(t, '/');
	const char *dash = strchr(t, '-'), *mid = slash ? slash : dash;
	unsigned int bits = host_bits(s);
	uint64_t cidr = bits;
	union ct_addr last;

	if (!parse_addr_of(s->family, t, mid ? mid : end, &run->addr))
		return refuse(r, t, "this is no address of the set's family");
	if (slash && !parse_u64(slash + 1, end, bits, &cidr))
		return refuse(r, t, "what follows the '/' is no prefix length");
	if (dash && !slash && !parse_addr_of(s->family, dash + 1, end, &last))
		return refuse(r, t, "this is no address of the set's family");
	run->cidr = (uint8_t)cidr;
	if (s->family == CT_L3_IPV6) {
		if (dash || (slash && run->dim == DIM_IP && cidr != 128))
			return refuse(r, t, "ranges of IPv6 addresses are not read");
		return true;
	}
	run->lo = run->hi = host_order(&run->addr);
	if (dash && !slash)
		run->hi = host_order(&last);
	else if (run->dim == DIM_IP && slash) {
		run->lo &= ~((1ull << (32 - cidr)) - 1);
		run->hi = run->lo | ((1ull << (32 - cidr)) - 1);
	}
	if (run->dim == DIM_NET && !(dash && !slash))
		run->hi = run->lo &= cidr ? ~((1ull << (32 - cidr)) - 1) : 0;
	return run->lo <= run->hi || refuse(r, t, "the range ends before it begins");
}

struct icmp_name { const char *name; uint8_t type, code; };

/* What 'ipset save' 7.17 prints for a type and code, and a few words more. */
static const struct icmp_name icmp_names[] = {
	{ "echo-reply", 0, 0 }, { "pong", 0, 0 }, { "destination-unreachable", 3, 0 },
	{ "network-unreachable", 3, 0 }, { "host-unreachable", 3, 1 },
	{ "protocol-unreachable", 3, 2 }, { "port-unreachable", 3, 3 },
	{ "fragmentation-needed", 3, 4 }, { "source-route-failed", 3, 5 },
	{ "network-unknown", 3, 6 }, { "host-unknown", 3, 7 },
	{ "network-prohibited", 3, 9 }, { "host-prohibited", 3, 10 },
	{ "TOS-network-unreachable", 3, 11 }, { "TOS-host-unreachable", 3, 12 },
	{ "communication-prohibited", 3, 13 }, { "host-precedence-violation", 3, 14 },
	{ "precedence-cutoff", 3, 15 }, { "source-quench", 4, 0 },
	{ "network-redirect", 5, 0 }, { "host-redirect", 5, 1 },
	{ "TOS-network-redirect", 5, 2 }, { "TOS-host-redirect", 5, 3 },
	{ "echo-request", 8, 0 }, { "ping", 8, 0 }, { "router-advertisement", 9, 0 },
	{ "router-solicitation", 10, 0 }, { "ttl-zero-during-transit", 11, 0 },
	{ "time-exceeded", 11, 0 }, { "ttl-exceeded", 11, 0 },
	{ "ttl-zero-during-reassembly", 11, 1 }, { "ip-header-bad", 12, 0 },
	{ "required-option-missing", 12, 1 }, { "timestamp-request", 13, 0 },
	{ "timestamp-reply", 14, 0 }, { "address-mask-request", 17, 0 },
	{ "address-mask-reply", 18, 0 },
}, icmp6_names[] = {
	{ "no-route", 1, 0 }, { "communication-prohibited", 1, 1 },
	{ "address-unreachable", 1, 3 }, { "port-unreachable", 1, 4 },
	{ "packet-too-big", 2, 0 }, { "ttl-zero-during-transit", 3, 0 },
	{ "ttl-zero-during-reassembly", 3, 1 }, { "bad-header", 4, 0 },
	{ "unknown-header-type", 4, 1 }, { "unknown-option", 4, 2 },
	{ "echo-request", 128, 0 }, { "ping", 128, 0 }, { "echo-reply", 129, 0 },
	{ "pong", 129, 0 }, { "router-solicitation", 133, 0 },
	{ "router-advertisement", 134, 0 }, { "neighbour-solicitation", 135, 0 },
	{ "neighbour-advertisement", 136, 0 }, { "redirect", 137, 0 },
};

static bool parse_icmp(const char *s, const char *end, uint8_t proto,
		       uint64_t *v)
{
	const struct icmp_name *names = proto == CT_L4_ICMP ? icmp_names : icmp6_names;
	size_t n = proto == CT_L4_ICMP ? RULES_COUNT(icmp_names) :
					 RULES_COUNT(icmp6_names);
	const char *slash = memchr(s, '/', (size_t)(end - s));
	uint64_t type, code;

	if (slash && parse_u64(s, slash, 255, &type) &&
	    parse_u64(slash + 1, end, 255, &code)) {
		*v = type << 8 | code;
		return true;
	}
	for (size_t i = 0; i < n; i++) {
		if (strlen(names[i].name) != (size_t)(end - s) ||
		    strncmp(names[i].name, s, (size_t)(end - s)))
			continue;
		*v = (uint64_t)names[i].type << 8 | names[i].code;
		return true;
	}
	return false;
}

/* "80", "tcp:80", "udp:53-60", "icmp:8/0", "gre:0". */
static bool parse_set_port(struct reader *r, const char *t, struct run *run)
{
	const char *colon = strchr(t, ':'), *end = t + strlen(t), *dash;
	uint16_t lo, hi;

	run->proto = CT_L4_TCP;
	if (colon && !parse_proto(r, t, colon, &run->proto))
		return false;
	if (run->dim == DIM_PORT_ONLY)
		run->proto = 0;
	t = colon ? colon + 1 : t;
	if (run->proto == CT_L4_ICMP || run->proto == CT_L4_ICMPV6) {
		if (!parse_icmp(t, end, run->proto, &run->lo))
			return refuse(r, t, "this is no type of ICMP");
		run->hi = run->lo;
		return true;
	}
	dash = strchr(t, '-');
	if (dash && !parse_u64(t, dash, UINT16_MAX, &run->lo))
		dash = NULL;	/* "netbios-ns" */
	if (!parse_port(r, t, dash ? dash : end, &lo))
		return false;
	hi = lo;
	if (dash && !parse_port(r, dash + 1, end, &hi))
		return false;
	run->lo = lo;
	run->hi = hi;
	return lo <= hi || refuse(r, t, "the range ends before it begins");
}

static bool parse_set_mac(struct reader *r, const char *t, struct run *run)
{
	unsigned int b[6];

	if (strlen(t) != 17 || sscanf(t, "%2x:%2x:%2x:%2x:%2x:%2x", &b[0], &b[1],
				      &b[2], &b[3], &b[4], &b[5]) != 6)
		return refuse(r, t, "this is no Ethernet address");
	for (unsigned int i = 0; i < 6; i++)
		run->mac[i] = (uint8_t)b[i];
	run->mac_set = true;
	return true;
}

static bool parse_part(struct reader *r, const struct ip_set *s, const char *t,
		       struct run *run)
{
	const struct rules_iface *dev;
	uint64_t v;

	switch (run->dim) {
	case DIM_IP:
	case DIM_NET:
		return parse_ip(r, s, t, run);
	case DIM_PORT:
	case DIM_PORT_ONLY:
		return parse_set_port(r, t, run);
	case DIM_MAC:
		return parse_set_mac(r, t, run);
	case DIM_MARK:
		if (!parse_u64(t, t + strlen(t), UINT32_MAX, &v))
			return refuse(r, t, "this is no mark");
		run->mark = (uint32_t)v & s->markmask;
		return true;
	case DIM_IFACE:
		run->physdev = !strncmp(t, "physdev:", 8);
		dev = ifaces_get(&r->rules->ifaces, run->physdev ? t + 8 : t);
		if (!dev || !*dev->name)
			return refuse(r, t, "this is no name of an interface");
		run->iface = dev->number;
		return true;
	}
	return false;
}

static void mask_key(const struct ip_set *s, union ct_addr *a)
{
	if (!s->has_netmask)
		return;
	a->d[0] &= s->netmask.d[0];
	a->d[1] &= s->netmask.d[1];
}

/* Makes the key of one value of each part. */
static void key_part(const struct ip_set *s, const struct run *run,
		     uint64_t value, unsigned int *naddrs, struct set_key *key)
{
	union ct_addr *a = *naddrs ? &key->b : &key->a;

	switch (run->dim) {
	case DIM_IP:
	case DIM_NET:
		if (s->family == CT_L3_IPV4)
			from_host_order((uint32_t)value, a);
		else
			*a = run->addr;
		if (run->dim == DIM_NET) {
			*(*naddrs ? &key->cidr_b : &key->cidr_a) = run->cidr;
			if (s->family == CT_L3_IPV6) {
				union ct_addr mask;

				prefix_mask(s->family, run->cidr, &mask);
				a->d[0] &= mask.d[0];
				a->d[1] &= mask.d[1];
			}
		} else {
			mask_key(s, a);
		}
		(*naddrs)++;
		break;
	case DIM_PORT:
	case DIM_PORT_ONLY:
		key->port = (uint16_t)value;
		key->proto = run->proto;
		break;
	case DIM_MAC:
		if (!s->bitmap)
			memcpy(key->mac, run->mac, sizeof(key->mac));
		break;
	case DIM_MARK:
		key->mark = run->mark;
		break;
	case DIM_IFACE:
		key->iface = run->iface;
		key->physdev = run->physdev;
		break;
	}
}

/* The largest network that begins at 'lo' and does not reach beyond 'hi'. */
static unsigned int net_at(uint64_t lo, uint64_t hi)
{
	unsigned int bits = 32;

	while (bits && !(lo & (1ull << (32 - bits))) &&
	       lo + (2ull << (32 - bits)) - 1 <= hi)
		bits--;
	return bits;
}

/* An element being taken apart. */
struct elem {
	struct reader *r;
	struct ip_set *set;
	struct run run[SET_DIMS];
	uint64_t value[SET_DIMS];	/* of each part, in hand */
	const struct set_elem *like;
	const char *text;
	uint32_t left;		/* values that may still come of it */
};

#define VALUES_MAX (4u << 20)

static bool say_too_many(const struct elem *e)
{
	return refuse(e->r, e->text, "this stands for more than %u elements",
		      VALUES_MAX);
}

static bool put_one(struct elem *e)
{
	struct ip_set *s = e->set;
	struct set_key key;
	struct set_elem *to;
	unsigned int naddrs = 0;
	bool there;

	if (!e->left--)
		return say_too_many(e);
	memset(&key, 0, sizeof(key));
	for (unsigned int i = 0; i < s->ndims; i++)
		key_part(s, &e->run[i], e->value[i], &naddrs, &key);
	if (!set_takes(s, &key))
		return refuse(e->r, e->text, "this is not in the set's range");
	to = set_put(s, &key, &there);
	if (!to)
		return refuse(e->r, e->text, "the set is full (maxelem %u)",
			      s->maxelem);
	*to = *e->like;
	if (s->bitmap && s->ndims > 1) {
		to->any_mac = !e->run[1].mac_set;
		memcpy(to->mac, e->run[1].mac, sizeof(to->mac));
	}
	return true;
}

/* All combinations of the parts from 'i' on. */
static bool put_all(struct elem *e, unsigned int i)
{
	struct run *run = &e->run[i];
	uint64_t lo = run->lo, hi = run->hi;
	bool nets = run->dim == DIM_NET && lo != hi;

	if (i == e->set->ndims)
		return put_one(e);
	while (lo <= hi) {
		if (nets)
			run->cidr = (uint8_t)net_at(lo, hi);
		e->value[i] = lo;
		if (!put_all(e, i + 1))
			return false;
		lo += nets ? 1ull << (32 - run->cidr) : 1;
	}
	return true;
}

/* Before the first is put: millions take seconds. */
static bool are_too_many(const struct elem *e)
{
	uint64_t n = 1;

	for (unsigned int i = 0; i < e->set->ndims; i++) {
		const struct run *run = &e->run[i];

		if (run->dim == DIM_NET || run->hi < run->lo)
			continue;
		if (run->hi - run->lo >= VALUES_MAX)
			return true;
		n *= run->hi - run->lo + 1;
		if (n > VALUES_MAX)
			return true;
	}
	return false;
}

bool set_read_range(struct reader *r, struct ip_set *s, const char *text)
{
	struct run run = { .dim = s->dim[0] };

	if (!parse_part(r, s, text, &run))
		return false;
	s->lo = run.lo;
	s->hi = run.hi;
	return true;
}

bool set_read_elem(struct reader *r, struct ip_set *s, const char *text,
		   const struct set_elem *like)
{
	struct elem e = { .r = r, .set = s, .like = like, .text = text,
			  .left = VALUES_MAX };
	char part[128];
	unsigned int i = 0;

	for (struct part p = first_part(text, ','); p.s; next_part(&p, ',')) {
		if (i == s->ndims || (size_t)(p.end - p.s) >= sizeof(part))
			return refuse(r, text, "this set's elements have %u parts",
				      s->ndims);
		memcpy(part, p.s, (size_t)(p.end - p.s));
		part[p.end - p.s] = 0;
		e.run[i].dim = s->dim[i];
		if (!parse_part(r, s, part, &e.run[i]))
			return false;
		i++;
	}
	if (s->bitmap && s->ndims == 2 && i == 1)
		e.run[i++].dim = DIM_MAC;
	if (i != s->ndims)
		return refuse(r, text, "this set's elements have %u parts", s->ndims);
	if (are_too_many(&e))
		return say_too_many(&e);
	return put_all(&e, 0);
}
