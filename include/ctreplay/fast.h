/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fast.h - calls that make an engine faster, and change nothing else.
 *
 * A program that tracks packets one at a time as they come in needs none of
 * these: ct_packet_parse(), ct_track() and ct_confirm() of conntrack.h do all
 * the work.  These calls pay where packets come in batches, as ctreplay reads
 * them from a file, and where millions of connections do not fit into the
 * processor's caches.  They are of two kinds.
 *
 * Preparing does ahead of time the work that needs only the packet and the
 * configuration: the flow's hash, the transport checksum, the fields of a TCP
 * header.  It is about a third of the work of tracking a packet.  Other threads
 * may prepare packets while the engine's own thread tracks those before them.
 *
 * Prefetching hides the time that memory takes.  A packet of a random
 * connection costs two cache misses, one in the index and one for the
 * connection's entry; each takes longer than all the rest of tracking.  So ask
 * for them some packets ahead:
 *
 *	for (i = 0; i < n; i++)
 *		if (!ct_prepare_fast(ct, &pkt[i], data[i], caplen[i], l3num) &&
 *		    ct_packet_parse(&pkt[i], data[i], ...) == CT_PACKET_OK)
 *			ct_prepare(ct, &pkt[i]);
 *	for (i = 0; i < n; i++) {
 *		if (i + 64 < n)
 *			ct_prefetch(ct, &pkt[i + 64]);
 *		if (i + 32 < n)
 *			ct_prefetch_entry(ct, &pkt[i + 32]);
 *		... ct_track_at(&pkt[i]), ct_confirm() ...
 *	}
 *
 * Distances of 64 and 32 packets serve well; they are not critical.  In one
 * thread, the whole takes about two thirds of the time of plain calls.
 *
 * No verdict, event or record depends on whether, when, or for which packets
 * any of these is called.
 */
#ifndef CTREPLAY_FAST_H
#define CTREPLAY_FAST_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "ctreplay/conntrack.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Notes in '*pkt', which ct_packet_parse() has filled in, what ct_track() of
 * the same engine then need not find out: the hash of the packet's flow,
 * whether its transport checksum is right, the fields of its TCP header.  It
 * leaves fragments alone; prepare, if you like, the packet that reassembly
 * makes of them.
 *
 * Thread safety: any thread may call this, and ct_prepare_fast(), while another
 * uses the engine, since both read nothing of it but the configuration.
 */
void ct_prepare(const struct ct *ct, struct ct_packet *pkt);

/*
 * ct_packet_parse() and ct_prepare() in one call, for the packets that most
 * captures mostly hold: TCP behind an IP header without options, not a
 * fragment, captured whole, and nothing wrong with it.  'caplen' is the number
 * of bytes at 'data', padding of the link layer included.
 *
 * True: '*pkt' is as those two would have left it, but for 'number', which is
 * not set.  False: it is some other packet, for those two, and '*pkt' is not
 * valid.
 */
bool ct_prepare_fast(const struct ct *ct, struct ct_packet *pkt,
		     const uint8_t *data, uint32_t caplen, enum ct_l3 l3num);

/*
 * For programs that show the same packets to two engines: makes '*pkt', a copy of
 * a packet that 'of' has prepared, one that 'ct' has prepared.  What 'of' found
 * out stays where it holds for both: their configurations have the same hash_key,
 * and no difference in checksums or kernels matters to the packet.  Otherwise it
 * does what ct_prepare() does.
 *
 * Thread safety: as ct_prepare().
 */
void ct_prepare_copy(const struct ct *ct, const struct ct *of,
		     struct ct_packet *pkt);

/*
 * Hints for a packet that will be tracked soon.  ct_prefetch() fetches the
 * packet's transport header and its place in the index; ct_prefetch_entry(),
 * called some packets later, fetches the connection that the index names, and
 * notes its number in '*pkt'.  It returns the slot of that connection (see struct
 * ct_verdict), for a program that has data of its own to prefetch; 0 where there is
 * none, and not always the slot that ct_track() will tell.  Only the engine's own
 * thread may call them.  They do not change the engine, and ignore a packet that is not
 * prepared; one that was never parsed has to pass ct_prepare_none() first.
 */
void ct_prefetch(const struct ct *ct, const struct ct_packet *pkt);
uint32_t ct_prefetch_entry(const struct ct *ct, struct ct_packet *pkt);

/*
 * The same for 'n' packets in one call.  Each packet is 'stride' bytes behind the one
 * before it, as in an array of structures that begin with a struct ct_packet.
 */
void ct_prefetch_many(const struct ct *ct, const struct ct_packet *pkt,
		      size_t stride, size_t n);
void ct_prefetch_entry_many(const struct ct *ct, struct ct_packet *pkt,
			    size_t stride, size_t n);

/* ct_advance() and ct_track() in one call. */
bool ct_track_at(struct ct *ct, const struct ct_packet *pkt, struct ct_verdict *v,
		 ct_time now);

/* What ct_track_many() reads of each packet: the beginning of the program's own
 * structure. */
struct ct_timed_packet {
	struct ct_packet pkt;
	ct_time time;
};

/* How many packets ahead ct_track_many() calls ct_prefetch() and ct_prefetch_entry(): one
 * packet at a time, as the processor waits where many lines are wanted at once. */
#define CT_AHEAD_PACKET	96u	/* and the packet itself, which may be in memory only */
#define CT_AHEAD_INDEX	64u
#define CT_AHEAD_ENTRY	32u

/* How far ct_track_many() goes, and what it has come to. */
struct ct_run {
	size_t stride;		/* each packet is so many bytes behind the one before it */
	size_t there;		/* packets from the first one on; with each that is tracked
				 * those CT_AHEAD_... behind it are prefetched, if there */
	ct_time now;		/* no packet with an earlier time is tracked; then the time
				 * of the last that was */
	ct_time until;		/* nor one of this time or a later one */
	uint64_t *plain;	/* 256 numbers, by IP protocol: to each is added how many
				 * packets were plain */
	uint64_t plain_sum;	/* and here how many in all */
	bool told;		/* the last that was tracked was not plain ... */
	bool pending;		/* ... and this is what ct_track_at() returned for it */
};

/*
 * ct_track_at() for several of 'n' packets from '*first' on, each at its time, as long as
 * they are plain: ESTABLISHED without a reason, and nothing is left to ct_confirm().  It
 * ends behind the first that is not, and '*v' is the verdict on that one (told).  For the
 * others '*v' is of no meaning.
 *
 * It also ends before a packet that is not prepared, has a flag, or is outside of the
 * times of '*run'.  Returns the number of packets that were tracked, with the last one.
 */
size_t ct_track_many(struct ct *ct, struct ct_timed_packet *first, size_t n,
		     struct ct_run *run, struct ct_verdict *v);

/* Ports, in the processor's byte order. */
struct ct_ports {
	uint16_t src, dst;
};

/* The ports and the flags, the 14th byte, of a TCP header in which ct_prepare() found no
 * fault, without a look at the packet's bytes.  False: it has noted no such header. */
static inline bool ct_prepared_tcp(const struct ct_packet *pkt, struct ct_ports *ports,
				   uint8_t *flags)
{
	if (!(pkt->priv.prepared & CT_PREPARED_SEGMENT))
		return false;
	memcpy(ports, &pkt->priv.l4, sizeof(*ports));
	*flags = pkt->priv.segment.flags;
	return true;
}

/* Marks '*pkt', which may hold anything, as a packet that is not prepared. */
void ct_prepare_none(struct ct_packet *pkt);

#ifdef __cplusplus
}
#endif

#endif
