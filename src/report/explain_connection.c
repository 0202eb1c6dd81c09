/* SPDX-License-Identifier: GPL-2.0-only */
/* explain_connection.c - the connection of a frame that is explained, in text. */
#include "report/explain_text.h"

#include "report/formats.h"
#include "report/record.h"

/* A line of the table, as -t prints it. */
static void tell_record(struct report *r, const struct ct_record *rec)
{
	struct story s;
	size_t from;

	story_begin(&s, &r->out, 2 * EXPLAIN_INDENT, 3 * EXPLAIN_INDENT);
	from = out_line(&r->out);
	text_record(r, rec);
	explain_take_back(&s, r, from);
	story_end(&s);
}

/* "connection 3 (TCP, ESTABLISHED)" */
static void story_connection(struct story *s, const struct ct_record *rec)
{
	const char *state = record_state(rec);

	story_str(s, "connection ");
	story_u64(s, rec->id);
	story_str(s, " (");
	story_str(s, record_proto(rec));
	if (state) {
		story_str(s, ", ");
		story_str(s, state);
	}
	story_str(s, ")");
}

static void story_left(struct story *s, const struct ct_record *rec)
{
	story_u64(s, record_timeout(rec));
	story_str(s, " s to live");
}

static void tell_before(struct report *r, const struct explain_view *v)
{
	const struct ct_record *rec = &v->before;
	struct story s;

	explain_begin(&s, r);
	story_str(&s, "Before the packet: ");
	story_connection(&s, rec);
	if (v->frames.first) {
		story_str(&s, ", first seen in frame ");
		story_u64(&s, v->frames.first);
		story_str(&s, ", last in frame ");
		story_u64(&s, v->frames.last);
	}
	story_str(&s, ", ");
	story_seconds(&s, rec->now - rec->first_seen);
	story_str(&s, " s old, ");
	story_left(&s, rec);
	story_str(&s, ".");
	story_end(&s);
	tell_record(r, rec);
}

static bool is_changed(const struct ct_record *a, const struct ct_record *b)
{
	const uint32_t shown = CT_STATUS_SEEN_REPLY | CT_STATUS_ASSURED;

	return a->state != b->state || ((a->status ^ b->status) & shown) ||
	       a->helper != b->helper;
}

static void tell_after(struct report *r, const struct explain_view *v)
{
	const struct ct_record *rec = &v->after;
	bool changed = !v->has_before || is_changed(&v->before, rec);
	struct story s;

	explain_begin(&s, r);
	story_str(&s, "After it: ");
	if (changed)
		story_connection(&s, rec);
	else
		story_str(&s, "the same");
	story_str(&s, v->has_before ? ", " : ", new, ");
	story_left(&s, rec);
	story_str(&s, ".");
	story_end(&s);
	if (changed)
		tell_record(r, rec);
}

/* How a connection ended, in words. */
static const char *end_text(enum ct_end end)
{
	static const char *const texts[CT_ENDS] = {
		[CT_END_NONE] = "is there",
		[CT_END_EXPIRED] = "expired: its time to live had run out",
		[CT_END_REOPENED] = "was removed: a SYN took its ports for a new connection",
		[CT_END_RESET] = "was removed: a RST refused it",
		[CT_END_EARLY_DROP] = "was removed to make room in a full table",
		[CT_END_HELPER] = "was removed by its helper",
	};

	return texts[end];
}

static void tell_ended(struct report *r, const struct explain_view *v)
{
	struct story s;

	explain_begin(&s, r);
	story_str(&s, "By this packet ");
	story_connection(&s, &v->ended.record);
	story_str(&s, " ");
	story_str(&s, end_text(v->ended.end));
	story_str(&s, ".");
	story_end(&s);
	tell_record(r, &v->ended.record);
}

static void tell_earlier(struct report *r, const struct explain_view *v)
{
	const struct ct_event *ev = &v->earlier;
	struct story s;

	explain_begin(&s, r);
	story_str(&s, "There was one with the same addresses and ports: ");
	story_connection(&s, &ev->record);
	if (v->earlier_last) {
		story_str(&s, ", last seen in frame ");
		story_u64(&s, v->earlier_last);
	}
	story_str(&s, ". It ");
	story_str(&s, end_text(ev->end));
	story_str(&s, ", ");
	story_seconds(&s, v->time - ev->when);
	story_str(&s, " s before this packet.");
	story_end(&s);
	tell_record(r, &ev->record);
}

static void tell_expected(struct report *r, const struct explain_view *v)
{
	struct story s;

	explain_begin(&s, r);
	story_str(&s, "The helper ");
	story_str(&s, v->expect_helper);
	story_str(&s, " announced this connection");
	if (v->expect_frame) {
		story_str(&s, " when it read frame ");
		story_u64(&s, v->expect_frame);
	}
	if (v->has_master) {
		story_str(&s, ", which belongs to ");
		story_connection(&s, &v->master);
	}
	story_str(&s, ".");
	story_end(&s);
	if (v->has_master)
		tell_record(r, &v->master);
}

/* Another connection's end comes before the packet's own. */
static bool made_room(enum ct_end end)
{
	return end == CT_END_REOPENED || end == CT_END_EARLY_DROP;
}

void text_explain_connection(struct report *r, const struct explain_view *v)
{
	explain_heading(r, v->packet.summary.icmp && v->packet.v.ctstate == CT_RELATED ?
		   "The connection that it quotes" : "The connection");
	if (v->has_ended && made_room(v->ended.end))
		tell_ended(r, v);
	if (v->has_before)
		tell_before(r, v);
	else if (v->has_after)
		explain_paragraph(r, "Before the packet: none.");
	else
		explain_paragraph(r, "There is none in the table that the packet belongs to, and it "
			     "leaves none.");
	if (v->has_earlier)
		tell_earlier(r, v);
	if (v->has_after)
		tell_after(r, v);
	else if (v->has_before)
		explain_paragraph(r, "After it: none.");
	if (v->has_ended && !made_room(v->ended.end))
		tell_ended(r, v);
	if (v->expected)
		tell_expected(r, v);
}
