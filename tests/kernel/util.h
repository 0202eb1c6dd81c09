/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * util.h - memory that does not fail, big-endian numbers, lists of lines, time,
 * and ways to end the program.
 */
#ifndef CHECK_KERNEL_UTIL_H
#define CHECK_KERNEL_UTIL_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NSEC_PER_SEC  1000000000ull
#define NSEC_PER_MSEC 1000000ull

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* These end the program when there is no memory. */
void *xmalloc(size_t size);
void *xrealloc(void *p, size_t size);
char *xstrdup(const char *s);
char *xasprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Ends the program with exit status 1: the test itself failed. */
_Noreturn void die(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* Ends the program with exit status 77: this machine cannot run the test. */
_Noreturn void skip(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Lines of text. */
struct lines {
	char **v;
	size_t n, room;
};

void lines_add(struct lines *ls, const char *text);
void lines_sort(struct lines *ls);
void lines_free(struct lines *ls);
/*
 * Reads all lines of the file at 'path'; -1 with errno set if it cannot be
 * opened.
 */
int lines_read(struct lines *ls, const char *path);

/* Appends 'text' to '*s', with "; " between. */
void text_join(char **s, const char *text);

/* Writes 'value' to the file at 'path'; -1 with errno set. */
int file_write(const char *path, const char *value);
/* Reads the first line of 'path' without its newline; -1 with errno set. */
int file_read(const char *path, char *buf, size_t size);

/* Nanoseconds of CLOCK_REALTIME and CLOCK_MONOTONIC. */
uint64_t now_real(void);
uint64_t now_mono(void);
void sleep_ns(uint64_t ns);

static inline uint16_t get16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t get32(const uint8_t *p)
{
	return (uint32_t)get16(p) << 16 | get16(p + 2);
}

static inline void put16(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static inline void put32(uint8_t *p, uint32_t v)
{
	put16(p, v >> 16);
	put16(p + 2, v & 0xffff);
}

#endif
