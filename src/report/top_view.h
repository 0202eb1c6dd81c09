/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * top_view.h - one of the largest (--top): who it is, and its counters.
 */
#ifndef REPORT_TOP_VIEW_H
#define REPORT_TOP_VIEW_H 1

#include "ctreplay/conntrack.h"
#include "report/style.h"

/* What is counted together: the first packet's source, destination, destination
 * port, or both addresses.  Members that do not matter for 'by' are zero. */
struct top_key {
	union ct_addr src, dst;
	uint16_t port;
	uint8_t l3num, protonum;
	uint8_t has_port;	/* of the protocol: else 'port' is 0 */
	uint8_t zero[3];	/* keys are compared byte by byte */
};

_Static_assert(sizeof(struct top_key) == 40, "no padding");

/* "src", ...; as --top has it. */
const char *top_by_name(enum top_by by);

struct top_view {
	enum top_by by;
	unsigned int rank;	/* from 1 */
	struct top_key key;
	uint64_t entries;	/* at the moment of most entries */
	uint64_t connections, packets, bytes;
	uint64_t invalid;	/* INVALID packets */
};

/* The order of keys, which decides where all counts are equal: below 0 if 'a' comes
 * first, 0 if they are the same.  It does not depend on the order of bytes. */
int top_key_order(const struct top_key *a, const struct top_key *b);

/* The order of --top: below 0 if 'a' is the larger one.  'rank' and 'by' do not count. */
int top_view_order(const struct top_view *a, const struct top_view *b);

#endif
