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
#include "replay/annotator.h"
#include "replay/batch.h"
#include "replay/clock.h"
#include "replay/connections.h"
#include "replay/refused.h"
#include "replay/fail_on.h"
#include "replay/dedup.h"
#include "replay/firewall.h"
#include "replay/frame_writer.h"
#include "replay/page/collector.h"
#include "replay/page_file.h"
#include "replay/saved.h"
#include "replay/selection.h"
#include "replay/settings.h"
#include "replay/quality/notes.h"
#include "replay/quality/quality.h"
#include "replay/tally.h"
#include "replay/tops.h"
#include "replay/versus.h"

/* No datagram is longer. */
#define NESTED_MAX (65536u + 64)

struct tracker {
	const struct settings *settings;
	struct ct *ct;
	const struct ct_stats *ct_stats;
	struct batch *batch;		/* the one at hand */
	struct selection selection;	/* which packets are shown */
	bool look_at_all;		/* no packet takes the short way */
	bool more_counts;		/* -C, --top, -w: more than the tally counts */
	bool every_packet;		/* -w, --annotate, --report: of every packet */
	bool more;			/* that, or verdict_lines */
	/* Packets in mid-stream are only counted: ct_track_many() may take them. */
	bool counts_only;
	struct fail_on fail_on;
	bool watch_helpers;
	struct default_helpers helpers;
	bool packet_lines;		/* as in the settings */
	/* An established packet without a reason only goes to -w. */
	bool only_writes;
	bool verdict_lines;		/* and not only of packets with a reason */
	bool event_lines;		/* events and expectations are printed */
	/* With a firewall: no event is printed or collected between packets, and
	 * nothing is selected. */
	bool rules_quickly;
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
	struct annotator annotator;
	struct collector *collector;	/* --report, or NULL */
	struct page_file page;
	struct saved saved;		/* --save-state, --load-state */
	struct connections connections;	/* -C, --top */
	struct refused refused;		/* -C */
	struct tops tops;		/* --top */
	bool connection_lines;		/* -C */
	uint64_t full_first;		/* first frame that the table was full for */
	struct tally tally;
	struct quality quality;
	struct notes notes;		/* at the end */
	struct dedup dedup;
	struct versus *versus;		/* --versus, or NULL */
	struct firewall *firewall;	/* of the settings, without --versus; or NULL */
	bool rules_shown;		/* the packet that its rules judge is shown */
	/* A fragment that was in a datagram of the reassembly.  Last, as it is large. */
	uint8_t nested[NESTED_MAX];
};

/* The selection is set already.  False: no memory. */
bool tracker_init(struct tracker *t, const struct settings *settings);
void tracker_free(struct tracker *t);

/* False where going on with more batches is of no use: --annotate failed, no memory. */
bool tracker_track(struct tracker *t, struct batch *b);

/* tracker_versus.c: the frames of a batch for both engines of --versus, which take
 * all frames up to a moment of --at before its table is compared. */
void tracker_track_versus(struct tracker *t, struct batch *b);

/* A stamp for which clock_is_due(). */
void tracker_move_clock(struct tracker *t, const struct frame *f, ct_time time);

/* What comes after the last frame: the sections that are printed once.  'b' has
 * the output (printer_resume()). */
void tracker_end(struct tracker *t, struct batch *b);

/* After tracker_end(): the page of --report, with the reason why frames at the end are
 * missing, or NULL.  0, or errno. */
int tracker_write_page(struct tracker *t, int fd, const char *ended_early);

#endif
