/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pcapng.h - the blocks of a pcapng file (draft-ietf-opsawg-pcapng).
 *
 * libpcap reads such files too, but only with one link type and snap length,
 * in one byte order.  Here each section has a byte order and interfaces of its
 * own, each interface a link type, a resolution and an offset of its stamps.
 * Blocks that are neither sections, interfaces nor packets are stepped over.
 */
#ifndef CAPTURE_PCAPNG_H
#define CAPTURE_PCAPNG_H 1

#include <stdbool.h>
#include <stdint.h>

#include "capture/capture.h"
#include "capture/input.h"

struct pcapng;

enum pcapng_result {
	PCAPNG_FRAME,
	PCAPNG_END,
	PCAPNG_DAMAGED,		/* see pcapng_error() */
	PCAPNG_FAILED,		/* input_failed() or input_stopped() tells */
};

struct pcapng_packet {
	const uint8_t *data;	/* in the input; good until the next call */
	uint32_t caplen, wirelen;
	int linktype;		/* DLT_... */
	uint32_t interface;	/* its number in the section, from 0 */
	bool stamped;		/* Simple Packet Blocks have no stamp */
	int64_t sec;		/* clamped where 64 bits do not hold it */
	uint32_t nsec;		/* below a second */
};

/* The interfaces so far, in all sections. */
struct pcapng_interfaces {
	uint64_t count;
	bool supported;		/* at least one has a type that link.h decodes */
	struct capture_summary summary;
};

/* NULL: no memory.  'in' stays the caller's. */
struct pcapng *pcapng_create(struct input *in);

/* The next packet; blocks in front of it are read and remembered. */
enum pcapng_result pcapng_next(struct pcapng *p, struct pcapng_packet *pkt);

/*
 * Leaves the packet at hand, or does not where 'keep' is set, and reads as many
 * ordinary ones as are in memory, 'max' at most: reading one piece where there
 * are none.  Frames have no number, their bytes are in the input, of which
 * '*used' are to be taken: before pcapng_taken(), or not at all.  Returns how
 * many; 0 for no reason but that pcapng_next() must find out.
 */
size_t pcapng_fill(struct pcapng *p, struct frame *to, size_t max, bool keep,
		   size_t *used);
void pcapng_taken(struct pcapng *p);

/* After PCAPNG_DAMAGED: what is wrong.  Where: pcapng_offset(). */
const char *pcapng_error(const struct pcapng *p);

/* Where the block begins that was read last, or was to be read. */
uint64_t pcapng_offset(const struct pcapng *p);

/* Whether a section header was read whole: without one, it is no pcapng. */
bool pcapng_begun(const struct pcapng *p);

/* Whether the section is in the other byte order than this machine's. */
bool pcapng_swapped(const struct pcapng *p);

const struct pcapng_interfaces *pcapng_interfaces(const struct pcapng *p);

/* Whether pcapng_next() can tell its result from what is in memory. */
bool pcapng_ready(const struct pcapng *p);

void pcapng_free(struct pcapng *p);	/* NULL is fine */

#endif
