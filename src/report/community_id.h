/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * community_id.h - Community ID, version 1: a name for a flow that Zeek, Suricata,
 * Wireshark and others make of the same packets in the same way.
 *
 *	"1:" base64(sha1(seed . address . address . protocol . 0 . port . port))
 *
 * Both directions of a flow have the same ID: the smaller address comes first, and
 * of equal addresses the smaller port.  A type of ICMP or ICMPv6 and that of its
 * answer stand for ports; other types have the code in place of the second port
 * and their direction counts.  TCP, UDP and SCTP have ports, and every other
 * protocol, UDP-Lite included, is hashed without.
 */
#ifndef REPORT_COMMUNITY_ID_H
#define REPORT_COMMUNITY_ID_H 1

#include <endian.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/compiler.h"
#include "ctreplay/conntrack.h"
#include "report/community_table.h"
#include "report/packet_view.h"

/* What is hashed. */
struct community_flow {
	union ct_addr src, dst;
	uint16_t a, b;		/* ports, or type and code of ICMP, else 0 */
	uint8_t l3num, protonum;
	uint16_t zero;		/* always 0, so that flows compare by bytes */
};

/* The flow of a packet.  False if it is not known: a fragment, of which IPv6 does
 * not even tell the protocol, or a header with ports that is cut short. */
bool community_flow_packet(struct community_flow *f, const struct packet_view *pkt);
/* The flow of a connection, by its original tuple. */
void community_flow_tuple(struct community_flow *f, const struct ct_tuple *t);

#define COMMUNITY_ID_SIZE 30u	/* bytes of an ID's text */

/* Writes the ID at 'p', without a null character, and returns the position
 * behind it. */
char *put_community_id(char *p, const struct community_flow *f, uint16_t seed);

/*
 * IDs of recent flows, for the seed 0; all zeros at first.  For lines that the table of
 * connections does not serve.
 */
#define COMMUNITY_CACHE 256u	/* a power of two */

struct community_cache {
	struct {
		struct community_flow flow;
		struct community_text id;
	} entry[COMMUNITY_CACHE];
};

char *put_community_id_cached(char *p, const struct community_flow *f,
			      struct community_cache *cache);

/* Where lines look for IDs, all of them for the seed 0. */
struct communities {
	struct community_table *table;	/* of connections, shared by threads; or NULL */
	struct community_cache cache;
};

/* Whether a packet of a connection has the connection's ID: a type of ICMP has a
 * direction of its own, and an error of ICMP has the connection that it is about. */
static inline bool community_is_connections(uint8_t protonum)
{
	return protonum == CT_L4_TCP || protonum == CT_L4_UDP;
}

/* "1:", the digits and "=", each with one store from a register: a larger store would
 * have to read words that were just written. */
static inline char *put_community_text(char *p, const struct community_text *text)
{
	uint32_t last = htole32((uint32_t)(text->rest & COMMUNITY_DIGITS) |
				(uint32_t)'=' << 24);

	memcpy(p, "1:", 2);
	memcpy(p + 2, &text->digits[0], 8);
	memcpy(p + 10, &text->digits[1], 8);
	memcpy(p + 18, &text->digits[2], 8);
	memcpy(p + 26, &last, sizeof(last));
	return p + COMMUNITY_ID_SIZE;
}

/* Slow paths: the table does not have it, or it is of no connection. */
char *put_new_packet_community_id(char *p, const struct packet_view *pkt,
				  struct communities *c);
char *put_new_record_community_id(char *p, const struct ct_record *rec,
				  struct communities *c);

/* The ID of a packet; NULL, with nothing that counts written: it has none. */
static inline char *put_packet_community_id(char *p, const struct packet_view *pkt,
					    struct communities *c)
{
	struct community_text text;

	if (likely(c->table && pkt->v.id && pkt->summary.ports && !pkt->summary.fragment &&
		   community_is_connections(pkt->protonum)) &&
	    likely(community_table_get(c->table, pkt->v.slot, pkt->v.id, &text)))
		return put_community_text(p, &text);
	return put_new_packet_community_id(p, pkt, c);
}

/* The ID of a connection, by its original tuple. */
static inline char *put_record_community_id(char *p, const struct ct_record *rec,
					    struct communities *c)
{
	struct community_text text;

	if (likely(c->table && community_is_connections(rec->tuple[0].protonum)) &&
	    likely(community_table_get(c->table, rec->slot, rec->id, &text)))
		return put_community_text(p, &text);
	return put_new_record_community_id(p, rec, c);
}

#endif
