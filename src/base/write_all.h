/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * write_all.h - a buffer to a file, all of it.
 */
#ifndef WRITE_ALL_H
#define WRITE_ALL_H 1

#include <stddef.h>

/*
 * Writes 'n' bytes, in as many pieces as the file takes them, signals or not.
 * 0, or errno of the write that failed; some may have been written before it.
 */
int write_all(int fd, const void *p, size_t n);

#endif
