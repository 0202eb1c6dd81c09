/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * record.h - what an entry of the table and an event have in common: the parts
 * of a connection's line.
 */
#ifndef REPORT_RECORD_H
#define REPORT_RECORD_H 1

#include "ctreplay/conntrack.h"
#include "report/report.h"

/* How the styles of the table differ. */
struct record_style {
	bool family;		/* "ipv4     2 " in front */
	bool full_addresses;	/* IPv6 with all its digits */
	bool gre_timeouts;	/* "timeout=30, stream_timeout=180 " */
	bool mark, zone, helper;
	bool by_number;		/* protocols have names that the kernel lacks */
	uint32_t use_less;	/* references that this reader does not hold */
};

extern const struct record_style record_styles[];	/* by enum table_style */

/* All up to the tuples. */
char *put_record_protocol(char *p, const struct ct_record *rec,
			  const struct record_style *s, bool with_timeout,
			  bool with_state);
/* Both tuples with the flags between; 'counted' adds the counters. */
char *put_record_tuples(char *p, const struct ct_record *rec,
			const struct record_style *s, bool counted);
/* What rules gave it: "mark=0 zone=0 "; 0 only where 'mark', 'zone' say so. */
char *put_record_rules(char *p, const struct ct_record *rec, bool mark, bool zone);
/* "helper=ftp ", or nothing. */
char *put_record_helper(char *p, const struct ct_record *rec);

/* The members of JSON; without its timeout or state these are null. */
void json_connection(struct report *r, const struct ct_record *rec,
		     bool with_timeout, bool with_state);

/* The protocol's name in /proc. */
static inline const char *record_proto(const struct ct_record *rec)
{
	return rec->generic ? "unknown" : ct_proto_name(rec->tuple[0].protonum);
}

/* The name of the internal state, or NULL. */
static inline const char *record_state(const struct ct_record *rec)
{
	return rec->generic ? NULL :
	       ct_proto_state_name(rec->tuple[0].protonum, rec->state);
}

/* Its mark and zone, where it has them; 'mark': also a mark of 0. */
void json_record_rules(struct out *o, const struct ct_record *rec, bool mark);

/* Seconds until the entry times out. */
static inline uint64_t record_timeout(const struct ct_record *rec)
{
	return whole_seconds(rec->now, rec->expires);
}

/* Seconds since the first packet. */
static inline uint64_t record_age(const struct ct_record *rec)
{
	return whole_seconds(rec->first_seen, rec->now);
}

/*
 * Which members the message of ctnetlink_conntrack_event() has: of a connection
 * that ends the timeout only if it is not zero, and otherwise the state only if
 * the state changed.
 */
static inline bool event_has_timeout(const struct ct_event *ev)
{
	return !ev->bare && (ev->type != CT_EVENT_DESTROY ||
			     record_timeout(&ev->record) > 0);
}

static inline bool event_has_state(const struct ct_event *ev)
{
	return !ev->bare && (ev->type == CT_EVENT_DESTROY ||
			     (ev->changed & CT_CHANGED_PROTOINFO));
}

/* "NEW", "UPDATE" or "DESTROY" */
const char *event_name(enum ct_event_type type);

#endif
