/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef CONNTRACK_TABLE_LIST_H
#define CONNTRACK_TABLE_LIST_H 1

#include "conntrack/table/table.h"

/* Calls 'fn' for each connection in order of creation until it returns false;
 * false: there was no memory for the order. */
bool list_each(struct table *t, bool (*fn)(void *arg, uint32_t number),
	       void *arg);

#endif
