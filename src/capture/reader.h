/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * reader.h - one capture file, record by record.
 */
#ifndef CAPTURE_READER_H
#define CAPTURE_READER_H 1

#include <pcap/pcap.h>
#include <signal.h>

#include "capture/capture.h"

enum reader_state {
	READER_FRAME,	/* a frame is at hand */
	READER_END,	/* the file is at its end, or the user's '*stop' was set */
	READER_DAMAGED,	/* no way on from here */
};

struct reader;

/*
 * Opens 'path' and reads its first record.  NULL after a message where it
 * cannot be read as a capture; NULL without one where '*stop' was set.
 */
struct reader *reader_open(const char *path, size_t bufsize,
			   const volatile sig_atomic_t *stop,
			   const struct diag *diag);

/* How the last record read, the first after opening, came out. */
enum reader_state reader_state(const struct reader *r);

/* In READER_FRAME: the frame, without a number; good until the next advance. */
const struct frame *reader_head(const struct reader *r);

/* Leaves the frame at hand and reads the next record. */
enum reader_state reader_advance(struct reader *r);

/* Whether reader_advance() may have to wait for another program's output. */
bool reader_waits(const struct reader *r);

/* In READER_DAMAGED: what, and where; frame 'number' is not to be had. */
void reader_say_damage(const struct reader *r, uint64_t number);

/* For filters. */
pcap_t *reader_pcap(const struct reader *r);

void reader_close(struct reader *r);	/* NULL is fine */

#endif
