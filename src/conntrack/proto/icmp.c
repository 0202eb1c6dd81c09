/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * icmp.c - ICMP (RFC 792): a query opens a connection, an error belongs to the
 * connection of the packet that it quotes.  nf_conntrack_icmpv4_error(),
 * nf_conntrack_icmp_packet().
 */
#include "conntrack/icmp_types.h"
#include "conntrack/track.h"
#include "packet/checksum.h"

#define ICMP_HEADER	8u

static bool is_query(uint8_t type)
{
	return type == ICMP_ECHO || type == ICMP_TIMESTAMP ||
	       type == ICMP_INFO_REQUEST || type == ICMP_ADDRESS_MASK;
}

static bool is_error(uint8_t type)
{
	return type == ICMP_UNREACHABLE || type == ICMP_SOURCE_QUENCH ||
	       type == ICMP_REDIRECT || type == ICMP_TIME_EXCEEDED ||
	       type == ICMP_PARAMETER_PROBLEM;
}

bool icmp_error(struct track *t)
{
	uint32_t off = t->pkt->l4off;
	uint8_t h[ICMP_HEADER];

	if (!bytes_copy(&t->bytes, off, h, sizeof(h)))
		track_why(t, CT_REASON_ICMP_SHORT, 0, 0, 0, 0);
	else if (track_bad_checksum(t, CT_L4_ICMP, ICMP_CHECK))
		track_why(t, CT_REASON_ICMP_CHECKSUM, 0, 0, 0, 0);
	else if (h[0] > ICMP_HIGHEST_KNOWN)
		track_why(t, CT_REASON_ICMP_TYPE, 0, 0, 0, 0);
	else if (is_error(h[0]))
		icmp_related(t, off + ICMP_HEADER, CT_REASON_ICMP_OUTER);
	else
		return false;
	return true;
}

static enum track_result icmp_packet(struct track *t)
{
	if (t->pkt->l3num != CT_L3_IPV4)
		return track_invalid(t, CT_REASON_ICMP_FAMILY);
	if (!is_query(t->entry->icmp_type)) {
		track_why(t, CT_REASON_ICMP_NEW, t->entry->icmp_type,
			  0, 0, 0);
		return TRACK_INVALID;
	}
	track_refresh(t, t->ct->cfg.sysctl.icmp_timeout);
	return TRACK_ACCEPT;
}

const struct ct_proto ct_proto_icmp = { .packet = icmp_packet };
