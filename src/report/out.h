/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * out.h - bytes on their way out: one buffer, no stdio, no locale.
 *
 * A failed write is remembered, and everything after it is dropped: whoever
 * writes need not ask each time, main asks once in a while.
 *
 * Two ways to write.  out_...() append to the buffer, and see to it that there
 * is room.  put_...() write at a place and return the place behind: for lines
 * that are made by the million, between out_begin() and out_end():
 *
 *	char *p = out_begin(o);
 *	p = put_str(p, "use=");
 *	p = put_u64(p, 1);
 *	out_end(o, p);
 */
#ifndef REPORT_OUT_H
#define REPORT_OUT_H 1

#include <endian.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define OUT_BUFFER	(256u * 1024)	/* the lines of a batch, as a rule */
#define OUT_SLACK	4096u	/* no line, no single piece is longer */

struct out {
	size_t len;
	int fd;
	int error;		/* errno of the first failed write, or 0 */
	/* Called before each write, if set: others write there, too, and may not
	 * be done.  It may set 'error'. */
	void (*claim)(void *arg);
	void *claim_arg;
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

/* Where a line of up to OUT_SLACK bytes is to be put. */
static inline char *out_begin(struct out *o)
{
	return o->buf + out_line(o);
}

/* It ends before 'p'. */
static inline void out_end(struct out *o, const char *p)
{
	o->len = (size_t)(p - o->buf);
}

static inline char *put_char(char *p, char c)
{
	*p = c;
	return p + 1;
}

static inline char *put_mem(char *p, const char *s, size_t n)
{
	memcpy(p, s, n);
	return p + n;
}

/* Where the compiler knows 's', this is a store or two. */
__attribute__((always_inline))
static inline char *put_str(char *p, const char *s)
{
	return put_mem(p, s, strlen(s));
}

/* Blanks from 'p' on that make 'width' bytes, a constant, of what began at
 * 'start'; some more bytes behind them are overwritten. */
__attribute__((always_inline))
static inline char *put_pad(char *p, char *start, size_t width)
{
	memset(p, ' ', width);
	return p < start + width ? start + width : p;
}

/* "00" to "99"; "00" to "ff" */
extern const char out_pairs[201], out_hex_pairs[513];

/* Four characters in a register, the first in the lowest byte. */
static inline uint32_t out_chars(const char *two, const char *more)
{
	uint16_t a, b;

	memcpy(&a, two, 2);
	memcpy(&b, more, 2);
	return (uint32_t)le16toh(a) | (uint32_t)le16toh(b) << 16;
}

/* Bits of the zeros in front of 'n' digits, of which the first is in the lowest
 * byte; the last stays in any case. */
static inline unsigned int out_zeros(uint64_t digits, unsigned int n)
{
	return (unsigned int)__builtin_ctzll((digits ^ 0x3030303030303030u) |
					     1ull << (8 * n - 4)) & 0x78u;
}

/* Four digits but for the zeros in front of them; some bytes behind them are
 * overwritten.  Lengths vary from number to number: no branch depends on them,
 * and nothing is read back from memory. */
static inline char *put_number(char *p, uint32_t four)
{
	unsigned int drop = out_zeros(four, 4);

	four = htole32(four >> drop);
	memcpy(p, &four, 4);
	return p + 4 - drop / 8;
}

static inline void put_pair(char *p, uint32_t n)
{
	memcpy(p, out_pairs + 2 * n, 2);
}

/* Decimal numbers below 10000; "0042" with all digits. */
static inline char *put_small(char *p, uint32_t n)
{
	return put_number(p, out_chars(out_pairs + 2 * (n / 100),
				       out_pairs + 2 * (n % 100)));
}

static inline char *put_four(char *p, uint32_t n)
{
	put_pair(p, n / 100);
	put_pair(p + 2, n % 100);
	return p + 4;
}

/* The same with five digits: decimal, below 65536. */
static inline char *put_u16(char *p, uint16_t n)
{
	uint32_t high = n / 10000u, rest = n % 10000u;
	uint64_t five = (uint64_t)out_chars(out_pairs + 2 * (rest / 100),
					    out_pairs + 2 * (rest % 100)) << 8 |
			('0' + high);
	unsigned int drop = out_zeros(five, 5);

	five = htole64(five >> drop);
	memcpy(p, &five, sizeof(five));
	return p + 5 - drop / 8;
}

char *put_large(char *p, uint64_t n);

/* Decimal. */
static inline char *put_u64(char *p, uint64_t n)
{
	if (n < 10000)
		return put_small(p, (uint32_t)n);
	if (n < 100000000)
		return put_four(put_small(p, (uint32_t)n / 10000),
				(uint32_t)n % 10000);
	return put_large(p, n);
}

/* 'width' digits of a number that has no more. */
char *put_zeros(char *p, uint32_t n, unsigned int width);

static inline char *put_six(char *p, uint32_t n)
{
	put_pair(p, n / 10000);
	return put_four(p + 2, n % 10000);
}

static inline char *put_nine(char *p, uint32_t n)
{
	uint32_t high = n / 10000;

	*p = (char)('0' + high / 10000);
	return put_four(put_four(p + 1, high % 10000), n % 10000);
}

/* Hexadecimal, below 0x10000; some bytes behind it are overwritten. */
static inline char *put_group(char *p, uint32_t n)
{
	return put_number(p, out_chars(out_hex_pairs + 2 * (n >> 8),
				       out_hex_pairs + 2 * (n & 0xff)));
}

char *put_hex(char *p, uint32_t n);

/* A word that is put so often that its length is kept. */
struct out_word {
	char text[31];
	uint8_t len;
};

/* 's' with blanks up to 'width'; both 31 at most, what is longer is cut. */
void out_word_set(struct out_word *w, const char *s, size_t width);

/* Some bytes behind the word are overwritten. */
static inline char *put_word(char *p, const struct out_word *w)
{
	memcpy(p, w, sizeof(*w));
	return p + w->len;
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

void out_u64(struct out *o, uint64_t n);

/* Left-aligned word: blanks fill up to 'width'. */
void out_str_left(struct out *o, const char *s, unsigned int width);
/* Blanks that make 'width' bytes of 'written'. */
void out_pad(struct out *o, size_t written, size_t width);

#endif
