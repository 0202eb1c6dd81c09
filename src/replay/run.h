/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * run.h - one replay, and its three stages.
 *
 *	reading    frames of the captures, and all that needs nothing but the
 *		   frame itself: link layer, IP header, checksums, flow hash
 *	tracking   the clock, reassembly, the engine, -w, the counts
 *	printing   lines
 *
 * Each is a thread of its own; where there are no more than two processors, the
 * reading stage prints as well, since three would only take turns on them, and
 * where threads cannot be had, the stages call each other.  A member of struct
 * run belongs to one stage, and what passes between stages goes down a lane:
 * so no result depends on who is faster.
 *
 * Reading is the calling thread's, which is also the only one that gets
 * signals: a read(2) that waits is interrupted by them.
 */
#ifndef REPLAY_RUN_H
#define REPLAY_RUN_H 1

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "capture/capture.h"
#include "capture/filter.h"
#include "capture/link.h"
#include "capture/write.h"
#include "cli/options.h"
#include "cli/progress.h"
#include "ctreplay/conntrack.h"
#include "diag.h"
#include "packet/reassembly.h"
#include "replay/held.h"
#include "replay/lane.h"
#include "replay/page.h"
#include "report/report.h"

#define WORKS 8u	/* batches on their way: enough that nobody waits */
#define PAGES 8u
_Static_assert(WORKS + PAGES <= LANE_ROOM, "a lane has room, also for both");

/* What the reading stage found out about a frame: all that the tracking stage
 * needs of most, in two cache lines that go from one processor to the other. */
struct parsed {
	_Alignas(64) struct ct_packet pkt;
	ct_time time;		/* the frame's stamp */
	struct shown shown;
	uint8_t link;		/* enum link_class */
	uint8_t class;		/* enum ct_packet_class; of IP packets */
	bool filtered_out;	/* as in struct frame */
	bool usual;		/* an IP packet that is neither broken nor a
				 * fragment */
};

_Static_assert(sizeof(struct parsed) <= 128,
	       "two lines");

/* A line for the sink that came up while a batch was read.  It goes with the
 * batch: it is told after what tracking the batches before has to say, and
 * before this one's frames are tracked. */
struct message {
	struct message *next;
	enum diag_level level;
	char text[];
};

/* A batch of frames and what goes with it. */
struct work {
	enum parcel parcel;	/* PARCEL_WORK */
	struct frame_batch *frames;
	struct parsed *parsed;	/* FRAME_BATCH_FRAMES of them */
	struct message *messages, **messages_end;
	bool waits;		/* the next batch has to be waited for */
	bool last;		/* no more batches */
};

struct run {
	const struct options *opt;
	const struct diag *diag;
	const struct diag *sink;	/* main's; 'diag' clears the line for it */
	struct diag clear_diag;
	const volatile sig_atomic_t *stop;
	struct bpf_set **notrack;	/* opt->nnotrack of them */
	bool lines;			/* packets are to be printed */

	/* reading */
	struct diag capture_diag;	/* the sink that the capture is given */
	struct capture *capture;
	struct progress progress;
	struct work *reading;		/* the batch at hand, or NULL */
	bool damaged;

	/* tracking */
	struct reassembly *reassembly;
	const struct reassembly_stats *reassembly_stats;
	struct ct *ct;
	const struct ct_stats *ct_stats;
	struct tally tally;
	struct ct_verdict verdict;	/* on the packet at hand */
	struct writer_file file;	/* of -w, until there is a writer */
	struct writer *writer;		/* -w, or NULL */
	struct held *held;		/* fragments that -w may want */
	int write_error;		/* errno, or 0 */
	bool started;			/* a frame has been seen */
	ct_time due;			/* from then on the clock causes more
					 * than ct_advance() does */
	ct_time *at;			/* snapshots to come, in order of time */
	size_t nat, next_at;
	uint64_t backward, backward_first;	/* frames with an older stamp */
	uint64_t full_first;	/* first frame that the table was full for */
	struct page *page;		/* the page at hand */
	bool pinned;			/* it must not be passed on now */
	/* Memory ran out: nothing is tracked and printed any more, since words
	 * could be wrong; at which frame, 0: at none. */
	bool no_memory;
	uint64_t no_memory_frame;

	/* printing; the tracking stage's while all pages are with it */
	struct report report;

	atomic_bool give_up;		/* reading on is of no use */

	struct work work[WORKS];
	struct page *pages[PAGES];
	struct lane to_read, to_track;			/* struct work */
	struct lane to_fill, to_print;			/* struct page */
	struct lane *printing;		/* to whom pages go: to_print, to_read where
					 * the reading stage prints; NULL: the
					 * tracking stage prints them itself */
	bool tracks;			/* the tracking stage has a thread */
	pthread_t tracker, printer;
};

/* read.c */
bool notrack_compile(struct run *run);	/* false after a message */
bool notrack_matches(const struct run *run, const struct ct_packet *pkt);
/* A struct diag's: keeps the message with the batch at hand. */
void read_say(void *arg, enum diag_level level, const char *text);
/* Fills 'w' with the next frames and what can be told of them. */
void read_work(struct run *run, struct work *w);

/* track.c */
void track_event(void *arg, const struct ct_event *ev);		/* the engine's */
void track_expect(void *arg, const struct ct_expect_event *ev);
void track_work(struct run *run, struct work *w);
void track_snapshots(struct run *run, ct_time time);
/* Passes on the page at hand, for an empty one; to be printed now, or with
 * those that follow. */
void track_pass_page(struct run *run, bool now);

/* print.c */
void print_page(struct run *run, struct page *page);
/* The table is as large as memory allows: it has no page.  Nothing is printed
 * where there is none left to put it in order. */
void print_table(struct run *run, bool snapshot);

/* stages.c */
bool stages_create(struct run *run);	/* false: no memory */
void stages_run(struct run *run);	/* until all frames are printed */
void stages_free(struct run *run);
/* For the tracking stage: returns when all that was passed on is printed. */
void stages_printed(struct run *run);

#endif
