/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ext.h - the extension of an entry, which few entries have: its helper with
 * what that remembers, its master, and how many expectations it has.
 */
#ifndef CONNTRACK_HELPER_EXT_H
#define CONNTRACK_HELPER_EXT_H 1

#include "conntrack/expect.h"

struct gre_key;

/* A helper's notes about its connection.  Names as in the kernel. */

#define FTP_NEWLINES 2u		/* line ends remembered for each direction */
struct ftp_info {
	uint32_t seq_aft_nl[2][FTP_NEWLINES];	/* numbers after a newline */
	uint16_t seq_aft_nl_num[2];
	uint16_t flags[2];
};

struct sip_info {
	uint32_t register_cseq, invite_cseq;	/* of the last one accepted */
};

struct pptp_info {
	uint8_t  session_state, call_state;
	uint16_t pac_call_id, pns_call_id;
	struct gre_key *keymap[2];	/* by direction; gre_key.c's */
};

struct h323_info {
	uint32_t timeout;	/* of the registration, seconds */
	uint16_t tpkt_len[2];	/* by direction: the length in a TPKT header that
				 * was alone in its segment */
};

struct sane_info {
	uint8_t state;		/* a START was not answered yet */
};

/*
 * An extension outlives its entry while a connection that the entry expected is
 * alive, as the kernel's connection does, and keeps its own master's extension.
 * A record's 'use' counts these references.
 */
struct ct_ext {
	const struct ct_helper *helper;
	uint32_t expecting[EXPECT_CLASSES];	/* expectations by class */
	uint32_t newest;	/* expectation; list by ct_expect.older */
	uint32_t refs;		/* the entry, and connections it expected */
	uint32_t master;	/* the entry that expected this one ... */
	uint32_t saved;		/* its place, from 1, while a state is saved; else 0 */
	uint64_t master_id;	/* ... if it still has this id; 0 none */
	struct ct_ext *master_ext;	/* referenced, or NULL */
	union {
		struct ftp_info ftp;
		struct sip_info sip;
		struct pptp_info pptp;
		struct h323_info h323;
		struct sane_info sane;
	} data;			/* of 'helper' */
};

/* The entry's extension, created if need be; NULL when there is no memory. */
struct ct_ext *ext_get(struct ct *ct, uint32_t number);
/* Takes the extension from an entry that ends; fine without one. */
void ext_free(struct ct *ct, uint32_t number);
/* Drops a reference; NULL is fine. */
void ext_put(struct ct_ext *ext);

#endif
