/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/pcapng.h"

#include <inttypes.h>
#include <pcap/dlt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture/batch.h"
#include "capture/link/link.h"
#include "capture/link/linktype.h"
#include "capture/pcapng_inplace.h"
#include "capture/pcapng_time.h"
#include "base/bytes.h"

/* Block types, draft-ietf-opsawg-pcapng section 11.1. */
#define BLOCK_SECTION	0x0a0d0d0au
#define BLOCK_INTERFACE	1u
#define BLOCK_OLD_PACKET 2u
#define BLOCK_SIMPLE	3u

#define ORDER_MAGIC	0x1a2b3c4du

/* Of what is stepped over; libpcap and Wireshark take no more either. */
#define BLOCK_MAX	(16u * 1024 * 1024)

#define INTERFACES_MAX	65536u	/* a section */

#define OPTION_END	0u
#define OPTION_TSRESOL	9u
#define OPTION_TSOFFSET	14u

struct pcapng {
	struct input *in;
	bool begun;
	bool swapped;
	uint64_t offset;	/* of the block at hand */
	uint32_t taken;		/* its bytes, still in the input */

	struct interface *interfaces;	/* of the section */
	uint32_t ninterfaces, room;
	struct pcapng_interfaces all;

	/* The number that was translated last: a file has few. */
	uint16_t linktype;
	int dlt;

	char error[160];
};

/* A block as read: what is between its two lengths. */
struct block {
	uint32_t type;
	uint32_t len;		/* as it says, in all */
	struct bytes body;
};

const char *pcapng_error(const struct pcapng *p)
{
	return p->error;
}

uint64_t pcapng_offset(const struct pcapng *p)
{
	return p->offset;
}

bool pcapng_begun(const struct pcapng *p)
{
	return p->begun;
}

bool pcapng_swapped(const struct pcapng *p)
{
	return p->swapped;
}

const struct pcapng_interfaces *pcapng_interfaces(const struct pcapng *p)
{
	return &p->all;
}

__attribute__((format(printf, 2, 3)))
static enum pcapng_result damaged(struct pcapng *p, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(p->error, sizeof(p->error), fmt, ap);
	va_end(ap);
	return PCAPNG_DAMAGED;
}

/* Fewer bytes came than there should be. */
static enum pcapng_result missing(struct pcapng *p, size_t wanted, size_t have)
{
	bool unused;

	if (input_stopped(p->in) || input_failed(p->in, &unused))
		return PCAPNG_FAILED;
	return damaged(p, "the file ends after %zu of %zu bytes of a block", have,
		       wanted);
}

/* Numbers are in the section's byte order. */
static bool get16(const struct pcapng *p, const struct bytes *b, uint32_t off,
		  uint16_t *v)
{
	if (!bytes_copy(b, off, v, sizeof(*v)))
		return false;
	if (p->swapped)
		*v = __builtin_bswap16(*v);
	return true;
}

static bool get32(const struct pcapng *p, const struct bytes *b, uint32_t off,
		  uint32_t *v)
{
	if (!bytes_copy(b, off, v, sizeof(*v)))
		return false;
	if (p->swapped)
		*v = __builtin_bswap32(*v);
	return true;
}

/* Two halves, the higher one first in either byte order. */
static bool get_stamp(const struct pcapng *p, const struct bytes *b,
		      uint32_t off, uint64_t *v)
{
	uint32_t high, low;

	if (!get32(p, b, off, &high) || !get32(p, b, off + 4, &low))
		return false;
	*v = (uint64_t)high << 32 | low;
	return true;
}

static bool get64(const struct pcapng *p, const struct bytes *b, uint32_t off,
		  int64_t *v)
{
	uint64_t u;

	if (!bytes_copy(b, off, &u, sizeof(u)))
		return false;
	if (p->swapped)
		u = __builtin_bswap64(u);
	memcpy(v, &u, sizeof(u));
	return true;
}

static bool is_looked_at(uint32_t type)
{
	return type == BLOCK_SECTION || type == BLOCK_INTERFACE ||
	       type == BLOCK_OLD_PACKET || type == BLOCK_SIMPLE ||
	       type == BLOCK_ENHANCED;
}

/*
 * The first words of the block that is next.  A section header's type reads
 * the same in both byte orders; its third word tells which it is.
 */
