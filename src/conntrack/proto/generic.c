/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * generic.c - IP protocols without a tracker of their own.  Addresses and
 * protocol number identify a connection.  generic_packet().
 */
#include "conntrack/track.h"

static enum track_result generic_packet(struct track *t)
{
	track_refresh(t, t->ct->cfg.sysctl.generic_timeout);
	return TRACK_ACCEPT;
}

const struct ct_proto ct_proto_generic = { .packet = generic_packet };
