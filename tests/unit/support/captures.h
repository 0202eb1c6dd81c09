/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * captures.h - makes capture files byte by byte, and reads them.
 *
 * Includes cmocka.h and the headers that must come before it.
 */
#ifndef TEST_CAPTURES_H
#define TEST_CAPTURES_H 1

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "capture/capture.h"

/* The messages of the code under test, one line each. */
struct sink {
	struct diag diag;
	unsigned said;
	char text[4000];
};

/* A directory for a test's files, and a sink for messages. */
struct testbed {
	char dir[64];
	struct sink sink;
};

/* A capture under construction. */
struct image {
	uint8_t bytes[4096];
	size_t len;
};

/* The result of reading some files. */
struct outcome {
	enum capture_status open;
	unsigned damaged;	/* times CAPTURE_DAMAGED */
	unsigned frames;
	struct frame frame[64];	/* 'data' is not valid any more */
	uint8_t first[64];	/* the first byte of each frame */
};

#define MICRO	0xa1b2c3d4u
#define NANO	0xa1b23c4du

#define TEST(f)	cmocka_unit_test_setup_teardown(f, testbed_setup, testbed_teardown)

/* Each test has its own testbed. */
int testbed_setup(void **state);
int testbed_teardown(void **state);

/* All of these append to an image. */
void put(struct image *im, const void *p, size_t n);
void put32(struct image *im, bool big_endian, uint32_t v);
void put16(struct image *im, bool big_endian, uint16_t v);
void put_header(struct image *im, bool be, uint32_t magic, uint32_t snaplen,
		uint32_t linktype);
/* A record whose bytes are all 'fill'. */
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
/* A packet of interface 0 with 60 bytes of 'fill'. */
void put_packet(struct image *im, bool be, uint64_t time, uint8_t fill);
/* A packet of another interface. */
void put_packet_of(struct image *im, bool be, uint32_t interface, uint64_t time,
		   uint8_t fill);

/* Writes a file; its path is valid until the next call with the same 'slot'. */
const char *write_file(struct testbed *t, unsigned slot, const struct image *im);

/* Reads all frames; sets opt->diag to the testbed's sink. */
struct outcome run_options(struct testbed *t, struct capture_options *opt);
struct outcome run_one(struct testbed *t, const char *path);
/* Reads the image from a pipe as standard input. */
struct outcome run_piped(struct testbed *t, const struct image *im);
/* Fails unless 'part' is in the messages of the last run. */
void assert_said(const struct testbed *t, const char *part);
/* Puts the image into a pipe; returns its reading end. */
int pipe_with(const struct image *im, int *writer);

#endif
