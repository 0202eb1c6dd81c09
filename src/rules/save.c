/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * save.c - reads what iptables-save and ip6tables-save print: tables, chains,
 * policies; rule.c reads a rule.
 */
#include "rules/save.h"

#include <stdio.h>
#include <stdlib.h>

static const char *const table_names[] = {
	"raw", "mangle", "nat", "filter", "security", NULL
};
static const char *const hook_names[] = {
	"PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING", NULL
};
/* The hooks of each table, a bit each. */
static const uint8_t table_hooks[RULES_TABLES] = {
	[RULES_RAW] = HOOK_BIT(RULES_PREROUTING) | HOOK_BIT(RULES_OUTPUT),
	[RULES_MANGLE] = 0x1f,
	[RULES_NAT] = 0x1f & ~HOOK_BIT(RULES_FORWARD),
	[RULES_FILTER] = HOOK_BIT(RULES_INPUT) | HOOK_BIT(RULES_FORWARD) |
			 HOOK_BIT(RULES_OUTPUT),
	[RULES_SECURITY] = HOOK_BIT(RULES_INPUT) | HOOK_BIT(RULES_FORWARD) |
			   HOOK_BIT(RULES_OUTPUT),
};

const char *rules_table_name(enum rules_table t)
{
	return table_names[t];
}

const char *rules_hook_name(enum rules_hook h)
{
	return hook_names[h];
}

#define VERSION(major, minor, patch) ((major) << 16 | (minor) << 8 | (patch))

/* The version of iptables-nft that wrote a text; 0: another one, or it does not say. */
static unsigned int nft_version(const char *s, size_t n)
{
	const char *end = memmem(s, n, " (nf_tables)", 12), *v = end;
	unsigned int major, minor, patch = 0;
	char text[16];

	while (v && v > s && v[-1] != ' ')
		v--;
	if (!v || *v != 'v')
		return 0;
	snprintf(text, sizeof(text), "%.*s", (int)(end - v), v);
	return sscanf(text, "v%3u.%3u.%3u", &major, &minor, &patch) < 2 ? 0 :
	       VERSION(major, minor, patch);
}

/* Without a word in the file the nft back end is assumed, which is what
 * distributions install since 2019; versions before 1.8 had none. */
static uint8_t guess_backend(const struct reader *r)
{
	const char *s = r->text, *v;
	size_t n = (size_t)(r->end - s);
	unsigned int version;

	n = n < 256 ? n : 256;
	version = nft_version(s, n);
	r->set->inverts_all_ports = version >= VERSION(1, 8, 11);
	r->set->ports_as_one = version == VERSION(1, 8, 9);
	if (r->rules->options.backend != RULES_BACKEND_AUTO)
		return (uint8_t)r->rules->options.backend;
	if (memmem(s, n, "nf_tables", 9) || memmem(s, n, "-nft-save", 9))
		return RULES_BACKEND_NFT;
	v = memmem(s, n, "tables-save v", 13);
	if (v || memmem(s, n, "-legacy-save", 12))
		return RULES_BACKEND_LEGACY;
	return RULES_BACKEND_NFT;
}

static bool read_table(struct reader *r, const char *name)
{
	int t = name_in(table_names, name, strlen(name));

	if (t < 0)
		return refuse(r, name, "no such table (raw, mangle, nat, filter, security)");
	r->table = (uint8_t)t;
	if (!r->set->has[t])
		r->set->order[r->set->norder++] = (uint8_t)t;
	r->set->has[t] = true;
	return true;
}

static uint8_t hook_of(unsigned int table, const char *name)
{
	int h = name_in(hook_names, name, strlen(name));

	if (h < 0 || !(table_hooks[table] & HOOK_BIT(h)))
		return RULES_HOOKS;
	return (uint8_t)h;
}

/* iptables takes up to 28 characters without a blank; those that would have to be
 * escaped where a chain is named are refused here. */
static bool name_fits(const char *name)
{
	size_t n = strlen(name);

	if (n > 28 || *name == '-' || *name == '!')
		return false;
	for (; *name; name++)
		if (*name <= ' ' || *name > '~' || *name == '"' || *name == '\\')
			return false;
	return true;
}

