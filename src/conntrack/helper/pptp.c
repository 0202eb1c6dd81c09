/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pptp.c - PPTP (RFC 2637): a control connection over TCP announces the call
 * ids of the GRE packets of both sides.  nf_conntrack_pptp.c.
 *
 * As in the kernel, the side that opens the control connection counts as the
 * PNS and the other one as the PAC, and a control connection has one call at a
 * time.  A message is read only at the beginning of a segment, and its length
 * field is ignored.
 */
#include "conntrack/helper/gre_key.h"
#include "conntrack/helper/helper.h"
#include "conntrack/lifecycle.h"
#include "conntrack/table/index.h"
#include "conntrack/tuple.h"

#define CONTROL_MESSAGE	1u
#define MAGIC_COOKIE	0x1a2b3c4du
#define HEADER		12u	/* length, type, cookie, message type, reserved */

#define RESULT_OK	1u	/* any other result is a refusal */

/* RFC 2637, section 2. */
enum {
	START_SESSION_REQUEST = 1, START_SESSION_REPLY,
	STOP_SESSION_REQUEST, STOP_SESSION_REPLY,
	ECHO_REQUEST, ECHO_REPLY,
	OUT_CALL_REQUEST, OUT_CALL_REPLY,
	IN_CALL_REQUEST, IN_CALL_REPLY, IN_CALL_CONNECT,
	CALL_CLEAR_REQUEST, CALL_DISCONNECT_NOTIFY,
	WAN_ERROR_NOTIFY, SET_LINK_INFO,
	MESSAGES
};

/* The bytes that a message must have after the header.  An echo, which the
 * helper ignores, needs none. */
static const uint16_t message_size[MESSAGES] = {
	[START_SESSION_REQUEST]  = 144, [START_SESSION_REPLY]    = 144,
	[STOP_SESSION_REQUEST]   = 4,   [STOP_SESSION_REPLY]     = 4,
	[OUT_CALL_REQUEST]       = 156, [OUT_CALL_REPLY]         = 20,
	[IN_CALL_REQUEST]        = 208, [IN_CALL_REPLY]          = 12,
	[IN_CALL_CONNECT]        = 16,
	[CALL_CLEAR_REQUEST]     = 4,   [CALL_DISCONNECT_NOTIFY] = 136,
	[WAN_ERROR_NOTIFY]       = 28,  [SET_LINK_INFO]          = 12,
};

/* In the order of the kernel, which compares them. */
enum {
	SESSION_NONE, SESSION_ERROR, SESSION_STOPREQ, SESSION_REQUESTED,
	SESSION_CONFIRMED
};

enum {
	CALL_NONE, CALL_OUT_REQ, CALL_OUT_CONF, CALL_IN_REQ, CALL_IN_REP,
	CALL_IN_CONF, CALL_CLEAR_REQ
};

static const struct expect_policy policy[] = { { 2, 300, "" } };

/* A control message, read only as far as message_size guarantees. */
struct message {
	const struct help *h;
	uint32_t off;		/* after the header */
	uint16_t type;
};

static uint16_t word_at(const struct message *m, uint32_t at)
{
	uint16_t v = 0;

	bytes_be16(&m->h->bytes, m->off + at, &v);
	return v;
}

static uint8_t byte_at(const struct message *m, uint32_t at)
{
	uint8_t v = 0;

	bytes_u8(&m->h->bytes, m->off + at, &v);
	return v;
}

/* The tuple of the call's GRE packets in the control connection's original
 * direction. */
static void gre_tuple(const struct ct_entry *e, const struct ct_ext *ext,
		      struct ct_tuple *t)
{
	*t = entry_tuple(e);
	t->protonum = CT_L4_GRE;
	t->srckey = ext->data.pptp.pns_call_id;
	t->dstkey = ext->data.pptp.pac_call_id;
}

/*
 * The first packet of one direction has come: packets of the other direction
 * will be its replies, so that they need no expectation.  pptp_expectfn() also
 * sets timeouts of ten minutes, and of five hours after a reply, but GRE's
 * tracker replaces them before they have an effect.
 */
