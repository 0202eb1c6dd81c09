/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * write_pcapng.h - the blocks of a pcapng file that is written
 * (draft-ietf-opsawg-pcapng).
 *
 * Sections, interfaces and packets keep the options that they have in the input:
 * names, descriptions, filters, the capturing system, comments.  Interfaces keep their
 * numbers and their resolution of time.  Frames of pcap files get an interface for
 * each link type, with nanoseconds.
 *
 * Sections of one file stay sections.  Several files become one section, with the
 * options of the first, since their frames may alternate.
 */
#ifndef CAPTURE_WRITE_PCAPNG_H
#define CAPTURE_WRITE_PCAPNG_H 1

#include "capture/capture.h"
#include "capture/pcapng_options.h"
#include "capture/write_buffer.h"

/* What a number in the file stands for. */
struct written_interface {
	const struct frame_interface *interface;	/* NULL: of a pcap file */
	int linktype;
};

struct pcapng_writer {
	struct write_buffer *out;
	bool one_section;	/* there are several files */
	bool begun;		/* a section header was written */
	const struct frame_section *section;	/* its section; NULL: there was none */
	struct written_interface *written;	/* by number; owned */
	uint32_t n, capacity;
	uint32_t *place;	/* a hash table of number + 1; 0: free; owned */
	uint32_t places;	/* a power of two, more than 2 * n */
	uint64_t left_out;	/* blocks that cannot be copied */
};

void pcapng_writer_init(struct pcapng_writer *w, struct write_buffer *out,
			bool one_section);
void pcapng_writer_free(struct pcapng_writer *w);

/* Errors, with a lack of memory, are in out->error.  'comment' may be NULL. */
void pcapng_writer_frame(struct pcapng_writer *w, const struct frame *f,
			 const struct new_comment *comment);

/* A block of the input; one that must not or cannot be copied is left out, and
 * counted. */
void pcapng_writer_block(struct pcapng_writer *w, const struct kept_block *b);

/* Writes what belongs into a file even without frames; 'linktype' is for an interface,
 * if there is none. */
void pcapng_writer_end(struct pcapng_writer *w, int linktype);

#endif
