/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * out.h - bytes on their way out: one buffer, no stdio, no locale.
 *
 * A failed write is remembered, and everything after it is dropped: whoever
 * writes need not ask each time, main asks once in a while.
 */
#ifndef REPORT_OUT_H
#define REPORT_OUT_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define OUT_BUFFER	65536u
#define OUT_SLACK	4096u	/* no single piece is longer */

struct out {
	size_t len;
	int fd;
	int error;		/* errno of the first failed write, or 0 */
	char buf[OUT_BUFFER];
};

void out_init(struct out *o, int fd);
/* Writes out what is buffered; false when writing has failed. */
bool out_flush(struct out *o);

/* Makes room for a piece of up to OUT_SLACK bytes. */
static inline void out_room(struct out *o)
{
	if (o->len > OUT_BUFFER - OUT_SLACK)
		out_flush(o);
}

/*
 * Begins a line and returns where: until OUT_SLACK bytes have been written
 * nothing moves, so that the difference of two 'len' is a width.
 */
static inline size_t out_line(struct out *o)
{
	if (o->len > OUT_BUFFER - 2 * OUT_SLACK)
		out_flush(o);
	return o->len;
}

static inline void out_char(struct out *o, char c)
{
	out_room(o);
	o->buf[o->len++] = c;
}

/* 'n' is at most OUT_SLACK. */
static inline void out_mem(struct out *o, const char *s, size_t n)
{
	out_room(o);
	memcpy(o->buf + o->len, s, n);
	o->len += n;
}

static inline void out_str(struct out *o, const char *s)
{
	out_mem(o, s, strlen(s));
}

/* Decimal; 'width' digits at least, filled with zeros. */
void out_u64(struct out *o, uint64_t n);
void out_u64_zeros(struct out *o, uint64_t n, unsigned int width);
void out_hex(struct out *o, uint32_t n);

/* Right-aligned number, left-aligned word: blanks fill up to 'width'. */
void out_u64_right(struct out *o, uint64_t n, unsigned int width);
void out_str_left(struct out *o, const char *s, unsigned int width);
/* Blanks that make 'width' bytes of 'written'. */
void out_pad(struct out *o, size_t written, size_t width);

#endif
