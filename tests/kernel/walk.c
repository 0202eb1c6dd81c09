/* SPDX-License-Identifier: GPL-2.0-only */
#include "walk.h"

#include <stdlib.h>
#include <string.h>
#include <linux/if_ether.h>

#include "util.h"

static const struct {
	const char *name;
	unsigned int weight;
} families[FAMILY_COUNT] = {
#define WALK_ROW(sym, name, weight) [FAMILY_##sym] = { name, weight },
	WALK_FAMILIES(WALK_ROW)
#undef WALK_ROW
};

static void (*const steps[FAMILY_COUNT])(struct walk *w) = {
	[FAMILY_TCP] = walk_tcp, [FAMILY_UDP] = walk_udp,
	[FAMILY_ICMP] = walk_icmp, [FAMILY_ICMP6] = walk_icmp6,
	[FAMILY_GENERIC] = walk_generic, [FAMILY_IPHDR] = walk_iphdr,
	[FAMILY_SCTP] = walk_sctp, [FAMILY_GRE] = walk_gre,
	[FAMILY_UDPLITE] = walk_udplite, [FAMILY_DCCP] = walk_dccp, [FAMILY_FRAG] = walk_frag,
};

const char *walk_family_name(enum family f)
{
	return families[f].name;
}

void walk_family_names(FILE *out)
{
	for (size_t i = 0; i < FAMILY_COUNT; i++)
		fprintf(out, "%s%s", i ? "," : "", families[i].name);
}

static bool find_family(const char *name, size_t len, unsigned int *mask)
{
	for (size_t i = 0; i < FAMILY_COUNT; i++)
		if (strlen(families[i].name) == len &&
		    !memcmp(families[i].name, name, len)) {
			*mask |= 1u << i;
			return true;
		}
	return false;
}

bool walk_families(const char *list, unsigned int *mask)
{
	*mask = 0;
	for (;;) {
		size_t len = strcspn(list, ",");

		if (!find_family(list, len, mask))
			return false;
		if (!list[len])
			return true;
		list += len + 1;
	}
}

bool walk_enabled(const struct walk *w, enum family f)
{
	return w->families & 1u << f;
}

static void make_addrs(struct walk *w)
{
	for (unsigned int i = 0; i < WALK_ADDRS; i++) {
		struct addr *a = &w->addr4[i], *b = &w->addr6[i];

		a->family = 4;
		memcpy(a->b, (const uint8_t[]){ 10, 0, 0, 1 }, 4);
		a->b[3] = (uint8_t)(i + 1);
		b->family = 6;
		memcpy(b->b, (const uint8_t[]){ 0x20, 1, 0xd, 0xb8 }, 4);
		b->b[15] = (uint8_t)(i + 1);
	}
	/* Redirects and neighbour discovery come from link-local addresses. */
	memset(w->addr6[WALK_ADDRS - 1].b, 0, 16);
	memcpy(w->addr6[WALK_ADDRS - 1].b, (const uint8_t[]){ 0xfe, 0x80 }, 2);
	w->addr6[WALK_ADDRS - 1].b[15] = 9;
}

static enum family pick_family(struct walk *w)
{
	unsigned int total = 0, at;
	size_t i;

	for (i = 0; i < FAMILY_COUNT; i++)
		total += walk_enabled(w, (enum family)i) ? families[i].weight : 0;
	at = rng_below(&w->rng, total);
	for (i = 0; i < FAMILY_COUNT; i++) {
		if (!walk_enabled(w, (enum family)i))
			continue;
		if (at < families[i].weight)
			break;
		at -= families[i].weight;
	}
	return (enum family)i;
}

void walk_make(struct frames *out, uint64_t seed, size_t n,
	       unsigned int mask)
{
	struct walk *w = xmalloc(sizeof(*w));

	memset(w, 0, sizeof(*w));
	rng_seed(&w->rng, seed);
	w->out = out;
	w->families = mask;
	make_addrs(w);
	walk_tcp_start(w);
	walk_sctp_start(w);
	walk_dccp_start(w);
	while (out->n < n) {
		w->current = pick_family(w);
		steps[w->current](w);
	}
	free(w);
}