static enum pcapng_result read_head(struct pcapng *p, struct block *b)
{
	struct bytes head = { .p = NULL };
	uint32_t order;
	size_t have;

	p->offset = input_offset(p->in);
	head.p = input_peek(p->in, BLOCK_MIN, &have);
	if (have == 0)
		return missing(p, 0, 0) == PCAPNG_FAILED ? PCAPNG_FAILED :
							   PCAPNG_END;
	head.cap = head.len = (uint32_t)(have < BLOCK_MIN ? have : BLOCK_MIN);
	if (!get32(p, &head, 0, &b->type) || !get32(p, &head, 8, &order))
		return missing(p, BLOCK_MIN, have);
	if (b->type == BLOCK_SECTION) {
		if (order != ORDER_MAGIC)
			p->swapped = !p->swapped;
		get32(p, &head, 8, &order);
		if (order != ORDER_MAGIC)
			return damaged(p, "a section header without the magic number of byte order");
	}
	get32(p, &head, 4, &b->len);
	if (b->len < BLOCK_MIN || b->len % 4)
		return damaged(p, "a block says that it has %" PRIu32 " bytes, which cannot be",
			       b->len);
	if (b->len > (is_looked_at(b->type) ? BLOCK_WHOLE_MAX : BLOCK_MAX))
		return damaged(p, "a block says that it has %" PRIu32 " bytes, more than any reader takes",
			       b->len);
	return PCAPNG_FRAME;
}

static enum pcapng_result check_trailer(struct pcapng *p, const struct block *b,
					const uint8_t *trailer)
{
	const struct bytes t = { .p = trailer, .cap = 4, .len = 4 };
	uint32_t len = 0;

	get32(p, &t, 0, &len);
	if (len != b->len)
		return damaged(p, "a block says in front that it has %" PRIu32 " bytes, and behind %" PRIu32,
			       b->len, len);
	return PCAPNG_FRAME;
}

/* Brings a block into memory, where it stays until the next one is read. */
static enum pcapng_result read_whole(struct pcapng *p, struct block *b)
{
	size_t have;
	const uint8_t *all = input_peek(p->in, b->len, &have);

	if (have < b->len)
		return missing(p, b->len, have);
	p->taken = b->len;
	b->body.p = all + 8;
	b->body.cap = b->body.len = b->len - BLOCK_MIN;
	return check_trailer(p, b, all + b->len - 4);
}

static enum pcapng_result step_over(struct pcapng *p, const struct block *b)
{
	size_t done = input_skip(p->in, b->len - 4), have;
	const uint8_t *trailer = input_peek(p->in, 4, &have);

	if (done < b->len - 4 || have < 4)
		return missing(p, b->len, done + have);
	p->taken = 4;
	return check_trailer(p, b, trailer);
}

static enum pcapng_result read_section(struct pcapng *p, const struct block *b)
{
	uint16_t major;

	if (b->len < 28 || !get16(p, &b->body, 4, &major))
		return damaged(p, "a section header of %" PRIu32 " bytes, too few",
			       b->len);
	if (major != 1)
		return damaged(p, "a section in version %u of the format, of which only 1 is known",
			       major);
	p->begun = true;
	p->ninterfaces = 0;
	return PCAPNG_FRAME;
}

/*
 * The options that matter of an interface's.  Each has a code and a length in
 * front and is padded to four bytes.
 */
static enum pcapng_result read_options(struct pcapng *p, const struct block *b,
				       struct interface *i)
{
	uint32_t off = 8;
	uint16_t code, len;

	while (get16(p, &b->body, off, &code) && code != OPTION_END) {
		if (!get16(p, &b->body, off + 2, &len) ||
		    !bytes_has(&b->body, off + 4, len))
			return damaged(p, "an option of an interface runs over its end");
		off += 4;
		if (code == OPTION_TSRESOL &&
		    (len != 1 || !bytes_u8(&b->body, off, &i->tsresol)))
			return damaged(p, "an interface's resolution has %u bytes, not 1",
				       len);
		if (code == OPTION_TSOFFSET &&
		    (len != 8 || !get64(p, &b->body, off, &i->tsoffset)))
			return damaged(p, "an interface's time offset has %u bytes, not 8",
				       len);
		off += (len + 3u) & ~3u;
	}
	return PCAPNG_FRAME;
}

