/* SPDX-License-Identifier: GPL-2.0-only */
/* test_sip.c - the expectations of registrations and calls, and their
 * timeouts. */
#include "support/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PHONE	"192.0.2.10"
#define PROXY	"198.51.100.20"
#define OTHER	"203.0.113.30"
#define PHONE6	"2001:db8:1::10"

#define V4 CT_L3_IPV4
#define V6 CT_L3_IPV6
#define SAYS CT_DIR_ORIGINAL
#define HEARS CT_DIR_REPLY

#define CSEQ_REASON CT_REASON_HELP_SIP_CSEQ
#define NO_CSEQ CT_REASON_HELP_SIP_NO_CSEQ
#define BAD_PORT CT_REASON_HELP_SIP_PORT
#define NO_ADDRESS CT_REASON_HELP_SIP_SDP
#define BAD_EXPIRES CT_REASON_HELP_SIP_EXPIRES
#define NO_CODE CT_REASON_HELP_SIP_CODE

/* In the texts, "\n" stands for CR LF. */
#define INVITE(seq) "INVITE sip:x SIP/2.0\nCSeq: " seq " INVITE\n\nv=0\n"
#define OK(seq, method) "SIP/2.0 200 OK\nCSeq: " seq " " method "\n"
#define REGISTER(seq) "REGISTER sip:x SIP/2.0\nCSeq: " seq " REGISTER\n"
#define AT(host) "c=IN IP4 " host "\n"

/*
 * Expectations are written in order of creation: a letter for the class
 * (signalling, audio, video, image; a capital if they are to the registrar),
 * then the port, then '?' if it is inactive.
 */
struct step {
	enum ct_dir dir;
	const char *text;
	const char *expects;
	enum ct_reason reason;
};

struct talk {
	const char *name;
	struct step step[6];
};

