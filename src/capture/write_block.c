/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/write_block.h"

#include "capture/pcapng_block.h"
#include "capture/pcapng_options.h"

static struct block block_of(const struct kept_block *b)
{
	return (struct block){
		.type = b->type, .swapped = b->section->swapped,
		.body = { b->body, b->len, b->len },
	};
}

/* The size of the records of section 4.5, with the one that ends them; 0: that is
 * missing. */
static uint32_t names_size(const struct kept_block *b)
{
	const struct block at = block_of(b);
	uint32_t off = 0, next;
	uint16_t type, len;

	while (block_u16(&at, off, &type) && block_u16(&at, off + 2, &len)) {
		next = off + 4 + ((len + 3u) & ~3u);
		if (next > b->len)
			break;
		if (type == 0)
			return next;
		off = next;
	}
	return 0;
}

/* Section 4.7: where the secrets end; 0: beyond the block. */
static uint32_t secrets_end(const struct kept_block *b)
{
	const struct block at = block_of(b);
	uint32_t size;

	if (!block_u32(&at, 4, &size) || size > b->len - 8)
		return 0;
	return 8 + ((size + 3) & ~3u);
}

bool block_can_be_written(const struct kept_block *b)
{
	switch (b->type) {
	case BLOCK_CUSTOM_NO_COPY:
		return false;
	case BLOCK_STATISTICS:
		return b->interface && b->len >= 12;
	case BLOCK_SECRETS:
		return secrets_end(b) != 0;
	case BLOCK_CUSTOM:
		return b->len >= 4;
	case BLOCK_NAMES:
		return names_size(b) != 0;
	case BLOCK_JOURNAL:
		return true;
	default:
		return !b->section->swapped;
	}
}

/* The options that begin at 'off' of the body, at most. */
static struct options_request options_at(const struct kept_block *b, uint32_t off)
{
	if (off > b->len)
		off = b->len;
	return (struct options_request){
		.block = OPTIONS_OF_OTHER, .options = { b->body + off, b->len - off },
		.swapped = b->section->swapped,
	};
}

static void write_begin(struct write_buffer *out, const struct kept_block *b,
			uint32_t len)
{
	write32(out, b->type);
	write32(out, BLOCK_MIN + len);
}

static void write_end(struct write_buffer *out, uint32_t len)
{
	write32(out, BLOCK_MIN + len);
}

/* Section 4.6: an interface, a stamp. */
static void write_statistics(struct write_buffer *out, const struct kept_block *b,
			     uint32_t number)
{
	const struct block at = block_of(b);
	struct options_request options = options_at(b, 12);
	uint64_t stamp = 0;
	uint32_t len;

	options.block = OPTIONS_OF_STATISTICS;
	options.interface = b->interface;
	len = 12 + options_size(&options);
	block_stamp(&at, 4, &stamp);
	write_begin(out, b, len);
	write32(out, number);
	write_stamp(out, b->interface, stamp);
	write_options(out, &options);
	write_end(out, len);
}

static void write_names(struct write_buffer *out, const struct kept_block *b)
{
	const struct block at = block_of(b);
	uint32_t size = names_size(b), off = 0;
	struct options_request options = options_at(b, size);
	uint32_t len = size + options_size(&options);
	uint16_t type, value;

	write_begin(out, b, len);
	while (off < size && block_u16(&at, off, &type) &&
	       block_u16(&at, off + 2, &value)) {
		uint32_t next = off + 4 + ((value + 3u) & ~3u);

		write16(out, type);
		write16(out, value);
		write_bytes(out, b->body + off + 4, next - off - 4);
		off = next;
	}
	write_options(out, &options);
	write_end(out, len);
}

/* A type and a length in front of the secrets. */
static void write_secrets(struct write_buffer *out, const struct kept_block *b)
{
	const struct block at = block_of(b);
	struct options_request options;
	uint32_t type = 0, size = 0, end = secrets_end(b), len;

	block_u32(&at, 0, &type);
	block_u32(&at, 4, &size);
	options = options_at(b, end);
	len = end + options_size(&options);
	write_begin(out, b, len);
	write32(out, type);
	write32(out, size);
	write_bytes(out, b->body + 8, end - 8);
	write_options(out, &options);
	write_end(out, len);
}

/* What an enterprise has put in is its own affair. */
static void write_custom(struct write_buffer *out, const struct kept_block *b)
{
	const struct block at = block_of(b);
	uint32_t enterprise = 0;

	block_u32(&at, 0, &enterprise);
	write_begin(out, b, b->len);
	write32(out, enterprise);
	write_bytes(out, b->body + 4, b->len - 4);
	write_end(out, b->len);
}

static void write_as_is(struct write_buffer *out, const struct kept_block *b)
{
	write_begin(out, b, b->len);
	write_bytes(out, b->body, b->len);
	write_end(out, b->len);
}

void write_kept_block(struct write_buffer *out, const struct kept_block *b,
		      uint32_t number)
{
	switch (b->type) {
	case BLOCK_STATISTICS:
		write_statistics(out, b, number);
		break;
	case BLOCK_NAMES:
		write_names(out, b);
		break;
	case BLOCK_SECRETS:
		write_secrets(out, b);
		break;
	case BLOCK_CUSTOM:
		write_custom(out, b);
		break;
	default:
		write_as_is(out, b);
	}
}