/* -1: no memory. */
static int translate(struct pcapng *p, uint16_t linktype)
{
	if (p->linktype != linktype) {
		int dlt = linktype_to_dlt(linktype);

		if (dlt < 0)
			return -1;
		p->linktype = linktype;
		p->dlt = dlt;
	}
	return p->dlt;
}

static void note_interface(struct pcapng *p, const struct interface *i)
{
	struct pcapng_interfaces *all = &p->all;

	all->count++;
	all->supported |= link_supported(i->linktype);
	all->summary.nanoseconds |= pcapng_time_is_fine(i->tsresol);
	summary_add(&all->summary, i->linktype);
}

static enum pcapng_result read_interface(struct pcapng *p,
					 const struct block *b)
{
	struct interface i = { .tsresol = 6 };
	enum pcapng_result result;
	uint16_t linktype;

	if (!get16(p, &b->body, 0, &linktype) ||
	    !get32(p, &b->body, 4, &i.snaplen))
		return damaged(p, "an interface of %" PRIu32 " bytes, too few",
			       b->len);
	result = read_options(p, b, &i);
	if (result != PCAPNG_FRAME)
		return result;
	if (p->ninterfaces == INTERFACES_MAX)
		return damaged(p, "more than %u interfaces in a section",
			       INTERFACES_MAX);
	if (p->ninterfaces == p->room) {
		uint32_t room = p->room ? p->room * 2 : 4;
		struct interface *more = realloc(p->interfaces,
						 room * sizeof(*more));

		if (!more)
			return damaged(p, "out of memory");
		p->interfaces = more;
		p->room = room;
	}
	i.linktype = translate(p, linktype);
	if (i.linktype < 0)
		return damaged(p, "out of memory");
	interface_set_inplace(&i);
	p->interfaces[p->ninterfaces++] = i;
	note_interface(p, &i);
	return PCAPNG_FRAME;
}

/*
 * The lengths in LINKTYPE_NFLOG's TLVs are in the capturing machine's order,
 * and link.c reads them in this one's, in which libpcap gives them as well.
 */
static void swap_nflog(uint8_t *data, uint32_t len)
{
	uint32_t off = 4;

	while (len > off && len - off >= 4) {
		uint16_t tlv[2];

		memcpy(tlv, data + off, sizeof(tlv));
		tlv[0] = __builtin_bswap16(tlv[0]);
		tlv[1] = __builtin_bswap16(tlv[1]);
		memcpy(data + off, tlv, sizeof(tlv));
		if (tlv[0] < 4)
			return;
		off += (tlv[0] + 3u) & ~3u;
	}
}

/* The packet's bytes are at 'off' of the block. */
static enum pcapng_result give(struct pcapng *p, const struct block *b,
			       uint32_t off, struct pcapng_packet *pkt)
{
	const struct interface *i = &p->interfaces[pkt->interface];

	if (pkt->caplen > FRAME_BYTES || !bytes_has(&b->body, off, pkt->caplen))
		return damaged(p, "a packet says that %" PRIu32 " bytes of it were captured, but its block has %" PRIu32 ", and %u are the most",
			       pkt->caplen,
			       b->body.len > off ? b->body.len - off : 0,
			       FRAME_BYTES);
	pkt->data = b->body.p + off;
	pkt->linktype = i->linktype;
	if (pkt->wirelen < pkt->caplen)
		pkt->wirelen = pkt->caplen;
	if (p->swapped && pkt->linktype == DLT_NFLOG) {
		size_t have;
		uint8_t *all = input_peek(p->in, b->len, &have);

		swap_nflog(all + 8 + off, pkt->caplen);
	}
	return PCAPNG_FRAME;
}

static enum pcapng_result no_interface(struct pcapng *p, uint32_t number)
{
	return damaged(p, "a packet of interface %" PRIu32 ", but %" PRIu32 " are described before it",
		       number, p->ninterfaces);
}

/*
 * Enhanced and old packet blocks: interface (and, in old ones, a count of
 * drops in the second half), stamp, bytes captured, bytes on the wire.
 */
static enum pcapng_result read_packet(struct pcapng *p, const struct block *b,
				      struct pcapng_packet *pkt)
{
	const struct interface *i;
	uint16_t old_interface;
	uint64_t ticks;

