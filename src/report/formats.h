/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * formats.h - the formats for other programs than jq: CSV and Timesketch.
 */
#ifndef REPORT_FORMATS_H
#define REPORT_FORMATS_H 1

#include "report/report.h"

/* RFC 4180, one row each. */
void csv_packet(struct report *r, const struct packet_view *pkt);
void csv_record(struct report *r, const struct ct_record *rec);
void csv_event(struct report *r, const struct ct_event *ev);
void csv_expect(struct report *r, const struct ct_expect_record *x);
void csv_count(struct report *r, const char *group, const char *name, uint64_t n);

/*
 * Timesketch's JSON Lines: message, datetime and timestamp_desc are required,
 * the rest is ours.  Packets only where they are INVALID or dropped.
 */
void timesketch_packet(struct report *r, const struct packet_view *pkt);
void timesketch_event(struct report *r, const struct ct_event *ev);
void timesketch_expect(struct report *r, const struct ct_expect_event *ev);

#endif
