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
	SOURCE_DONE,		/* no frame is left; also one passed over */
	SOURCE_DAMAGED,		/* before its first frame; not told yet */
	SOURCE_FRAME,		/* has a frame, once it is open */
};

struct source {
	const char *path;
	struct reader *reader;	/* NULL: not open now */
	enum source_state state;
	uint64_t time;		/* of the frame at hand */
	size_t rank;		/* which goes first of frames of the same time */
	uint64_t frames;	/* taken from it so far ... */
	uint64_t number;	/* ... and the last one's number among all */
	uint64_t size;		/* of a regular file */
	dev_t dev;
	ino_t ino;

	/* joins.c's */
	const struct folder *folder;	/* that it is in, or NULL */
	bool begun;
	uint64_t last;		/* the latest stamp of its frames so far */
	uint64_t silence;	/* the longest time between two of them */
	struct source *next;	/* of those that have begun and not ended */
	const struct source *follower;	/* began before this one's end, at: */
	uint64_t follower_begin;
};

struct sources {
	struct source *all;
	size_t n, room;
	struct folder *folders;	/* as many as there are FILEs, most empty */
	size_t nfolders;

	const struct stop *stop;
	const struct diag *diag;
	struct diag errors;	/* lets only errors through to 'diag' */
	size_t nopen;
	uint64_t size, done;	/* of the files, and of those that are read */
	bool size_known;
	bool whole_summary;
	bool crowded;		/* more files overlap than may be open; told */
	struct capture_summary summary;
};

/* Looks into all files.  False after a message; sources_close() it anyway. */
bool sources_open(struct sources *list, const struct capture_options *opt);

/*
 * Opens one that is not, and gets its first frame.  False after a message, or
 * without one where 'stop' was set.
 */
bool source_open(struct sources *list, struct source *s);

void source_close(struct sources *list, struct source *s);
void sources_close(struct sources *list);

#endif