	if (!get32(p, &b->body, 0, &pkt->interface) ||
	    !get16(p, &b->body, 0, &old_interface) ||
	    !get_stamp(p, &b->body, 4, &ticks) ||
	    !get32(p, &b->body, 12, &pkt->caplen) ||
	    !get32(p, &b->body, 16, &pkt->wirelen))
		return damaged(p, "a packet block of %" PRIu32 " bytes, too few",
			       b->len);
	if (b->type == BLOCK_OLD_PACKET)
		pkt->interface = old_interface;
	if (pkt->interface >= p->ninterfaces)
		return no_interface(p, pkt->interface);
	i = &p->interfaces[pkt->interface];
	pkt->stamped = true;
	pcapng_time(i->tsresol, i->tsoffset, ticks, &pkt->sec, &pkt->nsec);
	return give(p, b, 20, pkt);
}

/* The first interface's; how much was captured follows from the lengths. */
static enum pcapng_result read_simple(struct pcapng *p, const struct block *b,
				      struct pcapng_packet *pkt)
{
	if (!get32(p, &b->body, 0, &pkt->wirelen))
		return damaged(p, "a packet block of %" PRIu32 " bytes, too few",
			       b->len);
	pkt->interface = 0;
	pkt->stamped = false;
	if (p->ninterfaces == 0)
		return no_interface(p, 0);
	pkt->caplen = pkt->wirelen;
	if (p->interfaces[0].snaplen && pkt->caplen > p->interfaces[0].snaplen)
		pkt->caplen = p->interfaces[0].snaplen;
	if (pkt->caplen > b->body.len - 4)
		pkt->caplen = b->body.len - 4;
	return give(p, b, 4, pkt);
}

enum pcapng_result pcapng_next(struct pcapng *p, struct pcapng_packet *pkt)
{
	enum pcapng_result result;
	struct block b;

	do {
		input_skip(p->in, p->taken);
		p->taken = 0;
		result = read_head(p, &b);
		if (result == PCAPNG_FRAME && !p->begun &&
		    b.type != BLOCK_SECTION)
			result = damaged(p, "a block before the first section header");
		if (result == PCAPNG_FRAME)
			result = is_looked_at(b.type) ? read_whole(p, &b) :
							step_over(p, &b);
		if (result != PCAPNG_FRAME)
			return result;
		switch (b.type) {
		case BLOCK_ENHANCED:
		case BLOCK_OLD_PACKET:
			return read_packet(p, &b, pkt);
		case BLOCK_SIMPLE:
			return read_simple(p, &b, pkt);
		case BLOCK_SECTION:
			result = read_section(p, &b);
			break;
		case BLOCK_INTERFACE:
			result = read_interface(p, &b);
			break;
		}
	} while (result == PCAPNG_FRAME);
	return result;
}

size_t pcapng_fill(struct pcapng *p, struct frame *to, size_t max, bool keep,
		   size_t *used)
{
	const struct pcapng_inplace_section section = {
		p->interfaces, p->ninterfaces, p->swapped
	};
	const uint8_t *at;
	size_t have, size;

	if (!keep) {
		input_skip(p->in, p->taken);
		p->taken = 0;
	}
	at = input_peek(p->in, BLOCK_MIN, &have);
	size = pcapng_inplace_size(&section, at, have);
	if (size > have)
		at = input_peek(p->in, size, &have);
	return pcapng_inplace_packets(&section, at, have, to, max, used);
}

void pcapng_taken(struct pcapng *p)
{
	p->taken = 0;
}

bool pcapng_ready(const struct pcapng *p)
{
	size_t have;
	struct bytes b = { .p = input_here(p->in, &have) };
	uint32_t off = p->taken, type, len;

	b.cap = b.len = (uint32_t)(have < BLOCK_MAX ? have : BLOCK_MAX);
	while (get32(p, &b, off, &type) && get32(p, &b, off + 4, &len)) {
		/* A new section may change the byte order: a look suffices
		 * at what needs none. */
		if (!bytes_has(&b, off, len) || len < BLOCK_MIN)
			return len < BLOCK_MIN;
		if (type == BLOCK_ENHANCED || type == BLOCK_OLD_PACKET ||
		    type == BLOCK_SIMPLE)
			return true;
		off += len;
	}
	return false;
}

struct pcapng *pcapng_create(struct input *in)
{
	struct pcapng *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	p->in = in;
	p->linktype = 1;
	p->dlt = DLT_EN10MB;
	return p;
}

void pcapng_free(struct pcapng *p)
{
	if (!p)
		return;
	free(p->interfaces);
	free(p);
}
