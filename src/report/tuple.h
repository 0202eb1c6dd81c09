/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tuple.h - one direction of a connection, as /proc and conntrack(8) write it.
 */
#ifndef REPORT_TUPLE_H
#define REPORT_TUPLE_H 1

#include "ctreplay/conntrack.h"
#include "report/out.h"

/* "src=... dst=... "; IPv6 with all its digits where 'full'. */
void table_addresses(struct out *o, const struct ct_tuple *t, bool full);
/* "sport=... dport=... ", "type=... code=... id=... " or the like. */
void table_transport(struct out *o, const struct ct_tuple *t);

#endif
