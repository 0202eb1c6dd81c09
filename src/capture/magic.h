/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * magic.h - what a file is, by its first bytes.
 */
#ifndef CAPTURE_MAGIC_H
#define CAPTURE_MAGIC_H 1

#include <stddef.h>
#include <stdint.h>

#include "base/diag.h"

#define MAGIC_BYTES	16	/* so many decide, fewer if the file is shorter */

enum magic {
	MAGIC_PCAP,
	MAGIC_PCAPNG,
	/* Compressed, in a way that unpack.h may know. */
	MAGIC_GZIP,
	MAGIC_ZSTD,
	MAGIC_XZ,
	MAGIC_LZ4,
	MAGIC_BZIP2,
	MAGIC_OTHER,	/* no capture, or one that is not read */
};

/* Looks at the first 'n' bytes of a file. */
enum magic magic_of(const uint8_t *p, size_t n);

/*
 * Tells why a file that begins with these 'n' bytes is not read, and what to
 * do.  It is 'path' ("-": standard input), called 'name' in messages.
 */
void magic_say_refused(const uint8_t *p, size_t n, const char *path,
		       const char *name, const struct diag *diag);

/* The same for a compressed one, where 'why' says what is in the way. */
void magic_say_packed(enum magic magic, const char *why, const char *path,
		      const char *name, const struct diag *diag);

/* "gzip" for MAGIC_GZIP, and so on. */
const char *magic_packing(enum magic magic);

/* A command that reads such a file 'path': "zcat FILE | ctreplay -". */
void magic_by_hand(enum magic magic, const char *path, char *to, size_t size);

#endif
