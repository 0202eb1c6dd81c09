/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * source.h - the files of a capture, opened and closed as they are needed.
 */
#ifndef CAPTURE_SOURCE_H
#define CAPTURE_SOURCE_H 1

#include "capture/capture.h"
#include "capture/folder.h"
#include "capture/reader.h"

enum source_state {
	SOURCE_DONE,		/* no frame is left, or the file is skipped */
	SOURCE_DAMAGED,		/* before its first frame; no message yet */
	SOURCE_FRAME,		/* a frame is at hand when it is open */
};

struct source {
	const char *path;
	struct reader *reader;	/* NULL: not open */
	enum source_state state;
	uint64_t time;		/* of the frame at hand */
	char *refused;		/* why it is skipped although it begins like a capture;
				 * owned, or NULL */
	size_t rank;		/* orders frames of equal times */
	uint64_t frames;	/* taken from it so far ... */
	uint64_t number;	/* ... and the last one's number over all files */
	uint64_t size;		/* of a regular file */
	dev_t dev;
	ino_t ino;

	/* Used by file_gaps.c. */
	const struct folder *folder;	/* the directory it is in, or NULL */
	bool begun;		/* its first frame was returned */
	uint64_t last;		/* the latest stamp of its frames so far */
	uint64_t silence;	/* the longest time between two frames */
	struct source *next;	/* in the list of those between begin and end */
	const struct source *follower;	/* the first that began before its end, at: */
	uint64_t follower_begin;
};

struct sources {
	struct source *all;
	size_t n, capacity;
	struct folder *folders;	/* one for each FILE; empty if it is a file */
	size_t nfolders;

	const struct stop *stop;
	const struct diag *diag;
	struct diag errors;	/* passes only errors on to 'diag' */
	size_t nopen;
	struct input_spare spare;
	uint64_t size, done;	/* bytes of all files, and of those that are done */
	uint64_t unpacked;	/* bytes of files that get a thread to decompress them */
	bool size_known;
	bool whole_summary, keep_blocks;	/* as in struct capture_options */
	bool crowded;		/* too many files overlap; a message was given */
	struct capture_summary summary;
	bool several;		/* more than one file is read */
	struct interface_store *interfaces;	/* of all frames */
	struct kept_blocks kept;	/* of files that ended, for the next frame */
	uint64_t blocks_lost;		/* see reader_blocks_lost() */
};

/* False after a message: standard input is named twice. */
bool sources_check(const struct capture_options *opt);

/* Takes a first look into all files.  False after a message; the caller calls
 * sources_close() in any case. */
bool sources_open(struct sources *list, const struct capture_options *opt);

/*
 * Opens a source that is not open and reads its first frame.  False after a
 * message, or without one if 'stop' was set.
 */
bool source_open(struct sources *list, struct source *s);

/* Moves the kept blocks that precede the frame at hand to 'to', as before the frame of
 * index 'before'. */
void source_take_blocks(struct sources *list, struct source *s, struct kept_blocks *to,
			size_t before);

void source_close(struct sources *list, struct source *s);
void sources_close(struct sources *list);

#endif
