/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * session.h - conversations for the tests of helpers: a client and a server,
 * the expectations that result, and connections that may meet them.
 */
#ifndef SESSION_H
#define SESSION_H 1

#include "support/rig.h"

#define SESSION_EXPECTS 16

struct session {
	struct rig *rig;
	uint8_t l3num, protonum;
	const char *ends[2];		/* client, server */
	uint16_t ports[2];
	uint32_t seq[2];		/* of the next segments */

	struct ct_expect_record expect[SESSION_EXPECTS];
	size_t expects;			/* by session_expects() */
};

/* An engine with all helpers on their well-known ports. */
void session_rig(struct rig *r);
/* The same with a limit of 'max' expectations, of all connections together. */
void session_rig_max(struct rig *r, uint32_t max);
/* The same in a kernel that differs from the default; rig_kernel().  Hosts are in
 * subnets of 24 bits for netbios-ns and snmp. */
void session_rig_kernel(struct rig *r, const char *lacks, const char *has);
/* A session between the client 192.0.2.10 and 'port' of the server
 * 198.51.100.20, or 2001:db8:1::10 and 2001:db8:2::20; a TCP connection is
 * opened. */
void session_open(struct session *s, struct rig *r, uint8_t l3num,
		  uint8_t protonum, uint16_t port);
/* The same from the client's port 'from'. */
void session_open_from(struct session *s, struct rig *r, uint8_t l3num,
		       uint8_t protonum, uint16_t from, uint16_t port);
/* Sends a segment or a datagram with this payload. */
void session_send(struct session *s, enum ct_dir dir, const void *data,
		  uint32_t n);
/* The same with a text; and with 'seq' as the segment's sequence number. */
void session_say(struct session *s, enum ct_dir dir, const char *text);
void session_say_at(struct session *s, enum ct_dir dir, uint32_t seq,
		    const char *text);
/* The same, with only the first 'captured' bytes of the payload captured. */
void session_send_cut(struct session *s, enum ct_dir dir, const void *data,
		      uint32_t n, uint32_t captured);
void session_say_cut(struct session *s, enum ct_dir dir, const char *text,
		     uint32_t captured);

/* Copies all expectations, in order of creation, to s->expect; returns their
 * number. */
size_t session_expects(struct session *s);
/* Fails unless there is exactly one expectation: from 'src' (NULL: anywhere),
 * any port, to 'dst' and 'dport'. */
#define session_only(s, what, protonum, src, dst, dport) \
	session_only_at(s, what, protonum, src, dst, dport, __FILE__, __LINE__)
void session_only_at(struct session *s, const char *what, uint8_t protonum,
		     const char *src, const char *dst, uint16_t dport,
		     const char *file, int line);
/* Fails unless s->expect[0] is of this helper and expires in 'seconds'. */
void session_check_helper(const struct session *s, const char *helper,
			  uint32_t seconds);
/*
 * Lets 'announce' make expectations in 's', then the same in another session,
 * from the client's next port.  Fails unless the second packet is dropped for
 * 'reason', and the expectations of 's' are the only ones.
 */
void session_clash(struct session *s, void (*announce)(struct session *s),
		   enum ct_ctstate ctstate, enum ct_dir dir,
		   enum ct_reason reason);
/* Sends a SYN; returns its state. */
enum ct_ctstate session_syn(struct rig *r, uint8_t l3num, const char *src,
			    const char *dst, uint16_t sport, uint16_t dport);

#endif
