/* SPDX-License-Identifier: GPL-2.0-only */
/* detail.h - the details of a packet (packet/detail.h) in text and in JSON. */
#ifndef REPORT_DETAIL_H
#define REPORT_DETAIL_H 1

#include "report/packet_view.h"

/* ",INIT", ",key=0x1", ",about=udp:192.0.2.1:53>192.0.2.2:1024", or nothing: within
 * the brackets of the packet, without blanks. */
char *put_detail(char *p, const struct packet_view *pkt);
/* The members of JSON that its protocol has, null where there is no detail. */
char *put_detail_members(char *p, const struct packet_view *pkt);
/* The same as fields of CSV, with a comma behind each: DETAIL_COLUMNS. */
char *put_detail_fields(char *p, const struct packet_view *pkt);
#define DETAIL_COLUMNS \
	"quoted_proto,quoted_src,quoted_dst,quoted_sport,quoted_dport,sctp_chunks," \
	"gre_protocol,gre_key,gre_call_id,"
/* Those of a packet without a detail. */
#define NO_DETAIL_FIELDS ",,,,,,,,,"
/* " [state HEARTBEAT_SENT, chunk INIT]" for a reason that has these as numbers, or
 * nothing. */
char *put_reason_names(char *p, const struct ct_verdict *v);

#endif
