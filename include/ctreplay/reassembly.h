/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * reassembly.h - fragments in, whole datagrams out.
 *
 * Connection tracking never sees a fragment: the kernel's defragmentation hooks
 * (nf_defrag_ipv4, nf_defrag_ipv6) run before it, hold fragments until the
 * datagram is whole, and hand on one packet in place of the last of them.  So a
 * program that wants the kernel's verdicts puts a reassembly between
 * ct_packet_parse() and ct_track():
 *
 *	struct ct_reassembly *r = ct_reassembly_create(&cfg.sysctl);
 *
 *	switch (ct_reassembly_packet(r, ct_now(ct), &pkt, &why)) {
 *	case CT_REASSEMBLY_PASS:
 *	case CT_REASSEMBLY_WHOLE:
 *		ct_track(ct, &pkt, &verdict);
 *		...
 *		break;
 *	case CT_REASSEMBLY_HELD:	// no rule sees the packet now;
 *	case CT_REASSEMBLY_DROPPED:	// 'why' is the reason
 *		break;
 *	}
 *
 * Most packets are no fragments; only those with CT_PACKET_FRAGMENT need the
 * call.  A reassembly belongs to one thread at a time; several are independent.
 * It is safe against any packet bytes.  Its memory is limited by the settings
 * ipfrag_high_thresh and frag6_high_thresh, about 64 KiB for a datagram that
 * became whole, and 64 KiB for the numbers of its frames.
 *
 * Source: Linux 6.18, net/ipv4/ip_fragment.c, net/ipv4/inet_fragment.c,
 * net/ipv6/netfilter/nf_conntrack_reasm.c.
 */
#ifndef CTREPLAY_REASSEMBLY_H
#define CTREPLAY_REASSEMBLY_H 1

#include <stdint.h>

#include "ctreplay/packet.h"
#include "ctreplay/reason.h"
#include "ctreplay/sysctl.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ct_reassembly;		/* opaque */

/*
 * Makes a reassembly with the time, memory and distance limits of 'sysctl'
 * (ipfrag_... and frag6_...), which it copies.  The caller frees it with
 * ct_reassembly_free().  NULL when there is no memory.
 */
struct ct_reassembly *ct_reassembly_create(const struct ct_sysctl *sysctl);
/* Frees it with all that it holds; NULL is fine. */
void ct_reassembly_free(struct ct_reassembly *r);

enum ct_reassembly_result {
	CT_REASSEMBLY_PASS,	/* '*pkt' is as it was, to be tracked as it is:
				 * no fragment, or an IPv6 fragment that the
				 * kernel lets through */
	CT_REASSEMBLY_WHOLE,	/* '*pkt' is now the whole datagram */
	CT_REASSEMBLY_HELD,	/* kept until the datagram is whole */
	CT_REASSEMBLY_DROPPED,	/* the fragment, or its datagram, is dropped */
};

/*
 * Takes one parsed packet at time 'now', in nanoseconds, which never goes
 * backwards.  Datagrams that timed out by then are forgotten first.  The bytes
 * of '*pkt' are copied where they are kept.
 *
 * '*why' is the reason of CT_REASSEMBLY_HELD and CT_REASSEMBLY_DROPPED, and
 * CT_REASON_NONE otherwise.
 *
 * On CT_REASSEMBLY_WHOLE '*pkt' has CT_PACKET_REASSEMBLED set, has the number of
 * the frame that completed it, and its bytes belong to 'r' until the next call.
 * Bytes that the capture's snap length cut off count with the length in the
 * header and read as zero.
 */
enum ct_reassembly_result ct_reassembly_packet(struct ct_reassembly *r,
					       uint64_t now,
					       struct ct_packet *pkt,
					       enum ct_reason *why);

/*
 * The numbers of the frames that the last call's datagram came in, in order of
 * arrival, and how many they are: a program that writes captures writes these
 * frames with the datagram.  None unless that call returned
 * CT_REASSEMBLY_WHOLE.  They belong to 'r' until the next call.
 */
const uint64_t *ct_reassembly_frames(const struct ct_reassembly *r, uint32_t *n);

/* Counts since the creation. */
struct ct_reassembly_stats {
	uint64_t held;		/* fragments that were kept */
	uint64_t whole;		/* datagrams that became whole */
	uint64_t dropped;	/* fragments that were dropped */
	uint64_t timed_out;	/* datagrams that did not become whole in time */
	uint64_t over_limit;	/* fragments that the memory limit refused */
	/* Times that memory ran out below the limit; verdicts may differ from
	 * the kernel's since. */
	uint64_t out_of_memory;
};

/* Belongs to 'r', and follows its counts. */
const struct ct_reassembly_stats *
ct_reassembly_stats(const struct ct_reassembly *r);

#ifdef __cplusplus
}
#endif

#endif
