/* SPDX-License-Identifier: GPL-2.0-only */
/* explain_settings.c - what would change the word of a frame, in text. */
#include "report/explain_text.h"
#include "report/formats.h"

/* The line below a setting's: why, or what else there is to say. */
static void tell_more(struct report *r, const char *text)
{
	out_pad(&r->out, 0, EXPLAIN_INDENT + 15);
	out_str(&r->out, text);
	out_char(&r->out, '\n');
}

static void tell_most(struct report *r, uint64_t most)
{
	struct story s;

	story_begin(&s, &r->out, EXPLAIN_INDENT + 15, EXPLAIN_INDENT + 15);
	story_str(&s, "up to ");
	story_u64(&s, most);
	story_str(&s, " connections at once, up to this frame");
	story_end(&s);
}

static void tell_rules(struct report *r, const struct rule_view *rule)
{
	struct out *o = &r->out;

	out_pad(o, 0, EXPLAIN_INDENT + 15);
	out_str(o, "the rules: ");
	out_rule(o, rule);
	out_char(o, '\n');
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

	out_pad(&r->out, 0, EXPLAIN_INDENT);
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
	if (x->word.rule.verdict && x->word.rule.verdict != v->packet.rule.verdict)
		tell_rules(r, &x->word.rule);
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

	explain_begin(&s, r);
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
	explain_begin(&s, r);
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
	if (count_settings(v, EXPLAIN_RULES)) {
		explain_paragraph(r, "The same word, but another verdict of the rules:");
		tell_settings_with(r, v, EXPLAIN_RULES);
	}
	if (!count_settings(v, EXPLAIN_REASON))
		return;
	explain_paragraph(r, "The same word, but for another reason or in another direction:");
	tell_settings_with(r, v, EXPLAIN_REASON);
}

void text_explain_settings(struct report *r, const struct explain_view *v)
{
	char name[CT_KERNEL_NAME_SIZE];
	struct story s;

	if (!v->nsettings)
		return;
	explain_heading(r, "What would change it");
	explain_begin(&s, r);
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