static const struct talk talks[] = {
	/* REGISTER */
	{ "registration", {
		{ SAYS, REGISTER("1") "Contact: <sip:" PHONE ":5080>\nExpires: 60\n\n", "s5080?", 0 },
		{ HEARS, "SIP/2.0 100 -\nCSeq: 1 REGISTER\n\n", "s5080?", 0 },
		{ HEARS, "SIP/2.0 401 -\nCSeq: 9 REGISTER\n\n", "s5080?", 0 },
		{ HEARS, OK("1", "REGISTER") "m: <sip:" PHONE ":5080>\nExpires: 60\n\n", "s5080", 0 },
		{ SAYS, REGISTER("2") "Contact: <sip:" PHONE ":5080>;expires=0\n\n", "s5080", 0 },
		{ HEARS, OK("2", "REGISTER") "\n", "", 0 } } },
	{ "registration refused", {
		{ SAYS, REGISTER("1") "Contact: sip:" PHONE "\nExpires: 60\n\n", "s5060?", 0 },
		{ HEARS, "SIP/2.0 300 -\nCSeq: 1 REGISTER\n\n", "", 0 } } },
	{ "a second Contact replaces the first", {
		{ SAYS, REGISTER("1") "Contact: sip:" PHONE ":5080\nExpires: 60\n\n", "s5080?", 0 },
		{ SAYS, REGISTER("2") "Contact: sip:" PHONE ":5082\nExpires: 60\n\n", "s5082?", 0 },
		{ HEARS, OK("2", "REGISTER") "Contact: sip:" PHONE ":5080\nExpires: 60\n\n", "", 0 } } },
	{ "the answer's list", {
		{ SAYS, REGISTER("1") "Contact: sip:" PHONE ":5080\nExpires: 60\n\n", "s5080?", 0 },
		{ HEARS, OK("1", "REGISTER") "Expires: 5\nContact: <sip:a@" OTHER ">;expires=0,\n"
		  " <sip:a@b@c>,<sip:" PHONE ":80>, <sip:" PHONE ":5082>\nContact: <sip:b@x>\nContact\n"
		  "\t: sip:" PHONE ":5080;transport=udp\n\n", "s5080", 0 } } },
	{ "a Contact of the list that is over ends it", {
		{ SAYS, REGISTER("1") "Contact: sip:" PHONE ":5080\nExpires: 60\n\n", "s5080?", 0 },
		{ HEARS, OK("1", "REGISTER") "Contact: <sip:" PHONE ":5082>;expires=0,<sip:" PHONE ":5080>;expires=9\n\n",
		  "", 0 } } },
	{ "the answer's expires= is no number", {
		{ SAYS, REGISTER("1") "Contact: sip:" PHONE ":5080\nExpires: 60\n\n", "s5080?", 0 },
		{ HEARS, OK("1", "REGISTER") "Contact: sip:" PHONE ":5080;expires=x\n\n", "s5080?", BAD_EXPIRES } } },
	{ "another transport", {
		{ SAYS, REGISTER("1") "Contact: sip:" PHONE ";transport=tcp\nExpires: 60\n\n", "", 0 },
		{ SAYS, REGISTER("1") "Contact: sip:" PHONE ";transport=tls\nExpires: 60\n\n", "", 0 },
		{ SAYS, REGISTER("1") "Contact: sip:" PHONE ";Transport=UDP\nExpires: 60\n\n", "s5060?", 0 } } },
	{ "no Contact that can be used", {
		{ SAYS, REGISTER("1") "Expires: 60\n\n", "", 0 },
		{ SAYS, REGISTER("1") "Contact-x: sip:y\nContact: sip:" PHONE "\nExpires: 60\n\n", "", 0 },
		{ SAYS, REGISTER("1") "Contact: sip:" OTHER "\nExpires: 60\n\n", "", 0 },
		{ SAYS, REGISTER("1") "Contact: sip:" PHONE ":1023\nExpires: 60\n\n", "", 0 },
		{ SAYS, REGISTER("1") "Contact: sip:" PHONE ":65536\nExpires: 60\n\n", "", 0 },
		{ SAYS, REGISTER("1") "Expires: 60\nContact: sip:" PHONE ":5060", "", 0 } } },
	{ "how long", {
		{ SAYS, REGISTER("1") "Contact: sip:" PHONE "\n\n", "", 0 },
		{ SAYS, REGISTER("1") "Contact: sip:" PHONE "\nExpires: 0\n\n", "", 0 },
		{ SAYS, REGISTER("1") "Contact: sip:" PHONE "\nExpires: 4294967296\n\n", "", 0 },
		{ SAYS, REGISTER("1") "Contact: sip:" PHONE ";expires=soon\nExpires: 60\n\n", "", BAD_EXPIRES },
		{ SAYS, REGISTER("1") "Contact: sip:" PHONE ";expires=000000000060\n\n", "", BAD_EXPIRES },
		{ SAYS, REGISTER("1") "Contact: sip:" PHONE ";\n expires=60;expires=60\n\n", "s5060?", 0 } } },

	/* INVITE and the like */
	{ "a call", {
		{ SAYS, INVITE("1") AT(PHONE) "m=audio 4000 RTP/AVP 0\n", "a4000 a4001", 0 },
		{ HEARS, OK("1", "INVITE") "\nv=0\nm=audio 6001\n" AT(PROXY), "a4000 a4001 A6000 A6001", 0 },
		{ SAYS, "BYE sip:x SIP/2.0\nCSeq: 2 BYE\n\n", "", 0 } } },
	{ "a re-INVITE moves the media", {
		{ SAYS, INVITE("1") AT(PHONE) "m=audio 4000\nm=video 5000\n", "a4000 a4001 v5000 v5001", 0 },
		{ SAYS, INVITE("2") AT(PHONE) "m=image 4002 udptl\n", "i4002 i4003", 0 } } },
	{ "no more than four of a class", {
		{ SAYS, INVITE("1") AT(PHONE) "m=audio 4000\nm=audio 4002\nm=audio 4004\nm=audio 4006\n",
		  "a4002 a4003 a4004 a4005", 0 },
		{ SAYS, INVITE("1") AT(PHONE) "m=image 4000\nm=image 4002\n", "i4002 i4003", 0 } } },
	{ "refusal", {
		{ SAYS, INVITE("7") AT(PHONE) "m=audio 4000\n", "a4000 a4001", 0 },
		{ HEARS, "SIP/2.0 487 -\nCSeq: 6 INVITE\n\n", "a4000 a4001", 0 },
		{ HEARS, "SIP/2.0 487 -\nCSeq: 7 CANCEL\n\n", "a4000 a4001", 0 },
		{ HEARS, "SIP/2.0 487 -\nCSeq: 7 INVITE\n\n", "", 0 } } },
	{ "UPDATE, PRACK and ACK", {
		{ SAYS, "update sip:x SIP/2.0\ncseq: 1\n\nv=0\n" AT(PHONE) "m=audio 4000\n", "a4000 a4001", 0 },
		{ HEARS, "sip/2.0 183 -\ncseq: 1 update\n\nv=0\n" AT(PROXY) "m=video 6000\n",
		  "a4000 a4001 V6000 V6001", 0 },
		{ SAYS, "PRACK sip:x SIP/2.0\nCSeq: 2 PRACK\n\nv=0\n" AT(PHONE) "m=audio 4000\n",
		  "V6000 V6001 a4000 a4001", 0 },
		{ SAYS, "ACK sip:x SIP/2.0\nCSeq: 2 ACK\n\nv=0\n" AT(PHONE) "m=audio 4002\n",
		  "V6000 V6001 a4000 a4001 a4002 a4003", 0 },
		{ SAYS, "INFO sip:x SIP/2.0\nCSeq: 2 INFO\n\nv=0\n" AT(PHONE) "m=audio 5000\n",
		  "V6000 V6001 a4000 a4001 a4002 a4003", 0 } } },
	{ "media that is registered, or of another kind", {
		{ SAYS, REGISTER("1") "Contact: sip:" PHONE ":4001\nExpires: 60\n\n", "s4001?", 0 },
		{ SAYS, INVITE("1") AT(PHONE) "m=audio 4000\nm=video 4000\n", "s4001? a4000", 0 } } },

	/* SDP */
	{ "where and what", {
		{ SAYS, INVITE("1") AT(OTHER) "m=audio 4000\nm=video 5000\n" AT(PHONE), "v5000 v5001", CT_REASON_HELP_OTHER_ADDR },
		{ SAYS, INVITE("1") AT(PHONE) "m=text 4000\nm=audio 0\nm=Audio 4002\nm=audio x\nm=audio 4004\n",
		  "a4004 a4005", 0 },
		{ SAYS, INVITE("1") AT(PHONE) "m=audio\nm=audio 4004\n", "", 0 },
		{ SAYS, INVITE("1") "c=IN IP4 x" PHONE "\nm=audio 4004\n", "", NO_ADDRESS },
		{ SAYS, INVITE("1") "m=audio 4004\nc=in IP4 " PHONE "\n", "", NO_ADDRESS },
		{ SAYS, "INVITE sip:x SIP/2.0\nCSeq: 1\n\nc=IN IP4 " PHONE "\nm=audio 4000\nv=x\n", "", 0 } } },
	{ "ports", {
		{ SAYS, INVITE("1") AT(PHONE) "m=audio 1024\nm=audio 1023\n", "", BAD_PORT },
		{ SAYS, INVITE("1") AT(PHONE) "m=audio 1024\n", "a1024 a1025", 0 },
		{ SAYS, INVITE("1") AT(PHONE) "m=audio 65535\n", "a65534 a65535", 0 },
		{ SAYS, INVITE("1") AT(PHONE) "m=audio 1026\nm=audio 65536\n", "a1026 a1027", BAD_PORT },
		{ SAYS, INVITE("1") AT(PHONE) "m=audio 4294967296\n", "", 0 },
		{ SAYS, INVITE("1") AT(PHONE) "m=audio 000000004000\nm=audio 00000004000\n", "a4000 a4001", 0 } } },

	/* lines */
	{ "line ends and blanks", {
		{ SAYS, "INVITE sip:x\rCSeq :\r\t1 INVITE\r\rv=0\rc=IN IP4 " PHONE "\rm=audio 4000\r", "", 0 },
		{ SAYS, "INVITE sip:x\rCSeq :\r\t1 INVITE\r \rv=0\rc=IN IP4 " PHONE "\rm=audio 4000\r", "a4000 a4001", 0 },
		{ SAYS, "BYE sip:x\n CSeq: 1\n\n", "a4000 a4001", CSEQ_REASON },
		{ SAYS, "BYE sip:x\nCSeq\n: 1\n\n", "a4000 a4001", CSEQ_REASON },
		{ SAYS, "BYE sip:x\nCSeq:\n", "a4000 a4001", CSEQ_REASON },
		{ SAYS, "BYE sip:x\nCSeq\n :1\n", "", 0 } } },
	{ "numbers", {
		{ SAYS, "BYE sip:x\nCSeq: -1\n\n", "", CSEQ_REASON },
		{ SAYS, "BYE sip:x\nCSeq: 4294967295\n\n", "", 0 },
		{ SAYS, "BYE sip:x\nCSeq: 4294967296\n\n", "", NO_CSEQ },
		{ HEARS, OK("99999999999", "INVITE") "\n", "", NO_CSEQ },
		{ HEARS, "SIP/2.0 OK 200\nCSeq: 1\n\n", "", NO_CODE },
		{ HEARS, "SIP/2.0 200\nCSeq: 1", "", 0 } } },
	{ "what is no request", {
		{ SAYS, "BYE  sip:x\n\n", "", 0 },
		{ SAYS, "BYE\tsip:x\n\n", "", 0 },
		{ SAYS, "BYES sip:x\n\n", "", 0 },
		{ SAYS, " BYE sip:x\n\n", "", 0 },
		{ SAYS, "BYE \340:x y\n\n", "", CSEQ_REASON },
		{ SAYS, "BYE \367:x y\n\n", "", 0 } } },
};

