/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * expect.h - expectations of connections: a helper makes them, the first packet
 * that fits one opens a RELATED connection and uses it up, or it expires.
 * Kernel: nf_conntrack_expect.c.
 */
#ifndef CONNTRACK_EXPECT_H
#define CONNTRACK_EXPECT_H 1

#include "conntrack/engine.h"

struct ct_expect;
struct ct_ext;
struct ct_helper;
struct help;

/* A connection's expectations are of classes, which have limits of their
 * own. */
#define EXPECT_CLASSES	4u

struct expect_policy {
	uint32_t max;		/* expectations of a connection; 0: no limit */
	uint32_t timeout;	/* seconds */
	const char *name;	/* shown after the helper's; "" for most */
};

/* struct ct_expect flags */
#define EXPECT_PERMANENT 0x1u	/* is not used up */
#define EXPECT_INACTIVE	 0x2u	/* fits no packet */
#define EXPECT_DEAD	 0x8u	/* withdrawn; the next one who meets it removes it */

/* Called with a new connection that was expected, before its tracker. */
typedef void expect_fn(struct ct *ct, struct ct_entry *child,
		       const struct ct_expect *x);

struct ct_expect {
	struct expect_timer timed;	/* first: the wheel knows only this */
	struct ct_tuple tuple;
	union ct_addr mask_src;	/* of the source; the destination is exact */
	uint16_t mask_sport;
	uint8_t  flags, class;
	const struct ct_helper *helper;	/* the one that is shown */
	const struct ct_helper *assign;	/* for the new connection, or NULL */
	expect_fn *expectfn;	/* or NULL */
	uint32_t master;	/* entry */
	uint32_t number;	/* its own, with EXPECT_BIT */
	uint32_t older, newer;	/* of the same master */
	uint32_t next;		/* in the bucket's chain, or of free ones */
};

/* The arguments of an expectation; nf_ct_expect_init(). */
struct expect_want {
	uint8_t class;
	uint8_t l3num, protonum;
	const union ct_addr *src;	/* NULL: from anywhere */
	const union ct_addr *src_mask;	/* NULL: exactly from src */
	const union ct_addr *dst;
	const uint16_t *sport;		/* NULL: from any port; host order */
	uint16_t dport;			/* host order; GRE: destination key */
	uint8_t flags;			/* EXPECT_... */
	const struct ct_helper *assign;
	expect_fn *expectfn;
};

/* The result of nf_ct_expect_related(). */
enum expect_result {
	EXPECT_OK,
	EXPECT_BUSY,	/* clashes with another one (-EBUSY) */
	EXPECT_ALREADY,	/* exists, of another class or connection */
	EXPECT_FULL,	/* over a limit, or no memory (-EMFILE) */
};

/* The flag NF_CT_EXP_F_SKIP_MASTER: one that exists counts, whoever made it. */
#define EXPECT_SKIP_MASTER 0x1u

/* For helpers. */

/* Makes an expectation of h's connection; '*made' (may be NULL) is valid until
 * the next call that makes or removes one. */
enum expect_result expect_related(struct help *h, const struct expect_want *want,
				  unsigned int flags, struct ct_expect **made);
/* Takes an expectation back; nf_ct_unexpect_related().  'x' stays valid. */
void expect_withdraw(struct ct *ct, struct ct_expect *x);
/* Removes an expectation; nf_ct_unlink_expect(). */
void expect_remove(struct ct *ct, struct ct_expect *x);
/* The expectation that 'tuple' fits, or NULL; __nf_ct_expect_find(). */
struct ct_expect *expect_find(const struct ct *ct, const struct ct_tuple *tuple);
/* Lets it expire 'left' from now. */
void expect_refresh(struct ct *ct, struct ct_expect *x, ct_time left);
/* Walks a connection's expectations, newest first; an ext of NULL has none. */
struct ct_expect *expect_first(const struct ct *ct, const struct ct_ext *ext);
struct ct_expect *expect_next(const struct ct *ct, const struct ct_expect *x);

/* For the core. */

struct ct_expect *expect_get(const struct ct *ct, uint32_t number);
/* Copies the expectation that a new connection fits to '*met', and removes it
 * unless it is permanent; false if there is none. */
bool expect_meet(struct ct *ct, const struct ct_tuple *tuple,
		 struct ct_expect *met);
void expect_remove_all(struct ct *ct, struct ct_ext *ext);	/* NULL is fine */
void expect_expire(struct ct *ct, uint32_t number);
void expect_free_all(struct ct *ct);
/* An expectation that is in no list; NULL: no memory. */
struct ct_expect *expect_alloc(struct ct *ct);
/* Puts one with its master, id and expiry into all lists, without an event. */
void expect_link(struct ct *ct, struct ct_expect *x);
/* All of them, the dead ones too, in order of creation, for free(); NULL: no memory. */
struct ct_expect **expect_sorted(const struct ct *ct, size_t *n);
void expect_record(const struct ct *ct, const struct ct_expect *x,
		   struct ct_expect_record *r);

#endif
