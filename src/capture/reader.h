/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * reader.h - one capture file, record by record.
 *
 * libpcap and pcap_inplace.c read pcap files, pcapng.c reads pcapng files.
 */
#ifndef CAPTURE_READER_H
#define CAPTURE_READER_H 1

#include "capture/capture.h"
#include "capture/input.h"
#include "capture/kept_blocks.h"
#include "capture/pcap_inplace.h"

enum reader_state {
	READER_FRAME,	/* a frame is at hand */
	READER_END,	/* the end of the file, or 'stop' was set */
	READER_DAMAGED,	/* nothing more can be read */
};

struct reader;

/*
 * Opens a file and reads its first record.  NULL after a message if it cannot be
 * read as a capture; NULL without a message if 'stop' or req->refusal was set.
 * Frames point to interfaces in 'store'; NULL: they have none.  'keep': see
 * reader_blocks().
 */
struct reader *reader_open(const struct input_request *req,
			   struct interface_store *store, bool keep);

/* The state after the last record that was read. */
enum reader_state reader_state(const struct reader *r);

/* In READER_FRAME: the frame, without a number; valid until the next advance. */
const struct frame *reader_head(const struct reader *r);

/* Drops the frame at hand and reads the next record. */
enum reader_state reader_advance(struct reader *r);

/*
 * Fills the empty batch 'b' with up to 'max' frames that are in memory, after at
 * most one read of the file if there are none, before the first one that is later
 * than 'latest'.  Their bytes are not copied, and they have no number.  The first
 * is the frame at hand if 'keep' is set, else the one after it.  Returns the number
 * of frames, the last of which is dropped; after 0, reader_advance() reads on.
 */
size_t reader_fill(struct reader *r, struct frame_batch *b, size_t max,
		   uint64_t latest, bool keep);

/* Adds such frames, from the one at hand on, to a batch that may have others; their
 * bytes are copied.  0: the frame at hand must be taken by itself. */
size_t reader_copy(struct reader *r, struct frame_batch *b, size_t max, uint64_t latest);

/* The records in memory of which the one at hand is one, or NULL; and what is to be said
 * after another of them was made the one at hand. */
struct pcap_ahead *reader_ahead(struct reader *r);
void reader_ahead_moved(struct reader *r);

/* The other blocks of a pcapng file that came before the frame at hand, or before the
 * end: the caller moves them on. */
struct kept_blocks *reader_blocks(struct reader *r);
/* How many were too large, or too many to keep. */
uint64_t reader_blocks_lost(const struct reader *r);

/* True if reader_advance() may wait for another program's output. */
bool reader_waits(const struct reader *r);

/*
 * In READER_DAMAGED: a message with the reason and the place, which is frame
 * 'number' of the file.  If there are other files, '*last' is the number over
 * all files of the frame before it, 0 if there is none; else 'last' is NULL.
 */
void reader_say_damage(const struct reader *r, uint64_t number,
		       const uint64_t *last);

/* True if the machine that captured the frame has the other byte order. */
bool reader_swapped(const struct reader *r);

/* Packets that the program that captured them says it lost, so far. */
uint64_t reader_lost(const struct reader *r);

/* Adds to 's' what is known so far about the file's frames. */
void reader_describe(const struct reader *r, struct capture_summary *s);

const struct input *reader_input(const struct reader *r);

void reader_close(struct reader *r);	/* NULL is fine */

#endif
