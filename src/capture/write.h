/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * write.h - writes frames to a capture file.
 *
 * The file is a pcap file, which every program reads, if all frames have one
 * link type, as its header has only one.  If the input files have several, or if
 * its name ends in .pcapng, it is a pcapng file (write_pcapng.h).
 *
 * Stamps of a pcap file are in microseconds if those of all input files are,
 * else in nanoseconds.  So no stamp loses precision, and a program that knows
 * only the older of the two magic numbers can read the copy if it could read the
 * input.
 */
#ifndef CAPTURE_WRITE_H
#define CAPTURE_WRITE_H 1

#include "capture/capture.h"
#include "capture/pcapng_options.h"

struct writer;

/* A file that is open for writing before the frames are known. */
struct writer_file {
	const char *path;	/* the caller's */
	int fd;
	bool pcapng;		/* whatever its name, it is written as pcapng */
	bool created;		/* it did not exist before */
	struct stat st;
};

/*
 * Opens 'path' ("-": standard output, which is not closed at the end), without
 * truncating it.  False after a message, or without one if a signal set 'stop'
 * while it waited for a reader of a pipe.
 */
bool writer_file_open(struct writer_file *f, const char *path,
		      const struct stop *stop, const struct diag *diag);

/* Closes a file that was not given to writer_open(); 'path' may be NULL. */
void writer_file_close(struct writer_file *f);

/* Truncates the file, unless 'c' reads it.  False after a message. */
bool writer_file_empty(const struct writer_file *f, const struct capture *c,
		       const struct diag *diag);

/*
 * Writes frames of 'c' to 'f', which belongs to the writer from now on.  The file
 * is truncated, unless 'c' reads it.  NULL after a message.
 */
struct writer *writer_open(struct writer_file *f, const struct capture *c,
			   const struct diag *diag);

/*
 * Writes a frame.  Returns 0, or errno of the first write that failed (EPIPE,
 * ENOSPC), without a message.  After a failure nothing more is written.
 */
int writer_frame(struct writer *w, const struct frame *f);

/*
 * The same of the frames of a batch from the one at 'from' to the one before 'to'.
 * Records of a pcap file that are behind each other in memory, as they are to be written,
 * are written as one piece.
 */
int writer_frames(struct writer *w, const struct frame_batch *b, size_t from, size_t to);

/* To a pcapng file: a frame with a comment, and a block of the input.  They return as
 * writer_frame() does. */
int writer_commented(struct writer *w, const struct frame *f,
		     const struct new_comment *comment);
int writer_block(struct writer *w, const struct kept_block *b);

/* How many blocks could not or must not be copied. */
uint64_t writer_blocks_left_out(const struct writer *w);

/* Writes the buffer, so that a reader of a pipe gets its frames. */
int writer_flush(struct writer *w);

/*
 * The number of frames that were left out, because their link type appeared late
 * in a pcapng file and differs from the pcap header's.  A message named the
 * first.
 */
uint64_t writer_left_out(const struct writer *w);

/* Writes what completes the file, also one without frames, and the buffer.  Returns as
 * writer_frame() does. */
int writer_complete(struct writer *w);

/* Ends the writer after a failure: nothing is left in the file, unless it is standard
 * output or a pipe. */
void writer_drop(struct writer *w);

/* The same, and ends the writer; NULL is fine. */
int writer_close(struct writer *w);

#endif
