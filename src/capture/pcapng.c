/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/pcapng.h"

#include <inttypes.h>
#include <pcap/dlt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture/batch.h"
#include "capture/pcapng_block.h"
#include "capture/pcapng_inplace.h"
#include "capture/pcapng_time.h"

#define ORDER_MAGIC	0x1a2b3c4du
#define SECTION_OPTIONS	16u	/* where they begin in the body */

struct pcapng {
	struct input *in;
	bool begun;
	bool swapped;
	uint64_t offset;	/* of the block at hand */
	uint32_t taken;		/* its bytes, still in the input */
	struct interface_list interfaces;
	struct kept_blocks *kept;	/* NULL: other blocks are skipped */
	uint64_t *lost;
	struct pcapng_error error;
};

const char *pcapng_error(const struct pcapng *p)
{
	return p->error.text;
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
	return &p->interfaces.seen;
}

bool pcapng_fail(struct pcapng_error *e, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(e->text, sizeof(e->text), fmt, ap);
	va_end(ap);
	return false;
}

#define DAMAGED(p, ...) \
	(pcapng_fail(&(p)->error, __VA_ARGS__), PCAPNG_DAMAGED)

/* The input ended within a block, or reading it failed. */
static enum pcapng_result missing(struct pcapng *p, size_t wanted, size_t have)
{
	bool unused;

	if (input_stopped(p->in) || input_failed(p->in, &unused))
		return PCAPNG_FAILED;
	return DAMAGED(p, "the file ends after %zu of %zu bytes of a block", have,
		       wanted);
}

static bool is_read(uint32_t type)
{
	return type == BLOCK_SECTION || type == BLOCK_INTERFACE ||
	       type == BLOCK_OLD_PACKET || type == BLOCK_SIMPLE ||
	       type == BLOCK_ENHANCED;
}

/* Whether the block has statistics to read.  Longer ones than any program writes are
 * treated as blocks of another kind, while one of those that is_read() names is damaged. */
static bool is_statistics(const struct block *b)
{
	return b->type == BLOCK_STATISTICS && b->len <= BLOCK_WHOLE_MAX;
}

/* A section header's type reads the same in both byte orders; the number behind
 * its length tells which of them the section has. */
static bool read_byte_order(struct pcapng *p, struct block *b)
{
	uint32_t order;

	block_u32(b, 8, &order);
	if (order == ORDER_MAGIC)
		return true;
	p->swapped = b->swapped = !p->swapped;
	block_u32(b, 8, &order);
	return order == ORDER_MAGIC;
}

static enum pcapng_result check_length(struct pcapng *p, const struct block *b)
{
	if (b->len < BLOCK_MIN || b->len % 4)
		return DAMAGED(p, "a block has an invalid length of %" PRIu32 " bytes",
			       b->len);
	if (b->len > (is_read(b->type) ? BLOCK_WHOLE_MAX : BLOCK_MAX))
		return DAMAGED(p, "a block has a length of %" PRIu32 " bytes, more than any reader accepts",
			       b->len);
	return PCAPNG_FRAME;
}

/* Reads the first BLOCK_MIN bytes of the next block. */
static enum pcapng_result read_head(struct pcapng *p, struct block *b)
{
	size_t have;

	p->offset = input_offset(p->in);
	*b = (struct block){ .swapped = p->swapped };
	b->body.p = input_peek(p->in, BLOCK_MIN, &have);
	if (have == 0)
		return missing(p, 0, 0) == PCAPNG_FAILED ? PCAPNG_FAILED :
							   PCAPNG_END;
	if (have < BLOCK_MIN)
		return missing(p, BLOCK_MIN, have);
	b->body.cap = b->body.len = BLOCK_MIN;
	block_u32(b, 0, &b->type);
	if (b->type == BLOCK_SECTION && !read_byte_order(p, b))
		return DAMAGED(p, "a section header without the byte-order magic number");
	block_u32(b, 4, &b->len);
	return check_length(p, b);
}

