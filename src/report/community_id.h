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

#include <stdbool.h>
#include <stdint.h>

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

/* The ID of a packet; NULL, with nothing written: it has none. */
char *put_packet_community_id(char *p, const struct packet_view *pkt,
			      struct communities *c);
/* The ID of a connection, by its original tuple. */
char *put_record_community_id(char *p, const struct ct_record *rec, struct communities *c);

#endif