void pptp_expected(struct ct *ct, struct ct_entry *child, const struct ct_expect *x)
{
	struct ct_tuple inverse;
	struct ct_expect *other;

	(void)child;
	tuple_invert(&inverse, &x->tuple);
	other = expect_find(ct, &inverse);
	if (other)
		expect_withdraw(ct, other);
}

/* Returns the id of the expectation, or 0. */
static uint64_t expect_gre(struct help *h, const struct ct_tuple *t)
{
	struct ct_expect *made;

	if (expect_related(h, &(struct expect_want){
				.l3num = t->l3num, .protonum = CT_L4_GRE,
				.src = &t->src, .dst = &t->dst,
				.sport = &t->srckey, .dport = t->dstkey,
				.expectfn = pptp_expected }, 0, &made) != EXPECT_OK)
		return 0;
	return made->timed.id;
}

/* By id, since the second expectation may have evicted the first. */
static void unexpect(struct help *h, uint64_t id)
{
	struct ct_expect *x = expect_first(h->ct, h->ext);

	while (x && x->timed.id != id)
		x = expect_next(h->ct, x);
	if (x)
		expect_withdraw(h->ct, x);
}

/* Expects both directions or none; exp_gre(). */
static void expect_call(struct help *h)
{
	struct ct_tuple tuple[2];
	uint64_t to, from;

	gre_tuple(h->entry, h->ext, &tuple[CT_DIR_ORIGINAL]);
	tuple_invert(&tuple[CT_DIR_REPLY], &tuple[CT_DIR_ORIGINAL]);
	to = expect_gre(h, &tuple[CT_DIR_ORIGINAL]);
	if (!to)
		return;
	from = expect_gre(h, &tuple[CT_DIR_REPLY]);
	if (from) {
		if (gre_keys_add(h->ct, h->ext, tuple))
			return;
		unexpect(h, from);
	}
	unexpect(h, to);
}

/* destroy_sibling_or_exp() */
static void end_gre(struct ct *ct, const struct ct_tuple *t)
{
	struct ct_expect *x;
	enum ct_dir dir;
	uint32_t number, inverse;
	struct ct_entry *e;

	tuple_invert_l4(&inverse, t);
	number = index_find(&ct->table, t, inverse, tuple_hash(&ct->hash_key, t),
			    &e, &dir);
	if (number != ENTRY_NONE) {
		entry_delete(ct, number, ct->now, CT_END_HELPER);
		return;
	}
	x = expect_find(ct, t);
	if (x)
		expect_withdraw(ct, x);
}

/*
 * The call or its control connection has ended, and ends its GRE connections
 * and expectations; pptp_destroy_siblings().  Without a call both ids are 0, as
 * in the tuple of GRE without keys: then a tunnel between the two hosts ends as
 * well.  This happens at the moment when a control connection times out; in the
 * kernel, when a lookup or the garbage collection finds it.
 */
static void pptp_destroy(struct ct *ct, const struct ct_entry *e,
			 struct ct_ext *ext)
{
	struct ct_tuple original, reply;

	gre_key_destroy(ct, ext);
	gre_tuple(e, ext, &original);
	tuple_invert(&reply, &original);
	end_gre(ct, &original);
	end_gre(ct, &reply);
}

/* RFC 2637, 2.8: call id, peer's call id, result. */
static void out_call_reply(struct help *h, struct pptp_info *info,
			   const struct message *m)
{
	if (info->session_state != SESSION_CONFIRMED ||
	    (info->call_state != CALL_OUT_REQ &&
	     info->call_state != CALL_OUT_CONF) ||
	    word_at(m, 2) != info->pns_call_id)
		return;
	if (byte_at(m, 4) != RESULT_OK) {
		info->call_state = CALL_NONE;
		return;
	}
	info->call_state = CALL_OUT_CONF;
	info->pac_call_id = word_at(m, 0);
	expect_call(h);
}

