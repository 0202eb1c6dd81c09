/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * h323.c - H.323's call signalling (ITU-T H.225.0 in Q.931, TCP port 1720) and
 * its control of logical channels (H.245, on ports that call signalling
 * announces): they say where media and data will flow.  q931_help() and
 * h245_help() of nf_conntrack_h323_main.c.
 *
 * With the module's parameter callforward_filter, the kernel asks the routing
 * table whether a forwarded call passes this machine at all.  A replay has no
 * routes and expects the call, as the kernel does if it finds no route.
 */
#include "conntrack/helper/h323.h"

#define PAYLOAD_MAX	65535u
#define TPKT_HEADER	4u	/* RFC 1006: version 3, reserved, length */

#define Q931_DISCRIMINATOR	0x08u
#define Q931_USER_USER		0x7eu
#define Q931_SHIFTED		0x80u

bool h323_address(const struct help *h, const struct per_note *note,
		  struct h323_address *a)
{
	if (note->len != (h->pkt->l3num == CT_L3_IPV4 ? 4 : 16))
		return false;
	memset(&a->addr, 0, sizeof(a->addr));
	return bytes_copy(&h->bytes, note->value, &a->addr, note->len) &&
	       bytes_be16(&h->bytes, note->value + note->len, &a->port);
}

bool h323_own_address(const struct help *h, const struct per_note *note,
		      struct h323_address *a)
{
	struct ct_tuple from;

	help_tuple(h, h->dir, &from);
	return h323_address(h, note, a) && a->port &&
	       memcmp(&a->addr, &from.src, sizeof(a->addr)) == 0;
}

bool h323_expect(struct help *h, struct expect_want *want)
{
	struct ct_tuple from;

	help_tuple(h, h->dir, &from);
	want->l3num = from.l3num;
	want->src = &from.dst;
	if (!want->dst)
		want->dst = &from.src;
	return expect_related(h, want, 0, NULL) == EXPECT_OK;
}

/* expect_rtp_rtcp(): the even port and the odd one above it. */
static bool expect_media(struct help *h, const struct per_note *note)
{
	struct expect_want want = { .protonum = CT_L4_UDP };
	struct h323_address a;

	if (!h323_own_address(h, note, &a))
		return true;
	want.dport = a.port & 0xfffe;
	if (!h323_expect(h, &want))
		return false;
	want = (struct expect_want){ .protonum = CT_L4_UDP,
				     .dport = a.port | 1 };
	if (h323_expect(h, &want))
		return true;
	/* RTP and RTCP are expected together or not at all. */
	expect_withdraw(h->ct, expect_first(h->ct, h->ext));
	return false;
}

static bool expect_t120(struct help *h, const struct per_note *note)
{
	struct h323_address a;

	return !h323_own_address(h, note, &a) ||
	       h323_expect(h, &(struct expect_want){
				.protonum = CT_L4_TCP, .dport = a.port,
				.flags = EXPECT_PERMANENT });
}

static bool expect_h245(struct help *h, const struct per_note *note)
{
	struct h323_address a;

	return !h323_own_address(h, note, &a) ||
	       h323_expect(h, &(struct expect_want){
				.protonum = CT_L4_TCP, .dport = a.port,
				.assign = &helper_h323_h245 });
}

/* expect_callforwarding(): the second leg of the call, to anybody. */
static bool expect_forwarded(struct help *h, const struct per_note *note)
{
	struct h323_address a;

	return !h323_address(h, note, &a) || !a.port ||
	       h323_expect(h, &(struct expect_want){
				.protonum = CT_L4_TCP, .dst = &a.addr,
				.dport = a.port,
				.assign = &helper_h323_q931 });
}

/* Whether a Facility forwards the call; then it announces nothing else. */
static bool forwards(const struct per_notes *notes)
{
	for (uint32_t i = 0; i < notes->n; i++)
		if (notes->note[i].tag == H225_FACILITY_REASON)
			return notes->note[i].value == H225_CALL_FORWARDED;
	return false;
}

/* The channel that the notes read so far are about. */
struct channel {
	bool ack;
	bool separate_lan;		/* T.120 over a connection of its own */
	const struct per_note *t120;	/* of an acknowledgement, for later */
};

/* process_olca() expects T.120 after the media. */
static bool channel_end(struct help *h, struct channel *c)
{
	const struct per_note *t120 = c->t120;

	*c = (struct channel){ .ack = false };
	return !t120 || expect_t120(h, t120);
}

/* process_olc(), process_olca() */
static bool channel_note(struct help *h, struct channel *c,
			 const struct per_note *note)
{
	switch (note->tag) {
	case H245_CHANNEL:
	case H245_CHANNEL_ACK:
		if (!channel_end(h, c))
			return false;
		c->ack = note->tag == H245_CHANNEL_ACK;
		return true;
	case H245_T120_PROTOCOL:
		c->separate_lan = note->value == H245_SEPARATE_LAN_STACK;
		return true;
	case H245_MEDIA:
		return expect_media(h, note);
	case H245_SEPARATE_STACK:
		if (c->ack)
			c->t120 = note;
		return c->ack || !c->separate_lan || expect_t120(h, note);
	}
	return true;
}

/* process_q931(), process_h245() */
static bool process(struct help *h, const struct per_notes *notes)
{
	struct channel c = { .ack = false };
	bool forwarded = forwards(notes), tunnelled = false;

	for (uint32_t i = 0; i < notes->n; i++) {
		const struct per_note *note = &notes->note[i];
		bool good = true;

		if (note->tag == H225_TUNNELLED) {
			good = channel_end(h, &c);
			tunnelled = true;
		} else if (note->tag == H225_FORWARD_ADDRESS) {
			good = !forwarded || expect_forwarded(h, note);
		} else if (forwarded && !tunnelled) {
			continue;
		} else if (note->tag == H225_H245_ADDRESS) {
			good = expect_h245(h, note);
		} else {
			good = channel_note(h, &c, note);
		}
		if (!good)
			return false;
	}
	return channel_end(h, &c);
}

