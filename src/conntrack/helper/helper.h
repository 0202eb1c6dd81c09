/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * helper.h - helpers read what a connection says about others to come, and
 * make expectations; the core turns the first packet that meets one into
 * RELATED.  Kernel: nf_conntrack_helper.c, nf_conntrack_expect.c.
 *
 * A helper is one file with one struct ct_helper for each protocol it listens
 * on.  Its help() is called when a packet of its connection leaves, before a
 * new connection is confirmed, as nf_confirm() does: with one packet, never
 * with a reassembled stream.  It reads the payload through h->bytes only.
 */
#ifndef CONNTRACK_HELPER_H
#define CONNTRACK_HELPER_H 1

#include "base/bytes.h"
#include "conntrack/engine.h"

#define EXPECT_CLASSES	4u
#define HELPER_ALL_L3	0u	/* listens on IPv4 and IPv6 */

struct ct_helper;

enum help_result {
	HELP_ACCEPT,
	HELP_DROP,	/* the packet goes no further; see help_drop() */
};

/* One packet in a helper's hands. */
struct help {
	struct ct *ct;
	struct ct_entry *entry;	/* the connection ... */
	struct ct_ext *ext;	/* ... with its helper; never NULL */
	uint32_t number;
	const struct ct_packet *pkt;
	struct bytes bytes;	/* from the IP header; zero where it was cut */
	uint32_t l4off;		/* transport header */
	enum ct_dir dir;
	enum ct_ctstate word;	/* ESTABLISHED for both directions, NEW, RELATED */
	struct ct_verdict *v;
};

/* How many expectations of a class a connection may have, and for how long. */
struct expect_policy {
	uint32_t max;		/* 0: no limit */
	uint32_t timeout;	/* seconds */
	const char *name;	/* shown behind the helper's; "" where there is none */
};

struct ct_helper {
	const char *name;	/* "ftp", as ct helper's type */
	uint8_t protonum;	/* CT_L4_TCP or CT_L4_UDP */
	uint8_t l3num;		/* CT_L3_IPV4, or HELPER_ALL_L3 */
	uint16_t port;		/* the usual one; 0: only ever assigned to
				 * expected connections */
	const struct expect_policy *policy;	/* by class */
	enum help_result (*help)(struct help *h);
	bool late;		/* help() is called after the confirmation, and
				 * cannot drop */
	/* The connection leaves the table; NULL for most. */
	void (*destroy)(struct ct *ct, const struct ct_entry *e,
			struct ct_ext *ext);
};

extern const struct ct_helper helper_ftp, helper_irc, helper_tftp,
	helper_sip_tcp, helper_sip_udp, helper_h323_ras, helper_h323_q931,
	helper_h323_h245, helper_pptp, helper_amanda, helper_netbios_ns,
	helper_snmp, helper_sane;

/* What helpers remember of their connection.  Names as in the kernel's. */
#define FTP_NEWLINES 2u		/* line ends remembered for each direction */
struct ftp_info {
	uint32_t seq_aft_nl[2][FTP_NEWLINES];	/* numbers after a newline */
	uint16_t seq_aft_nl_num[2];
	uint16_t flags[2];
};

struct sip_info {
	uint32_t register_cseq, invite_cseq;	/* of the last that was taken */
};

struct pptp_info {
	uint8_t  session_state, call_state;
	uint16_t pac_call_id, pns_call_id;
	struct gre_key *keymap[2];	/* by direction; gre_key.c's */
};

struct h323_info {
	uint32_t timeout;	/* of the registration, seconds */
	uint16_t tpkt_len[2];	/* what a TPKT header alone in its segment
				 * announced, by direction */
};

struct sane_info {
	uint8_t state;		/* waiting for the answer to a START */
};

/*
 * What few entries have: a helper, a master, children.  It outlives its entry
 * while a child is alive, as the kernel's connection does, and so does its own
 * hold on its master: use= counts such.
 */
struct ct_ext {
	const struct ct_helper *helper;
	uint32_t expecting[EXPECT_CLASSES];
	uint32_t newest;	/* expectation; list by ct_expect.older */
	uint32_t refs;		/* the entry, and connections it announced */
	uint32_t master;	/* entry that announced this one ... */
	uint64_t master_id;	/* ... if it still has this id; 0 none */
	struct ct_ext *master_ext;	/* what this one holds on to, or NULL */
	union {
		struct ftp_info ftp;
		struct sip_info sip;
		struct pptp_info pptp;
		struct h323_info h323;
		struct sane_info sane;
	} data;
};

/* struct ct_expect flags */
#define EXPECT_PERMANENT 0x1u
#define EXPECT_INACTIVE	 0x2u

