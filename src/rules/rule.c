/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rule.c - reads one rule: the header's options here, those of matches and
 * targets by their own handlers.
 */
#include "rules/save.h"

#include <stdlib.h>

/* The matches of the rule in hand, in order; those that need not be asked when
 * a packet comes (comment) are not among the program's. */
#define RULE_MATCHES 128u

struct rule_reader {
	struct reader *r;
	struct match match[RULE_MATCHES];
	uint32_t n;
	const char *skip_to;	/* of an option that is not understood */
	uint32_t src_pick, dst_pick;	/* which of "-s a,b" */
	uint32_t nsrc, ndst;
	bool	 target_seen;
};

static const char *const header_options[] = {
	"-s", "--source", "--src", "-d", "--destination", "--dst", "-p",
	"--protocol", "--proto", "-i", "--in-interface", "-o", "--out-interface",
	"-f", "--fragment", "-m", "--match", "-j", "--jump", "-g", "--goto",
	"-c", "--set-counters", "-4", "--ipv4", "-6", "--ipv6", NULL
};

static bool is_header_option(const char *w)
{
	return name_in(header_options, w, strlen(w)) >= 0;
}

/* A word of a list, counted from 0. */
static struct part pick(const char *list, uint32_t number, uint32_t *n)
{
	struct part found = { NULL, NULL };

	*n = 0;
	for (struct part p = first_part(list, ','); p.s; next_part(&p, ','))
		if ((*n)++ == number)
			found = p;
	return found;
}

static bool read_address(struct rule_reader *rr, bool src)
{
	struct reader *r = rr->r;
	struct rule *rule = r->rule;
	const char *w = take(r);
	struct part p;

	if (!w)
		return false;
	p = pick(w, src ? rr->src_pick : rr->dst_pick,
		 src ? &rr->nsrc : &rr->ndst);
	if (inverted(r))
		rule->inverted |= src ? INV_SRC : INV_DST;
	if (inverted(r) && strchr(w, ','))
		return refuse(r, w, "a list cannot be inverted");
	rule->checks |= src ? CHECK_SRC : CHECK_DST;
	return parse_masked(r, p.s, p.end, src ? &rule->src : &rule->dst,
			    src ? &rule->smask : &rule->dmask);
}

static bool read_iface(struct reader *r, bool in)
{
	const char *w = take(r);
	uint32_t pattern;

	if (!w)
		return false;
	if (!*w || strlen(w) > IFACE_NAME_MAX)
		return refuse(r, w, "an interface's name has 1 to %u letters",
			      IFACE_NAME_MAX);
	if (in && (HOOK_BIT(r->set->chain[r->chain].hook) &
		   (HOOK_BIT(RULES_OUTPUT) | HOOK_BIT(RULES_POSTROUTING))))
		return refuse(r, w, "no packet has an input interface in this chain");
	if (!in && (HOOK_BIT(r->set->chain[r->chain].hook) &
		    (HOOK_BIT(RULES_PREROUTING) | HOOK_BIT(RULES_INPUT))))
		return refuse(r, w, "no packet has an output interface in this chain");
	pattern = ifaces_pattern(&r->rules->ifaces, w);
	if (!pattern)
		return refuse(r, NULL, "no memory: too many interfaces");
	r->rule->checks |= in ? CHECK_IN : CHECK_OUT;
	if (inverted(r))
		r->rule->inverted |= in ? INV_IN : INV_OUT;
	*(in ? &r->rule->in : &r->rule->out) = pattern;
	return true;
}

static bool read_proto(struct reader *r)
{
	const char *w = take(r);

	if (!w || !parse_proto(r, w, w + strlen(w), &r->rule->proto))
		return false;
	if (inverted(r))
		r->rule->inverted |= INV_PROTO;
	if (r->rule->proto)
		r->rule->checks |= CHECK_PROTO;
	else if (r->invert)
		return refuse(r, w, "no packet is of none of all protocols");
	return true;
}

