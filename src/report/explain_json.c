/* SPDX-License-Identifier: GPL-2.0-only */
/* explain_json.c - an explanation as one record of JSON. */
#include "report/explain.h"

#include "report/formats.h"
#include "report/json.h"
#include "report/record.h"

/* Whether a record or null follows the key. */
static bool json_member(struct report *r, const char *key, bool there)
{
	json_key(&r->out, key);
	if (!there)
		out_str(&r->out, "null");
	return there;
}

/* "original" or another name, or null. */
static void json_dir(struct out *o, uint8_t dir)
{
	json_str(o, "ctdir", shown_dir(dir));
}

static void json_word(struct out *o, const struct explain_word *w)
{
	const struct ct_verdict *v = &w->v;

	json_str(o, "ctstate", w->there ? ct_ctstate_name((enum ct_ctstate)v->ctstate) :
					  NULL);
	json_dir(o, w->there ? v->dir : CT_DIR_NONE);
	json_str(o, "verdict", w->there ? shown_verdict(v) : NULL);
	json_str(o, "class", w->class);
	json_key(o, "reason_codes");
	out_char(o, '[');
	for (unsigned int i = 0; w->there && i < v->nwhy; i++) {
		out_str(o, i ? ",\"" : "\"");
		out_str(o, ct_reason_code((enum ct_reason)v->why[i].reason));
		out_char(o, '"');
	}
	out_char(o, ']');
}

/* Sentences have no character to escape. */
static void json_explain_rule(struct out *o, const char *code, const struct explain_rule *rule)
{
	out_str(o, "{\"reason_code\":");
	if (code)
		out_char(o, '"');
	out_str(o, code ? code : "null");
	if (code)
		out_char(o, '"');
	json_str(o, "function", rule->function[0] ? rule->function : NULL);
	json_str(o, "rule", rule->sentence);
	out_char(o, '}');
}

static void json_rules(struct out *o, const struct explain_view *v)
{
	const struct ct_verdict *verdict = &v->packet.v;

	json_key(o, "rules");
	out_char(o, '[');
	json_explain_rule(o, NULL, explain_word_rule(v));
	for (unsigned int i = 0; v->kind == EXPLAIN_PACKET && i < verdict->nwhy; i++) {
		enum ct_reason reason = (enum ct_reason)verdict->why[i].reason;

		out_char(o, ',');
		json_explain_rule(o, ct_reason_code(reason), explain_reason(reason));
	}
	out_char(o, ']');
}

static void json_comparison(struct report *r, const struct explain_view *v)
{
	const struct explain_comparison *c = &v->comparison;
	struct out *o = &r->out;

	if (!json_member(r, "comparison", c->what != EXPLAIN_NONE))
		return;
	out_str(o, "{\"of\":\"");
	out_str(o, explain_value_key(c->what));
	out_char(o, '"');
	if (c->what == EXPLAIN_ADDRESS)
		json_address(o, "value", &c->addr[0], v->packet.l3num);
	else
		json_u64(o, "value", c->value);
	json_str(o, "relation", explain_relation_key(c->relation));
	if (c->what == EXPLAIN_ADDRESS)
		json_address(o, "bound", &c->addr[1], v->packet.l3num);
	else
		json_u64(o, "bound", c->bound);
	json_u64_or_null(o, "by", c->by != 0, c->by);
	json_u64_or_null(o, "frame", c->frame != 0, c->frame);
	out_char(o, '}');
}

static void json_table_record(struct report *r, const char *key, bool there,
			      const struct ct_record *rec)
{
	if (!json_member(r, key, there))
		return;
	json_record(r, rec);
	out_drop_newline(&r->out);
}

static void json_end(struct report *r, const char *key, bool there,
		     const struct ct_event *ev)
{
	struct out *o = &r->out;

	if (!json_member(r, key, there))
		return;
	out_str(o, "{\"end\":\"");
	out_str(o, ct_end_name(ev->end));
	out_char(o, '"');
	json_time(o, "when", ev->when);
	json_table_record(r, "connection", true, &ev->record);
	out_char(o, '}');
}

static void json_expected(struct report *r, const struct explain_view *v)
{
	struct out *o = &r->out;

	if (!json_member(r, "expectation", v->expected))
		return;
	out_str(o, "{\"helper\":\"");
	out_str(o, v->expect_helper);
	out_char(o, '"');
	json_str(o, "class", v->expect_class[0] ? v->expect_class : NULL);
	json_u64_or_null(o, "frame", v->expect_frame != 0, v->expect_frame);
	json_table_record(r, "master", v->has_master, &v->master);
	out_char(o, '}');
}

static void json_fragments(struct out *o, const struct explain_view *v)
{
	json_key(o, "fragments");
	out_char(o, '[');
	for (uint32_t i = 0; i < v->nfragments; i++) {
		if (i)
			out_char(o, ',');
		out_u64(o, v->fragment[i]);
	}
	out_char(o, ']');
}

static void json_settings(struct report *r, const struct explain_view *v)
{
	static const char *const changes[] = {
		[EXPLAIN_SAME] = "nothing", [EXPLAIN_REASON] = "reason",
		[EXPLAIN_WORD] = "word", [EXPLAIN_RULES] = "rules",
		[EXPLAIN_NOT_TRIED] = NULL,
	};
	struct out *o = &r->out;

	json_key(o, "settings");
	out_char(o, '[');
	for (size_t i = 0; i < v->nsettings; i++) {
		const struct explain_setting *x = &v->setting[i];

		out_str(o, i ? ",{\"setting\":\"" : "{\"setting\":\"");
		out_str(o, x->text);
		out_char(o, '"');
		json_str(o, "changes", changes[x->change]);
		json_word(o, &x->word);
		if (r->rules)
			json_rule_word(r, &x->word.rule);
		json_u64_or_null(o, "most_connections", x->table, x->most);
		out_char(o, '}');
	}
	out_char(o, ']');
}

static void json_packet_of(struct report *r, const struct explain_view *v)
{
	if (!json_member(r, "packet", v->kind == EXPLAIN_PACKET))
		return;
	report_packet(r, &v->packet);
	out_drop_newline(&r->out);
}

void json_explain(struct report *r, const struct explain_view *v)
{
	char kernel[CT_KERNEL_NAME_SIZE];
	struct out *o = &r->out;

	ct_kernel_name(&v->kernel, kernel);
	out_line(o);
	out_str(o, "{\"type\":\"explain\"");
	json_u64(o, "number", v->number);
	json_time(o, "time", v->time);
	json_str(o, "kernel", kernel);
	json_str(o, "class", v->kind == EXPLAIN_PACKET ? NULL : v->class);
	json_packet_of(r, v);
	json_fragments(o, v);
	json_rules(o, v);
	json_comparison(r, v);
	json_table_record(r, "before", v->has_before, &v->before);
	json_table_record(r, "after", v->has_after, &v->after);
	json_u64_or_null(o, "first_frame", v->frames.first != 0, v->frames.first);
	json_u64_or_null(o, "last_frame", v->frames.last != 0, v->frames.last);
	json_end(r, "ended", v->has_ended, &v->ended);
	json_end(r, "earlier", v->has_earlier, &v->earlier);
	json_u64_or_null(o, "earlier_last_frame", v->has_earlier && v->earlier_last,
			 v->earlier_last);
	json_expected(r, v);
	json_settings(r, v);
	json_origin(r);
	out_str(o, "}\n");
}
