/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * lifecycle.h - the life of a connection's entry, from the packet that opens it
 * to its end.
 */
#ifndef CONNTRACK_LIFECYCLE_H
#define CONNTRACK_LIFECYCLE_H 1

#include "conntrack/track.h"

/* Makes an entry for the packet of 't', which is not in the table yet; false
 * where the table is full or there is no memory.  init_conntrack(). */
bool entry_create(struct track *t, const struct ct_tuple *tuple);
/* Puts it into the table; __nf_conntrack_confirm(). */
void entry_insert(struct ct *ct, uint32_t number);
/*
 * Removes an entry from the table and frees it, with its event; nf_ct_delete().
 */
void entry_delete(struct ct *ct, uint32_t number, ct_time when, enum ct_end end);
/* Frees an entry that is not in the table. */
void entry_free(struct ct *ct, uint32_t number);

void entry_event(struct ct *ct, uint32_t number, enum ct_event_type type,
		 uint32_t changed, ct_time when);
void entry_record(const struct ct *ct, uint32_t number, ct_time now,
		  struct ct_record *r);

#endif
