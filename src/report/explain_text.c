/* SPDX-License-Identifier: GPL-2.0-only */
/* explain_text.c - an explanation for people. */
#include "report/explain_text.h"

#include "report/formats.h"

static void story_moment(struct story *s, struct report *r, ct_time time)
{
	size_t from = out_line(&r->out);

	out_moment(r, time, TIME_RELATIVE);
	explain_take_back(s, r, from);
}

/* "Frame 15: INVALID" and the packet. */
static void tell_packet(struct report *r, const struct explain_view *v)
{
	const struct ct_verdict *verdict = &v->packet.v;
	struct story s;
	size_t from;

	story_begin(&s, &r->out, 0, EXPLAIN_INDENT);
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
	story_begin(&s, &r->out, EXPLAIN_INDENT, EXPLAIN_INDENT);
	story_str(&s, "at ");
	story_moment(&s, r, v->time);
	story_str(&s, ": ");
	from = out_line(&r->out);
	if (v->kind == EXPLAIN_PACKET)
		out_packet(&r->out, &v->packet);
	else
		out_str(&r->out, v->class);
	explain_take_back(&s, r, from);
	story_end(&s);
}

static void tell_origin(struct report *r)
{
	const struct origin *o = &r->origin;
	struct story s;

	if (!r->files || !o->file)
		return;
	explain_begin(&s, r);
	story_str(&s, "frame ");
	story_u64(&s, o->file_frame);
	story_str(&s, " of ");
	story_str(&s, o->file);
	story_end(&s);
}

/* The firewall's word, as the packet's line has it. */
static void tell_rules(struct report *r, const struct explain_view *v)
{
	struct story s;
	size_t from;

	if (v->kind != EXPLAIN_PACKET || !v->packet.rule.verdict)
		return;
	explain_begin(&s, r);
	story_str(&s, "rules of the firewall: ");
	from = out_line(&r->out);
	out_rule(&r->out, &v->packet.rule);
	explain_take_back(&s, r, from);
	story_end(&s);
}

static void story_place(struct story *s, const struct rule_place *place)
{
	char text[128 + OUT_SPARE];

	story_mem(s, text, (size_t)(put_place(text, place) - text));
}

/* Each rule that matched, with its text, one below the other. */
static void tell_path(struct report *r, const struct explain_view *v)
{
	const struct rule_view *rule = &v->packet.rule;
	struct story s;

	if (v->kind != EXPLAIN_PACKET || !rule->verdict || !rule->path_known)
		return;
	if (rule->npath)
		explain_paragraph(r, "rules that the packet matched on its way:");
	for (uint32_t i = 0; i < rule->npath; i++) {
		story_begin(&s, &r->out, 2 * EXPLAIN_INDENT, 3 * EXPLAIN_INDENT);
		story_place(&s, &rule->path[i]);
		story_str(&s, " ");
		story_foreign(&s, rule->path_text[i]);
		story_end(&s);
	}
}

static void tell_fragments(struct report *r, const struct explain_view *v)
{
	struct story s;

	if (!v->nfragments)
		return;
	explain_begin(&s, r);
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

	explain_begin(&s, r);
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

	story_begin(&s, &r->out, EXPLAIN_INDENT, 2 * EXPLAIN_INDENT);
	story_str(&s, ct_reason_code((enum ct_reason)why->reason));
	story_str(&s, ": ");
	from = out_line(&r->out);
	out_reasons(&r->out, &one);
	explain_take_back(&s, r, from);
	story_end(&s);
	explain_paragraph(r, rule->sentence);
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

	explain_begin(&s, r);
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

	explain_begin(&s, r);
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
	explain_begin(&s, r);
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

/* What the numbers of reason 'i' mean here. */
static void tell_numbers(struct report *r, const struct explain_view *v, unsigned int i)
{
	const struct ct_why *why = &v->packet.v.why[i];

	if (why->reason == CT_REASON_TCP_IGNORED ||
	    why->reason == CT_REASON_TCP_INVALID_STATE)
		tell_segment(r, why);
	else if (why->reason == CT_REASON_SCTP_STATE)
		tell_chunk(r, why);
	if (i == 0)
		tell_comparison(r, v);
}

static void tell_why(struct report *r, const struct explain_view *v)
{
	const struct explain_rule *word = explain_word_rule(v);
	const struct ct_verdict *verdict = &v->packet.v;

	explain_heading(r, "Why");
	explain_paragraph(r, word->sentence);
	if (v->kind == EXPLAIN_FRAME && explain_class_text(v->class))
		explain_paragraph(r, explain_class_text(v->class));
	if (v->kind != EXPLAIN_PACKET || !verdict->nwhy) {
		if (word->function[0])
			tell_function(r, word);
		return;
	}
	for (unsigned int i = 0; i < verdict->nwhy; i++) {
		tell_reason(r, v, i);
		tell_numbers(r, v, i);
	}
}

/* The kernel's words, or ours. */
static void tell_words(struct report *r, const struct ct_why *why)
{
	const struct ct_verdict one = { .nwhy = 1, .why = { *why } };
	struct story s;
	size_t from;

	explain_begin(&s, r);
	from = out_line(&r->out);
	out_reasons(&r->out, &one);
	explain_take_back(&s, r, from);
	story_str(&s, ".");
	story_end(&s);
}

void text_explain_told(struct report *r, const struct explain_view *v)
{
	const struct ct_verdict *verdict = &v->packet.v;

	for (unsigned int i = 0; i < verdict->nwhy; i++) {
		tell_words(r, &verdict->why[i]);
		tell_numbers(r, v, i);
	}
	if (verdict->dropped || !verdict->nwhy)
		explain_paragraph(r, explain_word_rule(v)->sentence);
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
	tell_rules(r, v);
	tell_path(r, v);
	tell_fragments(r, v);
	tell_why(r, v);
	if (has_connection(v))
		text_explain_connection(r, v);
	text_explain_settings(r, v);
}