/* Declares a chain; its policy is "-" or NULL for a user's. */
static bool declare(struct reader *r, const char *name, const char *policy)
{
	uint8_t hook = hook_of(r->table, name);
	uint32_t number;
	struct chain *c;

	if (!name_fits(name))
		return refuse(r, name, "a chain's name has up to 28 plain characters");
	if (target_find(name, r->family) || is(name, "ACCEPT") ||
	    is(name, "DROP") || is(name, "RETURN"))
		return refuse(r, name, "a chain cannot have a target's name");
	number = ruleset_chain(r->rules, r->set, r->table, name);
	if (number == NAME_NONE)
		return refuse(r, NULL, "no memory: too many chains");
	c = &r->set->chain[number];
	c->declared = true;
	c->line = r->line;
	c->hook = hook;
	if (hook != RULES_HOOKS)
		r->set->base[r->table][hook] = number + 1;
	if (!policy || is(policy, "-"))
		return true;
	if (hook == RULES_HOOKS)
		return refuse(r, name, "only built-in chains have a policy");
	if (!is(policy, "ACCEPT") && !is(policy, "DROP"))
		return refuse(r, policy, "a policy is ACCEPT or DROP");
	c->policy = is(policy, "DROP") ? RULE_DROP : RULE_ACCEPT;
	c->uncounted = false;
	return true;
}

/* A rule for a built-in chain that no line declares.  iptables-nft-restore makes the
 * chain without a counter then, so that its policy counts nothing. */
bool save_builtin(struct reader *r, const char *name)
{
	if (hook_of(r->table, name) == RULES_HOOKS || !declare(r, name, NULL))
		return false;
	r->set->chain[ruleset_find_chain(r->set, r->table, name)].uncounted =
		r->set->backend == RULES_BACKEND_NFT;
	return true;
}

/* "-N chain", "-P chain policy", "-F", "-X": what scripts and old files say. */
static bool read_command(struct reader *r, const char *word)
{
	const char *name = r->words.n > 1 ? r->words.word[1] : NULL;
	const char *policy = r->words.n > 2 ? r->words.word[2] : NULL;

	if (is(word, "-N") || is(word, "--new-chain"))
		return name ? declare(r, name, NULL) :
			      refuse(r, word, "a chain's name is missing");
	if (is(word, "-P") || is(word, "--policy"))
		return policy ? declare(r, name, policy) :
				refuse(r, word, "a chain and a policy are missing");
	if (is(word, "-F") || is(word, "-X") || is(word, "-Z"))
		return true;
	return refuse(r, word, "expected a chain (:NAME), a rule (-A) or COMMIT");
}

/* What 'nft list ruleset' begins with, or a file for 'nft -f'. */
static bool is_of_nft(const char *word)
{
	static const char *const words[] = {
		"table", "add", "create", "flush", "delete", "define", "include",
	};

	for (size_t i = 0; i < RULES_COUNT(words); i++)
		if (is(word, words[i]))
			return true;
	return false;
}

static bool read_line(struct reader *r, const char *raw, size_t len,
		      bool *in_table)
{
	char *word = r->words.word[0];

	if (word[0] == '*') {
		if (*in_table)
			return refuse(r, word, "the table before it has no COMMIT");
		*in_table = true;
		r->first_rule = r->set->n;
		return read_table(r, word + 1);
	}
	if (!*in_table)
		return refuse(r, word, "expected a table, such as *filter, as "
			      "iptables-save prints it%s", is_of_nft(word) ?
			      "; nftables' own form is not read" : "");
	if (is(word, "COMMIT")) {
		*in_table = false;
		return bind_table(r);
	}
	if (word[0] == ':') {
		if (!word[1])
			return refuse(r, word, "a chain's name is missing");
		return declare(r, word + 1,
			       r->words.n > 1 ? r->words.word[1] : NULL);
	}
	/* "[12:3400] -A ..." */
	if (word[0] == '[')
		r->next++;
	if (!more_words(r))
		return refuse(r, word, "a rule is missing");
	word = r->words.word[r->next];
	if (is(word, "-A") || is(word, "--append") || is(word, "-I") ||
	    is(word, "--insert"))
		return read_rule(r, raw, len);
	return read_command(r, word);
}

bool read_save(struct reader *r)
{
	bool in_table = false;
	const char *raw;
	size_t len;

	r->set->backend = guess_backend(r);
	r->set->loaded = true;
	r->set->file = reader_text(r, r->file);
	while (!r->failed && reader_line(r, &raw, &len))
		if (!read_line(r, raw, len, &in_table))
			break;
	if (!r->failed && in_table)
		refuse(r, NULL, "the last table has no COMMIT");
	if (!r->failed && !r->set->nchains)
		diag_say(r->rules->options.diag, DIAG_WARNING, "%s: there is no table "
			 "in it, so every packet passes; iptables-save prints the "
			 "rules only to root", r->file);
	return !r->failed;
}
