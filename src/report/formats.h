/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * formats.h - the output formats, for report.c: a function for each kind of
 * result.  A format that does not have a kind has no function for it, and report.c
 * prints nothing.  The statistics are few and have their formats in statistics.c.
 */
#ifndef REPORT_FORMATS_H
#define REPORT_FORMATS_H 1

#include "report/report.h"

/* Text, for people: packet_text.c, table_proc.c, table_short.c, events.c,
 * expect.c. */
void text_packet(struct report *r, const struct packet_view *pkt);
void text_frame(struct report *r, uint64_t number, ct_time time,
		const char *class);
void text_table_heading(struct report *r, struct ct *ct, size_t shown);
void text_record(struct report *r, const struct ct_record *rec);
/* Those of TABLE_SHORT: the names of its columns, and an entry. */
void text_table_columns(struct report *r);
void text_short_record(struct report *r, const struct ct_record *rec);
void text_event(struct report *r, const struct ct_event *ev);
void text_top(struct report *r, const struct top_view *v);
void text_connection(struct report *r, const struct connection_view *c);
void text_expect_heading(struct report *r);
void text_expect(struct report *r, const struct ct_expect_record *x);
void text_expect_event(struct report *r, const struct ct_expect_event *ev);

/* JSON Lines, a flat object each: packet_json.c, table_json.c, events.c,
 * expect.c. */
void json_packet(struct report *r, const struct packet_view *pkt);
void json_frame(struct report *r, uint64_t number, ct_time time,
		const char *class);
void json_record(struct report *r, const struct ct_record *rec);
void json_event(struct report *r, const struct ct_event *ev);
void json_top(struct report *r, const struct top_view *v);
void json_connection_view(struct report *r, const struct connection_view *c);
void json_expect(struct report *r, const struct ct_expect_record *x);
void json_expect_event(struct report *r, const struct ct_expect_event *ev);
void json_note(struct report *r, const struct note *n);

/* CSV (RFC 4180), a row each. */
void csv_header(struct report *r, enum report_section section);
void csv_packet(struct report *r, const struct packet_view *pkt);
void csv_record(struct report *r, const struct ct_record *rec);
void csv_event(struct report *r, const struct ct_event *ev);
void csv_connection(struct report *r, const struct connection_view *c);
void csv_expect(struct report *r, const struct ct_expect_record *x);
void csv_count(struct report *r, const char *group, const char *name, uint64_t n);

/*
 * Timesketch's JSON Lines: it requires message, datetime and timestamp_desc, the
 * other keys are this program's.  Of the packets only those that are INVALID or
 * dropped.
 */
void timesketch_packet(struct report *r, const struct packet_view *pkt);
void timesketch_event(struct report *r, const struct ct_event *ev);
void timesketch_expect_event(struct report *r, const struct ct_expect_event *ev);

/* rule_view.c: what a firewall says of a packet.  put_rule() is for one that has a
 * verdict of it. */
char *put_rule(char *p, const struct rule_view *v);
/* Its place: "filter:FORWARD:3"; up to 48 bytes. */
char *put_place(char *p, const struct rule_place *place);
void out_rule(struct out *o, const struct rule_view *v);
void json_rule(struct report *r, const struct rule_view *v);
/* The verdict and the rule alone. */
void json_rule_word(struct report *r, const struct rule_view *v);
void csv_rule(struct report *r, const struct rule_view *v);
void csv_rule_header(struct report *r);
void json_place(struct out *o, const char *key, const struct rule_place *place);
void csv_place(struct out *o, const struct rule_place *place);	/* with a comma before */

/* The packet as tcpdump would describe it, always five columns: for text and
 * for Timesketch's messages. */
void out_packet(struct out *o, const struct packet_view *pkt);

#endif
