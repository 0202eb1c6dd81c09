/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rules.h - what the statistics of several runs say of one firewall.
 */
#ifndef MERGE_RULES_H
#define MERGE_RULES_H 1

#include "merge/record.h"
#include "report/rule_view.h"

struct merged_rules;

/*
 * Adds what the record has of a firewall: packets by verdict are summed, and the rules
 * that never matched are those that did so in no record.  '*rules' is made if need be.
 * False, after a message, if it is not the same firewall.
 */
bool merged_rules_add(struct merged_rules **rules, const struct record *r);

/* As report_statistics() takes them; the texts of the rules are "". */
const struct rule_statistics *merged_rules_statistics(struct merged_rules *rules);

void merged_rules_free(struct merged_rules *rules);	/* NULL is fine */

#endif
