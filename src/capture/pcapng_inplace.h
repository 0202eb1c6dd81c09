/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pcapng_inplace.h - packets of ordinary pcapng files, read in place.
 *
 * The fast path beside pcapng.c, as pcap_inplace.h is beside libpcap: it reads
 * Enhanced Packet Blocks without anything unusual from the bytes in memory,
 * without a call or a copy for each.  pcapng.c reads all other blocks.
 * tests/unit/capture/test_capture_inplace.c compares the two.
 */
#ifndef CAPTURE_PCAPNG_INPLACE_H
#define CAPTURE_PCAPNG_INPLACE_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capture/capture.h"
#include "capture/pcapng_interface.h"

/* Sets the interface's 'unit' from its other members. */
void pcapng_inplace_prepare(struct pcapng_interface *i);

struct pcapng_inplace_section {
	const struct pcapng_interface *interfaces;
	uint32_t ninterfaces;
	bool swapped;
};

/*
 * The length of the block at 'p', if its header is a valid packet block's, else
 * 0.  Only pcapng.c can tell where the file ends within a block's first
 * BLOCK_MIN bytes, so the caller has read these.
 */
size_t pcapng_inplace_size(const struct pcapng_inplace_section *s,
			   const uint8_t *p, size_t have);

/*
 * Reads up to 'max' whole blocks at 'p', and stops before the first block that
 * is no packet, is unusual, or is later than 'latest'.  Frames get no number, and their
 * bytes stay where they are.  Returns the number of frames; '*used' is the size of their
 * blocks.
 */
size_t pcapng_inplace_packets(const struct pcapng_inplace_section *s,
			      const uint8_t *p, size_t have, struct frame *to,
			      size_t max, uint64_t latest, size_t *used);

#endif