static void open_sip(struct session *s, struct rig *r, uint8_t l3num,
		     uint8_t protonum)
{
	session_rig(r);
	session_open(s, r, l3num, protonum, 5060);
}

/* "\n" becomes CR LF, but not after a CR. */
static void with_cr(const char *text, char *out, size_t room)
{
	size_t n = 0;

	for (; *text && n + 3 < room; text++) {
		if (*text == '\n')
			out[n++] = '\r';
		out[n++] = *text;
	}
	out[n] = '\0';
}

static void say(struct session *s, enum ct_dir dir, const char *text)
{
	char message[2048];

	with_cr(text, message, sizeof(message));
	session_say(s, dir, message);
}

/* From the other end, any port. */
static bool from_end(const struct session *s, const struct ct_expect_record *x,
		     unsigned int end)
{
	union ct_addr a = craft_address(s->ends[end]);

	return memcmp(&x->tuple.src, &a, sizeof(a)) == 0 &&
	       x->mask.src.w[0] == UINT32_MAX && x->mask.sport == 0;
}

/* The expectations in the notation above. */
static const char *expects(struct session *s)
{
	static char list[256];
	const char *letters;
	size_t n = 0;

	list[0] = '\0';
	session_expects(s);
	for (size_t i = 0; i < s->expects; i++) {
		const struct ct_expect_record *x = &s->expect[i];
		union ct_addr phone = craft_address(s->ends[0]);
		bool here = memcmp(&x->tuple.dst, &phone, sizeof(phone)) == 0;

		letters = here ? "savi" : "SAVI";
		assert_int_equal(x->permanent, x->class_number == 0);
		assert_true(from_end(s, x, here ? 1 : 0));
		n += (size_t)snprintf(list + n, sizeof(list) - n, "%s%c%u%s",
				      n ? " " : "", letters[x->class_number],
				      x->tuple.dport, x->inactive ? "?" : "");
	}
	return list;
}

