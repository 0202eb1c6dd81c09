/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * unpack_ahead.h - a thread that decompresses a file ahead of its reader.
 *
 * From the start to the end it alone uses the struct unpack, and what that reads from.
 */
#ifndef CAPTURE_UNPACK_AHEAD_H
#define CAPTURE_UNPACK_AHEAD_H 1

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "capture/unpack.h"

/* Decompressed bytes after which a file is worth a thread. */
#ifndef UNPACK_AHEAD_AFTER	/* smaller in tests */
#define UNPACK_AHEAD_AFTER	(256u * 1024)
#endif

struct unpack_ahead;

/* NULL: there is one processor, no memory or no thread, or many of these threads run. */
struct unpack_ahead *unpack_ahead_start(struct unpack *u);

/* As unpack_read().  After 0 and -1 the thread has ended. */
ssize_t unpack_ahead_read(struct unpack_ahead *a, uint8_t *to, size_t n);

/* A buffer, whose bytes from 'at' to 'end' are in use. */
struct unpack_buffer {
	uint8_t *bytes;		/* from malloc() */
	size_t size, at, end;
};
#define UNPACK_BUFFER_SIZE	((64u + 256u) * 1024)	/* at least, and ... */
#define UNPACK_BUFFER_USED	(64u * 1024)		/* ... at most in use */

/* The same without a copy: exchanges the buffer for one that has the bytes in use, and
 * behind them those that were decompressed. */
ssize_t unpack_ahead_append(struct unpack_ahead *a, struct unpack_buffer *b);

/* Ends the thread, if it has not ended; NULL is fine. */
void unpack_ahead_stop(struct unpack_ahead *a);

#endif
