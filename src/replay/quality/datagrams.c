/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/quality/datagrams.h"

#include "base/bytes.h"
#include "packet/ip.h"
#include "replay/quality/mix.h"

#define FRAGMENT_OFFSET_MASK6	0xfff8u

/* The identification and the offset of an IPv6 fragment; 'l4off' is behind its
 * header, or at the header that the chain ends with. */
static uint32_t id6(const struct ct_packet *pkt, bool *later)
{
	const struct bytes b = { pkt->data, pkt->caplen, pkt->len };
	uint32_t off = IPV6_HEADER, id = 0;
	uint8_t next = 0, ext[2];
	uint16_t offset = 0;

	if (!bytes_u8(&b, 6, &next))
		return 0;
	while (next != IPV6_EXT_FRAGMENT && ipv6_is_extension(next) &&
	       next != IPV6_EXT_NONE && bytes_copy(&b, off, ext, 2)) {
		off += ipv6_extension_length(next, ext[1]);
		next = ext[0];
	}
	if (next == IPV6_EXT_FRAGMENT && bytes_be16(&b, off + 2, &offset) &&
	    bytes_be32(&b, off + 4, &id))
		*later = offset & FRAGMENT_OFFSET_MASK6;
	return id;
}

/* The same for all fragments of a datagram. */
static uint64_t datagram_key(const struct ct_packet *pkt, bool *later)
{
	uint64_t h = mix(mix(pkt->src.d[0], pkt->src.d[1]), pkt->dst.d[0]);

	*later = false;
	h = mix(h, pkt->dst.d[1]);
	if (pkt->l3num == CT_L3_IPV4) {
		*later = load_be16(pkt->data + 6) & IPV4_OFFSET_MASK;
		return mix(h, (uint64_t)load_be16(pkt->data + 4) << 8 |
			      pkt->data[9]) | 1;
	}
	return mix(h, id6(pkt, later)) | 1;
}

static struct datagram_slot *slot_of(struct datagrams *d, uint64_t key)
{
	return &d->slot[key >> 32 & (DATAGRAMS_SLOTS - 1)];
}

void datagrams_held(struct datagrams *d, const struct ct_packet *pkt)
{
	bool later;
	uint64_t key = datagram_key(pkt, &later);
	struct datagram_slot *s = slot_of(d, key);

	d->later += later;
	if (s->key == key)
		return;
	if (s->key && d->evicted++ == 0)
		d->evicted_first = s->first;
	*s = (struct datagram_slot){ key, pkt->number };
}

void datagrams_settled(struct datagrams *d, const struct ct_packet *pkt)
{
	bool later;
	uint64_t key = datagram_key(pkt, &later);
	struct datagram_slot *s = slot_of(d, key);

	if (s->key == key)
		s->key = 0;
}

uint64_t datagrams_incomplete(const struct datagrams *d, uint64_t *first)
{
	uint64_t n = d->evicted;

	*first = d->evicted ? d->evicted_first : UINT64_MAX;
	for (unsigned int i = 0; i < DATAGRAMS_SLOTS; i++) {
		if (!d->slot[i].key)
			continue;
		n++;
		if (d->slot[i].first < *first)
			*first = d->slot[i].first;
	}
	return n;
}
