/* SPDX-License-Identifier: GPL-2.0-only */
#include "report/community_id.h"

#include <endian.h>
#include <stddef.h>
#include <string.h>

#include "report/base64.h"
#include "report/sha1.h"

_Static_assert(sizeof(struct community_flow) == 40 &&
	       offsetof(struct community_flow, a) == 32, "no padding to compare");

/* The protocols whose ports are hashed. */
static bool has_ports(uint8_t protonum)
{
	return protonum == CT_L4_TCP || protonum == CT_L4_UDP ||
	       protonum == CT_L4_SCTP;
}

/* The protocols that have types instead of ports. */
static bool has_types(uint8_t protonum)
{
	return protonum == CT_L4_ICMP || protonum == CT_L4_ICMPV6;
}

/*
 * The type that answers this one, or that this one answers; -1 if there is none.
 * The specification refers to Zeek for these pairs, which are more than connection
 * tracking knows.  All but ICMP's echo have consecutive numbers.
 */
static int counterpart(uint8_t protonum, uint8_t type)
{
	static const uint8_t first4[] = { 9, 13, 15, 17 };
	static const uint8_t first6[] = { 128, 130, 133, 135, 139, 144 };
	bool v4 = protonum == CT_L4_ICMP;
	const uint8_t *first = v4 ? first4 : first6;
	size_t n = v4 ? sizeof(first4) : sizeof(first6);

	if (v4 && (type == 0 || type == 8))
		return 8 - type;
	for (size_t i = 0; i < n; i++)
		if (type == first[i] || type == first[i] + 1)
			return 2 * first[i] + 1 - type;
	return -1;
}

bool community_flow_packet(struct community_flow *f, const struct packet_view *pkt)
{
	const struct packet_summary *s = &pkt->summary;

	*f = (struct community_flow){
		.src = pkt->src, .dst = pkt->dst, .l3num = pkt->l3num,
		.protonum = pkt->protonum,
	};
	if (s->fragment)
		return false;
	if (has_ports(pkt->protonum)) {
		f->a = s->a;
		f->b = s->b;
		return s->ports;
	}
	if (has_types(pkt->protonum)) {
		f->a = s->type;
		f->b = s->code;
		return s->icmp;
	}
	return true;
}

void community_flow_tuple(struct community_flow *f, const struct ct_tuple *t)
{
	*f = (struct community_flow){
		.src = t->src, .dst = t->dst, .l3num = t->l3num,
		.protonum = t->protonum,
	};
	if (has_ports(t->protonum)) {
		f->a = t->sport;
		f->b = t->dport;
	} else if (has_types(t->protonum)) {
		f->a = t->icmp_type;
		f->b = t->icmp_code;
	}
}

/* Whether the source is the smaller end. */
static inline bool is_ordered(const struct community_flow *f)
{
	for (unsigned int i = 0; i < 2; i++)
		if (f->src.d[i] != f->dst.d[i])
			return be64toh(f->src.d[i]) < be64toh(f->dst.d[i]);
	return f->a < f->b;
}

/* Makes the flow the same for both directions, unless it has only one. */
static inline void order(struct community_flow *f)
{
	union ct_addr src = f->src;
	uint16_t a = f->a;

	if (has_types(f->protonum)) {
		int answer = counterpart(f->protonum, (uint8_t)f->a);

		if (answer < 0)
			return;
		f->b = (uint16_t)answer;
	}
	if (is_ordered(f))
		return;
	f->src = f->dst;
	f->dst = src;
	f->a = f->b;
	f->b = a;
}

static uint8_t *put_be16(uint8_t *p, uint16_t n)
{
	p[0] = (uint8_t)(n >> 8);
	p[1] = (uint8_t)n;
	return p + 2;
}

static size_t hash_input(uint8_t input[40], const struct community_flow *f,
			 uint16_t seed)
{
	size_t size = f->l3num == CT_L3_IPV4 ? 4 : 16;
	uint8_t *p = put_be16(input, seed);

	memcpy(p, &f->src, size);
	memcpy(p + size, &f->dst, size);
	p += 2 * size;
	*p++ = f->protonum;
	*p++ = 0;
	if (has_ports(f->protonum) || has_types(f->protonum))
		p = put_be16(put_be16(p, f->a), f->b);
	return (size_t)(p - input);
}

