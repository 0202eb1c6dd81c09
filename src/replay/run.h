/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * run.h - one replay, and the stages that its frames go through.
 *
 *	reading    frames of the captures
 *	parsing    all that needs nothing but the frame itself: link layer, IP
 *		   header, checksums, flow hash
 *	tracking   the clock, reassembly, the engine, -w, the counts
 *	wording    results become lines
 *	printing   lines become output
 *
 * They come in batches, and a stage gets these in the order in which they were
 * read.  Reading, tracking and printing are for one thread at a time, parsing and
 * wording for as many as there are: so no result depends on who is faster.
 *
 * There are more batches than threads, and a thread that is done with one stage does
 * whatever can be done next, so none waits while there is something to do.  Where
 * lines are made of packets or events, any thread does anything.  Where there are
 * none, tracking is half of the work at least: then it stays with one thread, and the
 * table with its processor, and others read and parse ahead; that thread joins in where
 * it finds nothing to track.
 *
 * A member of struct run belongs to a stage, to who is at it; what belongs to the
 * batch is in struct work.
 *
 * The calling thread is the only one that gets signals; whoever waits for a pipe
 * learns of them by stop.h.
 */
#ifndef REPLAY_RUN_H
#define REPLAY_RUN_H 1

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "capture/capture.h"
#include "capture/filter.h"
#include "capture/link/link.h"
#include "capture/write.h"
#include "cli/options.h"
#include "cli/progress.h"
#include "ctreplay/conntrack.h"
#include "base/diag.h"
#include "packet/reassembly.h"
#include "replay/fragment_frames.h"
#include "replay/records.h"
#include "replay/ticket.h"
#include "replay/tally.h"
#include "report/report.h"

/* Threads; more do not help: tracking, for one at a time, is a quarter of the
 * work at least. */
#define THREADS 4u

/* Batches: one that a thread is at, and one that waits to be tracked. */
#define WORKS (2 * THREADS)

/* What parsing found out about a frame: all that tracking needs of most. */
struct parsed {
	_Alignas(64) struct ct_packet pkt;
	ct_time time;		/* the frame's stamp */
	struct packet_summary shown;
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

/* What a batch's lines need to know of those before. */
struct printed {
	int error;		/* of writing: errno, or 0 */
	bool any;		/* with TIME_DELTA: a line was printed, ... */
	ct_time last;		/* ... and of when */
};

struct run;

/* A batch of frames on its way through the stages. */
struct batch {
	struct run *run;
	uint64_t number;	/* how many batches come before it */
	struct frame_batch *frames;
	struct parsed *parsed;	/* FRAME_BATCH_FRAMES of them */
	struct message *messages, **messages_end;
	uint32_t usual, fast_ipv4;	/* packets that are parsed->usual */
	bool waits;		/* the next batch has to be waited for */
	struct records page;	/* what is to be printed */
	struct report *report;	/* the lines of it */
	bool claimed;		/* it is this batch's turn to be printed */
	/* under the run's lock */
	bool taken;		/* a batch is in it */
	bool worded;		/* the batch's lines are made */
	unsigned int thread;	/* who has read into it last */
};

struct thread {
	struct run *run;
	unsigned int number;	/* the calling one is 0 */
	pthread_t id;
};

struct run {
	const struct options *opt;
	const struct diag *diag;
	const struct diag *sink;	/* main's; 'diag' clears the line for it */
	struct diag clear_diag;
	const struct stop *stop;
	struct bpf_set **notrack;	/* opt->nnotrack of them */
	bool lines;			/* packets are to be printed */

	/* reading */
	struct diag capture_diag;	/* the sink that the capture is given */
	struct capture *capture;
	struct progress progress;
	struct batch *reading;		/* the batch at hand, or NULL */
	bool damaged;
	bool ended;			/* there are no more batches */
	uint64_t batches;		/* so many were begun */

	/* tracking */
	struct reassembly *reassembly;
	const struct reassembly_stats *reassembly_stats;
	struct ct *ct;
	const struct ct_stats *ct_stats;
	struct tally tally;
	struct ct_verdict verdict;	/* on the packet at hand */
	struct writer_file file;	/* of -w, until there is a writer */
	struct writer *writer;		/* -w, or NULL */
	struct fragment_frames *held;		/* fragments that -w may want */
	int write_error;		/* errno, or 0 */
	bool started;			/* a frame has been seen */
	ct_time now;			/* ct_now() of the engine, without a call */
	ct_time due;			/* from then on the clock causes more
					 * than ct_advance() does */
	ct_time *at;			/* snapshots to come, in order of time */
	size_t nat, next_at;
	uint64_t backward, backward_first;	/* frames with an older stamp */
	uint64_t full_first;	/* first frame that the table was full for */
	struct batch *tracking;		/* the batch at hand */
	bool pinned;			/* its page must not be printed now */
	/* Memory ran out: nothing is tracked and printed any more, since words
	 * could be wrong; at which frame, 0: at none. */
	bool no_memory;
	uint64_t no_memory_frame;
	ct_time start;			/* of the first frame */

	/* printing: what is handed on from report to report */
	struct printed printed;

	atomic_bool give_up;		/* reading on is of no use */
	struct ticket to_print;

	/* stages.c: what threads go by */
	pthread_mutex_t lock;		/* for what comes next, and is never held
					 * while a stage is at work */
	bool is_reading, is_tracking;	/* a thread is */
	uint64_t tracked;		/* so many batches are */
	struct batch *parsed[WORKS];	/* batches from parsing to printing, each at
					 * the rest of its number */
	struct ticket changes;		/* called when there may be more to do */

	struct report report;		/* the first work's */
	unsigned int nworks;
	struct batch work[WORKS];
	unsigned int nthreads;		/* beside the calling one */
	struct thread thread[THREADS - 1];
};

/* read.c */
bool notrack_compile(struct run *run);	/* false after a message */
bool notrack_matches(const struct run *run, const struct ct_packet *pkt);
/* A struct diag's: keeps the message with the batch at hand. */
void read_say(void *arg, enum diag_level level, const char *text);
/* Fills 'w' with the next frames, and gives it a number; one thread at a time. */
void reader_fill_batch(struct run *run, struct batch *w);
/* Finds out what can be told of each frame by itself. */
void parse_batch(struct run *run, struct batch *w);

/* track.c */
void track_event(void *arg, const struct ct_event *ev);		/* the engine's */
void track_expect(void *arg, const struct ct_expect_event *ev);
void track_batch(struct run *run, struct batch *w);
void track_snapshots(struct run *run, ct_time time);

/* print.c */
/* The records so far become lines, and the page is empty. */
void format_batch(struct run *run, struct batch *w);
/* All that there is of the batch is written. */
void print_batch(struct run *run, struct batch *w);
/* The table is as large as memory allows: it has no page.  Nothing is printed
 * where there is none left to put it in order. */
void print_table(struct run *run, bool snapshot);
/* The batches that come before 'w' are printed. */
void print_take_over(struct run *run, struct batch *w);
/* A struct out's: returns when 'arg', a work, may write. */
void print_claim_output(void *arg);

/* stages.c */
bool pipeline_create(struct run *run);	/* false: no memory */
/* Until all frames are printed; what comes then is the first work's. */
void pipeline_run(struct run *run);
void pipeline_free(struct run *run);

#endif
