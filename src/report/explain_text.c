/* SPDX-License-Identifier: GPL-2.0-only */
/* explain_text.c - an explanation for people. */
#include "report/explain.h"

#include "report/formats.h"
#include "report/record.h"
#include "report/story.h"

#define INDENT	2u

/* A story in one paragraph below a heading. */
static void begin(struct story *s, struct report *r)
{
	story_begin(s, &r->out, INDENT, INDENT);
}

static void heading(struct report *r, const char *text)
{
	out_char(&r->out, '\n');
	out_str(&r->out, text);
	out_char(&r->out, '\n');
}

static void paragraph(struct report *r, const char *text)
{
	struct story s;

	begin(&s, r);
	story_str(&s, text);
	story_end(&s);
}

/* What was written to the report since 'from' goes into the story instead. */
static void take_back(struct story *s, struct report *r, size_t from)
{
	size_t n = r->out.len - from;

	while (n && r->out.buf[from + n - 1] == '\n')
		n--;
	story_mem(s, r->out.buf + from, n);
	r->out.len = from;
}

static void story_moment(struct story *s, struct report *r, ct_time time)
{
	size_t from = out_line(&r->out);

	out_moment(r, time, TIME_RELATIVE);
	take_back(s, r, from);
}

/* "Frame 15: INVALID" and the packet. */
static void tell_packet(struct report *r, const struct explain_view *v)
{
	const struct ct_verdict *verdict = &v->packet.v;
	struct story s;
	size_t from;

	story_begin(&s, &r->out, 0, INDENT);
	story_str(&s, "Frame ");
	story_u64(&s, v->number);
	story_str(&s, ": ");
	if (v->kind != EXPLAIN_PACKET) {
		story_str(&s, "no state");
	} else {
		story_str(&s, ct_ctstate_name((enum ct_ctstate)verdict->ctstate));
		if (verdict->dropped)
			story_str(&s, ", then dropped by a helper");
		else if (verdict->dir != CT_DIR_NONE) {
			story_str(&s, ", direction ");
			story_str(&s, shown_dir(verdict->dir));
		}
	}
	story_end(&s);
	story_begin(&s, &r->out, INDENT, INDENT);
	story_str(&s, "at ");
	story_moment(&s, r, v->time);
	story_str(&s, ": ");
	from = out_line(&r->out);
	if (v->kind == EXPLAIN_PACKET)
		out_packet(&r->out, &v->packet);
	else
		out_str(&r->out, v->class);
	take_back(&s, r, from);
	story_end(&s);
}

static void tell_origin(struct report *r)
{
	const struct origin *o = &r->origin;
	struct story s;

	if (!r->files || !o->file)
		return;
	begin(&s, r);
	story_str(&s, "frame ");
	story_u64(&s, o->file_frame);
	story_str(&s, " of ");
	story_str(&s, o->file);
	story_end(&s);
}

static void tell_fragments(struct report *r, const struct explain_view *v)
{
	struct story s;

	if (!v->nfragments)
		return;
	begin(&s, r);
	story_str(&s, "The packet came in ");
	story_u64(&s, v->nfragments);
	story_str(&s, " fragments (parts), in the frames ");
	for (uint32_t i = 0; i < v->nfragments && i < 200; i++) {
		if (i)
			story_str(&s, i + 1 < v->nfragments ? ", " : " and ");
		story_u64(&s, v->fragment[i]);
	}
	if (v->nfragments > 200)
		story_str(&s, ", ...");
	story_str(&s, ". Connection tracking sees it once, when it is whole.");
	story_end(&s);
}

static void tell_function(struct report *r, const struct explain_rule *rule)
{
	struct story s;

	begin(&s, r);
	if (rule->function[0]) {
		story_str(&s, "Function of the kernel: ");
		story_str(&s, rule->function);
	} else {
		story_str(&s, "The kernel has no part in this; ctreplay says it.");
	}
	story_end(&s);
}

/* Reason number 'i': its code and text, the rule, the function. */
static void tell_reason(struct report *r, const struct explain_view *v, unsigned int i)
{
	const struct ct_why *why = &v->packet.v.why[i];
	const struct explain_rule *rule = explain_reason((enum ct_reason)why->reason);
	struct ct_verdict one = { .nwhy = 1, .why = { *why } };
	struct story s;
	size_t from;

	story_begin(&s, &r->out, INDENT, 2 * INDENT);
	story_str(&s, ct_reason_code((enum ct_reason)why->reason));
	story_str(&s, ": ");
	from = out_line(&r->out);
	out_reasons(&r->out, &one);
	take_back(&s, r, from);
	story_end(&s);
	paragraph(r, rule->sentence);
	tell_function(r, rule);
}

