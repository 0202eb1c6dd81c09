/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/pcapng_inplace.h"

#include <pcap/dlt.h>

#include "capture/batch.h"
#include "capture/link/link.h"
#include "capture/pcapng_block.h"

#define NSEC		1000000000u
/* In the year 2262; the reader warns of later stamps. */
#define TIME_MAX	((uint64_t)INT64_MAX - 2ull * NSEC)

/* draft-ietf-opsawg-pcapng section 4.3, up to the packet. */
struct enhanced {
	uint32_t type, len, interface, high, low, caplen, wirelen;
};

void pcapng_inplace_prepare(struct pcapng_interface *i)
{
	i->unit = 0;
	/* The unit must be decimal and at least a nanosecond.  The reader
	 * notes unsupported link types, and pcapng.c swaps NFLOG's bytes. */
	if (i->tsoffset != 0 || i->tsresol > 9 || i->kind.linktype == DLT_NFLOG ||
	    !link_supported(i->kind.linktype))
		return;
	i->unit = NSEC;
	for (unsigned int k = 0; k < i->tsresol; k++)
		i->unit /= 10;
}

static inline void swap(uint32_t *v, bool swapped)
{
	if (swapped)
		*v = __builtin_bswap32(*v);
}

/* False for blocks that pcapng.c refuses by their first numbers. */
static inline bool is_packet(uint32_t type, uint32_t len)
{
	return type == BLOCK_ENHANCED && len % 4 == 0 &&
	       len >= sizeof(struct enhanced) + 4 && len <= BLOCK_WHOLE_MAX;
}

/* Reads the block header at 'off'; false if it is incomplete or unusual. */
static inline bool read_enhanced(const struct pcapng_inplace_section *s,
				 const struct bytes *b, uint32_t off,
				 struct enhanced *h)
{
	if (!bytes_there(b, off, sizeof(*h)))
		return false;
	memcpy(h, b->p + off, sizeof(*h));
	swap(&h->type, s->swapped);
	swap(&h->len, s->swapped);
	swap(&h->interface, s->swapped);
	swap(&h->high, s->swapped);
	swap(&h->low, s->swapped);
	swap(&h->caplen, s->swapped);
	swap(&h->wirelen, s->swapped);
	return is_packet(h->type, h->len) && h->caplen <= FRAME_BYTES &&
	       h->caplen <= h->len - sizeof(*h) - 4 &&
	       h->interface < s->ninterfaces;
}

/* True if the block is in memory and has the same length at its end. */
static inline bool is_whole(const struct pcapng_inplace_section *s,
			    const struct bytes *b, uint32_t off, uint32_t len)
{
	uint32_t again;

	if (!bytes_there(b, off, len))
		return false;
	memcpy(&again, b->p + off + len - 4, sizeof(again));
	swap(&again, s->swapped);
	return again == len;
}

size_t pcapng_inplace_size(const struct pcapng_inplace_section *s,
			   const uint8_t *p, size_t have)
{
	const struct bytes b = bytes_view(p, have);
	uint32_t h[2];

	if (!bytes_there(&b, 0, sizeof(h)))
		return 0;
	memcpy(h, b.p, sizeof(h));
	swap(&h[0], s->swapped);
	swap(&h[1], s->swapped);
	return is_packet(h[0], h[1]) ? h[1] : 0;
}

/* The bytes between the packet, which is padded, and the block's end. */
static inline uint16_t options_size(const struct enhanced *h)
{
	uint32_t n = h->len - (uint32_t)sizeof(*h) - 4 - ((h->caplen + 3) & ~3u);

	return n <= UINT16_MAX ? (uint16_t)n : 0;
}

size_t pcapng_inplace_packets(const struct pcapng_inplace_section *section,
			      const uint8_t *p, size_t have, struct frame *to,
			      size_t max, uint64_t latest, size_t *used)
{
	const struct pcapng_inplace_section s = *section;	/* in registers */
	const struct bytes b = bytes_view(p, have);
	struct enhanced h;
	uint32_t off = 0;
	size_t n;

	for (n = 0; n < max && read_enhanced(&s, &b, off, &h); n++) {
		const struct pcapng_interface *i = &s.interfaces[h.interface];
		uint64_t ticks = (uint64_t)h.high << 32 | h.low;

		if (!is_whole(&s, &b, off, h.len) || i->unit == 0 ||
		    __builtin_mul_overflow(ticks, i->unit, &to[n].time) ||
		    to[n].time > TIME_MAX || to[n].time > latest)
			break;
		to[n].data = b.p + off + sizeof(h);
		to[n].caplen = h.caplen;
		to[n].wirelen = h.wirelen > h.caplen ? h.wirelen : h.caplen;
		to[n].kind = i->kind;
		to[n].options = options_size(&h);
		off += h.len;
	}
	*used = off;
	return n;
}
