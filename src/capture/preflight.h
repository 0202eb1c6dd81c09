/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * preflight.h - finds out what reading some captures needs, without parsing any.
 *
 * For a caller that gives up the right to open files and to load libraries
 * before the first byte of a capture is parsed.  Each file is opened, identified
 * by its first bytes and closed again; nothing is taken from pipes and standard
 * input.  The limit of open files is raised to its maximum.
 */
#ifndef CAPTURE_PREFLIGHT_H
#define CAPTURE_PREFLIGHT_H 1

#include <stdbool.h>
#include <stddef.h>

struct preflight {
	bool packed;	/* some are compressed, or may be (pipes) */
	bool captures;	/* each FILE is a capture, or may be one (pipes) */
};

/* Called with each FILE, and with each symbolic link in a directory. */
typedef void preflight_path(void *arg, const char *path);

/* 'files' are those that capture_open() will get. */
void capture_preflight(const char *const *files, size_t n, struct preflight *p,
		       preflight_path *path, void *arg);

#endif