/* RFC 2637, 2.10: call id, peer's call id, result. */
static void in_call_reply(struct pptp_info *info, const struct message *m)
{
	if ((info->call_state != CALL_IN_REQ && info->call_state != CALL_IN_REP) ||
	    word_at(m, 2) != info->pac_call_id)
		return;
	if (byte_at(m, 4) != RESULT_OK) {
		info->call_state = CALL_NONE;
		return;
	}
	info->call_state = CALL_IN_REP;
	info->pns_call_id = word_at(m, 0);
}

/* RFC 2637, 2.11: peer's call id. */
static void in_call_connect(struct help *h, struct pptp_info *info,
			    const struct message *m)
{
	if (info->session_state != SESSION_CONFIRMED ||
	    (info->call_state != CALL_IN_REP &&
	     info->call_state != CALL_IN_CONF) ||
	    word_at(m, 0) != info->pns_call_id)
		return;
	info->call_state = CALL_IN_CONF;
	expect_call(h);
}

/* pptp_inbound_pkt() */
static void from_pac(struct help *h, struct pptp_info *info,
		     const struct message *m)
{
	switch (m->type) {
	case START_SESSION_REPLY:
		if (info->session_state >= SESSION_REQUESTED)
			info->session_state = byte_at(m, 2) == RESULT_OK ?
					      SESSION_CONFIRMED : SESSION_ERROR;
		break;
	case STOP_SESSION_REPLY:
		if (info->session_state <= SESSION_STOPREQ)
			info->session_state = byte_at(m, 0) == RESULT_OK ?
					      SESSION_NONE : SESSION_ERROR;
		break;
	case OUT_CALL_REPLY:
		out_call_reply(h, info, m);
		break;
	case IN_CALL_REQUEST:
		if (info->session_state != SESSION_CONFIRMED)
			break;
		info->call_state = CALL_IN_REQ;
		info->pac_call_id = word_at(m, 0);
		break;
	case IN_CALL_CONNECT:
		in_call_connect(h, info, m);
		break;
	case CALL_DISCONNECT_NOTIFY:
		info->call_state = CALL_NONE;
		pptp_destroy(h->ct, h->entry, h->ext);
		break;
	}
}

/* pptp_outbound_pkt() */
static void from_pns(struct pptp_info *info, const struct message *m)
{
	switch (m->type) {
	case START_SESSION_REQUEST:
		if (info->session_state == SESSION_NONE)
			info->session_state = SESSION_REQUESTED;
		break;
	case STOP_SESSION_REQUEST:
		info->session_state = SESSION_STOPREQ;
		break;
	case OUT_CALL_REQUEST:
		if (info->session_state != SESSION_CONFIRMED)
			break;
		info->call_state = CALL_OUT_REQ;
		info->pns_call_id = word_at(m, 0);
		break;
	case IN_CALL_REPLY:
		in_call_reply(info, m);
		break;
	case CALL_CLEAR_REQUEST:
		/* The call ends with the notification of the PAC. */
		if (info->session_state == SESSION_CONFIRMED)
			info->call_state = CALL_CLEAR_REQ;
		break;
	}
}

static bool read_message(const struct help *h, struct message *m)
{
	uint8_t head[HEADER];
	uint32_t off, len;

	if (!help_tcp_payload(h, &off, &len) ||
	    !bytes_copy(&h->bytes, off, head, sizeof(head)) ||
	    load_be16(head + 2) != CONTROL_MESSAGE ||
	    load_be32(head + 4) != MAGIC_COOKIE)
		return false;
	m->h = h;
	m->off = off + HEADER;
	m->type = load_be16(head + 8);
	return m->type < MESSAGES && len - HEADER >= message_size[m->type];
}

static enum help_result pptp_help(struct help *h)
{
	struct pptp_info *info = &h->ext->data.pptp;
	struct message m;

	if (h->ctstate != CT_ESTABLISHED || !read_message(h, &m))
		return HELP_ACCEPT;
	if (h->dir == CT_DIR_ORIGINAL)
		from_pns(info, &m);
	else
		from_pac(h, info, &m);
	return HELP_ACCEPT;
}

const struct ct_helper helper_pptp = {
	.name = "pptp", .protonum = CT_L4_TCP, .l3num = CT_L3_IPV4, .port = 1723,
	.policy = policy, .help = pptp_help, .destroy = pptp_destroy,
};
