/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * notrack.h - the filters of --notrack.
 */
#ifndef REPLAY_NOTRACK_H
#define REPLAY_NOTRACK_H 1

#include <stdbool.h>
#include <stddef.h>

#include "base/diag.h"
#include "capture/filter.h"
#include "ctreplay/packet.h"

struct notrack {
	struct bpf_set **set;
	size_t n;
};

/* Compiles 'n' expressions.  False after a message. */
bool notrack_compile(struct notrack *t, const char *const *expr, size_t n,
		     const struct diag *diag);
void notrack_free(struct notrack *t);

/* Whether one of the filters matches the packet. */
bool notrack_matches(const struct notrack *t, const struct ct_packet *pkt);

#endif
