/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * capture.h - reads capture files and returns their frames in order of time.
 *
 * Several files are one stream: frames are merged by their stamps, frames with
 * equal stamps keep the order of the files, and each file keeps its own order.
 * Every frame gets a number, also one that the filter does not match.
 *
 * A directory stands for the captures in it, in the order of their first
 * frames.  If there are many files, each is open only from its first frame to
 * its last, so that there can be more files than a process may have open.  A
 * first pass opens each of them to find its first frame.
 */
#ifndef CAPTURE_H
#define CAPTURE_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "base/diag.h"
#include "base/stop.h"
#include "capture/frame_interface.h"
#include "capture/kept_blocks.h"

/* What the frames of an interface have in common, and two members that differ; the
 * readers in place set all four with one store. */
#define FRAME_KIND							\
	int linktype;		/* libpcap's DLT_... */			\
	/* Bytes of pcapng options, behind the frame's bytes: see	\
	 * frame_options(). */						\
	uint16_t options;						\
	/* -f or --interface did not match: the frame only moves the clock */ \
	bool filtered_out;						\
	const struct frame_interface *interface	/* NULL: unknown */

struct frame_kind {
	FRAME_KIND;
};

struct frame {
	uint64_t number;	/* from 1, counted over all files */
	uint64_t time;		/* nanoseconds since the epoch, as stamped */
	const uint8_t *data;	/* owned by the batch */
	uint32_t caplen;	/* bytes at data */
	uint32_t wirelen;	/* bytes on the wire; never below caplen */
	union {
		struct {
			FRAME_KIND;
		};
		struct frame_kind kind;
	};
};

/* The bytes that a copy of a frame needs: its own, and its options behind them. */
static inline size_t frame_size(const struct frame *f)
{
	return f->options ? ((f->caplen + 3u) & ~3u) + (size_t)f->options : f->caplen;
}

static inline void frame_copy_bytes(uint8_t *to, const struct frame *f)
{
	size_t n = frame_size(f);

	if (n)
		memcpy(to, f->data, n);
}

/*
 * The number of the interface that the frame was captured on: Linux' index in a
 * frame of link type LINUX_SLL2, else the number in a pcapng file.  False if its
 * file does not tell.
 */
bool frame_interface_number(const struct frame *f, uint32_t *number);

/* The frame's options in a pcapng file: 'f->options' bytes, which begin at the next
 * multiple of four bytes. */
static inline const uint8_t *frame_options(const struct frame *f)
{
	return f->data + ((f->caplen + 3) & ~3u);
}

/*
 * Frames and their bytes.  A batch is cleared and filled again without a new
 * allocation.  The bytes of a frame may begin at any address.
 */
#ifndef FRAME_BATCH_FRAMES	/* smaller in tests */
#define FRAME_BATCH_FRAMES 4096	/* capacity */
#endif
struct frame_batch {
	size_t count;		/* frames; what follows belongs to src/capture */
	size_t max;		/* see frame_batch_limit() */
	struct kept_blocks kept;	/* blocks between the frames (keep_blocks) */
	struct frame frames[FRAME_BATCH_FRAMES];
	uint64_t *file_frame;	/* their numbers in their files, if there are several */
	uint8_t *arena;		/* bytes of frames that were copied ... */
	size_t used;		/* ... and how much of it is in use */
	uint8_t *block;		/* or a piece of a file, as it was read */
	size_t block_size;
};
struct frame_batch *frame_batch_create(void);	/* NULL: no memory */
void frame_batch_free(struct frame_batch *b);	/* NULL is fine */
/* Lets the batch take at most 'n' frames; 'n' is at least 1. */
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

/* The number of the i-th frame in its file, from 1. */
static inline uint64_t frame_batch_file_frame(const struct frame_batch *b, size_t i)
{
	return b->file_frame ? b->file_frame[i] : b->frames[i].number;
}

enum capture_status {
	CAPTURE_OK,
	CAPTURE_END,		/* all files are read */
	CAPTURE_USAGE,		/* cannot be opened, empty, no capture, or a link type
				 * that is not supported */
	CAPTURE_DAMAGED,	/* damaged or cut short later; earlier frames count */
};

