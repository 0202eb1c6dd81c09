/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pieces.h - fragments for the tests of reassembly, as rows of a table.
 *
 * What PASS and WHOLE, HELD and DROP stand for was asked of a live Linux 6.18:
 * the first two are seen by its rules, the others are not.
 */
#ifndef TEST_PIECES_H
#define TEST_PIECES_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ctreplay/reassembly.h"

#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))

enum expect { END, PASS, WHOLE, HELD, DROP };

/* One fragment; what is left out is zero. */
struct piece {
	uint16_t offset, size;
	bool more;
	enum expect expect;
	const char *why;	/* part of the reason */
	uint8_t id;		/* identification */
	uint8_t ecn;
	uint16_t extra;		/* bytes of IPv4 options, or of IPv6
				 * destination options before the fragment */
	uint32_t ms;		/* time since the last one */
	uint16_t cut;		/* bytes at the end that were not captured */
	uint8_t source;		/* last byte of the source address */
};

#define P(o, s, m, e, ...) \
	{ .offset = (o), .size = (s), .more = (m), .expect = (e), __VA_ARGS__ }

/* A reassembly and what it is given. */
struct run {
	struct ct_reassembly *r;
	enum ct_l3 l3num;
	uint8_t proto;
	uint64_t now, number;
	uint8_t bytes[65536 + 64];	/* the last fragment */
	struct ct_packet pkt;
	enum ct_reason why;
};

extern const struct ct_sysctl default_limits;

void run_open(struct run *run, enum ct_l3 l3num,
	      const struct ct_sysctl *limits);
void run_close(struct run *run);

/* Gives it the 'len' bytes in run->bytes, 'cut' of them not captured. */
enum ct_reassembly_result run_packet(struct run *run, uint32_t len, uint32_t cut);
enum ct_reassembly_result run_piece(struct run *run, const struct piece *p);
/* Fails where 'result' is another than expected, or has no reason. */
void run_expect(const struct run *run, const char *name, enum expect expect,
		enum ct_reassembly_result result);
/* Sends and fails where the result or the reason is not the expected one. */
void run_check(struct run *run, const char *name, const struct piece *p);
void run_check_all(struct run *run, const char *name, const struct piece *p,
		   size_t n);
/* Fails unless a whole datagram of 'size' octets has just come out. */
void run_check_whole(const struct run *run, const char *name, uint32_t size);

/* The payload of every datagram: numbers that no shift leaves the same. */
uint8_t pattern(uint32_t at);
/* Writes IPv6 destination options of 'size' octets before a fragment header. */
uint32_t put_options(uint8_t *b, uint32_t size);
uint32_t build_ipv6(uint8_t *b, const struct piece *p, uint8_t proto);

#endif
