/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * report.h - results, as text for people or in a format for programs.
 *
 * This is the only module that writes results.  It formats values and reads no
 * packet; what it writes does not depend on the locale, the time zone or the
 * clock.  report.c passes each result on to the format that was asked for;
 * formats.h lists these.
 */
#ifndef REPORT_H
#define REPORT_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "ctreplay/conntrack.h"
#include "report/columns.h"
#include "report/community_id.h"
#include "report/connection_view.h"
#include "report/format.h"
#include "report/origin.h"
#include "report/out.h"
#include "report/packet_view.h"
#include "report/shown.h"
#include "report/statistics.h"
#include "report/style.h"
#include "report/top_view.h"

struct report {
	enum report_format format;
	enum table_style table_style;
	bool color;
	bool verbose;		/* statistics show what is 0, too */
	bool acct, timestamp;	/* the sysctls: print counters, the age */
	struct { bool acct, timestamp; } side[2];	/* those of each engine of
				 * --versus; see difference.h */
	bool headings;		/* more than one section is printed */
	bool ids;		/* lines of text have the connection's id (--id) */
	bool snapshot;		/* the table being printed is one of --at ... */
	ct_time snapshot_at;	/* ... and shows this time ... */
	const char *snapshot_text;	/* ... as it was asked for */
	ct_time start;		/* of the capture: the first frame's time */
	enum time_style time_style;
	bool time_given;	/* events and headings have that style, too */
	bool any_printed;	/* for TIME_DELTA: a packet was printed ... */
	ct_time last_printed;	/* ... and the last one had this time */
	bool rules;		/* there is a firewall: packets show what it says */
	bool files, interfaces;	/* records of packets and frames name these */
	struct origin origin;	/* of the next such record, if it may be shown */
	struct columns columns;
	/* Each formatter of times has caches of its own. */
	struct second_cache iso_time;			/* put_time_iso() */
	struct second_cache packet_time, event_time;	/* put_micros() */
	struct number_cache frame_number;
	struct communities community;
	struct out out;		/* last, as it is large */
};

/* Makes 'r' a report like 'from', to the same file, that holds no output yet. */
static inline void report_copy(struct report *r, const struct report *from)
{
	memcpy(r, from, offsetof(struct report, out));
	out_init(&r->out, from->out.fd);
}

/* A moment in the style of -T, or in 'style' without -T. */
char *put_moment(char *p, struct report *r, ct_time time, enum time_style style);
void out_moment(struct report *r, ct_time time, enum time_style style);

/* The header line of CSV; other formats have none. */
void report_header(struct report *r, enum report_section section);

/* A packet with its verdict. */
void report_packet(struct report *r, const struct packet_view *pkt);

/* A frame without a packet that could be tracked (-v); 'class' says why. */
void report_frame(struct report *r, uint64_t number, ct_time time,
		  const char *class);

/* Which connections a section shows. */
struct report_filter {
	bool (*has)(const void *arg, uint64_t id);
	const void *arg;
};

/* The table as it is now; 'snapshot' if --at asked for it, and of some connections
 * unless 'filter' is NULL.  Returns false if there was no memory to sort it. */
bool report_table(struct report *r, struct ct *ct, bool snapshot,
		  const struct report_filter *filter);

/* One line of the table. */
void report_record(struct report *r, const struct ct_record *rec);

/* An event, in text as conntrack -E -o timestamp,id prints it. */
void report_event(struct report *r, const struct ct_event *ev);

/* A connection that has ended or, after the last frame, is still there (-C). */
void report_connection(struct report *r, const struct connection_view *c);

/* One of the largest (--top), in order of rank; a heading comes before the first. */
void report_top(struct report *r, const struct top_view *v);

/* The expectations as they are now, in text as /proc/net/nf_conntrack_expect
 * shows them; 'filter' is for their masters.  Returns false if there was no memory
 * to sort them. */
bool report_expectations(struct report *r, struct ct *ct,
			 const struct report_filter *filter);

/* One of these lines. */
void report_expect(struct report *r, const struct ct_expect_record *x);

/* An event of an expectation, in text as conntrack -E expect -o timestamp
 * prints it. */
void report_expect_event(struct report *r, const struct ct_expect_event *ev);

/* -R: a heading, before the rules of a family; JSON has none. */
void report_rules_heading(struct report *r, uint8_t l3num);
/* A piece of what iptables-save -c prints; text alone. */
void report_rules_text(struct report *r, const char *text, size_t len);
/* A rule, or a chain's policy; JSON alone. */
void report_rule(struct report *r, const struct rule_count *c);

/* The notes as records, in JSON; text has them on standard error. */
void report_notes(struct report *r, const struct note *note, size_t n);

/* The statistics of -s. */
void report_statistics(struct report *r, const struct statistics *s,
		       const struct ct_stats *stats);

#endif
