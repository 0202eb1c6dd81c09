/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tuple.h - one direction of a connection, as /proc and conntrack(8) write it.
 */
#ifndef REPORT_TUPLE_H
#define REPORT_TUPLE_H 1

#include "ctreplay/conntrack.h"
#include "report/out.h"

/* put_...() write at 'p' and return the place behind, see out.h. */

/* "src=... dst=... "; IPv6 with all its digits where 'full'. */
char *put_addresses(char *p, const struct ct_tuple *t, bool full);
/* "sport=... dport=... ", "type=... code=... id=... " or the like. */
char *put_transport(char *p, const struct ct_tuple *t);

#endif