/*
 * Keeps a packet for ICMP errors to quote; only those that may have opened a
 * connection.
 */
static void remember(struct walk *w, const struct craft *ip, uint8_t family)
{
	unsigned int at = w->nquotable++ % WALK_QUOTABLE;

	w->quotable[at].len = ip->len < 256 ? ip->len : 256;
	memcpy(w->quotable[at].b, ip->b, w->quotable[at].len);
	w->quotable_family[at] = family;
}

void walk_emit(struct walk *w, const struct craft *ip, uint8_t family)
{
	uint32_t len = (uint32_t)ip->len;
	struct frame *f = frames_add(w->out, ip->b, len, len,
				     family == 4 ? ETH_P_IP : ETH_P_IPV6);

	f->family = (uint8_t)w->current;
	if (w->current != FAMILY_IPHDR && ip->len >= (family == 4 ? 20 : 40))
		remember(w, ip, family);
}

/* IPv4 options that the trackers must skip. */
static const uint8_t ip_options[][12] = {
	{ 4, 1, 1, 1, 1 },			/* no-operation */
	{ 4, 148, 4, 0, 0 },			/* router alert */
	{ 8, 7, 7, 4, 0, 0, 0, 0, 0 },		/* record route */
	{ 8, 68, 8, 5, 0, 0, 0, 0, 0 },		/* timestamp */
};

static void send4(struct walk *w, const struct addr *src,
		  const struct addr *dst, uint8_t proto,
		  const struct craft *l4)
{
	struct ip_shape shape = { .id = (uint16_t)rng_u32(&w->rng) };
	const uint8_t *o = ip_options[rng_below(&w->rng, ARRAY_SIZE(ip_options))];
	struct craft ip;

	if (rng_percent(&w->rng, 3)) {
		shape.options = o + 1;
		shape.options_len = o[0];
	}
	if (rng_percent(&w->rng, 30))
		shape.frag = 0x4000;
	craft_ip(&ip, src, dst, proto, l4->b, l4->len, &shape);
	/* Padding behind the packet, as on a short Ethernet frame. */
	if (ip.len < 46 && rng_percent(&w->rng, 20))
		craft_fill(&ip, 0, 46 - ip.len);
	walk_emit(w, &ip, 4);
}

static void send6(struct walk *w, const struct addr *src,
		  const struct addr *dst, uint8_t proto,
		  const struct craft *l4)
{
	/* Padding in a hop-by-hop or destination-options header. */
	static const uint8_t padding[6] = { 1, 4, 0, 0, 0, 0 };
	struct craft body = { .len = 0 }, ip;
	bool extended = rng_percent(&w->rng, 4);
	uint8_t first = proto;

	if (extended) {
		first = rng_percent(&w->rng, 50) ? 0 : 60;
		craft_put8(&body, proto);
		craft_put8(&body, 0);
		craft_put(&body, padding, sizeof(padding));
	}
	craft_put(&body, l4->b, l4->len);
	craft_ip(&ip, src, dst, first, body.b, body.len, NULL);
	walk_emit(w, &ip, 6);
}

void walk_send(struct walk *w, const struct addr *src, const struct addr *dst,
	       uint8_t proto, const struct craft *l4)
{
	if (src->family == 4)
		send4(w, src, dst, proto, l4);
	else
		send6(w, src, dst, proto, l4);
}

uint8_t walk_version(struct walk *w)
{
	return rng_percent(&w->rng, 60) ? 4 : 6;
}

const struct addr *walk_addr(struct walk *w, uint8_t family)
{
	unsigned int i = rng_below(&w->rng, WALK_ADDRS);

	return family == 4 ? &w->addr4[i] : &w->addr6[i];
}

const struct addr *walk_other_addr(struct walk *w, const struct addr *not)
{
	const struct addr *a;

	do
		a = walk_addr(w, not->family);
	while (addr_equal(a, not));
	return a;
}

void walk_truncate(struct walk *w, struct craft *l4, size_t below)
{
	if (l4->len > below)
		l4->len = below;
	l4->len = rng_below(&w->rng, (uint32_t)l4->len + 1);
}
