/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * unpack.h - compressed files, through libarchive.
 *
 * The library is looked for when the first compressed file is met, not when
 * the program starts: it brings five others along, and most captures are not
 * compressed.  So it need not be there, neither now nor when this is built.
 */
#ifndef CAPTURE_UNPACK_H
#define CAPTURE_UNPACK_H 1

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "capture/magic.h"

struct unpack;

/* Loads the library, if it is there, for programs that cannot later on. */
void unpack_prepare(void);

/*
 * More packed bytes at '*p', good until the next call: how many, 0 at the end,
 * -1 where they cannot be read.
 */
typedef ssize_t unpack_more(void *arg, const uint8_t **p);

/*
 * NULL where 'packing' cannot be undone here; '*why' then says why, in words
 * that go after "and".
 */
struct unpack *unpack_open(enum magic packing, unpack_more *more, void *arg,
			   const char **why);

/*
 * As read(2): waits for some bytes, not for 'n' of them.  -1 where the packed
 * data is damaged, cut short or cannot be read.
 */
ssize_t unpack_read(struct unpack *u, uint8_t *to, size_t n);

/* After -1: the library's words. */
const char *unpack_error(const struct unpack *u);

void unpack_close(struct unpack *u);	/* NULL is fine */

#endif
