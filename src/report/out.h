/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * out.h - the output buffer, and the two ways to write text into it.
 *
 * A struct out collects text and writes it to a file descriptor when it is
 * full.  It knows neither stdio nor the locale.  The first write error is kept
 * in 'error' and all later output is discarded: a formatter does not check each
 * call, the program checks 'error' now and then.
 *
 * Formatters come in pairs, which is one of the pairs of fast and slow
 * paths of this program: put_NAME() and out_NAME().
 *
 *	out_NAME(o, ...)  appends to the buffer of 'o' and first makes sure that
 *			  it has space.  For lines that are rare or short: the
 *			  table as JSON and CSV, statistics, explanations.
 *	put_NAME(p, ...)  writes at 'p', checks nothing, and returns the position
 *			  behind the text.  For lines that are made by the
 *			  million: packets and events.
 *
 * out_begin() gives put_...() a place for a line of up to OUT_SLACK bytes, and
 * out_end() takes the line into the buffer:
 *
 *	char *p = out_begin(o);
 *	p = put_str(p, "use=");
 *	p = put_u64(p, 1);
 *	out_end(o, p);
 *
 * To need no branch, many put_...() store a whole register or a whole struct
 * out_text and return a position within what they stored.  So a line is written
 * from left to right only, and any other array needs OUT_SPARE bytes behind the
 * text.
 *
 * Where both of a pair exist, out_...() calls put_...(), and the bytes are the
 * same.  tests/unit/report/test_out.c and test_format.c hold both against
 * snprintf(3), inet_ntop(3) and the RFCs.
 */
#ifndef REPORT_OUT_H
#define REPORT_OUT_H 1

#include <endian.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/compiler.h"

#define OUT_BUFFER	(256u * 1024)	/* holds the lines of most batches */
#define OUT_SLACK	4096u	/* no line and no single piece is longer */
#define OUT_SPARE	128u	/* a put_...() stores at most this many bytes more */

struct out {
	size_t len;
	int fd;
	int error;		/* errno of the first failed write, or 0 */
	/* Called before each write, if set: the file descriptor is shared, and
	 * claim() returns when this struct out may write.  It may set 'error'. */
	void (*claim)(void *arg);
	void *claim_arg;
	/* Takes the text in place of the file descriptor, if set: 0, or errno. */
	int (*sink)(void *arg, const char *text, size_t n);
	void *sink_arg;
	char buf[OUT_BUFFER];
};

void out_init(struct out *o, int fd);
/* Writes the buffer to the file; false if this or an earlier write failed. */
bool out_flush(struct out *o);

/* Makes sure that the buffer has space for a piece of up to OUT_SLACK bytes. */
static inline void out_reserve(struct out *o)
{
	if (o->len > OUT_BUFFER - OUT_SLACK)
		out_flush(o);
}

/*
 * The same for a line that is made of several pieces.  Until they come to
 * OUT_SLACK bytes nothing is flushed, so that the difference of two 'len' is the
 * width of what was written between.  Returns the 'len' where the line begins.
 */
static inline size_t out_line(struct out *o)
{
	if (o->len > OUT_BUFFER - 2 * OUT_SLACK)
		out_flush(o);
	return o->len;
}

/* Returns where put_...() may write a line of up to OUT_SLACK bytes. */
static inline char *out_begin(struct out *o)
{
	return o->buf + out_line(o);
}

/* Takes into the buffer what put_...() has written; it ends before 'p'. */
static inline void out_end(struct out *o, const char *p)
{
	o->len = (size_t)(p - o->buf);
}

/* Takes back the newline of the line that was written last: the line goes on. */
static inline void out_drop_newline(struct out *o)
{
	/* A newline is in the buffer until the next line begins. */
	if (o->len && o->buf[o->len - 1] == '\n')
		o->len--;
}

/*
 * Fast path: put_...().
 */

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

/* A constant 's' becomes one or two stores. */
static always_inline char *put_str(char *p, const char *s)
{
	return put_mem(p, s, strlen(s));
}

