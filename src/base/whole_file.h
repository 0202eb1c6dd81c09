/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * whole_file.h - a file that appears under its name only when it is whole.
 *
 * Until then it has another name in the same directory, and what had the name before
 * stays.  A process of its own gives it the name or removes it, since a sandbox refuses
 * both; it also removes the file when this process ends without a word, however it ends.
 *
 *	whole_file_open(&w, path);	(before the sandbox, and before any thread)
 *	... write to w.fd ...
 *	whole_file_keep(&w), or whole_file_drop(&w)
 */
#ifndef BASE_WHOLE_FILE_H
#define BASE_WHOLE_FILE_H 1

#include <stdbool.h>

struct whole_file {
	int fd;			/* for writing; the caller closes it */
	int finisher;		/* a socket to that process; 0: there is nothing to finish */
};

/*
 * True if the file can be written in this way: it is to be a regular file, its directory
 * can take another one, and if it exists, it may be written.  It does not exist as long
 * as nobody has decided, so a file that cannot be written this way is best opened as
 * usual, which also tells the reason.
 */
bool whole_file_open(struct whole_file *w, const char *path);

/* The file gets its name.  0, or errno. */
int whole_file_keep(struct whole_file *w);

/* The same, when its bytes and its name are on the disk: a crash of the machine leaves
 * the old file or the new one, whole. */
int whole_file_keep_durably(struct whole_file *w);

/* The file is removed, and what had its name before stays. */
void whole_file_drop(struct whole_file *w);

#endif
