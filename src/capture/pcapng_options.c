/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/pcapng_options.h"

#include "capture/pcapng_block.h"
#include "capture/write_time.h"

/* Custom options have the enterprise's number in front: section 3.5.1. */
#define CUSTOM(code)	((code) == 2988 || (code) == 2989 || \
			 (code) == 19372 || (code) == 19373)

/* Options whose values are numbers, with their sizes; all others are text, addresses
 * and the like, and have no byte order.  Sections 4.2, 4.3 and 4.6. */
static uint16_t number_size(enum option_block block, uint16_t code)
{
	if (CUSTOM(code))
		return 4;
	switch (block) {
	case OPTIONS_OF_SECTION:
	case OPTIONS_OF_OTHER:
		break;
	case OPTIONS_OF_STATISTICS:
		return code >= 4 && code <= 8 ? 8 : 0;
	case OPTIONS_OF_INTERFACE:
		switch (code) {
		case 8:			/* if_speed */
		case OPTION_TSOFFSET:
		case 16:		/* if_txspeed */
		case 17:		/* if_rxspeed */
			return 8;
		case 10:		/* if_tzone */
			return 4;
		}
		break;
	case OPTIONS_OF_PACKET:
		switch (code) {
		case 4:			/* epb_dropcount */
		case 5:			/* epb_packetid */
		case 8:			/* epb_processid_threadid */
			return 8;
		case 2:			/* epb_flags */
		case 6:			/* epb_queue */
			return 4;
		}
		break;
	}
	return 0;
}

static bool is_left_out(const struct options_request *r, const struct option_walk *w)
{
	if (r->comment && w->code == OPTION_COMMENT &&
	    r->comment->is_old((const char *)w->value, w->len))
		return true;
	return r->nanoseconds && (w->code == OPTION_TSRESOL || w->code == OPTION_TSOFFSET);
}

static uint32_t padded(uint16_t len)
{
	return 4 + ((len + 3u) & ~3u);
}

static struct option_walk walk(const struct options_request *r)
{
	return option_walk(r->options.p, r->options.len, r->swapped);
}

#define OPTION_NANOSECONDS	8u	/* bytes of if_tsresol */
#define OPTION_END		4u

uint32_t options_size(const struct options_request *r)
{
	struct option_walk w = walk(r);
	uint32_t n = r->nanoseconds ? OPTION_NANOSECONDS : 0;

	while (option_next(&w))
		if (!is_left_out(r, &w))
			n += padded(w.len);
	if (r->comment)
		n += padded(r->comment->len);
	return n ? n + OPTION_END : 0;
}

static void write_padding(struct write_buffer *out, uint32_t n)
{
	static const uint8_t zeros[4];

	write_bytes(out, zeros, -n & 3);
}

void write_stamp(struct write_buffer *out, const struct frame_interface *i,
		 uint64_t stamp)
{
	stamp = ticks_of_stamp(i, stamp);
	write32(out, (uint32_t)(stamp >> 32));
	write32(out, (uint32_t)stamp);
}

/* isb_starttime and isb_endtime. */
static bool is_stamp(const struct options_request *r, const struct option_walk *w)
{
	return r->block == OPTIONS_OF_STATISTICS && (w->code == 2 || w->code == 3) &&
	       w->len == 8;
}

static void write_value(struct write_buffer *out, const struct options_request *r,
			const struct option_walk *w)
{
	uint16_t size = r->swapped ? number_size(r->block, w->code) : 0;
	const struct block at = { .swapped = r->swapped, .body = { w->value, 8, 8 } };
	uint8_t number[8];
	uint64_t stamp = 0;

	if (is_stamp(r, w)) {
		block_stamp(&at, 0, &stamp);
		write_stamp(out, r->interface, stamp);
		return;
	}
	if (size && w->len >= size) {
		for (uint16_t i = 0; i < size; i++)
			number[i] = w->value[size - 1 - i];
		write_bytes(out, number, size);
	} else {
		size = 0;
	}
	write_bytes(out, w->value + size, w->len - size);
	write_padding(out, w->len);
}

void write_options(struct write_buffer *out, const struct options_request *r)
{
	struct option_walk w = walk(r);
	bool any = r->nanoseconds;

	while (option_next(&w)) {
		if (is_left_out(r, &w))
			continue;
		any = true;
		write16(out, w.code);
		write16(out, w.len);
		write_value(out, r, &w);
	}
	if (r->nanoseconds) {
		write16(out, OPTION_TSRESOL);
		write16(out, 1);
		write_bytes(out, (const uint8_t[4]){ 9 }, 4);
	}
	if (r->comment) {
		any = true;
		write16(out, OPTION_COMMENT);
		write16(out, r->comment->len);
		write_bytes(out, r->comment->text, r->comment->len);
		write_padding(out, r->comment->len);
	}
	if (any)
		write32(out, 0);	/* opt_endofopt */
}

uint8_t *put_comment_option(uint8_t *to, const struct new_comment *comment)
{
	const uint16_t head[2] = { OPTION_COMMENT, comment->len };
	uint32_t pad = -comment->len & 3;

	memcpy(to, head, sizeof(head));
	memcpy(to + sizeof(head), comment->text, comment->len);
	to += sizeof(head) + comment->len;
	memset(to, 0, pad + OPTION_END);
	return to + pad + OPTION_END;
}
