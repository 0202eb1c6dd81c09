/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * frame_interface.h - the interface that a frame was captured on, as its file
 * describes it.
 *
 * Frames point to it while other threads still work on them, so it is constant
 * and lives until the capture is closed.  A section that repeats the one before
 * it, as in a concatenation of rotated files, gets no new objects: memory grows
 * with the number of different interfaces, and has a limit.
 */
#ifndef CAPTURE_FRAME_INTERFACE_H
#define CAPTURE_FRAME_INTERFACE_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All options of a block, as in the file: in the byte order of the section. */
struct block_options {
	const uint8_t *p;
	uint32_t len;
};

/* A section of a pcapng file. */
struct frame_section {
	bool swapped;			/* the file has the other byte order */
	struct block_options options;	/* of its header */
	/* The last interface that was described in it; only the thread that reads
	 * writes it, and after the last frame of the section it stays. */
	const struct frame_interface *last;
};

struct frame_interface {
	const char *file;		/* the FILE, or its path in a directory */
	const struct frame_section *section;	/* NULL: a pcap file, and none of the
						 * members below is set */
	const struct frame_interface *before;	/* the one with the number below */
	uint32_t number;		/* in its section, from 0 */
	int linktype;			/* DLT_... */
	uint32_t snaplen;
	int64_t tsoffset;		/* seconds */
	uint8_t tsresol;		/* if_tsresol */
	const char *name;		/* if_name; NULL: none */
	struct block_options options;
};

/* Bytes of all interfaces and sections.  A real capture has some kilobytes. */
#define INTERFACE_STORE_MAX	(24u * 1024 * 1024)

/* Owns interfaces and sections. */
struct interface_store;

struct interface_store *interface_store_create(void);	/* NULL: no memory */
void interface_store_free(struct interface_store *s);	/* NULL is fine */

/* Each returns NULL when memory, or the limit of all objects, is exhausted; the latter
 * is what interface_store_is_full() says. */
const struct frame_interface *interface_store_pcap(struct interface_store *s,
						   const char *file);
struct frame_section *interface_store_section(struct interface_store *s,
					      const struct frame_section *from);
/* Also makes it the last interface of 'section'. */
const struct frame_interface *interface_store_add(struct interface_store *s,
						  struct frame_section *section,
						  const struct frame_interface *from);

bool interface_store_is_full(const struct interface_store *s);

/* Whether the two describe the same; places in memory do not matter. */
bool frame_interface_same(const struct frame_interface *a,
			  const struct frame_interface *b);
bool block_options_same(const struct block_options *a, const struct block_options *b);

#endif
