/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * place.h - "filter:FORWARD:3", where a rule is, as a value.
 */
#ifndef MERGE_PLACE_H
#define MERGE_PLACE_H 1

#include <stdbool.h>

#include "report/rule_view.h"

/* Longer by a table's and a number's length than the name of a chain. */
#define PLACE_SIZE	100u

/* False unless it is one.  'p' points into 'storage'. */
bool place_read(struct rule_place *p, char storage[PLACE_SIZE], const char *text);

#endif