struct ct_expect {
	struct expect_timer timed;	/* first: the wheel knows only this */
	struct ct_tuple tuple;
	union ct_addr mask_src;	/* of the source; the destination is exact */
	uint16_t mask_sport;
	uint8_t  flags, class;
	const struct ct_helper *helper;	/* whose it is */
	const struct ct_helper *assign;	/* for the new connection, or NULL */
	/* Called with the new connection, before its tracker; or NULL. */
	void (*expectfn)(struct ct *ct, struct ct_entry *child,
			 const struct ct_expect *x);
	uint32_t master;	/* entry */
	uint32_t number;	/* its own, with EXPECT_BIT */
	uint32_t older, newer;	/* of the same master */
	uint32_t next;		/* in the bucket's chain, or of free ones */
};

/* What a helper wants to expect; nf_ct_expect_init(). */
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
	void (*expectfn)(struct ct *ct, struct ct_entry *child,
			 const struct ct_expect *x);
};

/* nf_ct_expect_related(): how it went. */
enum expect_result {
	EXPECT_OK,
	EXPECT_BUSY,	/* clashes with another's (-EBUSY) */
	EXPECT_ALREADY,	/* another class or connection has the very same */
	EXPECT_FULL,	/* over a limit, or no memory (-EMFILE) */
};

#define EXPECT_SKIP_MASTER 0x1u	/* NF_CT_EXP_F_SKIP_MASTER */

/* Makes an expectation of h's connection; '*made' (may be NULL) is good until
 * the next call that makes or removes one. */
enum expect_result expect_related(struct help *h, const struct expect_want *want,
				  unsigned int flags, struct ct_expect **made);
/* Takes one back; nf_ct_unexpect_related(). */
void expect_remove(struct ct *ct, struct ct_expect *x);
/* The expectation that 'tuple' would meet, or NULL; __nf_ct_expect_find(). */
struct ct_expect *expect_find(const struct ct *ct, const struct ct_tuple *tuple);
/* Sets its time anew: what is left, from now. */
void expect_refresh(struct ct *ct, struct ct_expect *x, ct_time left);
/* Walks a connection's expectations, newest first; NULL has none. */
struct ct_expect *expect_first(const struct ct *ct, const struct ct_ext *ext);
struct ct_expect *expect_next(const struct ct *ct, const struct ct_expect *x);

/* Core only. */
struct ct_expect *expect_get(const struct ct *ct, uint32_t number);
/* The expectation that a new connection meets: used up unless permanent. */
bool expect_meet(struct ct *ct, const struct ct_tuple *tuple,
		 struct ct_expect *met);
void expect_remove_all(struct ct *ct, struct ct_ext *ext);	/* NULL is fine */
void expect_expire(struct ct *ct, uint32_t number);
void expect_free_all(struct ct *ct);
void expect_record(const struct ct *ct, const struct ct_expect *x,
		   struct ct_expect_record *r);

/* helper.c */
void helper_ports_init(struct ct *ct);	/* fills in helper_ports, from cfg */
/* The helper that listens for this connection by the rules, or NULL. */
const struct ct_helper *helper_for(const struct ct *ct, const struct ct_tuple *t);
/* The entry's extension, made if need be; NULL when there is no memory. */
struct ct_ext *ext_get(struct ct *ct, uint32_t number);
void ext_free(struct ct *ct, uint32_t number);
void ext_put(struct ct_ext *ext);	/* NULL is fine */
/* Runs the helper of the packet that is leaving. */
enum help_result helper_run(struct ct *ct, struct ct_verdict *v);

/* The kernel's "dropping packet: ..." with its number, if any; HELP_DROP, to be
 * returned. */
enum help_result help_drop(struct help *h, enum ct_reason reason, uint32_t n);
/* The connection lives 'seconds' more from now; nf_ct_refresh(). */
void help_refresh(struct help *h, uint32_t seconds);
/* Tuple of the connection in direction 'dir'. */
void help_tuple(const struct help *h, enum ct_dir dir, struct ct_tuple *t);
/* TCP payload: offset from the IP header, false where there is none. */
bool help_tcp_payload(const struct help *h, uint32_t *off, uint32_t *len);
/* UDP payload, the same. */
bool help_udp_payload(const struct help *h, uint32_t *off, uint32_t *len);

/* gre_key.c: call ids of GRE version 1. */
/* The source key of a packet whose tuple lacks only that, or 0. */
uint16_t gre_key_lookup(const struct ct *ct, const struct ct_tuple *t);
/* Remembers the keys of a call of 'master', whose helper is PPTP's; false when
 * it has another call already, or there is no memory. */
bool gre_key_add(struct ct *ct, struct ct_ext *master, enum ct_dir dir,
		 const struct ct_tuple *t);
void gre_keys_free(struct ct *ct);
/* A GRE connection that 'master' announced is gone. */
void gre_key_destroy(struct ct *ct, struct ct_ext *master);

#endif