/* Fills up with blanks what began at 'start' and ends at 'p', to 'width' bytes,
 * which is a constant. */
static always_inline char *put_pad(char *p, char *start, size_t width)
{
	memset(p, ' ', width);
	return p < start + width ? start + width : p;
}

/* "00" to "99", and "00" to "ff" */
extern const char out_pairs[201], out_hex_pairs[513];

/* Four characters in a register, the first one in the lowest byte. */
static inline uint32_t four_chars(const char *two, const char *more)
{
	uint16_t a, b;

	memcpy(&a, two, 2);
	memcpy(&b, more, 2);
	return (uint32_t)le16toh(a) | (uint32_t)le16toh(b) << 16;
}

/* How many bits the leading zeros of 'n' digits take, of which the first one is
 * in the lowest byte; the last digit never counts as a leading zero. */
static inline unsigned int leading_zeros(uint64_t digits, unsigned int n)
{
	return (unsigned int)__builtin_ctzll((digits ^ 0x3030303030303030u) |
					     1ull << (8 * n - 4)) & 0x78u;
}

/* Four digits without their leading zeros.  The length varies from number to
 * number, so no branch depends on it and nothing is read back from memory. */
static inline char *put_trimmed(char *p, uint32_t four)
{
	unsigned int drop = leading_zeros(four, 4);

	four = htole32(four >> drop);
	memcpy(p, &four, 4);
	return p + 4 - drop / 8;
}

/* Exactly two digits of a number below 100. */
static inline char *put_2_digits(char *p, uint32_t n)
{
	return put_mem(p, out_pairs + 2 * n, 2);
}

/* Exactly four digits of a number below 10,000. */
static inline char *put_4_digits(char *p, uint32_t n)
{
	return put_2_digits(put_2_digits(p, n / 100), n % 100);
}

/* Exactly six digits of a number below 1,000,000. */
static inline char *put_6_digits(char *p, uint32_t n)
{
	return put_4_digits(put_2_digits(p, n / 10000), n % 10000);
}

/* Six digits of a number below 1,000,000 in a register, the first one in the lowest byte,
 * for a number that is written more than once. */
static inline uint64_t six_digits(uint32_t n)
{
	uint32_t rest = n % 10000;
	uint16_t two;

	memcpy(&two, out_pairs + 2 * (n / 10000), 2);
	return le16toh(two) | (uint64_t)four_chars(out_pairs + 2 * (rest / 100),
						   out_pairs + 2 * (rest % 100)) << 16;
}

static inline char *put_six_digits(char *p, uint64_t six)
{
	six = htole64(six);
	memcpy(p, &six, sizeof(six));
	return p + 6;
}

/* Exactly nine digits of a number below 1,000,000,000. */
static inline char *put_9_digits(char *p, uint32_t n)
{
	uint32_t high = n / 10000;

	*p = (char)('0' + high / 10000);
	return put_4_digits(put_4_digits(p + 1, high % 10000), n % 10000);
}

/* Exactly 'width' digits of a number that has no more. */
char *put_digits(char *p, uint32_t n, unsigned int width);

/* Decimal, below 10,000. */
static inline char *put_small(char *p, uint32_t n)
{
	return put_trimmed(p, four_chars(out_pairs + 2 * (n / 100),
					 out_pairs + 2 * (n % 100)));
}

/* Decimal, and 'n' characters more; five digits in a register as put_trimmed() has
 * four, with the characters behind them. */
static always_inline char *put_u16_and(char *p, uint16_t n, uint64_t more, unsigned int chars)
{
	uint32_t high = n / 10000u, rest = n % 10000u;
	uint64_t five = (uint64_t)four_chars(out_pairs + 2 * (rest / 100),
					     out_pairs + 2 * (rest % 100)) << 8 |
			('0' + high);
	unsigned int drop = leading_zeros(five, 5);

	five = htole64((five | more << 40) >> drop);
	memcpy(p, &five, sizeof(five));
	return p + 5 + chars - drop / 8;
}

