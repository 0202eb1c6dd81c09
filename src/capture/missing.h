/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * missing.h - what to say when a file is not there.
 */
#ifndef CAPTURE_MISSING_H
#define CAPTURE_MISSING_H 1

#include <stddef.h>

#define MISSING_HINT_SIZE 700u

/*
 * Says of the first of 'files' that does not exist that its directory does not exist
 * either, or which file there has the most similar name.  "" if there is nothing to
 * say.  It reads the directory, so it is called before the sandbox is entered.
 */
void missing_hint(char to[MISSING_HINT_SIZE], const char *const *files, size_t n);

#endif
