/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * proto_icmp.c - ICMP (RFC 792): queries are flows, errors belong to the flow
 * that they quote.  nf_conntrack_icmpv4_error(), nf_conntrack_icmp_packet().
 */
#include "conntrack/internal.h"
#include "packet/checksum.h"

#define ICMP_HEADER	8u

enum {
	ICMP_ECHO_REPLY = 0, ICMP_UNREACHABLE = 3, ICMP_SOURCE_QUENCH = 4,
	ICMP_REDIRECT = 5, ICMP_ECHO = 8, ICMP_TIME_EXCEEDED = 11,
	ICMP_PARAMETER_PROBLEM = 12, ICMP_TIMESTAMP = 13,
	ICMP_TIMESTAMP_REPLY = 14, ICMP_INFO_REQUEST = 15, ICMP_INFO_REPLY = 16,
	ICMP_ADDRESS_MASK = 17, ICMP_ADDRESS_MASK_REPLY = 18,
	ICMP_HIGHEST_KNOWN = 18,
};

static const struct { uint8_t query, answer; } pairs[] = {
	{ ICMP_ECHO,         ICMP_ECHO_REPLY },
	{ ICMP_TIMESTAMP,    ICMP_TIMESTAMP_REPLY },
	{ ICMP_INFO_REQUEST, ICMP_INFO_REPLY },
	{ ICMP_ADDRESS_MASK, ICMP_ADDRESS_MASK_REPLY },
};

#define PAIRS (sizeof(pairs) / sizeof(pairs[0]))

int icmp_invert(uint8_t type)
{
	for (size_t i = 0; i < PAIRS; i++) {
		if (type == pairs[i].query)
			return pairs[i].answer;
		if (type == pairs[i].answer)
			return pairs[i].query;
	}
	return -1;
}

static bool is_query(uint8_t type)
{
	for (size_t i = 0; i < PAIRS; i++)
		if (type == pairs[i].query)
			return true;
	return false;
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
	if (!is_query(t->entry->tuple.icmp_type)) {
		track_why(t, CT_REASON_ICMP_NEW, t->entry->tuple.icmp_type,
			  0, 0, 0);
		return TRACK_INVALID;
	}
	track_refresh(t, t->ct->cfg.sysctl.icmp_timeout);
	return TRACK_ACCEPT;
}

const struct ct_proto ct_proto_icmp = { .packet = icmp_packet };
