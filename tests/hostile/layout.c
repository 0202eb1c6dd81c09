/* SPDX-License-Identifier: GPL-2.0-only */
#include "layout.h"

#include <stdlib.h>
#include <string.h>

#define PCAP_HEADER	24u
#define PCAP_RECORD	16u
/* No writer exceeds this; a larger length counts as damage. */
#define FRAME_MAX	262144u

struct reading {
	struct layout *l;
	const uint8_t *p;
	size_t n, room;
	bool big;
	uint32_t interfaces;	/* described in the section so far */
	uint32_t snaplen;	/* of the first one; 0: any */
};

static uint32_t get32(const struct reading *r, size_t off)
{
	const uint8_t *p = r->p + off;

	return r->big ? (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
			(uint32_t)p[2] << 8 | p[3] :
			(uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 |
			(uint32_t)p[1] << 8 | p[0];
}

static bool add(struct reading *r, struct span span)
{
	struct layout *l = r->l;

	if (l->nspans == r->room) {
		size_t room = r->room ? r->room * 2 : 64;
		struct span *more = realloc(l->span, room * sizeof(*more));

		if (!more)
			return false;
		l->span = more;
		r->room = room;
	}
	l->span[l->nspans++] = span;
	l->nframes += span.frame;
	l->good = span.end;
	return true;
}

static bool read_pcap(struct reading *r)
{
	struct layout *l = r->l;
	size_t off = PCAP_HEADER;

	l->head = PCAP_HEADER;
	if (r->n < PCAP_HEADER)
		return true;
	l->known = true;
	l->good = off;
	while (r->n - off >= PCAP_RECORD) {
		uint32_t len = get32(r, off + 8);
		size_t data = off + PCAP_RECORD;

		if (len > FRAME_MAX || len > r->n - data)
			return true;
		if (!add(r, (struct span){ off, data + len, data, data + len,
					   true }))
			return false;
		off = data + len;
	}
	return true;
}

/* Finds the frame in a block of 'len' bytes at 'off'. */
static bool place_frame(const struct reading *r, size_t off, uint32_t type,
			uint32_t len, struct span *s)
{
	uint32_t caplen, room, interface = 0;

	switch (type) {
	case 2:		/* Packet Block, obsolete */
	case 6:		/* Enhanced Packet Block */
		if (len < 32)
			return false;
		s->data = off + 28;
		interface = get32(r, off + 8);
		if (type == 2)		/* the other half counts drops */
			interface = r->big ? interface >> 16 : interface & 0xffff;
		room = len - 32;
		caplen = get32(r, off + 20);
		break;
	case 3:		/* Simple Packet Block */
		if (len < 16)
			return false;
		s->data = off + 12;
		room = len - 16;
		caplen = get32(r, off + 8);
		if (r->snaplen && caplen > r->snaplen)
			caplen = r->snaplen;
		if (caplen > room)
			caplen = room;
		break;
	default:
		return true;
	}
	s->frame = true;
	s->data_end = s->data + caplen;
	return caplen <= room && interface < r->interfaces;
}

static bool read_pcapng(struct reading *r)
{
	struct layout *l = r->l;
	size_t off = 0;

	l->pcapng = true;
	while (r->n - off >= 12) {
		struct span s = { .start = off };
		uint32_t type, len;

		/* "0a 0d 0d 0a" in either order, then the order's own mark */
		if (memcmp(r->p + off, "\n\r\r\n", 4) == 0) {
			r->big = r->p[off + 8] == 0x1a;
			r->interfaces = 0;
		}
		type = get32(r, off);
		len = get32(r, off + 4);
		if (len < 12 || len % 4 || len > r->n - off ||
		    get32(r, off + len - 4) != len ||
		    !place_frame(r, off, type, len, &s))
			return true;
		if (type == 1 && len >= 20 && r->interfaces++ == 0)
			r->snaplen = get32(r, off + 12);
		s.end = off + len;
		if (!l->nspans) {
			l->known = true;
			l->head = len;
		}
		if (!add(r, s))
			return false;
		off += len;
	}
	return true;
}

bool layout_read(struct layout *l, const uint8_t *p, size_t n)
{
	static const uint8_t little[][4] = { { 0xd4, 0xc3, 0xb2, 0xa1 },
					     { 0x4d, 0x3c, 0xb2, 0xa1 } };
	static const uint8_t big[][4] = { { 0xa1, 0xb2, 0xc3, 0xd4 },
					  { 0xa1, 0xb2, 0x3c, 0x4d } };
	struct reading r = { .l = l, .p = p, .n = n };

	*l = (struct layout){ 0 };
	if (n < 12)
		return true;
	for (size_t i = 0; i < 2; i++) {
		if (memcmp(p, little[i], 4) == 0)
			return read_pcap(&r);
		if (memcmp(p, big[i], 4) == 0) {
			r.big = true;
			return read_pcap(&r);
		}
	}
	return memcmp(p, "\n\r\r\n", 4) != 0 || read_pcapng(&r);
}

void layout_free(struct layout *l)
{
	free(l->span);
}

/* The last record or block that begins at or before 'at'. */
static const struct span *span_at(const struct layout *l, size_t at)
{
	size_t low = 0, high = l->nspans;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (l->span[middle].start <= at)
			low = middle + 1;
		else
			high = middle;
	}
	return low ? &l->span[low - 1] : NULL;
}

bool layout_whole_at(const struct layout *l, size_t at)
{
	const struct span *s = span_at(l, at);

	return at >= l->head && at <= l->good &&
	       (!s || s->start == at || s->end == at);
}

size_t layout_frames_before(const struct layout *l, size_t at)
{
	size_t n = 0;

	for (size_t i = 0; i < l->nspans && l->span[i].end <= at; i++)
		n += l->span[i].frame;
	return n;
}

size_t layout_start_of(const struct layout *l, size_t at)
{
	const struct span *s = span_at(l, at);

	if (!s)
		return l->pcapng ? 0 : l->head;
	return at >= s->end ? s->end : s->start;
}

enum byte_kind layout_kind(const struct layout *l, size_t at)
{
	const struct span *s = span_at(l, at);
	size_t stamp;

	if (!s || at >= s->end)
		return at < l->head ? BYTE_HEADER : BYTE_LENGTH;
	if (!s->frame)
		return BYTE_HEADER;
	if (at >= s->data && at < s->data_end)
		return BYTE_DATA;
	/* In pcapng an interface number precedes the stamp. */
	stamp = s->start + (l->pcapng ? 12 : 0);
	if (at >= stamp && at < stamp + 8 && s->data >= stamp + 16)
		return BYTE_STAMP;
	if (l->pcapng && at >= s->data_end && at < ((s->data_end + 3) & ~3ul))
		return BYTE_IDLE;
	return BYTE_LENGTH;
}
