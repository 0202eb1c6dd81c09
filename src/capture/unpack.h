/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * unpack.h - decompresses files (see codec.h).
 *
 * All that can be decompressed is given, also of a file that is cut short or damaged:
 * what comes before that, up to the last block that is whole in formats that have
 * blocks.
 */
#ifndef CAPTURE_UNPACK_H
#define CAPTURE_UNPACK_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "capture/magic.h"

struct unpack;

/* Loads the libraries that are installed, for a program that cannot do it later. */
void unpack_prepare(void);

/*
 * Provides compressed bytes at '*p', valid until the next call.  Returns how
 * many, 0 at the end, -1 if they cannot be read.
 */
typedef ssize_t unpack_more(void *arg, const uint8_t **p);

/*
 * NULL if the file cannot be decompressed; '*why' is then the reason, as a clause
 * that follows "and".
 */
struct unpack *unpack_open(enum magic packing, unpack_more *more, void *arg,
			   const char **why);

/*
 * As read(2): waits for some bytes, not for all 'n'.  -1 if the compressed data
 * is damaged, cut short or cannot be read.
 */
ssize_t unpack_read(struct unpack *u, uint8_t *to, size_t n);

/* After -1: the reason; and whether that is the end of the data. */
const char *unpack_error(const struct unpack *u);
bool unpack_is_cut(const struct unpack *u);

void unpack_close(struct unpack *u);	/* NULL is fine */

#endif
