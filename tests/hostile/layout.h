/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * layout.h - where the frames of a capture file lie, read by the formats'
 * documents and not by the program's readers, which are what is tested.
 *
 * draft-ietf-opsawg-pcap and draft-ietf-opsawg-pcapng.
 */
#ifndef HOSTILE_LAYOUT_H
#define HOSTILE_LAYOUT_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a change of a byte may do. */
enum byte_kind {
	BYTE_HEADER,	/* of a file, a section, an interface: to all that follows */
	BYTE_LENGTH,	/* of a record or block: to where the next one begins */
	BYTE_STAMP,	/* to when the frame came, and no more */
	BYTE_DATA,	/* to what the frame holds, and no more */
	BYTE_IDLE,	/* padding: nothing */
};

struct span {
	size_t start, end;	/* the record or block, its header included */
	size_t data, data_end;	/* the frame's bytes in it */
	bool frame;		/* it holds one */
};

struct layout {
	bool known;		/* a capture, so far as can be told */
	bool pcapng;
	size_t head;		/* the least that makes a capture of it */
	size_t good;		/* where reading must end: at the end of the
				 * file, or where it is damaged already */
	size_t nframes;
	struct span *span;	/* all records or blocks up to 'good' */
	size_t nspans;
};

/* False: no memory. */
bool layout_read(struct layout *l, const uint8_t *p, size_t n);
void layout_free(struct layout *l);

/* Whether a file that ends at 'at' ends between two records or blocks. */
bool layout_whole_at(const struct layout *l, size_t at);
/* Frames that end at or before 'at'. */
size_t layout_frames_before(const struct layout *l, size_t at);
/* Where the record or block that 'at' lies in begins. */
size_t layout_start_of(const struct layout *l, size_t at);
enum byte_kind layout_kind(const struct layout *l, size_t at);

#endif
