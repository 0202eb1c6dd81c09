/* SPDX-License-Identifier: GPL-2.0-only */
/* reassembly_state.h - the fragments that wait as bytes. */
#ifndef PACKET_REASSEMBLY_STATE_H
#define PACKET_REASSEMBLY_STATE_H 1

#include <stdio.h>

#include "base/state_io.h"
#include "ctreplay/conntrack.h"
#include "packet/reassembly_queue.h"

/* All of a reassembly, both ways; loading: 'r' is new. */
void reassembly_state(struct ct_reassembly *r, struct state_io *io);

/* What a function of the library says of a failure; NULL is fine. */
static inline void state_tell(const struct state_io *io, struct ct_error *error)
{
	if (!io->failed || !error)
		return;
	*error = (struct ct_error){ .code = state_code(io) };
	snprintf(error->text, sizeof(error->text), "%.127s", io->text);
}

#endif
