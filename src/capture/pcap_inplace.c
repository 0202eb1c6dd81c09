/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/pcap_inplace.h"

#include <pcap/dlt.h>

#include "capture/batch.h"
#include "base/bytes.h"

#define NSEC		1000000000u
#define MAGIC_MICRO	0xa1b2c3d4u
#define MAGIC_NANO	0xa1b23c4du

struct record {
	uint32_t sec, fraction, caplen, wirelen;
};

void pcap_inplace_init(struct pcap_inplace *d, pcap_t *pcap, uint32_t magic)
{
	int snaplen = pcap_snapshot(pcap);

	*d = (struct pcap_inplace){
		.swapped = pcap_is_swapped(pcap),
		.kind.linktype = pcap_datalink(pcap),
		.max = (uint32_t)snaplen < FRAME_BYTES ? (uint32_t)snaplen :
							 FRAME_BYTES,
	};
	if (magic == MAGIC_MICRO || __builtin_bswap32(magic) == MAGIC_MICRO)
		d->unit = 1000;
	else if (magic == MAGIC_NANO || __builtin_bswap32(magic) == MAGIC_NANO)
		d->unit = 1;
	else
		return;
	d->second = NSEC / d->unit;
	/* Versions before 2.4 may have the lengths in the other order.  libpcap
	 * also swaps the numbers within NFLOG frames. */
	d->usable = pcap_major_version(pcap) == 2 &&
		    pcap_minor_version(pcap) == 4 && snaplen > 0 &&
		    !(d->swapped && d->kind.linktype == DLT_NFLOG);
}

/* Reads the header at 'off'; false if it is incomplete or unusual. */
static inline bool read_header(const struct pcap_inplace *d,
			       const struct bytes *b, uint32_t off,
			       struct record *h)
{
	if (!bytes_there(b, off, sizeof(*h)))
		return false;
	memcpy(h, b->p + off, sizeof(*h));
	if (d->swapped) {
		h->sec = __builtin_bswap32(h->sec);
		h->fraction = __builtin_bswap32(h->fraction);
		h->caplen = __builtin_bswap32(h->caplen);
		h->wirelen = __builtin_bswap32(h->wirelen);
	}
	return h->caplen <= d->max && h->fraction < d->second;
}

size_t pcap_inplace_size(const struct pcap_inplace *d, const uint8_t *p,
			 size_t have)
{
	const struct bytes b = bytes_view(p, have);
	struct record h;

	return read_header(d, &b, 0, &h) ? sizeof(h) + h.caplen : 0;
}

size_t pcap_inplace_read(const struct pcap_inplace *file, const uint8_t *p,
			 size_t have, struct frame *to, size_t max,
			 uint64_t latest, size_t *used)
{
	const struct pcap_inplace d = *file;	/* in registers */
	const struct bytes b = bytes_view(p, have);
	struct record h;
	uint32_t off = 0;
	size_t n;

	for (n = 0; n < max && read_header(&d, &b, off, &h); n++) {
		if (!bytes_there(&b, off + PCAP_RECORD_HEADER, h.caplen))
			break;
		to[n].time = (uint64_t)h.sec * NSEC + h.fraction * d.unit;
		if (to[n].time > latest)
			break;
		off += PCAP_RECORD_HEADER;
		to[n].data = b.p + off;
		to[n].caplen = h.caplen;
		to[n].wirelen = h.wirelen > h.caplen ? h.wirelen : h.caplen;
		to[n].kind = file->kind;	/* one load and one store */
		off += h.caplen;
	}
	*used = off;
	return n;
}

size_t pcap_ahead_take(struct pcap_ahead *a, struct frame *to, size_t max, size_t most,
		       uint64_t latest)
{
	const struct frame *from = a->frame + a->at;
	size_t left = a->n - a->at, n = 0;

	if (max > left)
		max = left;
	while (n < max && from[n].time <= latest &&
	       (size_t)(from[n].data - from->data) + from[n].caplen <= most) {
		to[n] = from[n];
		n++;
	}
	a->at += n ? n - 1 : 0;
	return n;
}