static enum pcapng_result check_trailer(struct pcapng *p, const struct block *b,
					const uint8_t *trailer)
{
	const struct block end = {
		.swapped = p->swapped,
		.body = { .p = trailer, .cap = 4, .len = 4 },
	};
	uint32_t len = 0;

	block_u32(&end, 0, &len);
	if (len != b->len)
		return DAMAGED(p, "a block's length is %" PRIu32 " bytes at its start and %" PRIu32 " at its end",
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

static enum pcapng_result skip(struct pcapng *p, const struct block *b)
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
	const struct block_options options = {
		b->body.p + SECTION_OPTIONS,
		b->len < 28 ? 0 : b->body.len - SECTION_OPTIONS
	};
	uint16_t major;

	if (b->len < 28 || !block_u16(b, 4, &major))
		return DAMAGED(p, "a section header of %" PRIu32 " bytes, which is too short",
			       b->len);
	if (major != 1)
		return DAMAGED(p, "a section has version %u of the format, only version 1 is known",
			       major);
	p->begun = true;
	if (!interface_list_restart(&p->interfaces, p->swapped, &options))
		return DAMAGED(p, "there is no memory for more sections");
	return PCAPNG_FRAME;
}

/*
 * The lengths in LINKTYPE_NFLOG's TLVs have the capturing machine's byte order.
 * link.c reads them in this machine's, as libpcap provides them.
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

/* The size of the options of a packet whose bytes end at 'end' of the body. */
static uint16_t packet_options(const struct block *b, uint32_t end)
{
	uint32_t off = (end + 3) & ~3u;
	uint32_t len = off < b->body.len ? b->body.len - off : 0;

	return len <= UINT16_MAX ? (uint16_t)len : 0;
}

/* Completes 'pkt' with its bytes, which are at 'off' of the block's body. */
static enum pcapng_result give(struct pcapng *p, const struct block *b,
			       uint32_t off, struct pcapng_packet *pkt)
{
	const struct pcapng_interface *i = &p->interfaces.all[pkt->interface];

	if (pkt->caplen > FRAME_BYTES || !bytes_has(&b->body, off, pkt->caplen))
		return DAMAGED(p, "a packet has a captured length of %" PRIu32 " bytes, but its block holds %" PRIu32 ", and the maximum is %u",
			       pkt->caplen,
			       b->body.len > off ? b->body.len - off : 0,
			       FRAME_BYTES);
	pkt->data = b->body.p + off;
	pkt->linktype = i->kind.linktype;
	pkt->shown = i->kind.interface;
	pkt->options = packet_options(b, off + pkt->caplen);
	if (pkt->wirelen < pkt->caplen)
		pkt->wirelen = pkt->caplen;
	if (p->swapped && pkt->linktype == DLT_NFLOG) {
		size_t have;
		uint8_t *all = input_peek(p->in, b->len, &have);

		swap_nflog(all + 8 + off, pkt->caplen);
	}
	return PCAPNG_FRAME;
}

static enum pcapng_result short_packet(struct pcapng *p, const struct block *b)
{
	return DAMAGED(p, "a packet block of %" PRIu32 " bytes, which is too short",
		       b->len);
}

static enum pcapng_result no_interface(struct pcapng *p, uint32_t number)
{
	return DAMAGED(p, "a packet of interface %" PRIu32 ", but %" PRIu32 " interfaces are described before it",
		       number, p->interfaces.n);
}

/*
 * Enhanced and old packet blocks: interface, stamp, captured length, original
 * length.  Old ones have a 16-bit interface and a count of drops behind it.
 */
static enum pcapng_result read_packet(struct pcapng *p, const struct block *b,
				      struct pcapng_packet *pkt)
{
	const struct pcapng_interface *i;
	uint16_t old_interface;
	uint64_t ticks;

	if (!block_u32(b, 0, &pkt->interface) ||
	    !block_u16(b, 0, &old_interface) ||
	    !block_stamp(b, 4, &ticks) ||
	    !block_u32(b, 12, &pkt->caplen) ||
	    !block_u32(b, 16, &pkt->wirelen))
		return short_packet(p, b);
	if (b->type == BLOCK_OLD_PACKET)
		pkt->interface = old_interface;
	if (pkt->interface >= p->interfaces.n)
		return no_interface(p, pkt->interface);
	i = &p->interfaces.all[pkt->interface];
	pkt->stamped = true;
	pcapng_time(i->tsresol, i->tsoffset, ticks, &pkt->sec, &pkt->nsec);
	return give(p, b, 20, pkt);
}

/* A Simple Packet Block belongs to the first interface, and its captured length
 * follows from the other lengths. */
static enum pcapng_result read_simple(struct pcapng *p, const struct block *b,
				      struct pcapng_packet *pkt)
{
	uint32_t snaplen;

	if (!block_u32(b, 0, &pkt->wirelen))
		return short_packet(p, b);
	pkt->interface = 0;
	pkt->stamped = false;
	if (p->interfaces.n == 0)
		return no_interface(p, 0);
	snaplen = p->interfaces.all[0].snaplen;
	pkt->caplen = pkt->wirelen;
	if (snaplen && pkt->caplen > snaplen)
		pkt->caplen = snaplen;
	if (pkt->caplen > b->body.len - 4)
		pkt->caplen = b->body.len - 4;
	if (give(p, b, 4, pkt) != PCAPNG_FRAME)
		return PCAPNG_DAMAGED;
	pkt->options = 0;	/* such a block has none */
	return PCAPNG_FRAME;
}

/* The interface that a block of statistics is about. */
static const struct frame_interface *block_interface(const struct pcapng *p,
						     const struct block *b)
{
	uint32_t number;

	if (b->type != BLOCK_STATISTICS || !block_u32(b, 0, &number) ||
	    number >= p->interfaces.n)
		return NULL;
	return p->interfaces.all[number].kind.interface;
}

/* A block that pcapng_next() would skip. */
static enum pcapng_result keep_block(struct pcapng *p, const struct block *b)
{
	const struct interface_list *i = &p->interfaces;
	const struct kept_block k = {
		.section = i->section,
		.last = i->n ? i->all[i->n - 1].kind.interface : NULL,
		.interface = block_interface(p, b),
		.type = b->type, .len = b->body.len,
	};

	switch (kept_blocks_add(p->kept, &k, b->body.p)) {
	case KEPT:
		break;
	case KEPT_TOO_MUCH:
		(*p->lost)++;
		break;
	case KEPT_NO_MEMORY:
		return DAMAGED(p, "there is no memory for more blocks");
	}
	return PCAPNG_FRAME;
}

/* Brings the next block into memory, if it is read or kept, or skips it. */
static enum pcapng_result read_block(struct pcapng *p, struct block *b)
{
	enum pcapng_result result;

	input_skip(p->in, p->taken);
	p->taken = 0;
	result = read_head(p, b);
	if (result != PCAPNG_FRAME)
		return result;
	if (!p->begun && b->type != BLOCK_SECTION)
		return DAMAGED(p, "a block before the first section header");
	if (is_read(b->type) || is_statistics(b) ||
	    (p->kept && b->len <= KEPT_BYTES_MAX))
		return read_whole(p, b);
	if (p->kept)
		(*p->lost)++;
	return skip(p, b);
}

enum pcapng_result pcapng_next(struct pcapng *p, struct pcapng_packet *pkt)
{
	enum pcapng_result result;
	struct block b;

	do {
		result = read_block(p, &b);
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
			if (!interface_list_add(&p->interfaces, &b, &p->error))
				result = PCAPNG_DAMAGED;
			break;
		case BLOCK_STATISTICS:
			if (is_statistics(&b))
				interface_list_statistics(&p->interfaces, &b);
			/* fall through */
		default:
			if (p->kept && b.len <= KEPT_BYTES_MAX)
				result = keep_block(p, &b);
		}
	} while (result == PCAPNG_FRAME);
	return result;
}