/* SDP of 40 octets, with CR LF. */
#define BODY(port) "v=0\nc=IN IP4 " PHONE "\nm=audio " port "\n"
#define LONG(port) INVITE_L("40") BODY(port)
#define INVITE_L(length) "INVITE sip:x SIP/2.0\nCSeq: 1 INVITE\nContent-Length: " length "\n\n"

/* Messages in segments. */
static const struct talk segments[] = {
	{ "one message", { { SAYS, LONG("4000"), "a4000 a4001", 0 } } },
	{ "three messages", {
		{ SAYS, LONG("4000") "BYE sip:x\nCSeq: 2\nl: 0\n\nUPDATE sip:x\nL : 40\nCSeq: 3 UPDATE\n\n" BODY("4002"),
		  "a4002 a4003", 0 } } },
	{ "a message in two segments", {
		{ SAYS, "INVITE sip:x SIP/2.0\nCSeq: 1 INVITE\nContent-", "", 0 },
		{ SAYS, "Length: 40\n\n" BODY("4000"), "", 0 } } },
	{ "a body in the next segment", {
		{ SAYS, INVITE_L("40"), "", 0 },
		{ SAYS, BODY("4000"), "", 0 } } },
	{ "without Content-Length", { { SAYS, "INVITE sip:x\nCSeq: 1\n\n" BODY("4000"), "", 0 } } },
	{ "no number", { { SAYS, INVITE_L("x") BODY("4000"), "", 0 } } },
	{ "too large a number", { { SAYS, INVITE_L("4294967336") BODY("4000"), "", 0 } } },
	{ "too much", { { SAYS, INVITE_L("41") BODY("4000"), "", 0 } } },
	{ "far too much", { { SAYS, INVITE_L("4000") BODY("4000"), "", 0 } } },
	{ "too little", { { SAYS, INVITE_L("26") BODY("4000") LONG("4002"), "", 0 } } },
	{ "no blank line", { { SAYS, "BYE sip:x\nl: 0\nCSeq: x\n", "", 0 } } },
	{ "a blank line of its own", { { SAYS, "BYE sip:x\nCSeq: x\nl: 0\r\n\n", "", CSEQ_REASON } } },
	{ "the second is dropped", {
		{ SAYS, LONG("4000") "BYE sip:x\nCSeq: x\nl: 0\n\n" LONG("4002"), "a4000 a4001", CSEQ_REASON } } },
	{ "keepalive", { { SAYS, "\n\n", "", 0 }, { HEARS, "\n", "", 0 } } },
	{ "transport=tcp", {
		{ SAYS, REGISTER("1") "Contact: sip:" PHONE ";transport=tcp\nExpires: 60\nl: 0\n\n", "s5060?", 0 },
		{ HEARS, OK("1", "REGISTER") "Contact: sip:" PHONE ";transport=udp;expires=60\nl: 0\n\n", "", 0 } } },
	{ "a word goes on in the next message", {
		{ SAYS, REGISTER("1") "l: 0\nContact: sip:" PHONE ";expires=9;transport=x\n\n", "", 0 } } },
};

