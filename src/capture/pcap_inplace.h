/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * direct.h - the records of ordinary pcap files, read where they lie.
 *
 * libpcap opens a pcap file, and reads every record that is odd in some way:
 * what becomes of it, and what is said about it, is libpcap's to tell.  All
 * others are taken from the bytes at hand without a call or a copy for each.
 */
#ifndef CAPTURE_DIRECT_H
#define CAPTURE_DIRECT_H 1

#include <pcap/pcap.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capture/capture.h"

/* draft-ietf-opsawg-pcap section 5: seconds, fraction, two lengths. */
#define DIRECT_HEADER	16u

struct pcap_inplace {
	bool usable;		/* else libpcap reads all records */
	bool swapped;		/* the other byte order */
	uint32_t unit;		/* nanoseconds of a stamp's fraction, as the
				 * magic number says; 0: not known */
	uint32_t second;	/* so many of those are a second */
	uint32_t max;		/* captured bytes of a frame */
	int linktype;		/* of all frames */
};

/* Whether the records of a file that libpcap opened can be read so. */
void pcap_inplace_init(struct pcap_inplace *d, pcap_t *pcap, uint32_t magic);

/*
 * The bytes of the record at 'p', its header included, as the header tells;
 * 0 where that is not at hand or odd.
 */
size_t pcap_inplace_size(const struct pcap_inplace *d, const uint8_t *p, size_t have);

/*
 * Reads the whole records at 'p', 'max' at most, up to the first odd one.
 * Frames have no number, and their bytes stay where they are.  Returns how
 * many, '*used' is the bytes that they take.
 */
size_t pcap_inplace_read(const struct pcap_inplace *d, const uint8_t *p, size_t have,
		   struct frame *to, size_t max, size_t *used);

#endif
