/* SPDX-License-Identifier: GPL-2.0-only */
#include "report/explain.h"

#include <string.h>

#include "report/explain_rules.h"

static const struct explain_rule reasons[CT_REASON_COUNT] = {
#define REASON_RULE(sym, code, origin, text) [CT_REASON_##sym] = { RULE_##sym },
	CT_REASONS(REASON_RULE)
#undef REASON_RULE
};

/* What a word means here. */
enum meaning {
	NEW_FIRST, NEW_AGAIN, NEW_REOPENED, ESTABLISHED_ORIGINAL, ESTABLISHED_REPLY,
	RELATED_ERROR, RELATED_EXPECTED, INVALID, UNTRACKED, FRAGMENT, DROPPED,
	HELPER_DROPPED, NO_PACKET, FILTERED, COPY,
	MEANINGS
};

static const struct explain_rule meanings[MEANINGS] = {
	[NEW_FIRST] = { "init_conntrack()",
		"No connection in the table has these addresses and ports, so the "
		"packet begins a new one." },
	[NEW_AGAIN] = { "resolve_normal_ct()",
		"The connection is in the table already, but no packet has come back "
		"yet: until then all packets of this direction are NEW." },
	[NEW_REOPENED] = { "nf_conntrack_tcp_packet()",
		"The packet is a SYN with the addresses and ports of a connection that "
		"is over. It begins a new one, which takes the place of the old one." },
	[ESTABLISHED_ORIGINAL] = { "resolve_normal_ct()",
		"The packet belongs to a connection in the table that has seen packets "
		"both ways. It goes the way of the first one." },
	[ESTABLISHED_REPLY] = { "resolve_normal_ct()",
		"The packet belongs to a connection in the table, and goes the other "
		"way than its first packet: it is an answer." },
	[RELATED_ERROR] = { "nf_conntrack_inet_error()",
		"The packet is an error message that quotes a packet of a connection in "
		"the table, so it is RELATED to that connection." },
	[RELATED_EXPECTED] = { "init_conntrack()",
		"A helper has read in another connection that this one would come, and "
		"noted that as an expectation. The packet meets it, so it is RELATED, "
		"until an answer comes." },
	[INVALID] = { "nf_conntrack_in()",
		"The packet fails a check of connection tracking, as follows. Most "
		"firewalls drop what is INVALID." },
	[UNTRACKED] = { "nf_conntrack_in()",
		"Connection tracking leaves the packet alone: it has no connection." },
	[FRAGMENT] = { "nf_ct_frag6_gather(), ip_defrag()",
		"No rule has seen the packet yet: it waits for the rest." },
	[DROPPED] = { "nf_conntrack_in(), nf_ct_frag6_gather(), ip_defrag()",
		"The kernel drops the packet before any rule sees a state." },
	[HELPER_DROPPED] = { "nf_confirm()",
		"Rules see this state. Behind them a helper, which reads what a "
		"connection announces, drops the packet." },
	[NO_PACKET] = { "",
		"The frame never reaches connection tracking, so no rule on the state "
		"of a connection sees it." },
	[FILTERED] = { "",
		"-f or --interface leaves the frame out, so it is not replayed." },
	[COPY] = { "",
		"The frame is a copy of one shortly before it, and --dedup leaves it "
		"out, so it is not replayed." },
};

const struct explain_rule *explain_reason(enum ct_reason reason)
{
	return &reasons[reason];
}

static enum meaning meaning_of(const struct explain_view *v)
{
	const struct ct_verdict *verdict = &v->packet.v;

	if (verdict->dropped)
		return HELPER_DROPPED;
	switch ((enum ct_ctstate)verdict->ctstate) {
	case CT_NEW:
		if (v->has_ended && v->ended.end == CT_END_REOPENED)
			return NEW_REOPENED;
		return v->has_before ? NEW_AGAIN : NEW_FIRST;
	case CT_ESTABLISHED:
		return verdict->dir == CT_DIR_REPLY ? ESTABLISHED_REPLY :
						      ESTABLISHED_ORIGINAL;
	case CT_RELATED:
		return v->expected && !v->packet.summary.icmp ? RELATED_EXPECTED :
								RELATED_ERROR;
	case CT_INVALID:
		return INVALID;
	case CT_UNTRACKED:
		return UNTRACKED;
	case CT_FRAGMENT:
		return FRAGMENT;
	case CT_DROP:
	case CT_CTSTATES:
		break;
	}
	return DROPPED;
}

const struct explain_rule *explain_word_rule(const struct explain_view *v)
{
	switch (v->kind) {
	case EXPLAIN_PACKET:
		return &meanings[meaning_of(v)];
	case EXPLAIN_FILTERED:
		return &meanings[FILTERED];
	case EXPLAIN_COPY:
		return &meanings[COPY];
	case EXPLAIN_FRAME:
		break;
	}
	return &meanings[NO_PACKET];
}

const char *explain_class_text(const char *name)
{
	static const struct { const char *name, *text; } classes[] = {
#define CLASS_TEXT(name, text) { name, text },
		EXPLAIN_CLASSES(CLASS_TEXT)
#undef CLASS_TEXT
	};

	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
		if (strcmp(classes[i].name, name) == 0)
			return classes[i].text;
	return NULL;
}

const char *explain_value_text(enum explain_value what)
{
	static const char *const texts[EXPLAIN_VALUE_COUNT] = {
#define VALUE_TEXT(sym, key, text) [EXPLAIN_##sym] = text,
		EXPLAIN_VALUES(VALUE_TEXT)
#undef VALUE_TEXT
	};

	return texts[what];
}

const char *explain_value_key(enum explain_value what)
{
	static const char *const keys[EXPLAIN_VALUE_COUNT] = {
#define VALUE_KEY(sym, key, text) [EXPLAIN_##sym] = key,
		EXPLAIN_VALUES(VALUE_KEY)
#undef VALUE_KEY
	};

	return keys[what];
}

const char *explain_relation_key(enum explain_relation relation)
{
	static const char *const keys[] = {
		[EXPLAIN_AT_MOST] = "at-most", [EXPLAIN_AT_LEAST] = "at-least",
		[EXPLAIN_BELOW] = "below", [EXPLAIN_EQUAL] = "equal",
	};

	return keys[relation];
}

const char *explain_word_name(const struct explain_word *w)
{
	return w->there ? ct_ctstate_name((enum ct_ctstate)w->v.ctstate) : w->class;
}

void report_explain(struct report *r, const struct explain_view *v)
{
	if (r->format == REPORT_JSON)
		json_explain(r, v);
	else
		text_explain(r, v);
}
