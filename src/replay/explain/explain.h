/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * explain.h - --explain N: the story of a frame.
 *
 * What other settings would have done is not guessed: each is a replay of its own
 * (lane.h), up to the frame.  All of them run side by side over one reading of the
 * captures, which ends after the frame.  Files are read twice: what the frame is
 * decides which settings can matter, and of a pipe all are tried.
 *
 * Memory: as many tables as settings are tried.  Where these come to more than
 * EXPLAIN_BYTES, the last settings of the list are given up, and the story says so.
 *
 * A firewall's files are read once, and each replay makes rules of its own of them:
 * rules count and remember, and what they drop leaves no entry.
 */
#ifndef REPLAY_EXPLAIN_EXPLAIN_H
#define REPLAY_EXPLAIN_EXPLAIN_H 1

#include "replay/replay.h"

/* As replay(), for options that ask for an explanation. */
enum replay_result explain(const struct options *opt, const struct diag *diag,
			   const struct stop *stop);

#endif
