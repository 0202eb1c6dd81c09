/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kept_blocks.h - blocks of a pcapng file that describe no packet, section or
 * interface: names, statistics, secrets, an application's own.  No frame needs
 * them; they wait here for a copy of the file.
 *
 * They go with the frame that follows them: from the reader of their file into a
 * batch, or to the end of the capture.
 */
#ifndef CAPTURE_KEPT_BLOCKS_H
#define CAPTURE_KEPT_BLOCKS_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capture/frame_interface.h"

/* The blocks of a list have no more bytes than this, so that a file without frames
 * cannot fill the memory. */
#define KEPT_BYTES_MAX	(4u * 1024 * 1024)

struct kept_block {
	struct kept_block *next;
	size_t before;		/* it precedes the frame of this index in its batch */
	const struct frame_section *section;
	const struct frame_interface *last;	/* described before it; or NULL */
	const struct frame_interface *interface;	/* of statistics, else NULL */
	uint32_t type, len;	/* the bytes of its body */
	uint8_t body[];		/* in the byte order of the section */
};

struct kept_blocks {
	struct kept_block *first, *last;
	size_t n, bytes;
};

enum kept { KEPT, KEPT_TOO_MUCH, KEPT_NO_MEMORY };

/* Appends a block. */
enum kept kept_blocks_add(struct kept_blocks *k, const struct kept_block *from,
			  const uint8_t *body);

/* Appends the blocks of 'from', which precede the frame of index 'before', and
 * empties 'from'. */
void kept_blocks_move(struct kept_blocks *to, struct kept_blocks *from, size_t before);

void kept_blocks_clear(struct kept_blocks *k);

#endif
