/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * reassembly.h - fragments in, whole datagrams out.
 *
 * Connection tracking never sees a fragment: the kernel's defragmentation
 * hooks (nf_defrag_ipv4, nf_defrag_ipv6) run before it, hold fragments until
 * the datagram is whole, and hand on one packet in place of the last of them.
 */
#ifndef PACKET_REASSEMBLY_H
#define PACKET_REASSEMBLY_H 1

#include <stdbool.h>
#include <stdint.h>

#include "ctreplay/packet.h"
#include "ctreplay/reason.h"

struct reassembly;

struct reassembly_limits {
	uint32_t ipv4_seconds, ipv6_seconds;	/* ipfrag_time, frag6_timeout */
	uint32_t ipv4_bytes, ipv6_bytes;	/* ..._high_thresh */
	uint32_t ipv4_max_dist;			/* ipfrag_max_dist; 0 is off */
};

/* NULL: no memory. */
struct reassembly *reassembly_create(const struct reassembly_limits *limits);
void reassembly_free(struct reassembly *r);	/* NULL is fine */

enum reassembly_result {
	REASSEMBLY_PASS,	/* no fragment: '*pkt' is as it was */
	REASSEMBLY_WHOLE,	/* '*pkt' is now the whole datagram */
	REASSEMBLY_HELD,	/* kept for later */
	REASSEMBLY_DROPPED,	/* dropped: '*why' says why */
};

/*
 * Takes one packet at time 'now' (nanoseconds, never going backwards; what
 * timed out before 'now' is forgotten first).  On REASSEMBLY_WHOLE '*pkt' has
 * CT_PACKET_REASSEMBLED set, keeps the number of the frame that completed it,
 * and its bytes belong to 'r' until the next call.  Bytes that the capture's
 * snap length cut off count with the length in the header and read as zero.
 */
enum reassembly_result reassembly_packet(struct reassembly *r, uint64_t now,
					 struct ct_packet *pkt,
					 enum ct_reason *why);

/*
 * The numbers of the frames that the datagram of the last call came in, in
 * order of arrival: what has to go with it where captures are written.  None
 * where that call's result was not REASSEMBLY_WHOLE.
 */
const uint64_t *reassembly_frames(const struct reassembly *r, uint32_t *n);

struct reassembly_stats {
	uint64_t held, whole, dropped, timed_out;	/* fragments, datagrams, fragments, datagrams */
	uint64_t no_memory;	/* fragments refused by the memory limit */
	/* Times that there was none to be had, below the limit: words may
	 * differ from the kernel's since. */
	uint64_t out_of_memory;
};
const struct reassembly_stats *reassembly_stats(const struct reassembly *r);

#endif