/* A match that always leaves it open: for what is not understood. */
static enum answer unknown_match(void *info, struct rules_context *c)
{
	(void)info;
	(void)c;
	return ANSWER_UNKNOWN;
}

static const struct match_ops unknown_ops = {
	.name = "unknown", .match = unknown_match
};

static bool add_match(struct rule_reader *rr, const struct match_ops *ops)
{
	struct match *m = &rr->match[rr->n];

	if (rr->n == RULE_MATCHES)
		return refuse(rr->r, NULL, "more than %u matches", RULE_MATCHES);
	m->ops = ops;
	m->info = ops->size ? reader_alloc(rr->r, ops->size) : NULL;
	if (ops->size && !m->info)
		return false;
	if (ops->init)
		ops->init(m->info);
	rr->n++;
	return true;
}

/* With --rules-unknown: goes on behind what belongs to a match or an option that
 * is not understood. */
static bool pass_over(struct rule_reader *rr, const char *word, const char *why)
{
	struct reader *r = rr->r;

	reader_warn(r, "'%.80s': %s; what it would answer is taken as unknown",
		    word, why);
	r->invert_used = true;
	while (more_words(r) && (r->words.quoted[r->next] ||
				 !is_header_option(r->words.word[r->next])))
		r->next++;
	if (r->next && is(r->words.word[r->next - 1], "!"))
		r->next--;
	r->unknown = true;
	return rr->target_seen || add_match(rr, &unknown_ops);
}

/* 'near': what may have been meant, or NULL. */
static bool not_understood(struct rule_reader *rr, const char *word,
			   const char *why, const char *near)
{
	if (rr->r->rules->options.unknown_ok)
		return pass_over(rr, word, why);
	return refuse(rr->r, word, "%s%s%s%s", why, near ? "; did you mean " : "",
		      near ? near : "", near ? "?" : "");
}

static bool read_match(struct rule_reader *rr)
{
	const char *name = take(rr->r), *why;
	const struct match_ops *ops;

	if (!name)
		return false;
	ops = match_find(name, rr->r->family);
	if (ops)
		return add_match(rr, ops);
	why = match_refused(name);
	return not_understood(rr, name, why ? why : "no such match is known here",
			      why ? NULL : match_nearest(name, rr->r->family));
}

static void unknown_target(struct rule_reader *rr)
{
	static const struct target_ops ops = { .name = "unknown",
					       .may_drop = true };

	rr->r->rule->kind = RULE_TARGET;
	rr->r->rule->target = &ops;
}

static bool read_target(struct rule_reader *rr, bool go)
{
	static const char *const verdicts[] = { "ACCEPT", "DROP", "RETURN", NULL };
	struct reader *r = rr->r;
	const char *name = take(r), *why;
	int v = name ? name_in(verdicts, name, strlen(name)) : -1;

	if (!name)
		return false;
	if (rr->target_seen)
		return refuse(r, name, "the rule has a target already");
	rr->target_seen = true;
	r->rule->to = ruleset_find_chain(r->set, r->table, name);
	if (r->rule->to != NAME_NONE) {
		if (r->set->chain[r->rule->to].hook != RULES_HOOKS)
			return refuse(r, name, "a rule cannot jump to a built-in chain");
		r->rule->kind = go ? RULE_GOTO : RULE_JUMP;
		return true;
	}
	if (go)
		return refuse(r, name, "no such chain");
	if (v >= 0) {
		r->rule->kind = (uint8_t)(RULE_ACCEPT + v);
		return true;
	}
	r->rule->target = target_find(name, r->family);
	if (r->rule->target) {
		r->rule->kind = RULE_TARGET;
		if (r->rule->target->size)
			r->rule->target_info =
				reader_alloc(r, r->rule->target->size);
		if (r->rule->target->init)
			r->rule->target->init(r->rule->target_info);
		return !r->failed;
	}
	why = target_refused(name);
	if (r->rules->options.unknown_ok)
		unknown_target(rr);
	return not_understood(rr, name, why ? why : "no such target or chain",
			      why ? NULL : target_nearest(name, r->family));
}

/* Shows the option to the target, then to the matches, the last first, then to
 * the match that -p brings. */
