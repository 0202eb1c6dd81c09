/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * icmpv6.c - ICMPv6 (RFC 4443), with redirects (RFC 4861) and node
 * information queries (RFC 4620).  nf_conntrack_icmpv6_error(),
 * nf_conntrack_icmpv6_redirect(), nf_conntrack_icmpv6_packet().
 */
#include "conntrack/icmp_types.h"
#include "conntrack/track.h"
#include "packet/checksum.h"

#define ICMPV6_HEADER	8u
#define REDIRECT_HEADER	40u	/* ICMPv6 header, target, destination */
#define ND_OPT_REDIRECTED 4u	/* "redirected header" option */
#define IPV6_HOP_LIMIT	7u

/* Messages between neighbours on a link; nf_conntrack_icmpv6_error() leaves
 * them untracked. */
static bool never_tracked(const struct ct *ct, uint8_t type)
{
	return (type >= ICMPV6_MLD_QUERY && type <= ICMPV6_NA) ||
	       type == ICMPV6_MLDV2_REPORT ||
	       ((type == ICMPV6_MRD_ADVERTISEMENT ||
		 type == ICMPV6_MRD_SOLICITATION) &&
		kernel_has(ct, CT_HAS_ICMPV6_MRD_UNTRACKED));
}

/* ipv6_addr_type() & IPV6_ADDR_LINKLOCAL, which is also set for multicast of
 * link scope. */
static bool is_link_local(const union ct_addr *a)
{
	return (a->b[0] == 0xfe && (a->b[1] & 0xc0) == 0x80) ||
	       (a->b[0] == 0xff && (a->b[1] & 0x0f) == 0x02);
}

/* True where that settles the verdict. */
static bool redirect(struct track *t, uint8_t code)
{
	uint32_t off = t->pkt->l4off;
	uint8_t opt[2], hop_limit = 0;

	if (!bytes_has(&t->bytes, off, REDIRECT_HEADER)) {
		track_why(t, CT_REASON_ICMPV6_REDIR_SHORT, 0, 0, 0, 0);
		return true;
	}
	if (code != 0)
		return false;
	bytes_u8(&t->bytes, IPV6_HOP_LIMIT, &hop_limit);
	if (hop_limit != 255 || !is_link_local(&t->pkt->src)) {
		track_why(t, CT_REASON_ICMPV6_REDIR_FROM, 0, 0, 0, 0);
		return true;
	}
	off += REDIRECT_HEADER;
	if (!bytes_copy(&t->bytes, off, opt, 2) || opt[1] == 0) {
		track_why(t, CT_REASON_ICMPV6_REDIR_OPTS, 0, 0, 0, 0);
		return true;
	}
	if (opt[0] != ND_OPT_REDIRECTED)
		return false;
	icmp_related(t, off + 8, CT_REASON_ICMPV6_OUTER);
	return true;
}

bool icmpv6_error(struct track *t)
{
	uint32_t off = t->pkt->l4off;
	uint8_t h[ICMPV6_HEADER];

	if (!bytes_copy(&t->bytes, off, h, sizeof(h))) {
		track_why(t, CT_REASON_ICMPV6_SHORT, 0, 0, 0, 0);
		return true;
	}
	if (track_bad_checksum(t, CT_L4_ICMPV6, ICMP_CHECK)) {
		track_why(t, CT_REASON_ICMPV6_CHECKSUM, 0, 0, 0, 0);
		return true;
	}
	if (never_tracked(t->ct, h[0])) {
		t->v->ctstate = CT_UNTRACKED;
		track_why(t, CT_REASON_ICMPV6_UNTRACKED, h[0], 0, 0, 0);
		return true;
	}
	if (h[0] == ICMPV6_REDIRECT &&
	    kernel_has(t->ct, CT_HAS_ICMPV6_REDIRECT_RELATED))
		return redirect(t, h[1]);
	if (h[0] >= ICMPV6_FIRST_QUERY)
		return false;
	icmp_related(t, off + ICMPV6_HEADER, CT_REASON_ICMPV6_OUTER);
	return true;
}

static enum track_result icmpv6_packet(struct track *t)
{
	uint8_t type = t->entry->icmp_type;

	if (t->pkt->l3num != CT_L3_IPV6)
		return track_invalid(t, CT_REASON_ICMP_FAMILY);
	if (!entry_confirmed(t->entry) &&
	    type != ICMPV6_ECHO && type != ICMPV6_NI_QUERY) {
		track_why(t, CT_REASON_ICMP_NEW, type, 0, 0, 0);
		return TRACK_INVALID;
	}
	track_refresh(t, t->ct->cfg.sysctl.icmpv6_timeout);
	return TRACK_ACCEPT;
}

const struct ct_proto ct_proto_icmpv6 = { .packet = icmpv6_packet };