size_t pcapng_fill(struct pcapng *p, struct frame *to, size_t max, size_t most,
		   uint64_t latest, bool keep, size_t *used)
{
	const struct pcapng_inplace_section section = {
		p->interfaces.all, p->interfaces.n, p->swapped
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
	return pcapng_inplace_packets(&section, at, have < most ? have : most, to, max,
				      latest, used);
}

void pcapng_taken(struct pcapng *p)
{
	p->taken = 0;
}

bool pcapng_ready(const struct pcapng *p)
{
	size_t have;
	struct block b = { .swapped = p->swapped,
			   .body = { .p = input_here(p->in, &have) } };
	uint32_t off = p->taken;

	b.body.cap = b.body.len = (uint32_t)(have < BLOCK_MAX ? have : BLOCK_MAX);
	while (block_u32(&b, off, &b.type) && block_u32(&b, off + 4, &b.len)) {
		/* A section in the other byte order seems to be huge.  Then
		 * the answer is false, as if the block were incomplete. */
		if (!bytes_has(&b.body, off, b.len) || b.len < BLOCK_MIN)
			return b.len < BLOCK_MIN;
		if (b.type == BLOCK_ENHANCED || b.type == BLOCK_OLD_PACKET ||
		    b.type == BLOCK_SIMPLE)
			return true;
		off += b.len;
	}
	return false;
}

struct pcapng *pcapng_create(struct input *in, struct interface_store *store,
			     const char *file)
{
	struct pcapng *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	p->in = in;
	interface_list_init(&p->interfaces, store, file);
	return p;
}

void pcapng_keep_blocks(struct pcapng *p, struct kept_blocks *kept, uint64_t *lost)
{
	p->kept = kept;
	p->lost = lost;
}

void pcapng_free(struct pcapng *p)
{
	if (!p)
		return;
	interface_list_free(&p->interfaces);
	free(p);
}
