/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * early_drop.h - chooses the connection that makes way when the table is full.
 */
#ifndef CONNTRACK_TABLE_EARLY_DROP_H
#define CONNTRACK_TABLE_EARLY_DROP_H 1

#include <stdbool.h>
#include <stdint.h>

struct table;

/*
 * Connections in order of creation that were not ASSURED when the table took
 * them: all that are still in the table and not ASSURED, and some others.
 */
struct early_drop_queue {
	bool active;		/* the table was full once */
	uint32_t *number;
	uint32_t first, end, capacity;
	uint32_t order;		/* entry_rest.order of number[0]; each next one
				 * has one more */
};

/* Memory for one more; false: there is none. */
bool early_drop_reserve(struct table *t);
/* 'number' is new in the table and not ASSURED. */
void early_drop_add(struct table *t, uint32_t number);
/* The oldest connection that is not ASSURED into '*number', ENTRY_NONE where
 * all are; false: no memory. */
bool early_drop_oldest(struct table *t, uint32_t *number);
void early_drop_free(struct table *t);

#endif
