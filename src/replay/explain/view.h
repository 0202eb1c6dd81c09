/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * view.h - the story of a frame from what its replays know.
 */
#ifndef REPLAY_EXPLAIN_VIEW_H
#define REPLAY_EXPLAIN_VIEW_H 1

#include "replay/explain/run.h"

/* Tracks the frame, which run_frames() has found, and fills in 'view' but for the
 * settings. */
void view_frame(struct explain_view *view, struct run *r);

/* Which settings can matter to the frame. */
unsigned int view_about(const struct explain_view *view, const struct run *r);

/* What each of the settings that are about 'about' would have done; 'setting' has
 * VARIANTS_MAX places. */
void view_settings(struct explain_view *view, const struct run *r, unsigned int about,
		   struct explain_setting *setting);

#endif
