/* SPDX-License-Identifier: GPL-2.0-only */
/* inet_error.c - ICMP and ICMPv6 errors: to which connection they belong. */
#include "conntrack/core.h"

#include "conntrack/table/index.h"
#include "conntrack/tuple.h"
#include "packet/ip.h"

/*
 * The quoted packet travelled in the other direction, so its inverse is looked
 * up, and the error is addressed to the sender of the quoted packet.
 */
void icmp_related(struct track *t, uint32_t off, enum ct_reason outer)
{
	const struct ct_packet *pkt = t->pkt;
	struct ct_tuple quoted, inverse, original;
	const union ct_addr *inner;
	uint8_t protonum;
	uint32_t l4off;

	if (!ip_transport(&t->bytes, off, pkt->l3num,
			  kernel_has(t->ct, CT_HAS_IPV6_CHAIN_LIMIT), &l4off,
			  &protonum) ||
	    tuple_read(t->ct, &t->bytes, off, l4off, pkt->l3num, protonum,
		       &quoted) != CT_REASON_NONE ||
	    !tuple_invert(&inverse, &quoted)) {
		track_why(t, CT_REASON_ICMP_INNER, 0, 0, 0, 0);
		return;
	}
	t->hash = tuple_hash(&t->ct->hash_key, &inverse);
	if (unlikely(t->ct->zones))
		zone_find(t, &inverse);
	else
		t->number = index_find(&t->ct->table, &inverse, quoted.l4,
				       t->hash, &t->entry, &t->dir);
	if (t->number == ENTRY_NONE) {
		track_why(t, CT_REASON_ICMP_UNKNOWN, 0, 0, 0, 0);
		return;
	}
	core_set_state(t);
	original = entry_tuple(t->entry);
	inner = t->dir == CT_DIR_ORIGINAL ? &original.dst : &original.src;
	if (memcmp(inner, &pkt->dst, sizeof(*inner)) != 0) {
		track_why_addr(t, outer, &pkt->dst, inner);
		return;
	}
	t->v->ctstate = CT_RELATED;
	t->v->dir = (uint8_t)t->dir;
	core_accept(t, CT_RELATED);
}
