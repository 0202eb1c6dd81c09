/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * line.h - reads a file line by line, in bounded memory.
 */
#ifndef MERGE_LINE_H
#define MERGE_LINE_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/stop.h"

/* A longer line is refused: what a parser makes of it takes up to 200 times the memory.
 * The statistics of 20,000 rules that never matched are shorter. */
#define LINE_MAX_BYTES	(1u << 20)

struct line_reader {
	int fd;			/* the caller closes it */
	const struct stop *stop;
	char *buf;		/* owned */
	size_t start, used, capacity;	/* of 'buf': what is not yet returned */
	uint64_t number;	/* of the line that was returned last, from 1 */
	uint64_t offset;	/* of its first byte in the file */
	uint64_t next;		/* that of the next line */
	int error;		/* errno, after LINE_ERROR */
	bool at_end;
};

enum line_result {
	LINE_READ,
	LINE_END,		/* there are no more */
	LINE_LONG,		/* it has more than LINE_MAX_BYTES */
	LINE_ERROR,		/* it cannot be read */
	LINE_NO_MEMORY,
	LINE_STOPPED,		/* 'stop' was set */
};

void line_reader_init(struct line_reader *r, int fd, const struct stop *stop);
void line_reader_free(struct line_reader *r);

/* The next line without its newline, valid until the next call.  The last line of a
 * file need not have one. */
enum line_result line_next(struct line_reader *r, const char **text, size_t *len);

#endif