/* The pointers must be valid until capture_close(). */
struct capture_options {
	const char *const *files;	/* "-" is standard input, a directory
					 * stands for all captures in it */
	size_t nfiles;
	const struct stat *without;	/* a file in a directory that is not
					 * read, or NULL */
	const char *filter;		/* BPF over frames, or NULL */
	const char *const *interfaces;	/* names or numbers of those whose frames are
					 * replayed */
	size_t ninterfaces;		/* 0: all */
	uint64_t max_frames;		/* stop after this number; 0: no limit */
	bool part;			/* these files are a part of a longer input ... */
	uint64_t frames_before, bytes_before;	/* ... of which this was read before */
	bool whole_summary;		/* capture_describe() covers all frames:
					 * reads pcapng files twice if they are
					 * regular files */
	bool keep_blocks;		/* blocks of pcapng files that no frame needs
					 * come with the frames */
	const struct diag *diag;
	/* A signal handler sets it: reading then ends as if the files ended
	 * there, a read that waits for a pipe returns, and capture_open() fails
	 * without a message.  May be NULL. */
	const struct stop *stop;
};

struct capture;

/*
 * Opens all files for a first look.  CAPTURE_USAGE after a message if any of
 * them cannot be read as a capture; '*out' is then NULL.  Files in a directory
 * that are no captures are skipped with a note.
 */
enum capture_status capture_open(struct capture **out,
				 const struct capture_options *opt);

/*
 * Fills 'b' with the next frames.  CAPTURE_OK: at least one frame.  CAPTURE_END:
 * none.  CAPTURE_DAMAGED after a message: 'b' holds the frames before the
 * damage, if any, and the next call continues with the other files.
 */
enum capture_status capture_next(struct capture *c, struct frame_batch *b);

/* The kept blocks that come after the last frame, when all files are read. */
const struct kept_blocks *capture_last_blocks(const struct capture *c);

/* The number of blocks that were not kept, because there was too much of them. */
uint64_t capture_blocks_lost(const struct capture *c);

/* True if the next call of capture_next() may wait for a pipe. */
bool capture_waits(const struct capture *c);

/* The frames read so far, those before included, and their captured bytes. */
uint64_t capture_frames(const struct capture *c);
uint64_t capture_bytes(const struct capture *c);

/* What the frames have in common, as known from the first frame of each file, or
 * from all frames ('whole_summary'). */
#define CAPTURE_LINKTYPES	32
struct capture_summary {
	int linktypes[CAPTURE_LINKTYPES];	/* the first ones, each once */
	size_t nlinktypes;
	bool nanoseconds;	/* some stamps are finer than microseconds */
	bool pcapng;		/* there is a pcapng file */
	bool interfaces;	/* a file has frames of several interfaces */
};
void capture_describe(const struct capture *c, struct capture_summary *s);

/*
 * Packets that were never captured since buffers were full, as the statistics of
 * interfaces (draft-ietf-opsawg-pcapng section 4.6: isb_ifdrop, isb_osdrop) in the files
 * that were read to their ends say.
 */
uint64_t capture_lost(const struct capture *c);

/* Whether the frames are those of several files, or a part of a longer input. */
bool capture_several_files(const struct capture *c);

/*
 * Finds the file that frame 'number' was read from, and its number there.  False
 * with a single file, or where files alternate so often that not all was kept.
 */
bool capture_locate(const struct capture *c, uint64_t number, const char **file,
		    uint64_t *file_frame);

/*
 * For a progress line: the bytes of the files that were read so far, and of all
 * files; '*total' is 0 if that is unknown, as on a pipe.  Compressed bytes are
 * counted as such.
 */
void capture_progress(const struct capture *c, uint64_t *done, uint64_t *total);

/* True if a thread of its own decompresses most of what is read. */
bool capture_unpacks(const struct capture *c);

/* True if the file is one of the inputs, so that it must not be written to. */
bool capture_reads(const struct capture *c, dev_t dev, ino_t ino);

void capture_close(struct capture *c);	/* NULL is fine */

#endif
