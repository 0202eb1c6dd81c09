/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * write_block.h - writes kept blocks, in this machine's byte order.
 */
#ifndef CAPTURE_WRITE_BLOCK_H
#define CAPTURE_WRITE_BLOCK_H 1

#include "capture/kept_blocks.h"
#include "capture/write_buffer.h"

/*
 * Whether the block may be copied and can be: an application has marked it as not to be
 * copied (draft-ietf-opsawg-pcapng section 4.7), it is damaged, or its section has the
 * other byte order and nobody knows which of its bytes are numbers.
 */
bool block_can_be_written(const struct kept_block *b);

/* Writes such a block; 'number' is that of its interface. */
void write_kept_block(struct write_buffer *out, const struct kept_block *b,
		      uint32_t number);

#endif
