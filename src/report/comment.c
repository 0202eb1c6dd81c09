/* SPDX-License-Identifier: GPL-2.0-only */
#include "report/comment.h"

#include <string.h>

#include "report/formats.h"

static char *put_word(char *p, const char *key, const char *value)
{
	return value ? put_str(put_str(p, key), value) : p;
}

/* A reason whose number is the bound that was crossed. */
static bool has_bound(const struct ct_why *why)
{
	return why->reason == CT_REASON_TCP_SEQ_OVER ||
	       why->reason == CT_REASON_TCP_SEQ_UNDER ||
	       why->reason == CT_REASON_TCP_ACK_OVER ||
	       why->reason == CT_REASON_TCP_ACK_UNDER;
}

static char *put_bound(char *p, const struct ct_verdict *v)
{
	for (unsigned int i = 0; i < v->nwhy; i++)
		if (has_bound(&v->why[i]))
			return put_u64(put_str(p, " bound="), v->why[i].n[0]);
	return p;
}

static char *put_rule_place(char *p, const char *key, const struct rule_place *place)
{
	return place->chain ? put_place(put_str(p, key), place) : p;
}

static char *put_rule_words(char *p, const struct rule_view *rule)
{
	p = put_word(p, " rule-verdict=", rule_verdict_name(rule));
	p = put_rule_place(p, " rule=", &rule->rule);
	p = put_word(p, " rule-why=", rule->why);
	return put_rule_place(p, " rule-unknown=", &rule->doubt);
}

char *put_comment(char *p, const struct ct_verdict *v, const struct rule_view *rule)
{
	const char *verdict = shown_verdict(v);

	p = put_word(p, "ct=", ct_ctstate_name((enum ct_ctstate)v->ctstate));
	p = put_word(p, " dir=", shown_dir(v->dir));
	p = put_word(p, " state=", ct_proto_state_name(v->proto, v->state));
	if (v->id)
		p = put_u64(put_str(p, " id="), v->id);
	if (v->nwhy)
		p = put_word(p, " reason=", ct_reason_code(v->why[0].reason));
	p = put_bound(p, v);
	if (v->windowed && v->window.frame)
		p = put_u64(put_str(p, " set-by="), v->window.frame);
	if (verdict && strcmp(verdict, "drop") == 0)
		p = put_str(p, " verdict=drop");
	return rule && rule->verdict ? put_rule_words(p, rule) : p;
}

char *put_comment_without(char *p, const char *why)
{
	return put_word(p, "ct=none why=", why);
}

/* Moves on behind 'word' if the text begins with it. */
static bool skip(const char **text, size_t *len, const char *word)
{
	size_t n = strlen(word);

	if (*len < n || memcmp(*text, word, n) != 0)
		return false;
	*text += n;
	*len -= n;
	return true;
}

static bool skip_state(const char **text, size_t *len)
{
	for (int i = 0; i < CT_CTSTATES; i++)
		if (skip(text, len, ct_ctstate_name((enum ct_ctstate)i)))
			return true;
	return skip(text, len, "none");
}

bool comment_is_one(const char *text, size_t len)
{
	static const char *const next[] = {
		" dir=", " state=", " id=", " reason=", " verdict=", " rule-verdict=",
		" why=",
	};

	if (!skip(&text, &len, "ct=") || !skip_state(&text, &len))
		return false;
	for (size_t i = 0; i < sizeof(next) / sizeof(next[0]); i++)
		if (skip(&text, &len, next[i]))
			return true;
	return len == 0;
}