/* The kernel's names of TCP segments, by the index in its texts. */
static const char *segment_name(uint32_t index)
{
	static const char *const names[] = { "a SYN", "a SYN/ACK", "a FIN", "an ACK",
					     "a RST", "a segment without flags" };

	return names[index < 6 ? index : 5];
}

/* "packet (index 3) in dir 0" for people. */
static void tell_segment(struct report *r, const struct ct_why *why)
{
	struct story s;

	begin(&s, r);
	story_str(&s, "Here: ");
	story_str(&s, segment_name(why->n[0]));
	story_str(&s, " from the side that ");
	story_str(&s, why->n[1] ? "answered" : "began the connection");
	story_str(&s, ", while the connection was in the state ");
	story_str(&s, ct_proto_state_name(CT_L4_TCP, (uint8_t)why->n[2]));
	story_str(&s, ".");
	story_end(&s);
}

static void tell_chunk(struct report *r, const struct ct_why *why)
{
	const char *state = ct_proto_state_name(CT_L4_SCTP, (uint8_t)why->n[0]);
	struct story s;

	begin(&s, r);
	story_str(&s, "Here: a chunk of type ");
	story_u64(&s, why->n[2]);
	story_str(&s, " from the side that ");
	story_str(&s, why->n[1] ? "answered" : "began the association");
	story_str(&s, ", while the association was in the state ");
	story_str(&s, state ? state : "NONE");
	story_str(&s, ".");
	story_end(&s);
}

static void story_value(struct story *s, const struct explain_comparison *c,
			unsigned int i, uint8_t l3num)
{
	const uint32_t n = i ? c->bound : c->value;
	char text[64 + OUT_SPARE], *p = text;

	switch (c->what) {
	case EXPLAIN_ADDRESS:
		p = put_address(p, &c->addr[i], l3num);
		break;
	case EXPLAIN_CHECKSUM:
	case EXPLAIN_TAG:
		p = put_hex(put_str(p, "0x"), n);
		break;
	default:
		p = put_u64(p, n);
		break;
	}
	story_mem(s, text, (size_t)(p - text));
}

/* What a frame did that set the bound. */
static const char *limit_text(enum ct_reason reason)
{
	switch (reason) {
	case CT_REASON_TCP_SEQ_OVER:
	case CT_REASON_TCP_MORE_BYTES:
		return " set this limit, by what the receiver acknowledged in it and the "
		       "window that it offered.";
	case CT_REASON_TCP_ACK_OVER:
		return " is the last one that was seen to send data up to there.";
	case CT_REASON_TCP_SEQ_UNDER:
		return " has moved this limit up, as the one that sent the newest data.";
	case CT_REASON_TCP_ACK_UNDER:
		return " has moved this limit up, as the one that sent the newest data of "
		       "the other side.";
	default:
		return " acknowledged up to there.";
	}
}

/* The kernel prints the first number that is wrong, not the last that is right. */
static const char *printed_text(const struct ct_why *why)
{
	if (why->variant)
		return "";
	switch (why->reason) {
	case CT_REASON_TCP_SEQ_OVER:
	case CT_REASON_TCP_ACK_OVER:
		return " (the kernel prints the number after that)";
	case CT_REASON_TCP_SEQ_UNDER:
	case CT_REASON_TCP_ACK_UNDER:
		return " (the kernel prints the number before that)";
	case CT_REASON_TCP_MORE_BYTES:
		return " (the kernel prints how far the segment's end is behind that)";
	default:
		return "";
	}
}

