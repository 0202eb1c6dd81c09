/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rig.h - an engine on a bench: packets in, verdicts and records out.
 *
 * Includes cmocka.h with what it needs before it.
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
 * Two engines get the same packets: one as they come, the other prepared and
 * prefetched, as a program in a hurry does it.  They must say the same, have the
 * same in their tables, and tell as many events.
 */
struct rig {
	struct ct *ct, *hasty;
	struct ct_config cfg;
	struct ct_packet pkt;		/* the last packet ... */
	struct ct_verdict v;		/* ... and what was said of it */
	uint64_t number;		/* frames sent */
	ct_time now;

	struct ct_record record[RIG_RECORDS];	/* the table, by rig_table() */
	size_t records;
	struct ct_event event[RIG_RECORDS];	/* events so far */
	size_t events, hasty_events;

	uint8_t flags;			/* packets are sent with these */
};

/* An engine with 'cfg', or with defaults and "-k all"; events are noted. */
void rig_init(struct rig *r, const struct ct_config *cfg);
void rig_free(struct rig *r);
void rig_wait(struct rig *r, uint64_t milliseconds);
/* Parses, tracks and confirms; every byte beyond the packet is out of bounds. */
void rig_send(struct rig *r, const struct craft *c);
/* Only the first 'caplen' bytes are there. */
void rig_send_cut(struct rig *r, const struct craft *c, uint32_t caplen);
/* Whether ct_prepare_fast() takes the packet; it must then be 'as', parsed and
 * prepared, or NULL where it cannot be. */
bool rig_usual(const struct ct *ct, const uint8_t *data, uint32_t caplen,
	       enum ct_l3 l3num, const struct ct_packet *as);
/* Tracks and drops. */
void rig_drop(struct rig *r, const struct craft *c);

/* Reads the table into r->record. */
size_t rig_table(struct rig *r);
/* Seconds left of the only connection, rounded to the nearest. */
uint32_t rig_left(struct rig *r);

/* The first reason of the last packet. */
enum ct_reason rig_reason(const struct rig *r);
/* Fails with all that differs, in words. */
#define rig_expect(r, what, ctstate, dir, reason) \
	rig_expect_at(r, what, ctstate, dir, reason, __FILE__, __LINE__)
void rig_expect_at(const struct rig *r, const char *what, enum ct_ctstate ctstate,
		   enum ct_dir dir, enum ct_reason reason, const char *file,
		   int line);

/* A test for each of 'n' cases; the first member of a case is its name. */
int rig_run_cases(const char *group, const void *cases, size_t size, size_t n,
		  void (*test)(void **state));

#endif
