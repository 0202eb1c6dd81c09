/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tuple.h - one direction of a connection, as /proc and conntrack(8) write it.
 */
#ifndef REPORT_TUPLE_H
#define REPORT_TUPLE_H 1

#include "base/compiler.h"
#include "ctreplay/conntrack.h"
#include "report/out.h"

/* "src=... dst=... "; IPv6 with all its digits if 'full'. */
char *put_addresses(char *p, const struct ct_tuple *t, bool full);
/* "sport=... dport=... ", "type=... code=... id=... ", "srckey=... dstkey=... ",
 * or nothing. */
char *put_transport(char *p, const struct ct_tuple *t);

/* "use=1 " for the key "use=" */
static always_inline char *put_member(char *p, const char *key, uint64_t n)
{
	return put_char(put_u64(put_str(p, key), n), ' ');
}

#endif
