/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * gre.c - GRE (RFC 2784, RFC 2890) and PPTP's version 1 (RFC 2637).
 * nf_conntrack_gre_packet().  tuple.c reads the keys.
 */
#include "conntrack/track.h"

static enum track_result gre_packet(struct track *t)
{
	const struct ct_sysctl *sysctl = &t->ct->cfg.sysctl;
	struct gre_info *gre = &t->entry->proto.gre;

	/* This also replaces the longer timeouts that PPTP's helper has just
	 * given an expected call, as it does in the kernel. */
	if (!entry_confirmed(t->entry)) {
		gre->timeout = sysctl->gre_timeout;
		gre->stream_timeout = sysctl->gre_timeout_stream;
	}
	if (t->entry->status & CT_STATUS_SEEN_REPLY) {
		track_refresh(t, gre->stream_timeout);
		track_set_assured(t);
	} else {
		track_refresh(t, gre->timeout);
	}
	return TRACK_ACCEPT;
}

const struct ct_proto ct_proto_gre = { .packet = gre_packet };
