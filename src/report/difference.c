/* SPDX-License-Identifier: GPL-2.0-only */
/* difference.c - what differs, and the differences as text and as JSON. */
#include "report/difference.h"

#include <string.h>

#include "report/formats.h"
#include "report/json.h"
#include "report/record.h"

/* The longest text of two reasons, with what put_...() may store behind it. */
#define REASONS_SIZE	(1024u + OUT_SPARE)

static inline uint32_t bit(enum difference_key key, bool differs)
{
	return differs ? 1u << key : 0;
}

/* Whether two names, either of which may be NULL, differ. */
static bool names_differ(const char *a, const char *b)
{
	return a != b && (!a || !b || strcmp(a, b) != 0);
}

static const char *state_name(const struct ct_verdict *v)
{
	return v->proto ? ct_proto_state_name(v->proto, v->state) : NULL;
}

static const char *reason_code(const struct ct_verdict *v)
{
	return v->nwhy ? ct_reason_code(v->why[0].reason) : NULL;
}

/* By their texts: a number that a text does not show makes no difference. */
static bool reasons_differ(const struct ct_verdict *a, const struct ct_verdict *b)
{
	char text[2][REASONS_SIZE];

	if (!a->nwhy || !b->nwhy)
		return a->nwhy != b->nwhy;
	*put_reasons(text[0], a) = '\0';
	*put_reasons(text[1], b) = '\0';
	return strcmp(text[0], text[1]) != 0;
}

/* Without a firewall packets pass. */
static uint8_t rule_word(const struct packet_view *p)
{
	return p->rule.verdict ? p->rule.verdict : RULE_VERDICT_ACCEPT;
}

uint32_t difference_of_packets(const struct packet_view *a,
			       const struct packet_view *b)
{
	const struct ct_verdict *v = &a->v, *w = &b->v;

	return bit(DIFFERS_CTSTATE, v->ctstate != w->ctstate) |
	       bit(DIFFERS_CTDIR, v->dir != w->dir) |
	       bit(DIFFERS_STATE, names_differ(state_name(v), state_name(w))) |
	       bit(DIFFERS_VERDICT, names_differ(shown_verdict(v), shown_verdict(w))) |
	       bit(DIFFERS_REASON_CODE, names_differ(reason_code(v), reason_code(w))) |
	       bit(DIFFERS_REASON, reasons_differ(v, w)) |
	       bit(DIFFERS_RULE_VERDICT, rule_word(a) != rule_word(b));
}

static bool counters_differ(const struct ct_record *a, const struct ct_record *b)
{
	return memcmp(a->counter, b->counter, sizeof(a->counter)) != 0;
}

/* What a connection's entry and its events have in common. */
static uint32_t of_connections(const struct ct_record *a, const struct ct_record *b)
{
	const uint32_t shown = CT_STATUS_SEEN_REPLY | CT_STATUS_ASSURED;

	return bit(DIFFERS_PROTO, names_differ(record_proto(a), record_proto(b))) |
	       bit(DIFFERS_STATUS, (a->status ^ b->status) & shown) |
	       bit(DIFFERS_HELPER, names_differ(a->helper, b->helper)) |
	       bit(DIFFERS_MARK, a->mark != b->mark) |
	       bit(DIFFERS_ZONE, a->zone != b->zone ||
			   (a->zone && a->zone_dirs != b->zone_dirs)) |
	       bit(DIFFERS_MASTER, !a->master != !b->master);
}

uint32_t difference_of_records(const struct ct_record *a,
			       const struct ct_record *b, bool acct)
{
	return of_connections(a, b) |
	       bit(DIFFERS_TIMEOUT, record_timeout(a) != record_timeout(b)) |
	       bit(DIFFERS_STATE, names_differ(record_state(a), record_state(b))) |
	       bit(DIFFERS_COUNTERS, acct && counters_differ(a, b));
}

static const char *event_state(const struct ct_event *ev)
{
	return event_has_state(ev) ? record_state(&ev->record) : NULL;
}

uint32_t difference_of_events(const struct ct_event *a, const struct ct_event *b,
			      bool acct)
{
	bool timed = event_has_timeout(a);

	return of_connections(&a->record, &b->record) |
	       bit(DIFFERS_TIME, a->when != b->when) |
	       bit(DIFFERS_TIMEOUT, timed != event_has_timeout(b) ||
		   (timed && record_timeout(&a->record) != record_timeout(&b->record))) |
	       bit(DIFFERS_STATE, names_differ(event_state(a), event_state(b))) |
	       bit(DIFFERS_END, a->end != b->end) |
	       bit(DIFFERS_COUNTERS, acct && a->type == CT_EVENT_DESTROY &&
		   counters_differ(&a->record, &b->record));
}

