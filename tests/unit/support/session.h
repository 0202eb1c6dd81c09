/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * session.h - what a helper listens to: a client and a server who talk, and
 * connections that may have been announced.
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
	uint32_t seq[2];		/* of what comes next */

	struct ct_expect_record expect[SESSION_EXPECTS];
	size_t expects;			/* by session_expects() */
};

/* An engine with all helpers on their usual ports. */
void session_rig(struct rig *r);
/* The same with room for 'max' expectations, of all connections together. */
void session_rig_max(struct rig *r, uint32_t max);
/* 192.0.2.10 and 198.51.100.20, or 2001:db8:1::10 and 2001:db8:2::20, talk to
 * 'port'; a TCP connection is opened. */
void session_open(struct session *s, struct rig *r, uint8_t l3num,
		  uint8_t protonum, uint16_t port);
/* The same from another port of the client. */
void session_open_from(struct session *s, struct rig *r, uint8_t l3num,
		       uint8_t protonum, uint16_t from, uint16_t port);
/* A segment or datagram with this payload. */
void session_send(struct session *s, enum ct_dir dir, const void *data,
		  uint32_t n);
/* The same of a text; a segment with another sequence number. */
void session_say(struct session *s, enum ct_dir dir, const char *text);
void session_say_at(struct session *s, enum ct_dir dir, uint32_t seq,
		    const char *text);
/* Only the first 'captured' bytes are there. */
void session_send_cut(struct session *s, enum ct_dir dir, const void *data,
		      uint32_t n, uint32_t captured);
void session_say_cut(struct session *s, enum ct_dir dir, const char *text,
		     uint32_t captured);

/* All expectations, in order of creation, into s->expect. */
size_t session_expects(struct session *s);
/* Fails unless there is exactly one: from 'src' (NULL: anywhere), any port, to
 * this place. */
#define session_only(s, what, protonum, src, dst, dport) \
	session_only_at(s, what, protonum, src, dst, dport, __FILE__, __LINE__)
void session_only_at(struct session *s, const char *what, uint8_t protonum,
		     const char *src, const char *dst, uint16_t dport,
		     const char *file, int line);
/* 'announce' lets 's' expect something, then another connection, from the next
 * port of the client: fails unless the packet that announces it there is
 * dropped for 'reason', and what 's' expects is all that is expected. */
void session_clash(struct session *s, void (*announce)(struct session *s),
		   enum ct_ctstate ctstate, enum ct_dir dir,
		   enum ct_reason reason);
/* A SYN; its word. */
enum ct_ctstate session_syn(struct rig *r, uint8_t l3num, const char *src,
			    const char *dst, uint16_t sport, uint16_t dport);

#endif
