/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * reader.h - one capture file, record by record.
 *
 * pcap files are read by libpcap and direct.c, pcapng files by pcapng.c.
 */
#ifndef CAPTURE_READER_H
#define CAPTURE_READER_H 1

#include "capture/capture.h"
#include "capture/input.h"

enum reader_state {
	READER_FRAME,	/* a frame is at hand */
	READER_END,	/* the file is at its end, or the user's 'stop' was set */
	READER_DAMAGED,	/* no way on from here */
};

struct reader;

/*
 * Opens a file and reads its first record.  NULL after a message where it
 * cannot be read as a capture; NULL without one where 'stop' was set, or
 * '*no_capture' was.
 */
struct reader *reader_open(const struct input_request *req);

/* How the last record read, the first after opening, came out. */
enum reader_state reader_state(const struct reader *r);

/* In READER_FRAME: the frame, without a number; good until the next advance. */
const struct frame *reader_head(const struct reader *r);

/* Leaves the frame at hand and reads the next record. */
enum reader_state reader_advance(struct reader *r);

/*
 * Leaves the frame at hand, or does not where 'keep' is set, and gives 'b',
 * which is empty, as many frames as are at hand, 'max' at most, without a
 * copy of their bytes: reading one piece of the file where there are none.
 * They have no number.  Returns how many; the last of them is left then.  0 for
 * no reason but that reader_advance() must find out.
 */
size_t reader_fill(struct reader *r, struct frame_batch *b, size_t max,
		   bool keep);

/* Whether reader_advance() may have to wait for another program's output. */
bool reader_waits(const struct reader *r);

/*
 * In READER_DAMAGED: what, and where; frame 'number' of the file is not to be
 * had.  Where there are other files '*last' is what the frame before it is
 * counted as among those of all, 0 where there is none; else it is NULL.
 */
void reader_say_damage(const struct reader *r, uint64_t number,
		       const uint64_t *last);

/* Whether the machine that captured the frame has the other byte order. */
bool reader_swapped(const struct reader *r);

/* Adds what is known of the file's frames so far. */
void reader_describe(const struct reader *r, struct capture_summary *s);

const struct input *reader_input(const struct reader *r);

void reader_close(struct reader *r);	/* NULL is fine */

#endif
