/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sip.c - SIP (RFC 3261) over UDP and TCP: a client that registers expects
 * calls from the registrar, and a client that offers or answers a call expects
 * its media, RTP and RTCP (RFC 3550), at the address and port in SDP.
 *
 * Follows nf_conntrack_sip.c with the defaults of its parameters: calls come
 * from the registrar, media from the other end of the signalling connection,
 * and both go to the client.  State that serves address translation only (such
 * as the port in a Via) is not kept.
 */
#include "conntrack/helper/helper.h"
#include "conntrack/helper/sip_parse.h"
#include "conntrack/track.h"

#include <string.h>

#define SIP_PORT	5060
#define SIP_TIMEOUT	3600u	/* of the signalling connection, seconds */
#define SIP_LEAST	11u	/* "SIP/2.0 200": the shortest message */
#define SIP_VERSION	"sip/2.0 "
#define SDP_MEDIA_MOST	3u	/* m= lines that are followed */

enum { SIGNALLING, AUDIO, VIDEO, IMAGE };

/* RTP and RTCP of both ends; images (T.38) need no RTCP. */
static const struct expect_policy policy[] = {
	[SIGNALLING] = { 1, 180, "signalling" },
	[AUDIO]      = { 4, 180, "audio" },
	[VIDEO]      = { 4, 180, "video" },
	[IMAGE]      = { 2, 180, "image" },
};

/* One message in a packet. */
struct message {
	struct help *h;
	struct sip_text text;
	struct ct_tuple tuple;	/* of the connection, as the message goes */
	uint32_t cseq;
	uint32_t code;		/* of a response */
};

typedef enum help_result handler(struct message *m);

/* Removes the expectations of media; flush_expectations(). */
static void flush_media(struct message *m)
{
	struct ct_expect *x, *next;

	for (x = expect_first(m->h->ct, m->h->ext); x; x = next) {
		next = expect_next(m->h->ct, x);
		if (x->class != SIGNALLING)
			expect_remove(m->h->ct, x);
	}
}

/* The expectation of calls, or NULL. */
static struct ct_expect *signalling(struct message *m)
{
	struct ct_expect *x = expect_first(m->h->ct, m->h->ext);

	while (x && x->class != SIGNALLING)
		x = expect_next(m->h->ct, x);
	return x;
}

