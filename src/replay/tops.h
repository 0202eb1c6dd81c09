/* SPDX-License-Identifier: GPL-2.0-only */
/* tops.h - all --top of a run: each of them counts everything. */
#ifndef REPLAY_TOPS_H
#define REPLAY_TOPS_H 1

#include "base/state_io.h"
#include "cli/options.h"
#include "replay/top.h"

struct tops {
	bool wanted;		/* any of them */
	struct top top[TOP_KINDS];	/* by enum top_by */
};

void tops_init(struct tops *t, const struct options *o);
void tops_free(struct tops *t);

/* As the functions of top.h; false: no memory. */
bool tops_begin(struct tops *t, const struct ct_record *rec);
void tops_end(struct tops *t, const struct connection_view *c);
void tops_open(struct tops *t, const struct connection_view *c);
bool tops_invalid(struct tops *t, const struct ct_packet *pkt);
void tops_state(struct tops *t, struct ct *ct, struct state_io *io);
bool tops_print(struct tops *t, struct report *r);

#endif
