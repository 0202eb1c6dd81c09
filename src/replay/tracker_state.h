/* SPDX-License-Identifier: GPL-2.0-only */
/* tracker_state.h - the tracker as bytes, with its engine: --save-state, --load-state. */
#ifndef REPLAY_TRACKER_STATE_H
#define REPLAY_TRACKER_STATE_H 1

#include "base/state_io.h"
#include "replay/printer.h"
#include "replay/tracker.h"

/* Both ways; loading: the tracker and the printer are new. */
void tracker_state(struct tracker *t, struct printer *p, struct state_io *io);

#endif
