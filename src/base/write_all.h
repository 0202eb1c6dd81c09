/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * write_all.h - writes a whole buffer to a file descriptor.
 */
#ifndef BASE_WRITE_ALL_H
#define BASE_WRITE_ALL_H 1

#include <stddef.h>

/*
 * Calls write(2) until all 'n' bytes are written, also after signals.  Returns 0, or
 * errno of the call that failed; some of the bytes may have been written by then.
 */
int write_all(int fd, const void *p, size_t n);

#endif
