/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * magic.h - what a file is, by its first bytes.
 */
#ifndef CAPTURE_MAGIC_H
#define CAPTURE_MAGIC_H 1

#include <stddef.h>
#include <stdint.h>

#include "diag.h"

#define MAGIC_BYTES	16	/* so many decide, fewer if the file is shorter */

enum magic {
	MAGIC_PCAP,
	MAGIC_PCAPNG,
	MAGIC_REFUSED,	/* anything else; the sink was told what and what to do */
};

/*
 * Looks at the first 'n' bytes of the file 'path', called 'name' in messages.
 * 'path' is "-" for standard input.
 */
enum magic magic_check(const uint8_t *p, size_t n, const char *path,
		       const char *name, const struct diag *diag);

#endif
