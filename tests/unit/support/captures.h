/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * captures.h - capture files, made byte by byte, and what comes out of them.
 *
 * Includes cmocka.h with what it needs before it.
 */
#ifndef TEST_CAPTURES_H
#define TEST_CAPTURES_H 1

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "capture/capture.h"

/* What the rooms said, one line after the other. */
struct sink {
	struct diag diag;
	unsigned said;
	char text[4000];
};

/* A folder for a test's files. */
struct room {
	char dir[64];
	struct sink sink;
};

/* A capture under construction. */
struct image {
	uint8_t bytes[4096];
	size_t len;
};

/* What a run over some files gave. */
struct outcome {
	enum capture_status open;
	unsigned damaged;	/* times CAPTURE_DAMAGED */
	unsigned frames;
	struct frame frame[64];	/* without data; 'data' is not to be used */
	uint8_t first[64];	/* the first byte of each frame */
};

#define MICRO	0xa1b2c3d4u
#define NANO	0xa1b23c4du

#define TEST(f)	cmocka_unit_test_setup_teardown(f, room_setup, room_teardown)

/* Tests run in a room of their own. */
int room_setup(void **state);
int room_teardown(void **state);

/* All of these append. */
void put(struct image *im, const void *p, size_t n);
void put32(struct image *im, bool big_endian, uint32_t v);
void put16(struct image *im, bool big_endian, uint16_t v);
void put_header(struct image *im, bool be, uint32_t magic, uint32_t snaplen,
		uint32_t linktype);
/* A record whose bytes all hold 'fill'. */
void put_record(struct image *im, bool be, uint32_t sec, uint32_t frac,
		uint32_t caplen, uint32_t len, uint8_t fill);
/* An Ethernet capture of frames of 60 bytes, one for each second in 'secs'
 * (0 ends), each filled with 'fill'. */
void put_seconds(struct image *im, const uint32_t *secs, uint8_t fill);
void put_block(struct image *im, bool be, uint32_t type,
	       const struct image *body);
void put_section(struct image *im, bool be);
void put_interface(struct image *im, bool be, uint16_t linktype,
		   uint32_t snaplen, uint8_t tsresol);
/* Of interface 0: 60 bytes that all hold 'fill'. */
void put_packet(struct image *im, bool be, uint64_t time, uint8_t fill);
/* The same of another interface. */
void put_packet_of(struct image *im, bool be, uint32_t interface, uint64_t time,
		   uint8_t fill);

/* Writes a file; its path is good until the next call with the same 'slot'. */
const char *write_file(struct room *r, unsigned slot, const struct image *im);

/* Reads it all; opt->diag is set to the room's sink. */
struct outcome run_options(struct room *r, struct capture_options *opt);
struct outcome run_one(struct room *r, const char *path);
/* The image comes through a pipe, as standard input. */
struct outcome run_piped(struct room *r, const struct image *im);
/* 'part' is in what was said in the last run. */
void assert_said(const struct room *r, const char *part);
/* Puts the image into a pipe; the reading end. */
int pipe_with(const struct image *im, int *writer);

#endif
