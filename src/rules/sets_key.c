/* SPDX-License-Identifier: GPL-2.0-only */
/* sets_key.c - the key of a packet, as the kadt functions of ip_set make it. */
#include "rules/sets.h"

static void mask_addr(union ct_addr *a, unsigned int family, unsigned int bits)
{
	union ct_addr mask;

	prefix_mask(family, bits, &mask);
	a->d[0] &= mask.d[0];
	a->d[1] &= mask.d[1];
}

void set_mask_key(struct set_key *key, unsigned int family, unsigned int cidr_a,
		  unsigned int cidr_b)
{
	if (key->cidr_a) {
		key->cidr_a = (uint8_t)cidr_a;
		mask_addr(&key->a, family, cidr_a);
	}
	if (key->cidr_b) {
		key->cidr_b = (uint8_t)cidr_b;
		mask_addr(&key->b, family, cidr_b);
	}
}

bool set_takes(const struct ip_set *s, const struct set_key *key)
{
	uint64_t v = s->dim[0] == DIM_PORT_ONLY ? key->port : load_be32(key->a.b);

	return !s->bitmap || (v >= s->lo && v <= s->hi);
}

struct set_elem *set_put(struct ip_set *s, const struct set_key *key, bool *there)
{
	struct set_elem *e = kv_find(&s->elems, key);

	*there = e != NULL;
	if (e)
		return e;
	e = kv_add(&s->elems, key);
	if (e && s->ifaces && key->iface != IFACE_ANY) {
		struct set_key any = *key;
		struct set_elem *net;
		bool unused;

		any.iface = IFACE_ANY;
		any.physdev = 0;
		net = set_put(s, &any, &unused);
		if (net)
			net->last_iface = key->iface;
	}
	if (e) {
		s->lengths[0][key->cidr_a / 64] |= 1ull << key->cidr_a % 64;
		s->lengths[1][key->cidr_b / 64] |= 1ull << key->cidr_b % 64;
	}
	return e;
}

/* The kernel wants the whole header, where it reads the ports alone. */
static uint32_t header_of(uint8_t proto)
{
	return proto == CT_L4_TCP ? 20 : proto == CT_L4_SCTP ? 12 : 8;
}

/* ip_set_get_ip4_port() and ..._ip6_port(): ICMP's type and code are a port, and
 * other protocols have port 0. */
static bool port_of(struct rules_context *c, bool src, struct set_key *key)
{
	uint8_t h[20];

	if (c->no_l4 || (!c->l4proto && c->family == CT_L3_IPV4))
		return false;
	key->proto = c->l4proto;
	switch (c->l4proto) {
	case CT_L4_TCP:
	case CT_L4_UDP:
	case CT_L4_UDPLITE:
	case CT_L4_SCTP:
		if (c->fragoff ||
		    context_read(c, c->l4off, h, header_of(c->l4proto)) !=
			    ANSWER_YES)
			return false;
		key->port = load_be16(src ? h : h + 2);
		return true;
	case CT_L4_ICMP:
	case CT_L4_ICMPV6:
		if (c->fragoff ||
		    context_read(c, c->l4off, h, 8) != ANSWER_YES)
			return false;
		key->port = load_be16(h);
	}
	return true;
}

static bool address_of(const struct ip_set *s, const struct rules_context *c,
		       bool src, union ct_addr *to, uint8_t *cidr, bool net)
{
	*to = src ? c->src : c->dst;
	if (s->has_netmask && !net) {
		to->d[0] &= s->netmask.d[0];
		to->d[1] &= s->netmask.d[1];
	}
	if (net)
		*cidr = (uint8_t)host_bits(s);
	return true;
}

static bool part_of(const struct ip_set *s, struct rules_context *c,
		    unsigned int i, bool src, struct set_key *key,
		    unsigned int *naddrs)
{
	const struct rules_iface *dev = src ? c->in : c->out;
	bool net = s->dim[i] == DIM_NET;

	switch (s->dim[i]) {
	case DIM_IP:
	case DIM_NET:
		return (*naddrs)++ ?
			address_of(s, c, src, &key->b, &key->cidr_b, net) :
			address_of(s, c, src, &key->a, &key->cidr_a, net);
	case DIM_PORT:
		return port_of(c, src, key);
	case DIM_PORT_ONLY:
		if (!port_of(c, src, key) ||
		    (key->proto != CT_L4_TCP && key->proto != CT_L4_UDP))
			return false;
		key->proto = 0;
		return true;
	case DIM_MAC:
		/* Only a source's is known here; bitmap:ip,mac keeps it apart. */
		if (!src || !c->has_mac)
			return false;
		if (!s->bitmap)
			memcpy(key->mac, c->mac, sizeof(key->mac));
		return true;
	case DIM_MARK:
		key->mark = c->mark & s->markmask;
		return true;
	case DIM_IFACE:
		key->iface = dev->number;
		return *dev->name != 0;
	}
	return false;
}

bool set_packet_key(const struct ip_set *s, struct rules_context *c,
		    const struct set_query *q, struct set_key *key)
{
	unsigned int naddrs = 0;

	memset(key, 0, sizeof(*key));
	for (unsigned int i = 0; i < s->ndims; i++)
		if (!part_of(s, c, i, q->src >> i & 1, key, &naddrs))
			return false;
	return true;
}
