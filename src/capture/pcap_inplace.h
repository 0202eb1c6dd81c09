/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pcap_inplace.h - records of ordinary pcap files, read in place.
 *
 * libpcap opens a pcap file and reads each record that is unusual in any way:
 * what such a record becomes, and what is wrong with it, is libpcap's decision.
 * All other records are read from the bytes in memory without a call or a copy
 * for each.  tests/unit/capture/test_capture_inplace.c compares the two.
 */
#ifndef CAPTURE_PCAP_INPLACE_H
#define CAPTURE_PCAP_INPLACE_H 1

#include <pcap/pcap.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capture/capture.h"

/* draft-ietf-opsawg-pcap section 5: seconds, fraction, two lengths. */
#define PCAP_RECORD_HEADER	16u

struct pcap_inplace {
	bool usable;		/* false: libpcap reads all records */
	bool swapped;		/* the file has the other byte order */
	uint32_t unit;		/* nanoseconds in a unit of a stamp's fraction,
				 * by the magic number; 0: unknown */
	uint32_t second;	/* units in a second */
	uint32_t max;		/* captured bytes of the largest frame */
	struct frame_kind kind;	/* of all frames */
};

/* Sets up 'd' for a file that libpcap has opened. */
void pcap_inplace_init(struct pcap_inplace *d, pcap_t *pcap, uint32_t magic);

/* The size of the record at 'p', including its header; 0 if the header is
 * incomplete or unusual. */
size_t pcap_inplace_size(const struct pcap_inplace *d, const uint8_t *p,
			 size_t have);

/*
 * Reads up to 'max' whole records at 'p', and stops before the first that is unusual
 * or later than 'latest'.  Frames get no number, and their bytes stay where they are.
 * Returns the number of frames; '*used' is the size of their records.
 */
size_t pcap_inplace_read(const struct pcap_inplace *d, const uint8_t *p,
			 size_t have, struct frame *to, size_t max,
			 uint64_t latest, size_t *used);

/*
 * Records that were read ahead of the one at hand, so that advancing costs little where
 * files are merged frame by frame.  They begin at 'base', and are in memory as long as
 * nobody reads on.
 */
#define PCAP_AHEAD	128u

struct pcap_ahead {
	const uint8_t *base, *end;	/* of the bytes in memory */
	size_t at, n;		/* the record at hand, and how many there are */
	struct frame frame[PCAP_AHEAD];
};

/* The bytes from 'base' to the end of the record at hand. */
static inline size_t pcap_ahead_taken(const struct pcap_ahead *a)
{
	const struct frame *f = &a->frame[a->at];

	return (size_t)(f->data - a->base) + f->caplen;
}

/* Copies up to 'max' frames that are not later than 'latest', from the one at hand on,
 * but not those whose records do not fit into 'most' bytes; the last becomes the one at
 * hand.  Returns how many. */
size_t pcap_ahead_take(struct pcap_ahead *a, struct frame *to, size_t max, size_t most,
		       uint64_t latest);

#endif
