/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pcapng.h - packets of a pcapng file (draft-ietf-opsawg-pcapng).
 *
 * libpcap reads such files too, but only if all interfaces have the same link
 * type and snap length and all sections the same byte order.  Here each section
 * has its own byte order and interfaces, and each interface its own link type,
 * time resolution and time offset.  Blocks other than sections, interfaces and
 * packets are skipped, or kept for a copy.
 */
#ifndef CAPTURE_PCAPNG_H
#define CAPTURE_PCAPNG_H 1

#include <stdbool.h>
#include <stdint.h>

#include "capture/capture.h"
#include "capture/input.h"
#include "capture/kept_blocks.h"
#include "capture/pcapng_interface.h"

struct pcapng;

enum pcapng_result {
	PCAPNG_FRAME,
	PCAPNG_END,
	PCAPNG_DAMAGED,		/* pcapng_error() tells the reason */
	PCAPNG_FAILED,		/* input_failed() or input_stopped() tells it */
};

struct pcapng_packet {
	const uint8_t *data;	/* in the input; valid until the next call */
	uint32_t caplen, wirelen;
	int linktype;		/* DLT_... */
	uint32_t interface;	/* its number in the section, from 0 */
	const struct frame_interface *shown;	/* NULL without a store */
	uint16_t options;	/* as in struct frame */
	bool stamped;		/* false: a Simple Packet Block */
	int64_t sec;		/* the nearest value that 64 bits hold */
	uint32_t nsec;		/* below a second */
};

/* NULL: no memory.  The caller keeps 'in'; 'store' and 'file' as in
 * interface_list_init(). */
struct pcapng *pcapng_create(struct input *in, struct interface_store *store,
			     const char *file);

/* Blocks that are otherwise skipped go to 'kept' from now on, and those that cannot are
 * counted in '*lost'.  It needs a store. */
void pcapng_keep_blocks(struct pcapng *p, struct kept_blocks *kept, uint64_t *lost);

/* Reads up to the next packet, and remembers the interfaces before it. */
enum pcapng_result pcapng_next(struct pcapng *p, struct pcapng_packet *pkt);

/*
 * Reads up to 'max' ordinary packets that are in memory, after at most one read
 * of the file if there is none, before the first one that is later than 'latest', in
 * 'most' bytes.  The first is the packet at hand if 'keep' is set, else the one after
 * it.
 *
 * Frames get no number, and their bytes stay in the input.  '*used' of its
 * bytes hold them: the caller takes these, then calls pcapng_taken(), or does
 * neither.  Returns the number of frames; after 0, pcapng_next() reads on.
 */
size_t pcapng_fill(struct pcapng *p, struct frame *to, size_t max, size_t most,
		   uint64_t latest, bool keep, size_t *used);
void pcapng_taken(struct pcapng *p);

/* After PCAPNG_DAMAGED: the reason.  pcapng_offset() tells the place. */
const char *pcapng_error(const struct pcapng *p);

/* The offset of the block that was read last, or that reading failed at. */
uint64_t pcapng_offset(const struct pcapng *p);

/* True after a whole section header; a file without one is no pcapng file. */
bool pcapng_begun(const struct pcapng *p);

/* True if the section's byte order is not this machine's. */
bool pcapng_swapped(const struct pcapng *p);

const struct pcapng_interfaces *pcapng_interfaces(const struct pcapng *p);

/* True if pcapng_next() needs no further read of the input. */
bool pcapng_ready(const struct pcapng *p);

void pcapng_free(struct pcapng *p);	/* NULL is fine */

#endif