/* What is read and not taken is noted only. */
static bool drops(enum ct_reason reason)
{
	return reason != CT_REASON_NONE && reason != CT_REASON_HELP_OTHER_ADDR;
}

static void run_steps(const struct talk *talk, uint8_t protonum)
{
	struct session s;
	struct rig r;

	open_sip(&s, &r, V4, protonum);
	for (size_t i = 0; i < ITEMS(talk->step) && talk->step[i].text; i++) {
		const struct step *step = &talk->step[i];

		say(&s, step->dir, step->text);
		if (rig_reason(&r) != step->reason ||
		    r.v.dropped != drops(step->reason) ||
		    strcmp(expects(&s), step->expects) != 0)
			fail_msg("step %zu: expected \"%s\" %s, got \"%s\" %s",
				 i + 1, step->expects,
				 ct_reason_code(step->reason), expects(&s),
				 ct_reason_code(rig_reason(&r)));
	}
	rig_free(&r);
}

static void sip_conversation(void **state)
{
	run_steps(*state, CT_L4_UDP);
}

static void sip_segments(void **state)
{
	run_steps(*state, CT_L4_TCP);
}

/* Spellings of the phone's address, and texts that are not an address. */
struct spelling {
	const char *text;
	uint8_t l3num;
	enum { OURS, ANOTHERS, NONE } is;
};

