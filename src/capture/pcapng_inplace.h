/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pcapng_plain.h - the packets of ordinary pcapng files, read where they lie.
 *
 * What direct.h is for pcap files: enhanced packet blocks with nothing odd
 * about them are read without a call for each, pcapng.c reads all others.
 */
#ifndef CAPTURE_PCAPNG_PLAIN_H
#define CAPTURE_PCAPNG_PLAIN_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capture/capture.h"

/* Blocks have type and length in front, the length again behind. */
#define BLOCK_MIN	12u
/* Of what is looked at, which is in memory as a whole: the largest frame has
 * a quarter of that, the rest is for options. */
#define BLOCK_WHOLE_MAX	(1024u * 1024)
#define BLOCK_ENHANCED	6u

struct interface {
	int64_t tsoffset;
	uint32_t snaplen;	/* 0: no limit */
	int linktype;		/* DLT_... */
	uint32_t unit;		/* nanoseconds of a tick; 0: pcapng.c reads */
	uint8_t tsresol;
};

/* Sets 'unit' from the others. */
void interface_set_inplace(struct interface *i);

struct pcapng_inplace_section {
	const struct interface *interfaces;
	uint32_t ninterfaces;
	bool swapped;
};

/*
 * What the block at 'p' says that it has, if it is a packet's and can be; else
 * 0.  To be known before more than BLOCK_MIN bytes are read: where the file ends
 * behind them is told apart.
 */
size_t pcapng_inplace_size(const struct pcapng_inplace_section *s, const uint8_t *p, size_t have);

/*
 * Reads the whole blocks at 'p', 'max' at most, up to the first that is no
 * packet or odd.  Frames have no number, and their bytes stay where they are.
 * Returns how many, '*used' is the bytes of their blocks.
 */
size_t pcapng_inplace_packets(const struct pcapng_inplace_section *s, const uint8_t *p,
		     size_t have, struct frame *to, size_t max, size_t *used);

#endif
