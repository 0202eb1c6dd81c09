/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * spare.h - memory that another thread gets ready for a growing table.
 *
 * The system zeroes a page when it is first written to.  With millions of new
 * connections that is a third of the time of the thread that tracks, while the
 * others wait for it.  So the table tells in advance what it will want, and a thread
 * that calls spare_provide() gets it and writes to its pages.  The table takes it if
 * it is there in time, and gets memory itself if not.
 */
#ifndef CONNTRACK_TABLE_SPARE_H
#define CONNTRACK_TABLE_SPARE_H 1

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/compiler.h"

/* One piece of memory; in a cache line of its own, as threads look at it often. */
struct spare {
	_Alignas(CACHE_LINE) _Atomic size_t wanted;	/* bytes; 0: none are */
	_Atomic(void *) memory;		/* what is ready; its first word is its size */
	size_t asked;			/* the table's thread's: what it wanted last */
	bool zeros;			/* all bytes are to be zero; constant */
};

/* The table's thread: asks for 'size' bytes, a multiple of a cache line. */
void spare_want(struct spare *s, size_t size);
/* The table's thread: memory of 'size' bytes as by memory_get(), if it is there; else
 * NULL, and it is not wanted any more. */
void *spare_take(struct spare *s, size_t size);
/* Any thread: gets what is wanted. */
void spare_provide(struct spare *s);
void spare_free(struct spare *s);

#endif
