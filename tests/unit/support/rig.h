/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rig.h - a test rig for the engine: packets in, verdicts and records out.
 *
 * It includes cmocka.h and the headers that cmocka.h needs.
 */
#ifndef RIG_H
#define RIG_H 1

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/craft.h"
#include "ctreplay/conntrack.h"
#include "ctreplay/fast.h"

#define ITEMS(array) (sizeof(array) / sizeof((array)[0]))

#define RIG_RECORDS 64
#define RIG_START (1000000000ull * CT_NSEC_PER_SEC)
#define MSEC (CT_NSEC_PER_SEC / 1000)

/*
 * Two engines get the same packets: one as they come; the other prepared and
 * prefetched, so that it takes the fast path.  After each packet the rig
 * compares verdicts, the first entries of the tables, the expectations, and the number
 * of events.  Before each of the first packets, and before some later ones, the other
 * engine is saved, and a new one loads that state and goes on in its place.
 */
struct rig {
	struct ct *ct, *fast;
	struct ct_config cfg, fast_cfg;
	struct ct_packet pkt;		/* the last packet ... */
	struct ct_verdict v;		/* ... and its verdict */
	uint64_t number;		/* frames sent */
	ct_time now;

	struct ct_record record[RIG_RECORDS];	/* the table, by rig_table() */
	size_t records;
	struct ct_event event[RIG_RECORDS];	/* events so far */
	size_t events, fast_events;

	uint8_t flags;			/* CT_PACKET_... of the packets to come */
};

/* Engines with 'cfg'; NULL: the defaults and CT_CHECKSUM_ALL.  Events are
 * recorded. */
void rig_init(struct rig *r, const struct ct_config *cfg);
void rig_free(struct rig *r);
/*
 * Makes the kernel of 'cfg' one that lacks the behaviours in 'lacks' and has
 * those in 'has' (names with blanks between; NULL: none), and is the default
 * kernel otherwise.
 */
void rig_kernel(struct ct_config *cfg, const char *lacks, const char *has);
void rig_wait(struct rig *r, uint64_t milliseconds);
/* Parses, tracks and confirms; a sanitizer notices a read beyond the packet. */
void rig_send(struct rig *r, const struct craft *c);
/* Only the first 'caplen' bytes were captured. */
void rig_send_cut(struct rig *r, const struct craft *c, uint32_t caplen);
/*
 * Whether ct_prepare_fast() accepts the packet.  If so the result must be
 * 'expected', which ct_packet_parse() and ct_prepare() made; NULL: it must not
 * accept it.
 */
bool rig_prepare_fast(const struct ct *ct, const uint8_t *data, uint32_t caplen,
		      enum ct_l3 l3num, const struct ct_packet *expected);
/* Tracks and drops. */
void rig_drop(struct rig *r, const struct craft *c);

/* Reads the table into r->record. */
size_t rig_table(struct rig *r);
/* Seconds until the only connection expires, rounded. */
uint32_t rig_left(struct rig *r);

/* The first reason of the last packet. */
enum ct_reason rig_reason(const struct rig *r);
/* Fails with a description if the last verdict is another. */
#define rig_expect(r, what, ctstate, dir, reason) \
	rig_expect_at(r, what, ctstate, dir, reason, __FILE__, __LINE__)
void rig_expect_at(const struct rig *r, const char *what, enum ct_ctstate ctstate,
		   enum ct_dir dir, enum ct_reason reason, const char *file,
		   int line);

/* A test for each of 'n' cases; the first member of a case is its name. */
int rig_run_cases(const char *group, const void *cases, size_t size, size_t n,
		  void (*test)(void **state));

#endif