static const struct spelling spellings[] = {
	{ "192.0.2.10", V4, OURS }, { "192.0.2.10/24", V4, OURS },
	{ "192.0.2.10:1", V4, OURS }, { "192.0.2.10x", V4, OURS },
	{ "000192.00.2.0010", V4, OURS }, { "192.0.2.100", V4, ANOTHERS },
	{ "192.0.2.10.", V4, NONE }, { "192.0.2.10a", V4, NONE },
	{ "192.0.2", V4, NONE }, { "192.0.2.", V4, NONE },
	{ "192.0..10", V4, NONE }, { "192.0.2.256", V4, NONE },
	{ "192:0:2:10", V4, NONE }, { "", V4, NONE }, { "::1", V4, NONE },

	{ PHONE6, V6, OURS }, { "2001:DB8:1::10", V6, OURS },
	{ "2001:0db8:0001:0000:0000:0000:0000:0010", V6, OURS },
	{ "2001:db8:1:0:0:0:0:10", V6, OURS },
	{ "2001:db8:1::0:0:10", V6, OURS }, { "2001:db8:1:0::0:10", V6, OURS },
	{ "002001:db8:1::00010", V6, OURS }, { "2001:db8:1::10%eth0", V6, OURS },
	{ "2001:db8:1::0.0.0.16", V6, OURS },
	{ "2001:db8:1:0:0:0:0.0.0.16", V6, OURS },
	{ "2001:db8:1::0.0.0.16:5060", V6, OURS },
	{ "::", V6, ANOTHERS }, { "::1", V6, ANOTHERS }, { "1::", V6, ANOTHERS },
	{ "::2:3:4:5:6:7:8", V6, ANOTHERS }, { "1:2:3:4:5:6:7::", V6, ANOTHERS },
	{ "1:2:3:4:5:6::8", V6, ANOTHERS }, { "::1.2.3.4", V6, ANOTHERS },
	{ "1::6:1.2.3.4", V6, ANOTHERS },
	{ "::1:2:3:4:5:6:7:8", V6, NONE }, { "1::2:3:4:5:6:7:8", V6, NONE },
	{ "1:2:3:4:5:6:7::8", V6, NONE }, { "1:2:3:4:5:6:7:8:9", V6, NONE },
	{ "1:2:3:4:5:6:7", V6, NONE }, { "1:2:3:4:5:6:7:", V6, NONE },
	{ "1:2:3:4:5:6:7:8:", V6, NONE }, { "1::2::3", V6, NONE },
	{ "1:::2", V6, NONE }, { ":1::2", V6, NONE }, { ":", V6, NONE },
	{ "1::2:", V6, NONE }, { "12345::1", V6, NONE }, { "::1.2.3", V6, NONE },
	{ "::a.1.2.3", V6, NONE }, { "::.1", V6, NONE }, { "", V6, NONE },
	{ "1:2:3:4:5:1.2.3.4", V6, NONE }, { "1.2.3.4", V6, NONE },
	{ "1:2:3:4:5:6:7:1.2.3.4", V6, NONE }, { "1::g", V6, ANOTHERS },
	{ "1::3:4:5:6:7:1.2.3.4", V6, NONE },
};

static void sip_addresses(void **state)
{
	(void)state;
	for (size_t i = 0; i < ITEMS(spellings); i++) {
		const struct spelling *sp = &spellings[i];
		enum ct_reason reason = CT_REASON_NONE;
		struct session s;
		struct rig r;
		char text[256];

		snprintf(text, sizeof(text), INVITE("1") "c=IN IP%c %s\nm=audio 4000\n",
			 sp->l3num == V4 ? '4' : '6', sp->text);
		open_sip(&s, &r, sp->l3num, CT_L4_UDP);
		say(&s, SAYS, text);
		if (sp->is == NONE)
			reason = NO_ADDRESS;
		else if (sp->is == ANOTHERS)
			reason = CT_REASON_HELP_OTHER_ADDR;
		if (rig_reason(&r) != reason ||
		    strcmp(expects(&s), sp->is == OURS ? "a4000 a4001" : "") != 0)
			fail_msg("\"%s\": \"%s\" %s", sp->text, expects(&s),
				 ct_reason_code(rig_reason(&r)));
		rig_free(&r);
	}
}

/* Contacts need brackets around IPv6 addresses. */
static void sip_contact_needs_brackets(void **state)
{
	static const struct { const char *host, *expects; } hosts[] = {
		{ "[" PHONE6 "]", "s5060?" }, { "[" PHONE6 "]:5080", "s5080?" },
		{ PHONE6, "" }, { "[" PHONE6, "" }, { PHONE6 "]", "" },
		{ "[" PHONE6 "]:", "" }, { "[[" PHONE6 "]]", "" },
	};

	(void)state;
	for (size_t i = 0; i < ITEMS(hosts); i++) {
		struct session s;
		struct rig r;
		char text[256];

		snprintf(text, sizeof(text), REGISTER("1") "Contact: <sip:%s>\n"
			 "Expires: 60\n\n", hosts[i].host);
		open_sip(&s, &r, V6, CT_L4_UDP);
		say(&s, SAYS, text);
		assert_string_equal(expects(&s), hosts[i].expects);
		rig_free(&r);
	}
}

static const char registration[] = REGISTER("1") "Contact: sip:" PHONE ":5080\nExpires: 60\nl: 0\n\n";
static const char granted[] = OK("1", "REGISTER") "Contact: sip:" PHONE ":5080\nExpires: 60\nl: 0\n\n";
static const char call[] = INVITE("1") AT(PHONE) "m=audio 4000\n";

