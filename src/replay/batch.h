/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * batch.h - frames on their way through the stages, and what the stages make of
 * them.
 *
 * The life of a batch, by its state.  One thread has the batch in each state that
 * is a stage at work, and that thread alone touches it; in the other states no
 * thread does.  States change under the pipeline's lock (schedule.h), which also
 * hands what one thread wrote to the next one.
 *
 *	BATCH_FREE		nothing in it
 *	BATCH_READING		one batch at a time; frames, messages, next_waits
 *	BATCH_PARSING		any number at once; parsed, counts
 *	BATCH_PARSED		waits for the batches before it to be tracked
 *	BATCH_TRACKING		one batch at a time, in order; records, chosen
 *	BATCH_FORMATTING	any number at once; records become lines
 *	BATCH_FORMATTED		waits for the batches before it to be printed
 *	BATCH_PRINTING		one batch at a time, in order; then free again
 *
 * A batch may write lines or frames before it is PRINTING: a buffer that becomes full,
 * or a table for --at, cannot wait.  The thread then waits for the batch's ticket
 * (printer.h) in the middle of TRACKING or FORMATTING, and owns_output is set
 * from then on.
 */
#ifndef REPLAY_BATCH_H
#define REPLAY_BATCH_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/diag.h"
#include "base/tunnel.h"
#include "capture/capture.h"
#include "capture/link/link.h"
#include "ctreplay/conntrack.h"
#include "ctreplay/fast.h"
#include "packet/summary.h"
#include "replay/chosen_frames.h"
#include "replay/records.h"
#include "report/report.h"

/* With a firewall: whether its rules may let the frame go a short way, and whether the
 * capture names an interface. */
enum frame_quick { FRAME_NOT_QUICK, FRAME_QUICK, FRAME_QUICK_NAMED };

/* What parsing found out about a frame: all that tracking needs of most. */
struct parsed_frame {
	_Alignas(CACHE_LINE) struct ct_packet pkt;
	ct_time time;		/* the frame's stamp */
	struct packet_summary summary;
	uint8_t link;		/* enum link_class */
	uint8_t class;		/* enum ct_packet_class; of IP packets */
	bool filtered_out;	/* as in struct frame */
	bool trackable;		/* an IP packet with a sound header, no fragment, no copy:
				 * the engine takes it as it is */
	uint8_t quick;		/* enum frame_quick; of trackable ones */
};

_Static_assert(sizeof(struct parsed_frame) <= 2 * CACHE_LINE, "two cache lines");
_Static_assert(offsetof(struct parsed_frame, time) == offsetof(struct ct_timed_packet, time),
	       "ct_track_many() takes parsed frames");

/* Whether it is an IP packet with a sound header, which may be a fragment. */
static inline bool parsed_is_packet(const struct parsed_frame *p)
{
	return !p->filtered_out && p->class == CT_PACKET_OK &&
	       (p->link == LINK_IPV4 || p->link == LINK_IPV6);
}

/*
 * A message about the capture that came up while the batch was read.  It is shown
 * before the batch's frames are tracked, so after all messages about the batches
 * before it.
 */
struct message {
	struct message *next;
	enum diag_level level;
	char text[];
};

enum batch_state {
	BATCH_FREE,
	BATCH_READING,
	BATCH_PARSING,
	BATCH_PARSED,
	BATCH_TRACKING,
	BATCH_FORMATTING,
	BATCH_FORMATTED,
	BATCH_PRINTING,
};

struct printer;

struct batch {
	/* The schedule's, under the pipeline's lock. */
	enum batch_state state;
	unsigned int last_reader;	/* the thread that read into it last */
	/* Set when reading begins, and constant until the batch is free. */
	uint64_t number;		/* its place in the input, and its ticket */

	/* Of the thread that has the batch; in other cache lines, since all threads look
	 * at the states. */
	_Alignas(CACHE_LINE) struct frame_batch *frames;
	struct message *messages, **messages_end;
	bool next_waits;		/* reading the next batch may block on a pipe */
	struct parsed_frame *parsed;	/* one for each frame */
	struct parsed_frame *second;	/* --versus: the same for the second engine */
	bool in_order;			/* --versus: no stamp is older than the one before */
	uint32_t trackable, trackable_ipv4;	/* numbers of such frames */
	uint64_t *copy_hash;	/* with --dedup: one for each packet */
	uint64_t tunnel_first;		/* frame of the first one; 0: none */
	uint32_t tunnels[TUNNELS];	/* numbers of those that --decap could look into */
	struct records records;
	struct chosen_frames chosen;	/* by the tracker, for -w */
	struct printer *printer;
	struct report *report;		/* lines of the batch that are not written yet */
	bool owns_output;		/* its ticket is served: it may write */
};

/*
 * Memory for batches of up to 'frames' frames.  'report' is the printer's own for the
 * first batch; NULL: the batch gets a copy of it.  False: no memory, and
 * batch_free() must still be called.
 */
bool batch_init(struct batch *b, size_t frames, struct printer *printer,
		struct report *report);
void batch_free(struct batch *b);	/* one of zeros is fine */

/* Empties the batch, for new frames. */
void batch_clear(struct batch *b);

/* Keeps a message for later; false: no memory. */
bool batch_add_message(struct batch *b, enum diag_level level, const char *text);
/* Shows the kept messages on 'diag', in their order. */
void batch_say_messages(struct batch *b, const struct diag *diag);

#endif
