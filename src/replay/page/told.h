/* SPDX-License-Identifier: GPL-2.0-only */
/* told.h - the packets that are INVALID or dropped, for sentences about them. */
#ifndef REPLAY_PAGE_TOLD_H
#define REPLAY_PAGE_TOLD_H 1

#include "report/page.h"

/* So many are told about. */
#define TOLD_MAX 10000u

struct told {
	struct page_told *packet;
	size_t n, capacity;
	uint64_t left;		/* how many more there are */
	struct explain_view view;	/* for facts_find() */
};

void told_free(struct told *t);

/* Notes a packet, with the number of entries in the table and the most that may be.
 * False: no memory. */
bool told_add(struct told *t, const struct ct_packet *pkt, const struct ct_verdict *v,
	      size_t entries, uint32_t max);

#endif
