/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rule_view.h - what a firewall's rules say of a packet, as every format shows it.
 */
#ifndef REPORT_RULE_VIEW_H
#define REPORT_RULE_VIEW_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Names are those of the ruleset, which lives as long as the report. */
struct rule_place {
	const char *table, *chain;	/* chain NULL: no rule */
	uint32_t number;	/* from 1; 0: the chain's policy */
};

enum rule_verdict {
	RULE_VERDICT_NONE,	/* there is no firewall, or it did not see the packet */
	RULE_VERDICT_ACCEPT, RULE_VERDICT_DROP, RULE_VERDICT_REJECT,
	RULE_VERDICTS
};

struct rule_view {
	uint8_t verdict;	/* enum rule_verdict; NONE: nothing else is set */
	bool nat;		/* a rule would have translated an address */
	bool prevented;		/* the rules have dropped what it answers or follows */
	const char *why;	/* where no rule says it: "no-route", ...; or NULL */
	struct rule_place rule;		/* that gave the verdict */
	struct rule_place doubt;	/* whose answer is not known, and matters */
	size_t path_at;		/* where the buffer of records has the path */
	const struct rule_place *path;	/* the rules that matched, in order */
	const char *const *path_text;	/* of each, from "-A" on; NULL: not kept */
	uint32_t npath;
	bool path_known;	/* else the path was not kept */
};

/* A rule with what it counted (-R). */
struct rule_count {
	uint8_t l3num;
	struct rule_place place;
	const char *text;	/* from "-A" on; the policy's name */
	uint64_t packets, bytes;
	uint64_t unknown;	/* packets of which it is not known */
};

/* What -s shows of a firewall. */
struct rule_statistics {
	uint64_t rules;
	uint64_t verdict[RULE_VERDICTS];	/* packets */
	struct rule_count *unused;	/* rules that never matched; owned */
	size_t nunused;
};

/* "drop", ...; NULL for NONE. */
const char *rule_verdict_name(const struct rule_view *v);

#endif
