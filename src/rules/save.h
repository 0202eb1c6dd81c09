/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * save.h - the reader of iptables-save's text, in two files.
 */
#ifndef RULES_SAVE_H
#define RULES_SAVE_H 1

#include "rules/reader.h"

/* rule.c: the line in hand is a rule, r->next stands at its "-A". */
bool read_rule(struct reader *r, const char *raw, size_t len);
/* save.c: declares a built-in chain that the file uses without a line of its own,
 * as iptables-restore lets it; false: there is none of that name in the table. */
bool save_builtin(struct reader *r, const char *name);

#endif
