/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tracker.h - the stage in the middle: the clock, reassembly, the engine, -w, the
 * counts.
 *
 * One thread at a time tracks, batch by batch in the order of the input.
 */
#ifndef REPLAY_TRACKER_H
#define REPLAY_TRACKER_H 1

#include <stdbool.h>
#include <stdint.h>

#include "ctreplay/conntrack.h"
#include "ctreplay/reassembly.h"
#include "replay/batch.h"
#include "replay/clock.h"
#include "replay/frame_writer.h"
#include "replay/settings.h"
#include "replay/tally.h"
#include "replay/versus.h"

struct tracker {
	const struct settings *settings;
	struct ct *ct;
	const struct ct_stats *ct_stats;
	struct batch *batch;		/* the one at hand */
	const bool *states;		/* opt->states: which packets are printed */
	bool packet_lines;		/* as in the settings */
	/* Records may only be appended: the packet's record is being filled in, so
	 * it must stay where it is in the buffer. */
	bool record_open;
	/* Memory ran out: verdicts could be wrong from here on, so nothing more is
	 * tracked or printed.  At which frame; 0: at none. */
	bool no_memory;
	uint64_t no_memory_frame;
	struct ct_verdict verdict;	/* on the packet at hand */
	struct clock clock;
	struct ct_reassembly *reassembly;
	const struct ct_reassembly_stats *reassembly_stats;
	struct frame_writer writer;
	uint64_t full_first;		/* first frame that the table was full for */
	struct tally tally;
	struct versus *versus;		/* --versus, or NULL */
};

bool tracker_init(struct tracker *t, const struct settings *settings);	/* false: no memory */
void tracker_free(struct tracker *t);

/* False where going on with more batches is of no use: -w failed, no memory. */
bool tracker_track(struct tracker *t, struct batch *b);

/* What comes after the last frame: the sections that are printed once.  'b' has
 * the output (printer_resume()). */
void tracker_end(struct tracker *t, struct batch *b);

#endif
