/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * packets.h - the packets of the page, as columns.
 *
 * They are encoded at once, since a packet then takes a few bytes.  Only the column of
 * connections holds their ids until the end, when it is known which are kept.
 */
#ifndef REPLAY_PAGE_PACKETS_H
#define REPLAY_PAGE_PACKETS_H 1

#include "ctreplay/conntrack.h"
#include "report/page_column.h"
#include "report/rule_view.h"

/* So many packets are kept, and then so many more that are INVALID, dropped, or changed
 * the state of their connection. */
#define PACKETS_KEPT	2000000u
#define PACKETS_MORE	500000u

enum packet_column {
	PACKET_FRAME, PACKET_DT, PACKET_CONN, PACKET_WORD, PACKET_REASON, PACKET_DIR,
	PACKET_STATE, PACKET_PROTO, PACKET_LENGTH, PACKET_SRC, PACKET_DST, PACKET_SPORT,
	PACKET_DPORT, PACKET_VERDICT, PACKET_RULE,
	PACKET_COLUMNS
};

struct packets {
	struct column column[PACKET_COLUMNS];
	uint64_t seen, kept;
};

/* A packet, beside what its verdict says. */
struct packet_row {
	uint64_t frame;
	uint64_t at;		/* microseconds since the start */
	uint64_t id;		/* of its connection, or 0 */
	uint32_t length;
	uint32_t src, dst;	/* numbers of hosts + 1; 0: those of its connection */
	uint16_t sport, dport;	/* with hosts, where the packet has ports */
	uint32_t rule;		/* + 1 */
	uint8_t rule_verdict;
	uint8_t state;
	uint8_t protonum;
	uint8_t dir;		/* enum packet_dir */
};

/* CT_DIR_..., and which way a packet goes whose direction the engine does not say. */
enum packet_dir {
	PACKET_NO_DIR, PACKET_ORIGINAL, PACKET_REPLY, PACKET_AS_ORIGINAL, PACKET_AS_REPLY,
};

void packets_init(struct packets *p);
void packets_free(struct packets *p);

/* Whether a packet is kept, which is counted as seen. */
static inline bool packets_keep(struct packets *p, bool matters)
{
	p->seen++;
	return p->kept < PACKETS_KEPT ||
	       (matters && p->kept < PACKETS_KEPT + PACKETS_MORE);
}

/* False: no memory. */
bool packets_add(struct packets *p, const struct packet_row *row,
		 const struct ct_verdict *v);

#endif
