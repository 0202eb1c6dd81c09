/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ahead.h - what it will take to read captures, seen without parsing any.
 *
 * For whoever gives away the right to open files and to load libraries before
 * the first byte of a capture is parsed.  Files are opened and closed again; of
 * each, the few bytes that say what it is are looked at, and of pipes and
 * standard input nothing is taken.  The limit of open files is raised as far as
 * it may be.
 */
#ifndef CAPTURE_AHEAD_H
#define CAPTURE_AHEAD_H 1

#include <stdbool.h>
#include <stddef.h>

struct preflight {
	bool packed;	/* some are compressed, or may be */
	bool captures;	/* by its first bytes, each FILE is a capture or may be one */
};

/* Called with each FILE, and with each symbolic link in a directory. */
typedef void ahead_path(void *arg, const char *path);

/* What capture_open() is going to be asked for. */
void capture_preflight(const char *const *files, size_t n, struct preflight *a,
			ahead_path *path, void *arg);

#endif