static bool read_other(struct rule_reader *rr, const char *opt)
{
	struct reader *r = rr->r;
	const struct rule *rule = r->rule;
	const struct match_ops *ops;
	enum took t = NOT_MINE;

	if (rule->target && rule->target->option)
		t = rule->target->option(r, rule->target_info, opt);
	for (uint32_t i = rr->n; i-- > 0 && t == NOT_MINE;)
		if (rr->match[i].ops->option)
			t = rr->match[i].ops->option(r, rr->match[i].info, opt);
	if (t != NOT_MINE)
		return t == TOOK;
	ops = rule->checks & CHECK_PROTO && !(rule->inverted & INV_PROTO) ?
		match_of_proto(rule->proto, r->family) : NULL;
	for (uint32_t i = 0; i < rr->n; i++)
		if (rr->match[i].ops == ops)
			ops = NULL;
	if (ops && add_match(rr, ops))
		t = ops->option(r, rr->match[rr->n - 1].info, opt);
	if (t != NOT_MINE)
		return t == TOOK;
	if (ops)
		rr->n--;
	return not_understood(rr, opt, "no such option of this rule's matches", NULL);
}

/* 1: an option of the rule's own, 0: not, -1: failed. */
static int read_header(struct rule_reader *rr, const char *opt)
{
	struct reader *r = rr->r;

	if (is(opt, "-s") || is(opt, "--source") || is(opt, "--src"))
		return read_address(rr, true) ? 1 : -1;
	if (is(opt, "-d") || is(opt, "--destination") || is(opt, "--dst"))
		return read_address(rr, false) ? 1 : -1;
	if (is(opt, "-i") || is(opt, "--in-interface"))
		return read_iface(r, true) ? 1 : -1;
	if (is(opt, "-o") || is(opt, "--out-interface"))
		return read_iface(r, false) ? 1 : -1;
	if (is(opt, "-p") || is(opt, "--protocol") || is(opt, "--proto"))
		return read_proto(r) ? 1 : -1;
	if (is(opt, "-m") || is(opt, "--match"))
		return read_match(rr) ? 1 : -1;
	if (is(opt, "-j") || is(opt, "--jump"))
		return read_target(rr, false) ? 1 : -1;
	if (is(opt, "-g") || is(opt, "--goto"))
		return read_target(rr, true) ? 1 : -1;
	if (is(opt, "-c") || is(opt, "--set-counters"))
		return take(r) && take(r) ? 1 : -1;
	if (is(opt, "-f") || is(opt, "--fragment")) {
		if (r->family == CT_L3_IPV6)
			return refuse(r, opt, "IPv6 has -m frag instead") - 1;
		r->rule->checks |= CHECK_FRAG;
		r->rule->inverted |= inverted(r) ? INV_FRAG : 0;
		return 1;
	}
	return 0;
}

static bool read_option(struct rule_reader *rr)
{
	struct reader *r = rr->r;
	const char *opt;
	int own;

	r->invert = r->invert_used = false;
	opt = r->words.word[r->next++];
	if (is(opt, "!")) {
		if (!more_words(r))
			return refuse(r, opt, "an option is missing");
		r->invert = true;
		opt = r->words.word[r->next++];
	}
	r->option = opt;
	if (opt[0] != '-')
		return refuse(r, opt, "expected an option");
	own = read_header(rr, opt);
	if (own < 0 || (!own && !read_other(rr, opt)))
		return false;
	if (r->invert && !r->invert_used)
		return refuse(r, opt, "this option cannot be inverted");
	return true;
}

static const char *word_of_hook(uint8_t h)
{
	return h == RULES_HOOKS ? "this" : rules_hook_name(h);
}