/* Of an ordered flow. */
static char *put_id(char *p, const struct community_flow *f, uint16_t seed)
{
	uint8_t input[40], digest[SHA1_SIZE];

	sha1(input, hash_input(input, f, seed), digest);
	*p++ = '1';
	*p++ = ':';
	return put_base64(p, digest, sizeof(digest));
}

char *put_community_id(char *p, const struct community_flow *f, uint16_t seed)
{
	struct community_flow ordered = *f;

	order(&ordered);
	return put_id(p, &ordered, seed);
}

/* Ports, protocols and the rest, as a number. */
static inline uint64_t tail_of(const struct community_flow *f)
{
	uint64_t tail;

	memcpy(&tail, &f->a, sizeof(tail));
	return tail;
}

static inline bool same_flow(const struct community_flow *f,
			     const struct community_flow *g)
{
	return !((f->src.d[0] ^ g->src.d[0]) | (f->src.d[1] ^ g->src.d[1]) |
		 (f->dst.d[0] ^ g->dst.d[0]) | (f->dst.d[1] ^ g->dst.d[1]) |
		 (tail_of(f) ^ tail_of(g)));
}

/* Where the cache keeps an ordered flow. */
static unsigned int place_of(const struct community_flow *f)
{
	uint64_t mix = f->src.d[0] ^ f->src.d[1];

	mix = mix * 0x9e3779b97f4a7c15u ^ f->dst.d[0] ^ f->dst.d[1];
	mix = mix * 0x9e3779b97f4a7c15u ^ tail_of(f);
	return mix * 0x9e3779b97f4a7c15u >> 32 & (COMMUNITY_CACHE - 1);
}

/* Of an ordered flow. */
static void set_text(struct community_text *text, const struct community_flow *f)
{
	char id[COMMUNITY_ID_SIZE];
	uint32_t last;

	put_id(id, f, 0);
	memcpy(text->digits, id + 2, sizeof(text->digits));
	memcpy(&last, id + 2 + sizeof(text->digits), sizeof(last));
	text->rest = le32toh(last) & COMMUNITY_DIGITS;
}

char *put_community_id_cached(char *p, const struct community_flow *f,
			      struct community_cache *cache)
{
	struct community_flow ordered = *f;
	unsigned int at;

	order(&ordered);
	at = place_of(&ordered);
	/* No digit is 0. */
	if (!cache->entry[at].id.rest || !same_flow(&cache->entry[at].flow, &ordered)) {
		set_text(&cache->entry[at].id, &ordered);
		cache->entry[at].flow = ordered;
	}
	return put_community_text(p, &cache->entry[at].id);
}

/* The first line of a connection. */
static noinline char *put_new(char *p, struct community_flow *f, uint32_t slot,
			      uint64_t id, struct community_table *t)
{
	struct community_text text;

	order(f);
	set_text(&text, f);
	community_table_set(t, slot, id, &text);
	return put_community_text(p, &text);
}

char *put_new_packet_community_id(char *p, const struct packet_view *pkt,
				  struct communities *c)
{
	struct community_flow flow;

	if (!community_flow_packet(&flow, pkt))
		return NULL;
	return c->table && pkt->v.id && community_is_connections(pkt->protonum) ?
	       put_new(p, &flow, pkt->v.slot, pkt->v.id, c->table) :
	       put_community_id_cached(p, &flow, &c->cache);
}

char *put_new_record_community_id(char *p, const struct ct_record *rec,
				  struct communities *c)
{
	struct community_flow flow;

	community_flow_tuple(&flow, &rec->tuple[0]);
	return c->table && community_is_connections(rec->tuple[0].protonum) ?
	       put_new(p, &flow, rec->slot, rec->id, c->table) :
	       put_community_id_cached(p, &flow, &c->cache);
}
