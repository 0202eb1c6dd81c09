/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * write.h - frames into a capture file.
 *
 * The file is a pcap file, which everything reads, as long as that can hold
 * the frames: their link type is in its header, so there is one.  Where the
 * files that are read have several, or where its name ends in .pcapng, it is a
 * pcapng file with an interface for each.
 *
 * Stamps of a pcap file are in microseconds if those of all files that are
 * read are, else in nanoseconds: so no stamp loses anything, what was read can
 * be written unchanged, and programs that know only the older of the two magic
 * numbers can read what they could read before.  pcapng stamps are always in
 * nanoseconds.
 */
#ifndef CAPTURE_WRITE_H
#define CAPTURE_WRITE_H 1

#include "capture/capture.h"

struct writer;

/* A file to write to, before what goes into it is known. */
struct writer_file {
	const char *path;	/* the caller's */
	int fd;
	bool created;		/* it was not there before */
	struct stat st;
};

/*
 * Opens 'path' ("-": standard output, which stays open at the end).  What is
 * in the file stays there.  False after a message, or without one where it
 * waited for somebody to read a pipe and 'stop' was set by a signal.
 */
bool writer_file_open(struct writer_file *f, const char *path,
		      const struct stop *stop,
		      const struct diag *diag);

/* In place of writer_open(); one without path is fine. */
void writer_file_close(struct writer_file *f);

/*
 * Takes 'f', which has no path then, for frames of 'c'.  A file that is there is emptied, unless it is
 * one that 'c' reads.  NULL after a message.
 */
struct writer *writer_open(struct writer_file *f, const struct capture *c,
			   const struct diag *diag);

/*
 * Writes a frame; 0, or errno of the first write that failed (EPIPE, ENOSPC),
 * which is not told on the sink.  After that, nothing more is written.
 */
int writer_frame(struct writer *w, const struct frame *f);

/* Writes what is still in memory, so that a reader of a pipe gets it. */
int writer_flush(struct writer *w);

/*
 * Frames that are not in the file, because their link type, which came up
 * late in a pcapng file, is another one than its header's.  The first was told
 * on the sink.
 */
uint64_t writer_left_out(const struct writer *w);

/* Completes the file, one without frames too; as writer_frame().  NULL is fine. */
int writer_close(struct writer *w);

#endif