/* Both sides of the comparison that failed, and by how much. */
static void tell_comparison(struct report *r, const struct explain_view *v)
{
	static const char *const relations[] = {
		[EXPLAIN_AT_MOST] = "but must be at most ",
		[EXPLAIN_AT_LEAST] = "but must be at least ",
		[EXPLAIN_BELOW] = "but must be below ",
		[EXPLAIN_EQUAL] = "but must be ",
	};
	const struct explain_comparison *c = &v->comparison;
	struct story s;

	if (c->what == EXPLAIN_NONE)
		return;
	begin(&s, r);
	story_str(&s, "Here: ");
	story_str(&s, explain_value_text(c->what));
	story_str(&s, " is ");
	story_value(&s, c, 0, v->packet.l3num);
	story_str(&s, ", ");
	story_str(&s, relations[c->relation]);
	story_value(&s, c, 1, v->packet.l3num);
	story_str(&s, printed_text(&v->packet.v.why[0]));
	if (c->by) {
		story_str(&s, ". It is ");
		story_u64(&s, c->by);
		story_str(&s, c->relation == EXPLAIN_AT_MOST ? " too high" : " too low");
	}
	story_str(&s, ".");
	if (c->frame) {
		story_str(&s, " Frame ");
		story_u64(&s, c->frame);
		story_str(&s, limit_text((enum ct_reason)v->packet.v.why[0].reason));
	}
	story_end(&s);
}

static void tell_why(struct report *r, const struct explain_view *v)
{
	const struct explain_rule *word = explain_word_rule(v);
	const struct ct_verdict *verdict = &v->packet.v;

	heading(r, "Why");
	paragraph(r, word->sentence);
	if (v->kind == EXPLAIN_FRAME && explain_class_text(v->class))
		paragraph(r, explain_class_text(v->class));
	if (v->kind != EXPLAIN_PACKET || !verdict->nwhy) {
		if (word->function[0])
			tell_function(r, word);
		return;
	}
	for (unsigned int i = 0; i < verdict->nwhy; i++) {
		const struct ct_why *why = &verdict->why[i];

		tell_reason(r, v, i);
		if (why->reason == CT_REASON_TCP_IGNORED ||
		    why->reason == CT_REASON_TCP_INVALID_STATE)
			tell_segment(r, why);
		else if (why->reason == CT_REASON_SCTP_STATE)
			tell_chunk(r, why);
		if (i == 0)
			tell_comparison(r, v);
	}
}

/* A line of the table, as -t prints it. */
static void tell_record(struct report *r, const struct ct_record *rec)
{
	struct story s;
	size_t from;

	story_begin(&s, &r->out, 2 * INDENT, 3 * INDENT);
	from = out_line(&r->out);
	text_record(r, rec);
	take_back(&s, r, from);
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

	begin(&s, r);
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

	begin(&s, r);
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
		[CT_END_REOPENED] = "was removed, since a SYN took its ports for a new "
				    "connection",
		[CT_END_RESET] = "was removed, since a RST refused it",
		[CT_END_EARLY_DROP] = "was removed to make room in a full table",
		[CT_END_HELPER] = "was removed by its helper",
	};

	return texts[end];
}

