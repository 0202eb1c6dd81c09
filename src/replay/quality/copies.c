/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/quality/copies.h"

#include <stdlib.h>
#include <string.h>

#include "replay/quality/mix.h"

#define FAR_NUMBER	(1u << 20)	/* sequence numbers farther apart */
#define PRINT_DATA	64u	/* bytes of data that are compared */

bool copies_init(struct copies *c)
{
	c->same = calloc(COPIES_SLOTS, sizeof(*c->same));
	c->like = calloc(COPIES_LIKE_SLOTS, sizeof(*c->like));
	return c->same && c->like;
}

void copies_free(struct copies *c)
{
	free(c->same);
	free(c->like);
}

/* IPv4's identification, or 0. */
static uint16_t ip_id(const struct ct_packet *pkt)
{
	return pkt->l3num == CT_L3_IPV4 ? load_be16(pkt->data + 4) : 0;
}

static uint64_t mix_captured(uint64_t h, const struct ct_packet *pkt, uint32_t from,
			     uint32_t most)
{
	uint32_t n = pkt->caplen > from ? pkt->caplen - from : 0;

	return mix_bytes(h, pkt->data + from, n < most ? n : most);
}

/* What routers and bridges leave unchanged: all but the TTL and the header checksum. */
static uint64_t print_same(const struct ct_packet *pkt)
{
	uint64_t h = (uint64_t)pkt->len << 32 | ip_id(pkt) << 8 | pkt->protonum;

	h = mix_addr(mix_addr(h, &pkt->src), &pkt->dst);
	return mix_captured(h, pkt, pkt->l4off, PRINT_DATA + 20) | 1;
}

/* What a device that rewrites addresses, ports or sequence numbers leaves unchanged. */
static uint64_t print_like(const struct ct_packet *pkt, const struct segment *s)
{
	uint64_t h = mix_pair(0, (uint64_t)pkt->len << 32 | pkt->l3num,
			      (uint64_t)s->flags << 16 | s->win);

	return mix_captured(h, pkt, s->data, PRINT_DATA) | 1;
}

static bool is_near(ct_time a, ct_time b)
{
	return (a > b ? a - b : b - a) <= COPIES_WITHIN;
}

static void note_interface(struct copies *c, uint32_t interface)
{
	for (unsigned int i = 0; i < c->interfaces; i++)
		if (c->interface[i] == interface)
			return;
	if (interface && c->interfaces < COPIES_INTERFACES)
		c->interface[c->interfaces++] = interface;
}

static bool same_addr(const union ct_addr *a, const union ct_addr *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

/*
 * True if the packet is that of 'slot', on the other side of a device that rewrites
 * it.  With the same addresses and ports, the two sequence numbers differ by more than
 * a stream advances; with others, the number, the identification and one endpoint are
 * equal.  (A scanner sends like packets to many hosts, each with a number of its own.)
 */
static bool is_rewritten(const struct like_slot *slot, const struct ct_packet *pkt,
			 const struct segment *s)
{
	bool src = same_addr(&slot->src, &pkt->src) && slot->l4 >> 16 == s->sport;
	bool dst = same_addr(&slot->dst, &pkt->dst) && (slot->l4 & 0xffff) == s->dport;

	if (src && dst)
		return slot->seq - s->seq > FAR_NUMBER &&
		       s->seq - slot->seq > FAR_NUMBER;
	return (src || dst) && slot->seq == s->seq && ip_id(pkt) &&
	       slot->id == ip_id(pkt);
}

static bool look_like(struct copies *c, const struct ct_packet *pkt,
		      const struct segment *s, ct_time time)
{
	uint64_t print = print_like(pkt, s);
	struct like_slot *slot;
	bool found;

	slot = &c->like[print >> 32 & (COPIES_LIKE_SLOTS - 1)];
	found = slot->print == print && is_near(time, slot->time) &&
		is_rewritten(slot, pkt, s);
	if (!found)
		*slot = (struct like_slot){
			.print = print, .time = time, .src = pkt->src,
			.dst = pkt->dst, .l4 = (uint32_t)s->sport << 16 | s->dport,
			.seq = s->seq, .id = ip_id(pkt),
		};
	return found;
}

enum copy_kind copies_packet(struct copies *c, const struct ct_packet *pkt,
			     const struct segment *s, ct_time time, uint32_t interface)
{
	uint64_t print = print_same(pkt);
	struct same_slot *slot = &c->same[print >> 32 & (COPIES_SLOTS - 1)];

	c->watched++;
	if (slot->print == print && is_near(time, slot->time)) {
		if (c->count++ == 0)
			c->first = pkt->number;
		note_interface(c, slot->interface);
		note_interface(c, interface);
		return COPY_SAME;
	}
	*slot = (struct same_slot){ print, time, interface };
	if (!s || !look_like(c, pkt, s, time))
		return COPY_NONE;
	if (c->rewritten++ == 0)
		c->rewritten_first = pkt->number;
	return COPY_REWRITTEN;
}