/* A segment, and the next message in it. */
struct segment {
	uint32_t begin, end;	/* the payload */
	uint32_t next;		/* after the last message */
	uint32_t off, len;	/* the message */
};

static bool is_tpkt(const struct help *h, uint32_t off)
{
	uint16_t version;

	return bytes_be16(&h->bytes, off, &version) && version == 0x0300;
}

/*
 * get_tpkt_data(): finds the message in the next TPKT.  NetMeeting sends the
 * header in a segment of its own; then the next segment in that direction is
 * the message.
 */
static bool next_message(struct help *h, struct segment *s)
{
	uint16_t *announced = &h->ext->data.h323.tpkt_len[h->dir];
	uint32_t alone = *announced, left = s->end - s->next;
	bool first = s->next == s->begin;
	uint16_t len;

	*announced = 0;
	if (left < TPKT_HEADER || !is_tpkt(h, s->next)) {
		s->off = s->begin;
		s->len = alone;
		s->next = s->off + alone;
		return first && alone && alone <= left;
	}
	if (!bytes_be16(&h->bytes, s->next + 2, &len) || len < TPKT_HEADER ||
	    (left == TPKT_HEADER && !first))
		return false;
	if (len > left) {
		if (left == TPKT_HEADER)
			*announced = (uint16_t)(len - TPKT_HEADER);
		return false;
	}
	s->off = s->next + TPKT_HEADER;
	s->len = len - TPKT_HEADER;
	s->next += len;
	return true;
}

static bool segment_begin(struct help *h, struct segment *s)
{
	uint32_t off, len;

	/* Nothing counts until packets in both directions were seen. */
	if (h->ctstate != CT_ESTABLISHED)
		return false;
	if (!help_tcp_payload(h, &off, &len)) {
		h->ext->data.h323.tpkt_len[h->dir] = 0;
		return false;
	}
	*s = (struct segment){
		.begin = off, .next = off,
		.end = off + (len < PAYLOAD_MAX ? len : PAYLOAD_MAX),
	};
	return true;
}

static enum help_result h245_help(struct help *h)
{
	struct per_notes notes;
	struct segment s;

	if (!segment_begin(h, &s))
		return HELP_ACCEPT;
	while (next_message(h, &s)) {
		notes.n = 0;
		if (!per_read(&h->bytes, s.off, s.off + s.len, &h245_message,
			      PER_UNTAGGED, h323_quirks(h), &notes))
			break;
		if (!process(h, &notes))
			return help_drop(h, CT_REASON_HELP_H323_H245, 0);
	}
	return HELP_ACCEPT;
}

/*
 * DecodeQ931(): finds the user-user information element after the protocol
 * discriminator, the call reference, the message's type and other elements,
 * each of which is assumed to have one octet of length (Q.931 section 4.5).
 * '*off' and '*end' are narrowed to its contents.
 */
static bool user_information(const struct bytes *b, uint32_t *off, uint32_t *end)
{
	uint32_t p = *off;
	uint8_t octet, type;
	uint16_t len;

	if (*end - p < 4 || !bytes_u8(b, p, &octet) ||
	    octet != Q931_DISCRIMINATOR || !bytes_u8(b, p + 1, &octet))
		return false;
	p += 2u + octet;
	if (p + 2 > *end || !bytes_u8(b, ++p, &octet))
		return false;
	/* As in the kernel, this octet belongs to no element. */
	if (octet & Q931_SHIFTED)
		p++;
	for (; *end - p >= 3; p += 2u + octet) {
		if (!bytes_u8(b, p, &type) || !bytes_u8(b, p + 1, &octet))
			return false;
		if (type == Q931_USER_USER)
			break;
		if (octet > *end - p - 2)
			return false;
	}
	if (*end - p < 3 || !bytes_be16(b, p + 1, &len) || len > *end - p - 3 ||
	    len < 2)
		return false;
	/* A protocol discriminator comes first. */
	*off = p + 4;
	*end = p + 3 + len;
	return true;
}

static enum help_result q931_help(struct help *h)
{
	struct per_notes notes;
	struct segment s;

	if (!segment_begin(h, &s))
		return HELP_ACCEPT;
	while (next_message(h, &s)) {
		uint32_t off = s.off, end = s.off + s.len;

		notes.n = 0;
		if (!user_information(&h->bytes, &off, &end) ||
		    !per_read(&h->bytes, off, end, &h225_user_information,
			      PER_UNTAGGED, h323_quirks(h), &notes))
			break;
		if (!process(h, &notes))
			return help_drop(h, CT_REASON_HELP_H323_Q931, 0);
	}
	return HELP_ACCEPT;
}

/* The media of four channels, two ports in each direction; and H.245, T.120. */
static const struct expect_policy q931_policy[] = {
	{ 20, H323_EXPECT_TIMEOUT, "" },
};
static const struct expect_policy h245_policy[] = {
	{ 18, H323_EXPECT_TIMEOUT, "" },
};

const struct ct_helper helper_h323_q931 = {
	.name = "Q.931", .protonum = CT_L4_TCP, .port = 1720,
	.policy = q931_policy, .help = q931_help,
};

const struct ct_helper helper_h323_h245 = {
	.name = "H.245", .protonum = CT_L4_TCP,
	.policy = h245_policy, .help = h245_help,
};
