/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * replay.h - the way of a frame: capture -> packet -> conntrack -> report.
 */
#ifndef REPLAY_H
#define REPLAY_H 1

#include "cli/options.h"
#include "base/diag.h"
#include "base/stop.h"

enum replay_result {
	REPLAY_DONE,		/* all frames were read */
	REPLAY_USAGE,		/* nothing could be read, after a message */
	REPLAY_DAMAGED,		/* damaged input or failed output, after a message */
	REPLAY_STOPPED,		/* 'stop' was set: what there was is printed */
};

/*
 * Replays the captures of 'opt' and prints to standard output what it asks
 * for.  'stop' is looked at between frames.
 *
 * With SANDBOX_AUTO the process keeps no rights but those that this takes: who
 * goes on to do other things says SANDBOX_NO.
 */
enum replay_result replay(const struct options *opt, const struct diag *diag,
			  const struct stop *stop);

#endif