static void tell_ended(struct report *r, const struct explain_view *v)
{
	struct story s;

	begin(&s, r);
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

	begin(&s, r);
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

	begin(&s, r);
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

static void tell_connection(struct report *r, const struct explain_view *v)
{
	heading(r, v->packet.summary.icmp && v->packet.v.ctstate == CT_RELATED ?
		   "The connection that it quotes" : "The connection");
	if (v->has_ended)
		tell_ended(r, v);
	if (v->has_before)
		tell_before(r, v);
	else if (v->has_after)
		paragraph(r, "Before the packet: none.");
	else
		paragraph(r, "There is none in the table that the packet belongs to, and it "
			     "leaves none.");
	if (v->has_earlier)
		tell_earlier(r, v);
	if (v->has_after)
		tell_after(r, v);
	else if (v->has_before)
		paragraph(r, "After it: none.");
	if (v->expected)
		tell_expected(r, v);
}

/* The line below a setting's: why, or what else there is to say. */
static void tell_more(struct report *r, const char *text)
{
	out_pad(&r->out, 0, INDENT + 15);
	out_str(&r->out, text);
	out_char(&r->out, '\n');
}

static void tell_most(struct report *r, uint64_t most)
{
	struct story s;

	story_begin(&s, &r->out, INDENT + 15, INDENT + 15);
	story_str(&s, "up to ");
	story_u64(&s, most);
	story_str(&s, " connections at once, up to this frame");
	story_end(&s);
}

static const char *reason_or_none(const struct ct_verdict *v)
{
	return v->nwhy ? ct_reason_code((enum ct_reason)v->why[0].reason) :
			 "without a reason";
}

/* What a replay with the setting said. */
static void tell_setting(struct report *r, const struct explain_view *v,
			 const struct explain_setting *x)
{
	const struct ct_verdict *verdict = &x->word.v, *now = &v->packet.v;

	out_pad(&r->out, 0, INDENT);
	out_str_left(&r->out, explain_word_name(&x->word), 13);
	out_str(&r->out, x->text);
	out_char(&r->out, '\n');
	if (x->word.there && (verdict->nwhy || x->change == EXPLAIN_REASON))
		tell_more(r, reason_or_none(verdict));
	if (x->word.there && verdict->dropped != now->dropped)
		tell_more(r, verdict->dropped ? "a helper drops it" : "no helper drops it");
	if (x->change == EXPLAIN_REASON && verdict->dir != now->dir)
		tell_more(r, verdict->dir == CT_DIR_REPLY ? "direction reply" :
							    "direction original");
	if (x->table)
		tell_most(r, x->most);
}

static size_t count_settings(const struct explain_view *v, enum explain_change change)
{
	size_t n = 0;

	for (size_t i = 0; i < v->nsettings; i++)
		n += v->setting[i].change == change;
	return n;
}

static void tell_settings_with(struct report *r, const struct explain_view *v,
			       enum explain_change change)
{
	for (size_t i = 0; i < v->nsettings; i++)
		if (v->setting[i].change == change)
			tell_setting(r, v, &v->setting[i]);
}

/* The names of settings, in a paragraph. */
static void list_settings(struct report *r, const struct explain_view *v,
			  enum explain_change change, const char *text)
{
	const char *before = "";
	struct story s;

	begin(&s, r);
	story_str(&s, text);
	for (size_t i = 0; i < v->nsettings; i++) {
		if (v->setting[i].change != change)
			continue;
		story_str(&s, before);
		story_str(&s, v->setting[i].text);
		before = ", ";
	}
	story_str(&s, ".");
	story_end(&s);
}

static void tell_same(struct report *r, const struct explain_view *v)
{
	size_t n = count_settings(v, EXPLAIN_SAME);
	struct story s;

	if (!n)
		return;
	if (r->verbose) {
		list_settings(r, v, EXPLAIN_SAME, "Nothing changes with: ");
		return;
	}
	begin(&s, r);
	story_str(&s, n < v->nsettings ? "Nothing changes with " : "None of the ");
	story_u64(&s, n);
	story_str(&s, n < v->nsettings ? " other settings; -v lists them." :
		      " settings that were tried changes anything; -v lists them.");
	story_end(&s);
}

static void tell_changes(struct report *r, const struct explain_view *v)
{
	if (count_settings(v, EXPLAIN_WORD))
		tell_settings_with(r, v, EXPLAIN_WORD);
	if (!count_settings(v, EXPLAIN_REASON))
		return;
	paragraph(r, "The same word, but for another reason or in another direction:");
	tell_settings_with(r, v, EXPLAIN_REASON);
}

static void tell_settings(struct report *r, const struct explain_view *v)
{
	char name[CT_KERNEL_NAME_SIZE];
	struct story s;

	if (!v->nsettings)
		return;
	heading(r, "What would change it");
	begin(&s, r);
	ct_kernel_name(&v->kernel, name);
	story_str(&s, "All this is as Linux ");
	story_str(&s, name);
	story_str(&s, " does it. The frames up to this one were replayed again with one "
		      "setting changed at a time.");
	story_end(&s);
	tell_changes(r, v);
	tell_same(r, v);
	if (count_settings(v, EXPLAIN_NOT_TRIED))
		list_settings(r, v, EXPLAIN_NOT_TRIED, "Not tried, as the tables of so many "
			      "replays would take more than 1 GiB of memory: ");
}

/* A fragment that is held or dropped has none, and what is UNTRACKED. */
static bool has_connection(const struct explain_view *v)
{
	uint8_t ctstate = v->packet.v.ctstate;

	return v->kind == EXPLAIN_PACKET && ctstate != CT_FRAGMENT &&
	       ctstate != CT_UNTRACKED &&
	       !(ctstate == CT_DROP && v->packet.summary.fragment);
}

void text_explain(struct report *r, const struct explain_view *v)
{
	tell_packet(r, v);
	tell_origin(r);
	tell_fragments(r, v);
	tell_why(r, v);
	if (has_connection(v))
		tell_connection(r, v);
	tell_settings(r, v);
}
