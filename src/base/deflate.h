/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * deflate.h - compresses bytes into the zlib format (RFC 1950).
 *
 * The library, zlib, is loaded when it is needed, as capture/codec.h has it.
 */
#ifndef BASE_DEFLATE_H
#define BASE_DEFLATE_H 1

#include <stdbool.h>
#include <stddef.h>

struct deflate;

/* Takes compressed bytes: 0, or errno. */
typedef int deflate_sink(void *arg, const unsigned char *bytes, size_t n);

/* Loads the library, before the sandbox is entered.  False: '*why' says what is
 * missing. */
bool deflate_prepare(const char **why);

/* Begins; 'level' is from 1 (fast) to 9 (small).  NULL: no memory. */
struct deflate *deflate_open(int level, deflate_sink *sink, void *arg);
void deflate_free(struct deflate *d);	/* NULL is fine */

/* More bytes: 0, or errno of the sink. */
int deflate_write(struct deflate *d, const void *bytes, size_t n);
/* No more bytes come. */
int deflate_end(struct deflate *d);

#endif
