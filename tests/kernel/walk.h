/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * walk.h - random walks: packets that a seed decides, made to reach deep into
 * the trackers and to go wrong there.
 *
 * A generator for each protocol family keeps a model of its conversations,
 * plausible enough to follow them, and departs from it in all the ways that
 * the trackers look at.  Nothing depends on time or on what either side says.
 */
#ifndef CHECK_KERNEL_WALK_H
#define CHECK_KERNEL_WALK_H 1

#include <stdbool.h>
#include <stdio.h>

#include "craft.h"
#include "frames.h"
#include "rng.h"

/*
 * X(symbol, name, weight): the weight is the share of steps. With all enabled
 * no family has less than two percent of the frames.
 */
#define WALK_FAMILIES(X) \
X(TCP,     "tcp",     40) \
X(UDP,     "udp",      9) \
X(ICMP,    "icmp",     9) \
X(ICMP6,   "icmp6",    9) \
X(GENERIC, "generic",  5) \
X(IPHDR,   "iphdr",    6) \
X(SCTP,    "sctp",     9) \
X(GRE,     "gre",      4) \
X(UDPLITE, "udplite",  4) \
X(DCCP,    "dccp",     4) \
X(FRAG,    "frag",     5)

enum family {
#define WALK_ENUM(sym, name, weight) FAMILY_##sym,
	WALK_FAMILIES(WALK_ENUM)
#undef WALK_ENUM
	FAMILY_COUNT
};

#define WALK_ALL ((1u << FAMILY_COUNT) - 1)

enum {
	WALK_ADDRS = 6,		/* of each IP version */
	WALK_QUOTABLE = 64,	/* packets kept for ICMP errors to quote */
	WALK_TCP_CONNS = 28,
	WALK_SCTP_ASSOCS = 8,
	WALK_DCCP_CONNS = 6,
};

/* One end of a TCP connection, as its host and a tracker see it. */
struct tcp_end {
	uint32_t next;		/* what it sends next */
	uint32_t end;		/* end of the data that it has sent */
	uint32_t max_end;	/* end of the window that its peer has announced */
	uint32_t max_win;	/* largest window it has announced, scaled */
	uint8_t scale;
};

enum tcp_phase {
	PHASE_IDLE, PHASE_SYN, PHASE_CROSSED, PHASE_SYNACK, PHASE_OPEN,
	PHASE_FIN, PHASE_FINS, PHASE_DONE
};

struct tcp_conn {
	struct addr addr[2];
	uint16_t port[2];
	struct tcp_end end[2];
	enum tcp_phase phase;
	unsigned int opener;	/* which end sent the first SYN */
	unsigned int closer;	/* which end sent the first FIN */
	struct craft last;	/* the last segment, for retransmission */
	unsigned int last_end;	/* who sent it */
};

struct sctp_assoc {
	struct addr addr[2];
	uint16_t port[2];
	uint32_t tag[2];	/* the tag that each end expects */
	unsigned int closer;	/* which end shuts it down */
	unsigned int step;	/* in the script of an association */
};

struct dccp_conn {
	struct addr addr[2];	/* the client's and the server's */
	uint16_t port[2];
	uint64_t seq[2];	/* the number of the last packet */
	unsigned int step;	/* in the script of a connection */
};

struct walk {
	struct rng rng;
	struct frames *out;
	unsigned int families;
	enum family current;
	struct addr addr4[WALK_ADDRS], addr6[WALK_ADDRS];
	struct craft quotable[WALK_QUOTABLE];
	uint8_t quotable_family[WALK_QUOTABLE];	/* 4 or 6; 0 empty */
	unsigned int nquotable;
	struct tcp_conn tcp[WALK_TCP_CONNS];
	struct sctp_assoc sctp[WALK_SCTP_ASSOCS];
	struct dccp_conn dccp[WALK_DCCP_CONNS];
};

void walk_family_names(FILE *out);
const char *walk_family_name(enum family f);
/* Parses "tcp,udp"; false if a name is unknown. */
bool walk_families(const char *list, unsigned int *mask);

/* Appends about 'n' frames made from 'seed' to 'out'. */
void walk_make(struct frames *out, uint64_t seed, size_t n,
	       unsigned int families);

/* The rest is for the generators. */

/* Appends an IP packet to the walk. */
void walk_emit(struct walk *w, const struct craft *ip, uint8_t family);
/*
 * Wraps a transport packet in IP, at times with options or extension headers,
 * and appends it.
 */
void walk_send(struct walk *w, const struct addr *src, const struct addr *dst,
	       uint8_t proto, const struct craft *l4);
const struct addr *walk_addr(struct walk *w, uint8_t family);
/* Another address than 'not'. */
const struct addr *walk_other_addr(struct walk *w, const struct addr *not);
uint8_t walk_version(struct walk *w);
/* Cuts off the end of a packet, below 'below' bytes. */
void walk_truncate(struct walk *w, struct craft *l4, size_t below);
bool walk_enabled(const struct walk *w, enum family f);

void walk_tcp_start(struct walk *w);
void walk_tcp(struct walk *w);
void walk_udp(struct walk *w);
void walk_udplite(struct walk *w);
void walk_icmp(struct walk *w);
void walk_icmp6(struct walk *w);
void walk_generic(struct walk *w);
void walk_iphdr(struct walk *w);
void walk_sctp_start(struct walk *w);
void walk_sctp(struct walk *w);
void walk_dccp_start(struct walk *w);
void walk_dccp(struct walk *w);
void walk_gre(struct walk *w);
void walk_frag(struct walk *w);

#endif
