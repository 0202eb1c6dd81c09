/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * difference.h - what two engines say differently of the same thing (--versus).
 *
 * Each side is written as a replay with that engine alone writes it.
 */
#ifndef REPORT_DIFFERENCE_H
#define REPORT_DIFFERENCE_H 1

#include "ctreplay/conntrack.h"
#include "report/packet_view.h"
#include "report/report.h"

/* The keys of JSON whose values are compared: X(symbol, key). */
#define DIFFERENCE_KEYS(X) \
X(CTSTATE, "ctstate") \
X(CTDIR, "ctdir") \
X(TIME, "time") \
X(PROTO, "proto") \
X(TIMEOUT, "timeout") \
X(STATE, "state") \
X(VERDICT, "verdict") \
X(REASON_CODE, "reason_code") \
X(REASON, "reason") \
X(RULE_VERDICT, "rule_verdict") \
X(MARK, "mark") \
X(ZONE, "zone") \
X(STATUS, "status") \
X(COUNTERS, "counters") \
X(PERMANENT, "permanent") \
X(INACTIVE, "inactive") \
X(CLASS, "class") \
X(END, "end") \
X(HELPER, "helper") \
X(MASTER, "master")

enum difference_key {
#define DIFFERENCE_KEY(sym, key) DIFFERS_##sym,
	DIFFERENCE_KEYS(DIFFERENCE_KEY)
#undef DIFFERENCE_KEY
	DIFFERS_KEYS
};

enum difference_kind {
	DIFFERENCE_PACKET,
	DIFFERENCE_CONNECTION,		/* of the table */
	DIFFERENCE_EXPECT,		/* of the list of expectations */
	DIFFERENCE_EVENT,
	DIFFERENCE_EXPECT_EVENT,
};

struct difference {
	enum difference_kind kind;
	bool there[2];		/* which side has it; one at least */
	uint32_t keys;		/* a bit for each enum difference_key */
	union {
		struct packet_view packet;
		struct ct_record record;
		struct ct_event event;
		struct ct_expect_record expect;
		struct ct_expect_event expect_event;
	} side[2];
};

/*
 * What differs between two packets, connections, events of the same type, or
 * expectations that both sides have: a bit for each key.  Ids are never compared,
 * since each engine counts for itself.  'acct': counters are shown.
 */
uint32_t difference_of_packets(const struct packet_view *a,
			       const struct packet_view *b);
uint32_t difference_of_records(const struct ct_record *a,
			       const struct ct_record *b, bool acct);
uint32_t difference_of_events(const struct ct_event *a, const struct ct_event *b,
			      bool acct);
uint32_t difference_of_expects(const struct ct_expect_record *a,
			       const struct ct_expect_record *b);

/* Text: a line that begins with "-" for the first engine, one that begins with
 * "+" for the second.  JSON: one record with both. */
void report_difference(struct report *r, const struct difference *d);

/* The heading above the first difference of a table, where text has headings. */
void report_table_difference(struct report *r, struct ct *first, struct ct *second);
void report_expect_difference(struct report *r);

#endif
