/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * copies.h - packets that are in the capture more than once: those of several
 * interfaces or of a mirror port, and those of both sides of a device that rewrites
 * addresses or sequence numbers.
 */
#ifndef REPLAY_QUALITY_COPIES_H
#define REPLAY_QUALITY_COPIES_H 1

#include <stdbool.h>
#include <stdint.h>

#include "ctreplay/conntrack.h"
#include "replay/quality/segment.h"

#define COPIES_SLOTS		1024u
#define COPIES_LIKE_SLOTS	256u
#define COPIES_INTERFACES	8u
/* A copy comes within this time. */
#define COPIES_WITHIN		(2 * CT_NSEC_PER_SEC / 1000)

struct same_slot {
	uint64_t print;		/* of the packet; 0: free */
	ct_time time;
	uint32_t interface;
};

/* To tell how a rewritten copy differs. */
struct like_slot {
	uint64_t print;
	ct_time time;
	union ct_addr src, dst;
	uint32_t l4, seq;
	uint16_t id;		/* IPv4's identification */
};

struct copies {
	struct same_slot *same;		/* COPIES_SLOTS */
	struct like_slot *like;		/* COPIES_LIKE_SLOTS */
	uint64_t watched;		/* packets */
	uint64_t count, first;		/* copies */
	uint64_t rewritten, rewritten_first;
	uint32_t interface[COPIES_INTERFACES];	/* of copies, each plus 1 */
	unsigned int interfaces;
};

enum copy_kind { COPY_NONE, COPY_SAME, COPY_REWRITTEN };

bool copies_init(struct copies *c);	/* false: no memory */
void copies_free(struct copies *c);

/* 's' is the packet's TCP header, or NULL; 'interface' is one more than the
 * interface's number; 0: unknown. */
enum copy_kind copies_packet(struct copies *c, const struct ct_packet *pkt,
			     const struct segment *s, ct_time time, uint32_t interface);

#endif