/* What can only be said once the rule is whole. */
static bool finish(struct rule_reader *rr)
{
	struct reader *r = rr->r;
	struct rule *rule = r->rule;
	uint32_t hook = HOOK_BIT(r->set->chain[r->chain].hook);
	const struct target_ops *t = rule->target;

	for (uint32_t i = 0; i < rr->n; i++) {
		const struct match_ops *ops = rr->match[i].ops;

		if (ops->proto && (!(rule->checks & CHECK_PROTO) ||
				   rule->inverted & INV_PROTO ||
				   rule->proto != ops->proto))
			return refuse(r, ops->name, "this match needs -p for its protocol");
		if (ops->hooks && hook != HOOK_BIT(RULES_HOOKS) &&
		    !(ops->hooks & hook))
			return refuse(r, ops->name, "this match cannot be used in %s",
				      word_of_hook(r->set->chain[r->chain].hook));
		if (ops->finish && !ops->finish(r, rr->match[i].info))
			return false;
		r->set->needs |= ops->needs;
	}
	if (!t)
		return true;
	if (t->tables && !(t->tables & TABLE_BIT(r->table)))
		return refuse(r, t->name, "this target cannot be used in table %s",
			      rules_table_name(r->table));
	if (t->hooks && hook != HOOK_BIT(RULES_HOOKS) && !(t->hooks & hook))
		return refuse(r, t->name, "this target cannot be used in %s",
			      word_of_hook(r->set->chain[r->chain].hook));
	r->set->needs |= t->needs;
	return !t->finish || t->finish(r, rule->target_info);
}

static bool store(struct rule_reader *rr)
{
	struct reader *r = rr->r;
	struct rule *to = ruleset_add_rule(r->set);

	if (!to)
		return refuse(r, NULL, "no memory: too many rules");
	r->rule->first_match = r->set->nmatches;
	for (uint32_t i = 0; i < rr->n; i++) {
		struct match *m;

		if (!rr->match[i].ops->match)
			continue;
		m = ruleset_add_match(r->set);
		if (!m)
			return refuse(r, NULL, "no memory: too many rules");
		*m = rr->match[i];
		r->rule->nmatches++;
	}
	*to = *r->rule;
	return true;
}

static bool read_one(struct rule_reader *rr, uint32_t from, const char *text)
{
	struct reader *r = rr->r;
	struct rule rule = { .chain = r->chain, .line = r->line, .text = text };

	r->rule = &rule;
	r->next = from;
	r->unknown = false;
	rr->n = 0;
	rr->target_seen = false;
	while (more_words(r))
		if (!read_option(rr))
			return false;
	return finish(rr) && store(rr);
}

static const char *rule_text(struct reader *r, const char *raw, size_t len)
{
	const char *end = raw + len, *s = memmem(raw, len, "-A", 2);
	char *text;

	s = s ? s : raw;
	while (end > s && (end[-1] == ' ' || end[-1] == '\r' || end[-1] == '\t'))
		end--;
	text = arena_text(&r->rules->arena, s, (size_t)(end - s));
	if (!text)
		refuse(r, NULL, "no memory: the rulesets are too large");
	return text;
}

bool read_rule(struct reader *r, const char *raw, size_t len)
{
	struct rule_reader rr = { .r = r, .nsrc = 1, .ndst = 1 };
	const char *command = r->words.word[r->next++];
	const char *name = more_words(r) ? r->words.word[r->next++] : NULL;
	const char *text = rule_text(r, raw, len);
	uint32_t from = r->next;

	if (!name || !text)
		return name ? false : refuse(r, command, "a chain is missing");
	if (command[1] == 'I' || is(command, "--insert"))
		return refuse(r, command, "only appended rules (-A) are read; "
			      "iptables-save prints no other");
	r->chain = ruleset_find_chain(r->set, r->table, name);
	if (r->chain == NAME_NONE && save_builtin(r, name))
		r->chain = ruleset_find_chain(r->set, r->table, name);
	if (r->chain == NAME_NONE)
		return refuse(r, name, "no such chain in table %s",
			      rules_table_name(r->table));
	for (rr.src_pick = 0; rr.src_pick < rr.nsrc; rr.src_pick++)
		for (rr.dst_pick = 0; rr.dst_pick < rr.ndst; rr.dst_pick++)
			if (!read_one(&rr, from, text))
				return false;
	return true;
}