static enum ct_ctstate datagram(struct rig *r, const char *src, const char *dst,
				uint16_t sport, uint16_t dport)
{
	struct craft c;

	craft_udp(&c, V4, src, dst, sport, dport, 20);
	rig_send(r, &c);
	return (enum ct_ctstate)r->v.ctstate;
}

/* The timeouts of the connection and of its expectations. */
static void sip_times(void **state)
{
	struct session s;
	struct rig r;

	(void)state;
	open_sip(&s, &r, V4, CT_L4_UDP);
	say(&s, SAYS, "x");
	assert_int_equal(rig_left(&r), 3600);
	say(&s, SAYS, registration);
	rig_wait(&r, 179999);
	assert_string_equal(expects(&s), "s5080?");
	rig_wait(&r, 1);
	assert_string_equal(expects(&s), "");
	say(&s, SAYS, registration);
	assert_int_equal(datagram(&r, PROXY, PHONE, 1, 5080), CT_NEW);
	say(&s, HEARS, granted);
	rig_wait(&r, 59999);
	assert_string_equal(expects(&s), "s5080");
	assert_int_equal(datagram(&r, PROXY, PHONE, 5060, 5080), CT_RELATED);
	rig_wait(&r, 1);
	assert_string_equal(expects(&s), "");
	say(&s, SAYS, call);
	rig_wait(&r, 180000);
	assert_string_equal(expects(&s), "");
	rig_free(&r);
}

/* The product exceeds 2^32 jiffies: 204 are left. */
static void sip_jiffies_wrap(void **state)
{
	struct session s;
	struct rig r;

	(void)state;
	open_sip(&s, &r, V4, CT_L4_UDP);
	say(&s, SAYS, registration);
	say(&s, HEARS, OK("1", "REGISTER") "Contact: sip:" PHONE ":5080\nExpires: 17179870\n\n");
	rig_wait(&r, 815);
	assert_string_equal(expects(&s), "s5080");
	rig_wait(&r, 1);
	assert_string_equal(expects(&s), "");
	rig_free(&r);
}

/* Shorter than that of ESTABLISHED, and only after data. */
static void sip_tcp_timeout(void **state)
{
	struct session s;
	struct rig r;

	(void)state;
	open_sip(&s, &r, V4, CT_L4_TCP);
	assert_int_equal(rig_left(&r), 432000);
	say(&s, SAYS, "\n\n");
	assert_int_equal(rig_left(&r), 3600);
	say(&s, HEARS, "");
	assert_int_equal(rig_left(&r), 432000);
	rig_free(&r);
}

/* Media and calls are RELATED; the helper reads a call's connection, but
 * ignores a registration there. */
static void sip_related(void **state)
{
	struct session s, called;
	struct rig r;

	(void)state;
	open_sip(&s, &r, V4, CT_L4_UDP);
	say(&s, SAYS, registration);
	say(&s, HEARS, granted);
	say(&s, SAYS, call);
	assert_int_equal(datagram(&r, PROXY, PHONE, 9, 4000), CT_RELATED);
	assert_int_equal(datagram(&r, PROXY, PHONE, 9, 4001), CT_RELATED);
	assert_int_equal(datagram(&r, PROXY, PHONE, 8, 4001), CT_NEW);
	assert_int_equal(datagram(&r, PROXY, PHONE, 5060, 5080), CT_RELATED);
	assert_string_equal(expects(&s), "s5080");
	assert_int_equal(rig_table(&r), 5);
	assert_null(r.record[1].helper);
	assert_string_equal(r.record[4].helper, "sip");
	session_open_from(&called, &r, V4, CT_L4_UDP, 5080, 5060);
	say(&called, SAYS, REGISTER("1") "Contact: sip:" PHONE ":5082\nExpires: 60\n\n");
	assert_string_equal(expects(&s), "s5080");
	say(&called, SAYS, call);
	assert_string_equal(expects(&s), "s5080 a4000 a4001");
	rig_free(&r);
}

