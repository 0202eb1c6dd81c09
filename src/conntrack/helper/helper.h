/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * helper.h - helpers read what a connection says about connections to come, and
 * make expectations (expect.h).  Kernel: nf_conntrack_helper.c.
 *
 * A helper is one file with a struct ct_helper for each protocol that it
 * listens to; registry.c lists them.  The core calls its help() when a packet
 * of its connection leaves, before it confirms a new connection, as
 * nf_confirm() does: with one packet, never with a reassembled stream.  It
 * reads the payload through h->bytes only.
 */
#ifndef CONNTRACK_HELPER_HELPER_H
#define CONNTRACK_HELPER_HELPER_H 1

#include "base/bytes.h"
#include "conntrack/engine.h"
#include "conntrack/expect.h"
#include "conntrack/helper/ext.h"

enum help_result {
	HELP_ACCEPT,
	HELP_DROP,	/* the packet is dropped; see help_drop() */
};

/* One packet, as a helper sees it. */
struct help {
	struct ct *ct;
	struct ct_entry *entry;	/* the connection ... */
	struct ct_ext *ext;	/* ... with its helper; never NULL */
	uint32_t number;	/* the entry's */
	const struct ct_packet *pkt;
	struct bytes bytes;	/* from the IP header; zero where it was cut */
	uint32_t l4off;		/* transport header */
	enum ct_dir dir;
	enum ct_ctstate ctstate;	/* ESTABLISHED in both directions, NEW, RELATED */
	struct ct_verdict *v;
	enum ct_reason not_taken;	/* an announcement was read and not taken */
	union ct_addr named, own;	/* ... for these addresses */
};

#define HELPER_ALL_L3	0u	/* listens on IPv4 and IPv6 */

struct ct_helper {
	const char *name;	/* "ftp", as ct helper's type */
	uint8_t protonum;	/* CT_L4_TCP or CT_L4_UDP */
	uint8_t l3num;		/* CT_L3_IPV4, or HELPER_ALL_L3 */
	uint16_t port;		/* the well-known one; 0: only ever assigned to
				 * expected connections */
	const struct expect_policy *policy;	/* by class */
	enum help_result (*help)(struct help *h);
	bool late;		/* help() is called after the confirmation, and
				 * cannot drop */
	/* Called when the connection leaves the table; NULL for most. */
	void (*destroy)(struct ct *ct, const struct ct_entry *e,
			struct ct_ext *ext);
};

extern const struct ct_helper helper_ftp, helper_irc, helper_tftp,
	helper_sip_tcp, helper_sip_udp, helper_h323_ras, helper_h323_q931,
	helper_h323_h245, helper_pptp, helper_amanda, helper_netbios_ns,
	helper_snmp, helper_sane;

/* For the core: registry.c and help.c. */

/* Fills in ct->helper_ports, _by_rule, _by_port from the configuration. */
void helper_ports_init(struct ct *ct);
/* The helper that the configuration gives a new connection, or NULL. */
const struct ct_helper *helper_for(const struct ct *ct, const struct ct_entry *e);
/* Gives a new connection the helper that the template names, unless it was expected;
 * __nf_ct_try_assign_helper().  False: no memory. */
bool helper_by_template(struct ct *ct, uint32_t number);
/* Calls the helper of the packet that leaves. */
enum help_result helper_run(struct ct *ct, struct ct_verdict *v);

/* For helpers: help.c. */

/* Notes the reason, one of the kernel's "dropping packet: ...", with its
 * number, if any.  Returns HELP_DROP, to be returned. */
enum help_result help_drop(struct help *h, enum ct_reason reason, uint32_t n);
/* Notes that the packet announces 'named' where only the sender's own address
 * is taken; the kernel is silent. */
void help_other_address(struct help *h, const union ct_addr *named,
			const union ct_addr *own);
/* Notes that TLS begins. */
void help_tls(struct help *h);
/* Lets the connection expire 'seconds' from now; nf_ct_refresh(). */
void help_refresh(struct help *h, uint32_t seconds);
/* The connection's tuple in direction 'dir'. */
void help_tuple(const struct help *h, enum ct_dir dir, struct ct_tuple *t);
/* The TCP payload: its offset from the IP header, and its length; false if
 * there is none. */
bool help_tcp_payload(const struct help *h, uint32_t *off, uint32_t *len);
/* The UDP payload, likewise. */
bool help_udp_payload(const struct help *h, uint32_t *off, uint32_t *len);

#endif
