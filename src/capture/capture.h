/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * capture.h - capture files in, frames in order of time out.
 *
 * Several files are one stream: frames are merged by their stamps, equal
 * stamps keep the order of the files, each file keeps its own order.  Every
 * frame read gets a number, also one that the filter lets not through.
 *
 * A directory stands for the captures in it, in the order of their first
 * frames.  Where there are many files, each is opened when its first frame's
 * turn comes and closed at its end, so that there can be more of them than a
 * program may have open.  Before that, each is looked into for that frame.
 */
#ifndef CAPTURE_H
#define CAPTURE_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "base/diag.h"
#include "base/stop.h"

struct frame {
	uint64_t number;	/* from 1, over all files */
	uint64_t time;		/* nanoseconds since the epoch, as stamped */
	const uint8_t *data;	/* owned by the batch */
	uint32_t caplen;	/* bytes at data */
	uint32_t wirelen;	/* bytes on the wire; never below caplen */
	int	 linktype;	/* libpcap's DLT_... */
	bool	 filtered_out;	/* -f did not match: only moves the clock */
};

/*
 * Frames and their bytes, in memory that is used again and again.  The bytes
 * of a frame may begin at any address.
 */
#ifndef FRAME_BATCH_FRAMES	/* less in tests */
#define FRAME_BATCH_FRAMES 4096	/* at most so many */
#endif
struct frame_batch {
	size_t count;		/* of these; the rest is this room's own */
	size_t max;		/* so many at most, by frame_batch_limit() */
	struct frame frames[FRAME_BATCH_FRAMES];
	uint8_t *arena;		/* frames that were copied, */
	size_t used;		/* and its bytes that are in use */
	uint8_t *block;		/* or the bytes of a file, as they were read */
	size_t block_size;
};
struct frame_batch *frame_batch_create(void);	/* NULL: no memory */
void frame_batch_free(struct frame_batch *b);	/* NULL is fine */
/* From now on it takes no more than 'n' frames, 1 at the least. */
void frame_batch_limit(struct frame_batch *b, size_t n);
void frame_batch_clear(struct frame_batch *b);

static inline size_t frame_batch_count(const struct frame_batch *b)
{
	return b->count;
}

static inline const struct frame *frame_batch_get(const struct frame_batch *b,
						  size_t i)
{
	return &b->frames[i];
}

enum capture_status {
	CAPTURE_OK,
	CAPTURE_END,		/* all files are read */
	CAPTURE_USAGE,		/* cannot be opened, empty, no capture, link type */
	CAPTURE_DAMAGED,	/* damaged or cut short later on; frames before it count */
};

/* Its pointers are used until capture_close(). */
struct capture_options {
	const char *const *files;	/* "-" is standard input; a
					 * directory, all captures in it */
	size_t nfiles;
	const struct stat *without;	/* a file in such a directory that is
					 * not to be read, or NULL */
	const char *filter;		/* BPF over frames, or NULL */
	uint64_t max_frames;		/* stop after so many; 0 no limit */
	bool whole_summary;		/* capture_describe() shall know the link
					 * types of all frames; where that takes
					 * reading files twice, and they can be */
	const struct diag *diag;
	/* Set by a signal handler: reading ends as if the files did, and a
	 * read that waits for a pipe is given up; capture_open() then fails
	 * without a message.  NULL: never. */
	const struct stop *stop;
};

struct capture;

/*
 * Looks into all files.  CAPTURE_USAGE after a message on the sink where any
 * of them cannot be read as a capture; '*out' is then NULL.  In a directory,
 * other files are passed over, with a note.
 */
enum capture_status capture_open(struct capture **out,
				 const struct capture_options *opt);

/*
 * Fills 'b' with the next frames.  CAPTURE_OK with at least one frame,
 * CAPTURE_END with none, or CAPTURE_DAMAGED: a message went to the sink, 'b'
 * holds the frames before the damage (maybe none), and the next call goes on
 * with the other files.
 */
enum capture_status capture_next(struct capture *c, struct frame_batch *b);

/* Whether the next call will have to wait for a pipe. */
bool capture_waits(const struct capture *c);

/* Frames and bytes of captured data read so far. */
uint64_t capture_frames(const struct capture *c);
uint64_t capture_bytes(const struct capture *c);

/* What the frames will be, as far as the files tell by what comes first, or by
 * all there is in them ('whole_summary'). */
#define CAPTURE_LINKTYPES	32
struct capture_summary {
	int linktypes[CAPTURE_LINKTYPES];	/* each once, the first so many */
	size_t nlinktypes;
	bool nanoseconds;	/* some stamps are finer than microseconds */
};
void capture_describe(const struct capture *c, struct capture_summary *s);

/*
 * For a progress line: bytes of the files that were used, compressed ones as
 * they are stored, and of how many; '*total' is 0 where nobody knows, as on a
 * pipe.
 */
void capture_progress(const struct capture *c, uint64_t *done, uint64_t *total);

/* Whether this file is one of those read, and not to be written to. */
bool capture_reads(const struct capture *c, dev_t dev, ino_t ino);

void capture_close(struct capture *c);	/* NULL is fine */

#endif
