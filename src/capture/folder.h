/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * folder.h - the files in a directory.
 */
#ifndef CAPTURE_FOLDER_H
#define CAPTURE_FOLDER_H 1

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "base/diag.h"

struct folder {
	char **paths;		/* with the directory's in front */
	size_t n;
};

/* Whether 'path' is a directory; "-" is standard input. */
bool folder_is(const char *path);

/*
 * Lists the regular files directly in 'path', but hidden ones and 'without'
 * (NULL: none), sorted as versions are: "x.9" before "x.10".  False after a
 * message.
 */
bool folder_list(const char *path, const struct stat *without, struct folder *f,
		 const struct diag *diag);

/* For sorting: as qsort(3) wants it, of two paths. */
int folder_order(const char *a, const char *b);

void folder_free(struct folder *f);

#endif
