/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * state.h - what the files that save and load an engine share: state.c, state_entry.c,
 * state_ext.c, state_expect.c.
 *
 * Nothing of a state depends on the hash key, nor on the numbers of entries: entries
 * are saved in the order of their numbers, and known by their place in that order.
 */
#ifndef CONNTRACK_STATE_H
#define CONNTRACK_STATE_H 1

#include "base/state_io.h"
#include "conntrack/engine.h"
#include "conntrack/helper/ext.h"

/* An ext that is saved or loaded, in the order of the state. */
struct saved_ext {
	struct ct_ext *ext;
	uint32_t owner;		/* entry; ENTRY_NONE: it has ended */
	uint32_t parent;	/* load: place of master_ext, from 1; 0: none */
	uint32_t seen;		/* load: by has_cycle() and all_used() */
};

struct engine_state {
	struct ct *ct;
	struct state_io *io;
	uint32_t *rank;		/* save: places of entries, from 1, by number; load:
				 * numbers of entries, by place */
	uint32_t ranks, rank_capacity;	/* load: places that are there */
	struct saved_ext *ext;	/* the first is ext[0] */
	uint32_t exts, ext_capacity;
};

/*
 * All of an engine, both ways.  Loading: after a failure only ct_destroy() may be done
 * with it.  The sections are between those of the caller's.
 */
void engine_state(struct ct *ct, struct state_io *io);

/* The entries, then what belongs to them; then the expectations. */
void entries_state(struct engine_state *s);
void exts_state(struct engine_state *s);
void gre_keys_state(struct engine_state *s);
void expects_state(struct engine_state *s);

/* A tuple; loading checks that it is one that the engine can have. */
void tuple_state(struct state_io *io, struct ct_tuple *t);
void addr_state(struct state_io *io, union ct_addr *a, uint8_t l3num);

/* A helper, or NULL. */
void helper_state(struct state_io *io, const struct ct_helper **helper);
/* The number of the helper's classes of expectations. */
unsigned int helper_classes(const struct ct_helper *helper);

/* The entry behind a number that may be gone: ENTRY_NONE. */
void entry_number_state(struct engine_state *s, uint32_t *number);

#endif