/* An expectation of another connection is not made again, and stays its own. */
static void sip_forked_call(void **state)
{
	struct session s, other;
	struct rig r;

	(void)state;
	session_rig(&r);
	session_open_from(&s, &r, V4, CT_L4_UDP, 5070, 5060);
	session_open_from(&other, &r, V4, CT_L4_UDP, 5072, 5060);
	say(&s, SAYS, call);
	say(&other, SAYS, call);
	assert_string_equal(expects(&s), "a4000 a4001");
	say(&other, SAYS, "BYE sip:x\nCSeq: 2\n\n");
	assert_string_equal(expects(&s), "a4000 a4001");
	/* Of another class: it would do for media, but calls need their own. */
	say(&other, SAYS, INVITE("1") AT(PHONE) "m=video 4000\n");
	assert_int_equal(rig_reason(&r), CT_REASON_NONE);
	say(&other, SAYS, REGISTER("1") "Contact: sip:" PHONE ":4001\nExpires: 60\n\n");
	assert_int_equal(rig_reason(&r), CT_REASON_HELP_NO_EXPECT);
	assert_string_equal(expects(&s), "a4000 a4001");
	rig_free(&r);
}

/* Without RTCP the expectation of RTP is removed; the connection never is. */
static void sip_expectation_table_full(void **state)
{
	struct session s;
	struct rig r;

	(void)state;
	session_rig_max(&r, 1);
	session_open(&s, &r, V4, CT_L4_UDP, 5060);
	say(&s, SAYS, call);
	assert_int_equal(rig_reason(&r), CT_REASON_HELP_SIP_VOICE);
	assert_true(r.v.dropped);
	assert_string_equal(expects(&s), "");
	assert_int_equal(ct_count(r.ct), 0);
	say(&s, SAYS, registration);
	assert_string_equal(expects(&s), "s5080?");
	say(&s, SAYS, call);
	assert_int_equal(rig_reason(&r), CT_REASON_HELP_SIP_VOICE);
	assert_string_equal(expects(&s), "s5080?");
	rig_free(&r);
}

/* Bytes that were cut off read as zero. */
static void sip_cut_message(void **state)
{
	static const char text[] =
		"INVITE sip:x SIP/2.0\r\nCSeq: 1 INVITE\r\n\r\nv=0\r\n"
		"c=IN IP4 " PHONE "\r\nm=audio 4000\r\n";
	const uint32_t all = sizeof(text) - 1;
	struct session s;
	struct rig r;

	(void)state;
	open_sip(&s, &r, V4, CT_L4_UDP);
	session_say_cut(&s, SAYS, text, all - 2);
	assert_string_equal(expects(&s), "a4000 a4001");
	session_say_cut(&s, SAYS, text, all - 20);
	assert_string_equal(expects(&s), "");
	session_say_cut(&s, SAYS, text, 10);
	assert_true(r.v.dropped);
	assert_int_equal(rig_reason(&r), CSEQ_REASON);
	rig_free(&r);
}

/* A datagram shorter than "SIP/2.0 200", or with nothing in it, keeps a NAT
 * open (RFC 5626); sip_help_udp() and process_sip_msg() ignore it. */
static void sip_keep_alive(void **state)
{
	struct session s;
	struct rig r;

	(void)state;
	open_sip(&s, &r, V4, CT_L4_UDP);
	say(&s, SAYS, "");
	rig_expect(&r, "empty", CT_NEW, CT_DIR_ORIGINAL, CT_REASON_NONE);
	say(&s, SAYS, "INVITE sip");
	rig_expect(&r, "ten octets", CT_NEW, CT_DIR_ORIGINAL, CT_REASON_NONE);
	assert_false(r.v.dropped);
	say(&s, SAYS, "INVITE sip:");
	rig_expect(&r, "eleven", CT_NEW, CT_DIR_ORIGINAL, CSEQ_REASON);
	assert_true(r.v.dropped);
	rig_free(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sip_addresses),
		cmocka_unit_test(sip_contact_needs_brackets),
		cmocka_unit_test(sip_times),
		cmocka_unit_test(sip_jiffies_wrap),
		cmocka_unit_test(sip_tcp_timeout),
		cmocka_unit_test(sip_related),
		cmocka_unit_test(sip_forked_call),
		cmocka_unit_test(sip_expectation_table_full),
		cmocka_unit_test(sip_cut_message),
		cmocka_unit_test(sip_keep_alive),
	};
	int failed = rig_run_cases("sip talks", talks, sizeof(*talks),
				   ITEMS(talks), sip_conversation);

	failed += rig_run_cases("sip segments", segments, sizeof(*segments),
				ITEMS(segments), sip_segments);
	return failed + cmocka_run_group_tests_name("sip", tests, NULL, NULL);
}