/* Decimal. */
static inline char *put_u16(char *p, uint16_t n)
{
	return put_u16_and(p, n, 0, 0);
}

/* The same with a comma behind it. */
static inline char *put_u16_field(char *p, uint16_t n)
{
	return put_u16_and(p, n, ',', 1);
}

/* Decimal, from 100,000,000 on. */
char *put_large(char *p, uint64_t n);

/* The eight digits of a number below 100,000,000, the first one in the lowest byte.  All
 * pairs, and then all digits, are divided at once: 10486 / 2^20 and 103 / 2^10 are a
 * hundredth and a tenth of the numbers that a lane can have. */
static inline uint64_t eight_digits(uint32_t n)
{
	uint64_t fours = n / 10000 | (uint64_t)(n % 10000) << 32;
	uint64_t high = fours * 10486 >> 20 & 0x0000007f0000007fu;
	uint64_t pairs = high | (fours - high * 100) << 16;

	high = pairs * 103 >> 10 & 0x000f000f000f000fu;
	return (high | (pairs - high * 10) << 8) | 0x3030303030303030u;
}

/* Decimal. */
static inline char *put_u64(char *p, uint64_t n)
{
	uint64_t digits;
	unsigned int drop;

	if (n < 10000)
		return put_small(p, (uint32_t)n);
	if (n >= 100000000)
		return put_large(p, n);
	digits = eight_digits((uint32_t)n);
	drop = leading_zeros(digits, 8);
	digits = htole64(digits >> drop);
	memcpy(p, &digits, sizeof(digits));
	return p + 8 - drop / 8;
}

/* Hexadecimal. */
static inline char *put_hex16(char *p, uint16_t n)
{
	return put_trimmed(p, four_chars(out_hex_pairs + 2 * (n >> 8),
					 out_hex_pairs + 2 * (n & 0xff)));
}

char *put_hex(char *p, uint32_t n);

/* A text of up to 31 bytes whose length is known: it is copied whole. */
struct out_text {
	char text[31];
	uint8_t len;
};

/* Sets 's', cut to 31 bytes, with blanks up to 'width', which is 31 at most. */
void out_text_set(struct out_text *t, const char *s, size_t width);

static inline char *put_text(char *p, const struct out_text *t)
{
	memcpy(p, t, sizeof(*t));
	return p + t->len;
}

/* Longer ones: several members or fields in a row. */
struct out_text_64 {
	char text[63];
	uint8_t len;
};

struct out_text_96 {
	char text[95];
	uint8_t len;
};

/* The same for these, without a width. */
void out_text_64_set(struct out_text_64 *t, const char *s);
void out_text_96_set(struct out_text_96 *t, const char *s);

static inline char *put_text_64(char *p, const struct out_text_64 *t)
{
	memcpy(p, t, sizeof(*t));
	return p + t->len;
}

static inline char *put_text_96(char *p, const struct out_text_96 *t)
{
	memcpy(p, t, sizeof(*t));
	return p + t->len;
}

/*
 * Slow path: out_...().
 */

static inline void out_char(struct out *o, char c)
{
	out_reserve(o);
	o->buf[o->len++] = c;
}

/* 'n' is at most OUT_SLACK. */
static inline void out_mem(struct out *o, const char *s, size_t n)
{
	out_reserve(o);
	memcpy(o->buf + o->len, s, n);
	o->len += n;
}

/* The same of any length: pieces of it may be flushed. */
void out_long(struct out *o, const char *s, size_t n);

/* Text of somebody else, of any length: each control character becomes a '?', since a
 * terminal would obey it. */
void out_foreign(struct out *o, const char *s, size_t n);

static inline void out_str(struct out *o, const char *s)
{
	out_mem(o, s, strlen(s));
}

void out_u64(struct out *o, uint64_t n);

/* Left-aligned, with blanks up to 'width'. */
void out_str_left(struct out *o, const char *s, unsigned int width);
/* The blanks that fill up 'written' bytes to 'width'. */
void out_pad(struct out *o, size_t written, size_t width);

#endif
