/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * magic.h - identifies a file by its first bytes.
 */
#ifndef CAPTURE_MAGIC_H
#define CAPTURE_MAGIC_H 1

#include <stddef.h>
#include <stdint.h>

#include "base/diag.h"

#define MAGIC_BYTES	16	/* bytes that identify a file, if it has as many */
#define MAGIC_LEAST	4	/* with fewer, any file may be a capture's beginning */

enum magic {
	MAGIC_PCAP,
	MAGIC_PCAPNG,
	/* Compressed in a format that unpack.h may know. */
	MAGIC_GZIP,
	MAGIC_ZSTD,
	MAGIC_XZ,
	MAGIC_LZ4,
	MAGIC_BZIP2,
	MAGIC_OTHER,	/* no capture, or one in an unknown format */
};

/* Identifies a file by its first 'n' bytes. */
enum magic magic_of(const uint8_t *p, size_t n);

/*
 * Gives the message why a file that begins with these 'n' bytes is not read, and
 * what to do.  The file is 'path' ("-": standard input); messages call it 'name'.
 */
void magic_say_refused(const uint8_t *p, size_t n, const char *path,
		       const char *name, const struct diag *diag);

/* The same for a compressed file; 'why' is the reason (unpack_open()). */
void magic_say_packed(enum magic magic, const char *why, const char *path,
		      const char *name, const struct diag *diag);

/* The name of a compression: "gzip" for MAGIC_GZIP. */
const char *magic_packing(enum magic magic);

/* The command that unpacks a file with such a beginning to its output, as "zcat", or
 * NULL if it is not compressed; '*packing' becomes the name of the compression. */
const char *magic_unpacks(const uint8_t *p, size_t n, const char **packing);

#endif
