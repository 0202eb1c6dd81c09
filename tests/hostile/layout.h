/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * layout.h - where the frames of a capture file lie, by the formats'
 * documents.  It does not use the program's readers, which are under test.
 *
 * draft-ietf-opsawg-pcap and draft-ietf-opsawg-pcapng.
 */
#ifndef HOSTILE_LAYOUT_H
#define HOSTILE_LAYOUT_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The effect that a change of a byte may have. */
enum byte_kind {
	BYTE_HEADER,	/* of a file, section or interface: on all that follows */
	BYTE_LENGTH,	/* of a record or block: on where the next one begins */
	BYTE_STAMP,	/* on the time of the frame only */
	BYTE_DATA,	/* on the contents of the frame only */
	BYTE_IDLE,	/* padding: nothing */
};

struct span {
	size_t start, end;	/* the record or block, its header included */
	size_t data, data_end;	/* the frame's bytes in it */
	bool frame;		/* it holds a frame */
};

struct layout {
	bool known;		/* the format is known */
	bool pcapng;
	size_t head;		/* the bytes that a capture has at least */
	size_t good;		/* where reading must end: at the end of the
				 * file, or where it was damaged already */
	size_t nframes;
	struct span *span;	/* all records or blocks up to 'good' */
	size_t nspans;
};

/* False: no memory. */
bool layout_read(struct layout *l, const uint8_t *p, size_t n);
void layout_free(struct layout *l);

/* Whether 'at' is between two records or blocks. */
bool layout_whole_at(const struct layout *l, size_t at);
/* The number of frames that end at or before 'at'. */
size_t layout_frames_before(const struct layout *l, size_t at);
/* The beginning of the record or block in which 'at' lies. */
size_t layout_start_of(const struct layout *l, size_t at);
enum byte_kind layout_kind(const struct layout *l, size_t at);

#endif
