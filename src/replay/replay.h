/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * replay.h - replays captures: capture -> packet -> conntrack -> report.
 */
#ifndef REPLAY_REPLAY_H
#define REPLAY_REPLAY_H 1

#include "cli/options.h"
#include "base/diag.h"
#include "base/stop.h"

enum replay_result {
	REPLAY_DONE,		/* all frames were read */
	REPLAY_DIFFERENT,	/* the same, and --versus found a difference */
	REPLAY_USAGE,		/* nothing was read, after a message */
	REPLAY_DAMAGED,		/* damaged input, failed output or no memory, after
				 * a message */
	REPLAY_FAILED,		/* all frames were read, and a packet is one of --fail-on,
				 * after a message */
	REPLAY_ABSENT,		/* all frames were read, but a frame or a connection that
				 * was asked for is not there, after a message */
	REPLAY_STOPPED,		/* 'stop' was set; the frames read by then are printed */
};

/*
 * Replays the captures of 'opt' and prints the sections that it asks for to standard
 * output.  'stop' is checked between batches of frames.
 *
 * With SANDBOX_AUTO the process loses, for good, all rights but those that a replay
 * needs: a caller that goes on to do other things passes SANDBOX_NO.
 */
enum replay_result replay(const struct options *opt, const struct diag *diag,
			  const struct stop *stop);

#endif
