/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * report.h - results, as text for people or as JSON Lines for programs.
 *
 * The only room that writes results.  Nothing here depends on the locale,
 * the time zone or the clock.
 */
#ifndef REPORT_H
#define REPORT_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "capture/link/link.h"
#include "ctreplay/conntrack.h"
#include "report/out.h"
#include "report/columns.h"
#include "report/shown.h"
#include "report/tally.h"
#include "report/format.h"
#include "report/style.h"

struct report {
	enum report_format format;
	enum table_style table_style;
	bool color;
	bool verbose;
	bool acct, timestamp;	/* the sysctls: counters, age */
	bool headings;		/* more than one section is printed */
	bool snapshot;		/* the table being printed is one of --at ... */
	ct_time snapshot_at;	/* ... and of this moment */
	ct_time start;		/* of the capture */
	enum time_style time_style;
	bool shown_any;		/* for TIME_DELTA: a line was printed ... */
	ct_time shown_last;	/* ... and of when */
	struct columns words;
	struct second_cache second;		/* of put_time_iso() */
	struct second_cache moment, event;	/* of put_micros(): packets, events */
	struct number_cache number;		/* of frames */
	struct out out;		/* last, as it is large */
};

/* Another report of the same form and to the same file, with nothing in it yet. */
static inline void report_copy(struct report *r, const struct report *from)
{
	memcpy(r, from, offsetof(struct report, out));
	out_init(&r->out, from->out.fd);
}

/* CSV's header line; nothing in other formats. */
void report_header(struct report *r, enum report_section section);

/* One packet with its word. */
void report_packet(struct report *r, const struct packet_view *pkt);

/* A frame that no packet came out of (-v); 'class' says why. */
void report_frame(struct report *r, uint64_t number, ct_time time,
		  const char *class);

/* The live table; 'snapshot' when it is one in between (--at).  False when
 * there was no memory to put it in order. */
bool report_table(struct report *r, struct ct *ct, bool snapshot);

/* One event, as conntrack -E -o timestamp,id prints it. */
void report_event(struct report *r, const struct ct_event *ev);

/* The live expectations, as /proc/net/nf_conntrack_expect shows them; false as
 * above. */
bool report_expectations(struct report *r, struct ct *ct);
/* One of theirs, as conntrack -E expect -o timestamp prints it. */
void report_expect_event(struct report *r, const struct ct_expect_event *ev);

/* Everything that was counted. */
void report_tally(struct report *r, const struct tally *t,
		  const struct ct_stats *stats);

#endif
