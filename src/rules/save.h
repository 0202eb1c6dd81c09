/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * save.h - the reader of iptables-save's text, in two files.
 */
#ifndef RULES_SAVE_H
#define RULES_SAVE_H 1

#include "rules/reader.h"

/* rule.c: the line in hand is a rule, r->next stands at its "-A". */
bool read_rule(struct reader *r, const char *raw, size_t len);

#endif
