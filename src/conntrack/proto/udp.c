/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * udp.c - UDP (RFC 768) and UDP-Lite (RFC 3828).
 * nf_conntrack_udp_packet(), nf_conntrack_udplite_packet().
 */
#include "conntrack/track.h"
#include "packet/checksum.h"

#define UDP_HEADER	8u

/*
 * Packets after a reply make the connection a stream only from this time after
 * the first packet on: a question and its answer expire after 30 seconds, not
 * 120.
 */
#define STREAM_AFTER	(2 * CT_NSEC_PER_SEC)

static enum ct_reason udp_error(const struct track *t)
{
	uint32_t off = t->pkt->l4off, size = t->pkt->len - off;
	uint8_t h[UDP_HEADER];
	uint16_t len;

	if (!bytes_copy(&t->bytes, off, h, sizeof(h)))
		return CT_REASON_UDP_SHORT;
	len = load_be16(h + 4);
	if (len > size || len < UDP_HEADER)
		return CT_REASON_UDP_TRUNCATED;
	if (load_be16(h + UDP_CHECK) != 0 &&
	    track_bad_checksum(t, CT_L4_UDP, UDP_CHECK))
		return CT_REASON_UDP_CHECKSUM;
	return CT_REASON_NONE;
}

static enum track_result udp_packet(struct track *t)
{
	const struct ct_sysctl *sysctl = &t->ct->cfg.sysctl;
	struct ct_entry *e = t->entry;
	enum ct_reason reason = udp_error(t);

	if (reason != CT_REASON_NONE)
		return track_invalid(t, reason);
	if (!entry_confirmed(e))
		e->proto.udp_stream = t->ct->now + STREAM_AFTER;

	if ((e->status & CT_STATUS_SEEN_REPLY) &&
	    t->ct->now > e->proto.udp_stream) {
		track_refresh(t, sysctl->udp_timeout_stream);
		track_set_assured(t);
	} else if ((e->status & CT_STATUS_SEEN_REPLY) &&
		   !kernel_has(t->ct, CT_HAS_UDP_ASSURED_STREAM)) {
		track_refresh(t, sysctl->udp_timeout);
		track_set_assured(t);
	} else {
		track_refresh(t, sysctl->udp_timeout);
	}
	return TRACK_ACCEPT;
}

static enum ct_reason udplite_error(const struct track *t)
{
	uint32_t off = t->pkt->l4off, size = t->pkt->len - off, coverage;
	uint8_t h[UDP_HEADER];

	if (!bytes_copy(&t->bytes, off, h, sizeof(h)))
		return CT_REASON_UDPLITE_SHORT;
	coverage = load_be16(h + 4);
	if (coverage == 0)
		coverage = size;
	else if (coverage < UDP_HEADER || coverage > size)
		return CT_REASON_UDPLITE_COVERAGE;
	if (load_be16(h + UDP_CHECK) == 0)
		return CT_REASON_UDPLITE_MISSING;
	if (track_bad_checksum_partial(t, CT_L4_UDP, coverage))
		return CT_REASON_UDPLITE_CHECKSUM;
	return CT_REASON_NONE;
}

static enum track_result udplite_packet(struct track *t)
{
	const struct ct_sysctl *sysctl = &t->ct->cfg.sysctl;
	enum ct_reason reason = udplite_error(t);

	if (reason != CT_REASON_NONE)
		return track_invalid(t, reason);
	if (t->entry->status & CT_STATUS_SEEN_REPLY) {
		track_refresh(t, sysctl->udp_timeout_stream);
		track_set_assured(t);
	} else {
		track_refresh(t, sysctl->udp_timeout);
	}
	return TRACK_ACCEPT;
}

const struct ct_proto ct_proto_udp = { .packet = udp_packet, .ports = true };
const struct ct_proto ct_proto_udplite = { .packet = udplite_packet, .ports = true };