static bool same_addr(const union ct_addr *a, const union ct_addr *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

/*
 * The same description may pass on several connections, when a proxy sends it
 * to several phones: then the first connection's expectation serves all.
 */
static bool expected_elsewhere(struct message *m,
			       const struct expect_want *want)
{
	struct ct_tuple tuple = {
		.src = *want->src,
		.dst = *want->dst,
		.dport = want->dport,
		.l3num = want->l3num,
		.protonum = want->protonum,
		.zero = m->tuple.zero,	/* the zone */
	};
	const struct ct_expect *x = expect_find(m->h->ct, &tuple);

	return x && x->master != m->h->number &&
	       x->helper == m->h->ext->helper && x->class == want->class;
}

/* One that exists, of another class or connection, will do as well. */
static bool announced(enum expect_result result)
{
	return result == EXPECT_OK || result == EXPECT_ALREADY;
}

/* Expects RTP at an even port and RTCP at the next; set_expected_rtp_rtcp(). */
static bool expect_media(struct message *m, enum sdp_type type,
			 const union ct_addr *addr, uint16_t port)
{
	struct expect_want want = {
		.class = (uint8_t)(AUDIO + type),
		.l3num = m->tuple.l3num,
		.protonum = CT_L4_UDP,
		.src = &m->tuple.dst,
		.dst = addr,
		.dport = port,
	};
	enum expect_result rtp;

	if (!same_addr(addr, &m->tuple.src)) {
		help_other_address(m->h, addr, &m->tuple.src);
		return true;
	}
	if (expected_elsewhere(m, &want))
		return true;
	want.dport = port & 0xfffe;
	rtp = expect_related(m->h, &want, EXPECT_SKIP_MASTER, NULL);
	if (!announced(rtp))
		return false;
	want.dport |= 1;
	if (announced(expect_related(m->h, &want, EXPECT_SKIP_MASTER, NULL)))
		return true;
	/* The expectation of RTP is the connection's newest. */
	if (rtp == EXPECT_OK)
		expect_withdraw(m->h->ct, expect_first(m->h->ct, m->h->ext));
	return false;
}

/* process_sdp() */
static enum help_result session(struct message *m)
{
	const struct sip_text *t = &m->text;
	union ct_addr common, addr;
	struct sdp_media media;
	bool has_common;
	uint32_t pos;

	if (!sdp_find(t, &pos))
		return HELP_ACCEPT;
	has_common = sdp_connection(t, pos, &common);
	for (unsigned int i = 0; i < SDP_MEDIA_MOST; i++) {
		if (!sdp_next_media(t, &pos, &media))
			break;
		if (media.port < 1024 || media.port > 65535)
			return help_drop(m->h, CT_REASON_HELP_SIP_PORT,
					 media.port);
		if (!sdp_connection(t, pos, &addr)) {
			if (!has_common)
				return help_drop(m->h, CT_REASON_HELP_SIP_SDP, 0);
			addr = common;
		}
		if (!expect_media(m, media.type, &addr, (uint16_t)media.port))
			return help_drop(m->h, CT_REASON_HELP_SIP_VOICE, 0);
	}
	return HELP_ACCEPT;
}

static enum help_result invite(struct message *m)
{
	enum help_result result;

	flush_media(m);
	result = session(m);
	if (result == HELP_ACCEPT)
		m->h->ext->data.sip.invite_cseq = m->cseq;
	return result;
}

/* The response to INVITE, UPDATE or PRACK: a refusal ends the media that the
 * INVITE announced. */
static enum help_result session_response(struct message *m)
{
	if (m->code >= 100 && m->code <= 299)
		return session(m);
	if (m->h->ext->data.sip.invite_cseq == m->cseq)
		flush_media(m);
	return HELP_ACCEPT;
}

static enum help_result bye(struct message *m)
{
	flush_media(m);
	return HELP_ACCEPT;
}

/*
 * Expects calls at the Contact, but not before the registrar agrees;
 * process_register_request().
 */
static enum help_result expect_calls(struct message *m,
				     const struct sip_contact *contact)
{
	struct expect_want want = {
		.class = SIGNALLING,
		.l3num = m->tuple.l3num,
		.protonum = m->tuple.protonum,
		.src = &m->tuple.dst,
		.dst = &contact->addr,
		.dport = contact->port,
		.flags = EXPECT_PERMANENT | EXPECT_INACTIVE,
		.assign = m->h->ext->helper,
	};

	if (expect_related(m->h, &want, 0, NULL) != EXPECT_OK)
		return help_drop(m->h, CT_REASON_HELP_NO_EXPECT, 0);
	return HELP_ACCEPT;
}

static enum help_result registration(struct message *m)
{
	const struct sip_text *t = &m->text;
	struct sip_contact contact;
	struct sip_walk walk = { 0 };
	enum help_result result = HELP_ACCEPT;
	uint32_t expires = 0, pos;

	if (m->h->entry->status & CT_STATUS_EXPECTED)
		return HELP_ACCEPT;
	if (sip_find_number(t, &sip_expires, &pos))
		sip_number(t, pos, &expires);
	/* A client can register itself only. */
	if (!sip_next_contact(t, &walk, &contact))
		return HELP_ACCEPT;
	if (contact.bad_port)
		return help_drop(m->h, CT_REASON_HELP_SIP_CONTACT, 0);
	if (!same_addr(&contact.addr, &m->tuple.src) ||
	    !sip_same_transport(t, contact.params, m->tuple.protonum))
		return HELP_ACCEPT;
	if (!sip_contact_expires(t, contact.params, &expires))
		return help_drop(m->h, CT_REASON_HELP_SIP_EXPIRES, 0);
	/* 0 removes a registration; the response lists those that remain. */
	if (expires)
		result = expect_calls(m, &contact);
	if (result == HELP_ACCEPT)
		m->h->ext->data.sip.register_cseq = m->cseq;
	return result;
}

/* The registrar confirms the Contact; refresh_signalling_expectation(). */
static bool confirm_calls(struct message *m, const struct sip_contact *contact,
			  uint32_t expires)
{
	struct ct_expect *x = signalling(m);
	/* The product may wrap, as in the kernel. */
	uint32_t jiffies = expires * KERNEL_HZ;

	if (!x || !same_addr(&x->tuple.dst, &contact->addr) ||
	    x->tuple.protonum != m->tuple.protonum ||
	    x->tuple.dport != contact->port)
		return false;
	expect_refresh(m->h->ct, x, jiffies * (CT_NSEC_PER_SEC / KERNEL_HZ));
	x->flags &= (uint8_t)~EXPECT_INACTIVE;
	return true;
}

static enum help_result forget_calls(struct message *m)
{
	struct ct_expect *x = signalling(m);

	if (x)
		expect_remove(m->h->ct, x);
	return HELP_ACCEPT;
}

/* The registrar lists all its Contacts; process_register_response(). */
static enum help_result registration_response(struct message *m)
{
	const struct sip_text *t = &m->text;
	struct sip_contact contact;
	struct sip_walk walk = { 0 };
	uint32_t common = 0, pos;

	/* The response to an earlier request. */
	if (m->h->ext->data.sip.register_cseq != m->cseq)
		return HELP_ACCEPT;
	if (m->code >= 100 && m->code <= 199)
		return HELP_ACCEPT;
	if (m->code < 200 || m->code > 299)
		return forget_calls(m);
	if (sip_find_number(t, &sip_expires, &pos))
		sip_number(t, pos, &common);
	while (sip_next_contact(t, &walk, &contact)) {
		uint32_t expires = common;

		if (contact.bad_port)
			return help_drop(m->h, CT_REASON_HELP_SIP_CONTACT, 0);
		if (!same_addr(&contact.addr, &m->tuple.dst) ||
		    !sip_same_transport(t, contact.params, m->tuple.protonum))
			continue;
		if (!sip_contact_expires(t, contact.params, &expires))
			return help_drop(m->h, CT_REASON_HELP_SIP_EXPIRES, 0);
		if (!expires)
			break;
		if (confirm_calls(m, &contact, expires))
			return HELP_ACCEPT;
	}
	return forget_calls(m);
}

static const struct method {
	const char *name;
	handler *request, *response;
} methods[] = {
	{ "invite",   invite,       session_response },
	{ "update",   session,      session_response },
	{ "ack",      session,      NULL },
	{ "prack",    session,      session_response },
	{ "bye",      bye,          NULL },
	{ "register", registration, registration_response },
};

#define METHODS (sizeof(methods) / sizeof(methods[0]))

/* Reads the number in CSeq; '*end' is after it.  Returns why there is none, or
 * CT_REASON_NONE. */
static enum ct_reason read_cseq(struct message *m, uint32_t *end)
{
	const struct sip_text *t = &m->text;
	bool zero, found;
	uint32_t n;

	if (!sip_find_number(t, &sip_cseq, end))
		return CT_REASON_HELP_SIP_CSEQ;
	zero = sip_char(t, *end) == '0';
	n = sip_number(t, *end, &m->cseq);
	*end += n;
	found = t->quirks & SIP_QUIRK_STRTOUL ? m->cseq || zero : n > 0;
	return found ? CT_REASON_NONE : CT_REASON_HELP_SIP_NO_CSEQ;
}

/* process_sip_response() */
static enum help_result response(struct message *m)
{
	const struct sip_text *t = &m->text;
	enum ct_reason why;
	uint32_t method;

	if (t->len < SIP_LEAST)
		return HELP_ACCEPT;
	sip_number(t, (uint32_t)strlen(SIP_VERSION), &m->code);
	if (!m->code)
		return help_drop(m->h, CT_REASON_HELP_SIP_CODE, 0);
	why = read_cseq(m, &method);
	if (why != CT_REASON_NONE)
		return help_drop(m->h, why, 0);
	method++;
	for (size_t i = 0; i < METHODS; i++)
		if (methods[i].response && sip_has(t, method, methods[i].name))
			return methods[i].response(m);
	return HELP_ACCEPT;
}

/* Whether the request line begins with the method and a URI's first letter. */
static bool asks_for(const struct sip_text *t, const char *method)
{
	uint32_t n = (uint32_t)strlen(method);

	return t->len >= n + 2 && sip_is(t, 0, method) &&
	       sip_char(t, n) == ' ' && sip_is_alpha(sip_char(t, n + 1));
}

/* process_sip_request() */
static enum help_result request(struct message *m)
{
	enum ct_reason why;
	uint32_t end;

	for (size_t i = 0; i < METHODS; i++) {
		if (!asks_for(&m->text, methods[i].name))
			continue;
		why = read_cseq(m, &end);
		if (why != CT_REASON_NONE)
			return help_drop(m->h, why, 0);
		return methods[i].request(m);
	}
	return HELP_ACCEPT;
}

static enum help_result process(struct message *m)
{
	return sip_is(&m->text, 0, SIP_VERSION) ? response(m) : request(m);
}

static uint8_t quirks(const struct ct *ct)
{
	uint8_t q = 0;

	if (!kernel_has(ct, CT_HAS_SIP_STRICT_NUMBERS))
		q |= SIP_QUIRK_STRTOUL;
	if (!kernel_has(ct, CT_HAS_SIP_WALK_HEADERS))
		q |= SIP_QUIRK_JUMP;
	if (!kernel_has(ct, CT_HAS_SIP_EXPIRES_NUMBER))
		q |= SIP_QUIRK_NO_NUMBER;
	return q;
}

/* A packet with 'len' bytes of payload at 'off'. */
static void message_init(struct message *m, struct help *h, uint32_t off,
			 uint32_t len)
{
	*m = (struct message){
		.h = h,
		.text = {
			.packet = &h->bytes, .start = off, .len = len,
			.l3num = h->pkt->l3num, .quirks = quirks(h->ct),
		},
	};
	help_tuple(h, h->dir, &m->tuple);
}

/* A number beyond 32 bits is longer than any segment where that is checked, and
 * otherwise cut. */
static uint32_t content_length(const struct sip_text *t, uint32_t pos,
			       bool checked, uint32_t *body)
{
	uint64_t all;
	uint32_t n;

	if (!(t->quirks & SIP_QUIRK_STRTOUL))
		return sip_number(t, pos, body);
	n = sip_strtoul(t, pos, 10, &all);
	*body = checked && all > UINT32_MAX ? UINT32_MAX : (uint32_t)all;
	return n;
}

/*
 * The length of the first message in a segment, or 0 if it is unknown.  As in
 * the kernel, the search for the blank line begins after Content-Length.
 */
static uint32_t message_length(const struct ct *ct, const struct sip_text *t)
{
	bool checked = kernel_has(ct, CT_HAS_SIP_CONTENT_LENGTH);
	uint32_t pos, n, body;

	if (!sip_find_number(t, &sip_content_length, &pos))
		return 0;
	n = content_length(t, pos, checked, &body);
	if (!n || (checked && body > t->len))
		return 0;
	for (pos += n; pos + 4 <= t->len; pos++)
		if (sip_is(t, pos, "\r\n\r\n"))
			return pos + 4 + body;
	return 0;
}

static enum help_result sip_tcp_help(struct help *h)
{
	enum help_result result = HELP_ACCEPT;
	struct message m;
	uint32_t off, len, n;

	if (h->ctstate != CT_ESTABLISHED || !help_tcp_payload(h, &off, &len))
		return HELP_ACCEPT;
	help_refresh(h, SIP_TIMEOUT);
	if (len < SIP_LEAST)
		return HELP_ACCEPT;
	message_init(&m, h, off, len);
	while (result == HELP_ACCEPT && (n = message_length(h->ct, &m.text)) &&
	       n <= len) {
		m.text.len = n;
		result = process(&m);
		len -= n;
		m.text.start += n;
		m.text.len = len;
	}
	return result;
}

static enum help_result sip_udp_help(struct help *h)
{
	struct message m;
	uint32_t off, len;

	if (!help_udp_payload(h, &off, &len))
		return HELP_ACCEPT;
	help_refresh(h, SIP_TIMEOUT);
	if (len < SIP_LEAST)
		return HELP_ACCEPT;
	message_init(&m, h, off, len);
	return process(&m);
}

const struct ct_helper helper_sip_tcp = {
	.name = "sip", .protonum = CT_L4_TCP, .port = SIP_PORT,
	.policy = policy, .help = sip_tcp_help,
};

const struct ct_helper helper_sip_udp = {
	.name = "sip", .protonum = CT_L4_UDP, .port = SIP_PORT,
	.policy = policy, .help = sip_udp_help,
};