uint32_t difference_of_expects(const struct ct_expect_record *a,
			       const struct ct_expect_record *b)
{
	return bit(DIFFERS_TIMEOUT, whole_seconds(a->now, a->expires) !=
				    whole_seconds(b->now, b->expires)) |
	       bit(DIFFERS_PERMANENT, a->permanent != b->permanent) |
	       bit(DIFFERS_INACTIVE, a->inactive != b->inactive) |
	       bit(DIFFERS_CLASS, a->class_number != b->class_number) |
	       bit(DIFFERS_HELPER, names_differ(a->helper, b->helper));
}

/* One side, as a line of its own. */
static void put_side(struct report *r, const struct difference *d, unsigned int i)
{
	r->acct = r->side[i].acct;
	r->timestamp = r->side[i].timestamp;
	switch (d->kind) {
	case DIFFERENCE_PACKET:
		report_packet(r, &d->side[i].packet);
		break;
	case DIFFERENCE_CONNECTION:
		report_record(r, &d->side[i].record);
		break;
	case DIFFERENCE_EXPECT:
		report_expect(r, &d->side[i].expect);
		break;
	case DIFFERENCE_EVENT:
		report_event(r, &d->side[i].event);
		break;
	case DIFFERENCE_EXPECT_EVENT:
		report_expect_event(r, &d->side[i].expect_event);
		break;
	}
}

static const char *const key_names[] = {
#define KEY_NAME(sym, key) [DIFFERS_##sym] = key,
	DIFFERENCE_KEYS(KEY_NAME)
#undef KEY_NAME
};

/* The names of the keys, 'between' between two. */
static void out_keys(struct out *o, uint32_t keys, const char *between)
{
	const char *before = "";

	for (unsigned int i = 0; i < DIFFERS_KEYS; i++) {
		if (!(keys >> i & 1))
			continue;
		out_str(o, before);
		out_str(o, key_names[i]);
		before = between;
	}
}

/* What differs: it is hard to find in a long line, and some of it is not shown.  A
 * packet's line has the reason there. */
static void text_keys(struct out *o, const struct difference *d)
{
	if (d->kind == DIFFERENCE_PACKET || !d->keys)
		return;
	out_drop_newline(o);
	out_str(o, "  # ");
	out_keys(o, d->keys, ", ");
	out_char(o, '\n');
}

static void text_difference(struct report *r, const struct difference *d)
{
	const ct_time last = r->last_printed;
	const bool any = r->any_printed;

	for (unsigned int i = 0; i < 2; i++) {
		if (!d->there[i])
			continue;
		/* With TIME_DELTA both lines count from the line before. */
		r->last_printed = last;
		r->any_printed = any;
		out_line(&r->out);
		out_str(&r->out, i ? "+ " : "- ");
		put_side(r, d, i);
	}
	text_keys(&r->out, d);
}

static void json_keys(struct out *o, uint32_t keys)
{
	json_key(o, "differs");
	out_str(o, keys ? "[\"" : "[");
	out_keys(o, keys, "\",\"");
	out_str(o, keys ? "\"]" : "]");
}

static void json_difference(struct report *r, const struct difference *d)
{
	static const char *const names[] = {
		[DIFFERENCE_PACKET] = "packet",
		[DIFFERENCE_CONNECTION] = "conntrack",
		[DIFFERENCE_EXPECT] = "expect", [DIFFERENCE_EVENT] = "event",
		[DIFFERENCE_EXPECT_EVENT] = "expect_event",
	};
	struct out *o = &r->out;

	out_line(o);
	out_str(o, "{\"type\":\"difference\"");
	json_str(o, "of", names[d->kind]);
	json_keys(o, d->keys);
	for (unsigned int i = 0; i < 2; i++) {
		json_key(o, i ? "second" : "first");
		if (d->there[i]) {
			put_side(r, d, i);
			out_drop_newline(o);
		} else {
			out_str(o, "null");
		}
	}
	out_str(o, "}\n");
}

void report_difference(struct report *r, const struct difference *d)
{
	if (r->format == REPORT_JSON)
		json_difference(r, d);
	else
		text_difference(r, d);
}

void report_table_difference(struct report *r, struct ct *first, struct ct *second)
{
	struct out *o = &r->out;

	if (r->format != REPORT_TEXT)
		return;
	if (r->headings || r->snapshot) {
		text_table_heading(r, first, ct_count(first));
		out_drop_newline(o);
		out_str(o, ", and ");
		out_u64(o, ct_count(second));
		out_char(o, '\n');
	}
	text_table_columns(r);
}

void report_expect_difference(struct report *r)
{
	if (r->format == REPORT_TEXT && r->headings)
		text_expect_heading(r);
}
