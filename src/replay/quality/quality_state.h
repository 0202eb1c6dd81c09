/* SPDX-License-Identifier: GPL-2.0-only */
/* quality_state.h - what the notes know so far, as bytes. */
#ifndef REPLAY_QUALITY_QUALITY_STATE_H
#define REPLAY_QUALITY_QUALITY_STATE_H 1

#include "base/state_io.h"
#include "replay/quality/quality.h"

/* Both ways; loading: 'q' is new. */
void quality_state(struct quality *q, struct state_io *io);

#endif
