/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pcapng_options.h - writes the options of a block in this machine's byte order, and a
 * comment behind them.
 */
#ifndef CAPTURE_PCAPNG_OPTIONS_H
#define CAPTURE_PCAPNG_OPTIONS_H 1

#include "capture/frame_interface.h"
#include "capture/write_buffer.h"

enum option_block {
	OPTIONS_OF_SECTION, OPTIONS_OF_INTERFACE, OPTIONS_OF_PACKET,
	OPTIONS_OF_STATISTICS, OPTIONS_OF_OTHER,
};

/* A comment that is added.  It takes the place of an earlier one of which 'is_old'. */
struct new_comment {
	const char *text;
	uint16_t len;
	bool (*is_old)(const char *text, uint16_t len);
};

struct options_request {
	enum option_block block;
	struct block_options options;	/* of the input */
	bool swapped;			/* which has the other byte order */
	bool nanoseconds;	/* an interface's resolution becomes nanoseconds, without
				 * an offset */
	const struct new_comment *comment;	/* or NULL */
	const struct frame_interface *interface;	/* of statistics */
};

/* A stamp of the interface's file, which may have another resolution now. */
void write_stamp(struct write_buffer *out, const struct frame_interface *i,
		 uint64_t stamp);

/* The bytes that write_options() writes. */
uint32_t options_size(const struct options_request *r);
void write_options(struct write_buffer *out, const struct options_request *r);

/* The same with nothing but a comment, at 'to'; its end. */
uint8_t *put_comment_option(uint8_t *to, const struct new_comment *comment);

#endif
