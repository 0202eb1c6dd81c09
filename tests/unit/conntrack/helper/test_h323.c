/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * test_h323.c - which messages of H.323 announce channels, which are ignored,
 * and which have their packet dropped.  The messages were encoded by hand
 * (testdata/gen/h323_messages.py).
 */
#include "support/session.h"

#include <stdlib.h>
#include <string.h>

#define V4 CT_L3_IPV4
#define V6 CT_L3_IPV6
#define CL CT_DIR_ORIGINAL
#define SV CT_DIR_REPLY

#define C4 "192.0.2.10"
#define S4 "198.51.100.20"
#define O4 "203.0.113.30"

#define CALL_PORT 1720
#define RAS_PORT  1719

struct signal {
	const char *name;
	uint8_t l3num;
	enum ct_dir dir;
	size_t expects;
	uint8_t protonum;	/* of the first expectation */
	uint16_t port;
	const char *hex;
};

/* One segment of a call from 192.0.2.10 to 198.51.100.20, or from
 * 2001:db8:1::10 to 2001:db8:2::20. */
static const struct signal signals[] = {
	{ "Setup", V4, CL, 1, CT_L4_TCP, 30000,
	  "0300002a080101057e001f050040010000c000020a753000000001020304"
	  "05060708090a0b0c0d0e0f00" },
	{ "Setup over IPv6", V6, CL, 1, CT_L4_TCP, 30000,
	  "03000036080101057e002b05004001003020010db8000100000000000000"
	  "00001075300000000102030405060708090a0b0c0d0e0f00" },
	{ "CallProceeding", V4, SV, 1, CT_L4_TCP, 30000,
	  "03000018080101027e000d05014001000000c63364147530" },
	{ "Connect", V4, SV, 1, CT_L4_TCP, 30000,
	  "03000029080101077e001e050240010000c6336414753000000001020304"
	  "05060708090a0b0c0d0e0f" },
	{ "Alerting", V4, SV, 1, CT_L4_TCP, 30000,
	  "03000018080101017e000d05034001000000c63364147530" },
	{ "Facility", V4, SV, 1, CT_L4_TCP, 30000,
	  "0300001b080101627e001005068001004180800700c63364147530" },
	{ "Progress, with tokens", V4, SV, 1, CT_L4_TCP, 30000,
	  "030000c408021234037e00b805280080aff8060008914a000422c0b50053"
	  "4c0763747265706c6179003100c633641475300000010203040506070809"
	  "0a0b0c0d0e0f4144017f80060008914a00044003e80200700077000010aa"
	  "bb0008cc0008f000000000000000000002123400060008914a0004046365"
	  "72740200690064060008914a000404646174610104040061006c00690063"
	  "00654003e8060008914a0004600101000000000000000060000000000000"
	  "00000000000003800100010002800100" },
	{ "ReleaseComplete", V4, SV, 0, 0, 0,
	  "030000110801015a7e0006050540010018" },
	{ "Setup, another's address", V4, CL, 0, 0, 0,
	  "0300002a080101057e001f050040010000cb00711e753000000001020304"
	  "05060708090a0b0c0d0e0f00" },
	{ "Setup, IPv6 over IPv4", V4, CL, 0, 0, 0,
	  "03000036080101057e002b05004001003020010db8000100000000000000"
	  "00001075300000000102030405060708090a0b0c0d0e0f00" },
	{ "Setup, NetBIOS", V4, CL, 0, 0, 0,
	  "03000034080101057e00290500400100407369787465656e206f63746574"
	  "7320210000000102030405060708090a0b0c0d0e0f00" },
	{ "Setup, source address only", V4, CL, 0, 0, 0,
	  "0300002c080101057e002105008001000000000102030405060708090a0b"
	  "0c0d0e0f00040700c000020a7530" },
	{ "bearer and display in front", V4, CL, 1, CT_L4_TCP, 30000,
	  "030000370801010504038090a52806616c696365007e001f050040010000"
	  "c000020a75300000000102030405060708090a0b0c0d0e0f00" },
	{ "an octet with its high bit in front", V4, CL, 1, CT_L4_TCP, 30000,
	  "0300002b08010105a17e001f050040010000c000020a7530000000010203"
	  "0405060708090a0b0c0d0e0f00" },
	{ "forwarded", V4, SV, 1, CT_L4_TCP, 1721,
	  "03000018080101627e000d050640010000cb00711e06b920" },
	{ "forwarded, and H.245", V4, SV, 1, CT_L4_TCP, 1721,
	  "03000022080101627e00170506c0010000cb00711e06b92180800700c633"
	  "64147530" },
	{ "an address, but not forwarded", V4, SV, 0, 0, 0,
	  "03000018080101627e000d050640010000cb00711e06b900" },
	{ "forwarded to port 0", V4, SV, 0, 0, 0,
	  "03000018080101627e000d050640010000cb00711e000020" },
	{ "fast start, an odd port", V4, CL, 2, CT_L4_UDP, 6000,
	  "0300003a080101057e002f05008001000000000102030405060708090a0b"
	  "0c0d0e0f0030101401120000000c2013800a10000100c000020a1771" },
	{ "fast start, RTP and RTCP", V4, CL, 2, CT_L4_UDP, 6000,
	  "03000043080101057e003805008001000000000102030405060708090a0b"
	  "0c0d0e0f0030101d011b000000085004ff40001114000100c000020a1770"
	  "00c000020a1771" },
	{ "fast start, the other direction", V4, SV, 2, CT_L4_UDP, 6000,
	  "0300003d080101077e003205028001000000000102030405060708090a0b"
	  "0c0d0e0f0810180116400000060401004c2013800a10000100c633641417"
	  "70" },
	{ "fast start, multicast", V4, SV, 0, 0, 0,
	  "0300002c080101027e0021050180010000040818011600000008c802800e"
	  "ff04000a10000140ef0101011770" },
	{ "fast start, T.120", V4, SV, 1, CT_L4_TCP, 1503,
	  "0300002f080101017e002405038001000004081b01198000001018300100"
	  "40026d81010001094200c633641405df00" },
	{ "fast start, T.120 over TCP", V4, SV, 0, 0, 0,
	  "0300002f080101017e002405038001000004081b01198000001018500100"
	  "40026d81010001094200c633641405df00" },
	{ "tunnel, a channel", V4, CL, 2, CT_L4_UDP, 6000,
	  "0300002b080101627e002005281001000440180116030000000e1c030000"
	  "00800a10000100c000020a1770" },
	{ "tunnel, over IPv6", V6, SV, 2, CT_L4_UDP, 6000,
	  "03000034080101627e00290528100100044021011f030000000c20138016"
	  "1000010820010db80002000000000000000000201770" },
	{ "tunnel, an acknowledgement", V4, SV, 2, CT_L4_UDP, 6000,
	  "03000025080101627e001a0528100100044012011022c000000280091800"
	  "00c63364141770" },
	{ "tunnel, its other direction", V4, SV, 2, CT_L4_UDP, 6000,
	  "03000028080101627e001d0528100100044015011322a00000200001800a"
	  "10000100c63364141770" },
	{ "tunnel, its T.120", V4, SV, 1, CT_L4_TCP, 1503,
	  "03000024080101627e00190528100100044011010f22c0000001094200c6"
	  "33641405df00" },
	{ "tunnel, four messages", V4, CL, 2, CT_L4_UDP, 6000,
	  "0300003a080101627e002f05281001000440270403218001024a400a1060"
	  "070001000040028013030000000c2013800a10000100c000020a1770" },
	{ "tunnel, the fifth", V4, CL, 0, 0, 0,
	  "03000038080101627e002d05281001000440250503218001032180010321"
	  "80010321800113030000000c2013800a10000100c000020a1770" },
	{ "tunnel, behind one forwarded", V4, SV, 2, CT_L4_UDP, 6000,
	  "03000033080101627e002805268001002180800700c63364147530044015"
	  "0113030000000c2013800a10000100c63364141770" },
	{ "two in a segment", V4, CL, 1, CT_L4_TCP, 30000,
	  "03000023080101057e001805000001000000000102030405060708090a0b"
	  "0c0d0e0f000300002a080101057e001f050040010000c000020a75300000"
	  "000102030405060708090a0b0c0d0e0f00" },
	{ "behind one that cannot be read", V4, CL, 0, 0, 0,
	  "03000029080101057e001f050040010000c000020a753000000001020304"
	  "05060708090a0b0c0d0e0f0300002a080101057e001f050040010000c000"
	  "020a75300000000102030405060708090a0b0c0d0e0f00" },
	{ "behind one that is no Q.931", V4, CL, 0, 0, 0,
	  "0300002a090101057e001f050040010000c000020a753000000001020304"
	  "05060708090a0b0c0d0e0f000300002a080101057e001f050040010000c0"
	  "00020a75300000000102030405060708090a0b0c0d0e0f00" },
	{ "a longer TPKT than there is", V4, CL, 0, 0, 0,
	  "0300002a080101057e001f050040010000c000020a753000000001020304"
	  "05060708090a0b0c0d0e0f" },
	{ "a TPKT of another version", V4, CL, 0, 0, 0,
	  "0200002a080101057e001f050040010000c000020a753000000001020304"
	  "05060708090a0b0c0d0e0f00" },
	{ "an empty TPKT", V4, CL, 0, 0, 0,
	  "030000040300002a080101057e001f050040010000c000020a7530000000"
	  "0102030405060708090a0b0c0d0e0f00" },
	{ "a call reference that is too long", V4, CL, 0, 0, 0,
	  "0300002a08ff01057e001f050040010000c000020a753000000001020304"
	  "05060708090a0b0c0d0e0f00" },
	{ "an element that is too long", V4, CL, 0, 0, 0,
	  "0300002c0801010504ff7e001f050040010000c000020a75300000000102"
	  "030405060708090a0b0c0d0e0f00" },
	{ "no user-user element", V4, CL, 0, 0, 0,
	  "0300000808010105" },
	{ "an empty one", V4, CL, 0, 0, 0,
	  "0300000c080101057e000105" },
	{ "a body without a name", V4, CL, 2, CT_L4_UDP, 6000,
	  "03000028080101627e001d052b5001000440150113030000000c2013800a"
	  "10000100c000020a1770" },
};

static uint32_t unhex(const char *hex, uint8_t *out)
{
	uint32_t n = 0;

	for (; hex[0]; hex += 2, n++) {
		char two[3] = { hex[0], hex[1], 0 };

		out[n] = (uint8_t)strtoul(two, NULL, 16);
	}
	return n;
}

static void say(struct session *s, enum ct_dir dir, const char *hex)
{
	uint8_t b[1500];

	session_send(s, dir, b, unhex(hex, b));
}

/* The helper acts only after packets in both directions, as in a handshake. */
static void open_call(struct session *s, struct rig *r, uint8_t l3num)
{
	session_rig(r);
	session_open(s, r, l3num, CT_L4_TCP, CALL_PORT);
}

static void h323_signal(void **state)
{
	const struct signal *c = *state;
	struct session s;
	struct rig r;

	open_call(&s, &r, c->l3num);
	say(&s, c->dir, c->hex);
	rig_expect(&r, c->name, CT_ESTABLISHED, c->dir, CT_REASON_NONE);
	assert_int_equal(session_expects(&s), c->expects);
	if (c->expects) {
		assert_int_equal(s.expect[0].tuple.protonum, c->protonum);
		assert_int_equal(s.expect[0].tuple.dport, c->port);
	}
	if (c->expects == 2)
		assert_int_equal(s.expect[1].tuple.dport, c->port | 1);
	rig_free(&r);
}

#define SETUP \
	"0300002a080101057e001f050040010000c000020a753000000001020304" \
	"05060708090a0b0c0d0e0f00"
#define CONNECT \
	"03000029080101077e001e050240010000c6336414753000000001020304" \
	"05060708090a0b0c0d0e0f"
#define RTP_6000 \
	"0300002b080101627e002005281001000440180116030000000e1c030000" \
	"00800a10000100c000020a1770"
#define CAPABILITY_ACK \
	"03000007218001"
#define CHANNEL_7000 \
	"03000017030000000c2013800a10000100c63364141b58"
#define CHANNEL_6000 \
	"03000017030000000c2013800a10000100c000020a1770"
#define GRQ \
	"00200001060008914a000400c000020a9c4022c0b500534c076374726570" \
	"6c61790031000140040061006c006900630065"
#define GCF \
	"04800001060008914a0004020067006b00c633641406b6"
#define GCF_SAME \
	"04800001060008914a0004020067006b00c633641406b7"
#define GCF_OTHER \
	"04800001060008914a0004020067006b00cb00711e06b7"
#define RRQ60 \
	"0e800001060008914a0004800200c6336414000100c000020a06b80100c0" \
	"00020a9c4022c0b500534c0763747265706c61790031000140040061006c" \
	"00690063006560b500534c0763747265706c617900310a8802003b0100"
#define RRQ \
	"0e800001060008914a0004800100c000020a06b80100c000020a9c4022c0" \
	"b500534c0763747265706c61790031000140040061006c00690063006560" \
	"b500534c0763747265706c617900310a080100"
#define RCF90 \
	"12800001060008914a00040100c633641406b80140040061006c00690063" \
	"00650600300030003000310a880200590100"
#define RCF \
	"12800001060008914a0004000140040061006c0069006300650600300030" \
	"003000310a080100"
#define RCF_END \
	"12800001060008914a0004000140040061006c0069006300650600300030" \
	"003000310280020059"
#define RCF_WRAP \
	"12800001060008914a0004000140040061006c0069006300650600300030" \
	"003000310a8805c0010624dd0100"
#define RCF_OVER \
	"12800001060008914a0004000140040061006c0069006300650600300030" \
	"003000310a88048083126e0100"
#define URQ \
	"180000010100c000020a06b8"
#define ACF \
	"2800000140050000cb00711e06b9"
#define ACF_OWN \
	"2800000140050000c000020a06b8"
#define ACF6 \
	"280000014005000c20010db800020000000000000000002006b9"
#define LCF \
	"4c000100cb00711e06ba00c633641406b7"

static void h323_header_alone_is_remembered(void **state)
{
	struct session s;
	struct rig r;

	(void)state;
	open_call(&s, &r, V4);
	say(&s, CL, "0300002a");
	say(&s, CL, &SETUP[8]);
	session_only(&s, "the message behind it", CT_L4_TCP, S4, C4, 30000);
	/* Only once. */
	say(&s, CL, &RTP_6000[8]);
	assert_int_equal(session_expects(&s), 1);
	rig_free(&r);
}

static void h323_header_alone_is_forgotten(void **state)
{
	struct session s;
	struct rig r;

	(void)state;
	open_call(&s, &r, V4);
	say(&s, CL, "0300002a");
	say(&s, SV, &SETUP[8]);		/* of the other direction */
	session_send(&s, CL, "", 0);	/* an acknowledgement */
	say(&s, CL, &SETUP[8]);
	assert_int_equal(session_expects(&s), 0);
	say(&s, CL, "0300002b");	/* longer than the segment that follows */
	say(&s, CL, &SETUP[8]);
	say(&s, CL, &SETUP[8]);
	assert_int_equal(session_expects(&s), 0);
	say(&s, CL, "03000004");
	say(&s, CL, "0300");
	assert_int_equal(session_expects(&s), 0);
	rig_free(&r);
}

/* The helper reads nothing from a connection without a reply. */
static void h323_connection_not_answered(void **state)
{
	struct session s;
	struct rig r;

	(void)state;
	session_rig(&r);
	memset(&s, 0, sizeof(s));
	session_open(&s, &r, V4, CT_L4_UDP, RAS_PORT);
	s.protonum = CT_L4_TCP;
	s.ports[1] = CALL_PORT;
	say(&s, CL, SETUP);
	rig_expect(&r, "picked up", CT_NEW, CL, CT_REASON_TCP_PICKED_UP);
	assert_int_equal(session_expects(&s), 0);
	say(&s, SV, CONNECT);
	assert_int_equal(session_expects(&s), 1);
	rig_free(&r);
}

/* Bytes that were cut off read as zero; the message ends before them. */
static void h323_cut_message(void **state)
{
	struct session s;
	struct rig r;
	uint8_t b[100];
	uint32_t n = unhex(SETUP, b);

	(void)state;
	open_call(&s, &r, V4);
	session_send_cut(&s, CL, b, n, n - 18);	/* after H.245's address */
	session_only(&s, "behind the address", CT_L4_TCP, S4, C4, 30000);
	rig_free(&r);
}

static void h323_control_connection(void **state)
{
	struct session s, h;
	struct rig r;

	(void)state;
	open_call(&s, &r, V4);
	say(&s, SV, CONNECT);
	session_open_from(&h, &r, V4, CT_L4_TCP, 40001, 30000);
	assert_int_equal(rig_table(&r), 2);
	assert_string_equal(r.record[0].helper, "Q.931");
	assert_string_equal(r.record[1].helper, "H.245");
	assert_int_equal(r.record[1].master, r.record[0].id);
	assert_int_equal(session_expects(&s), 0);

	say(&h, SV, CAPABILITY_ACK CHANNEL_7000);
	assert_int_equal(session_expects(&h), 2);
	assert_string_equal(h.expect[0].helper, "H.245");
	assert_int_equal(h.expect[0].tuple.dport, 7000);
	say(&h, CL, "03000004" CHANNEL_6000);	/* an empty message ends it */
	assert_int_equal(session_expects(&h), 2);
	say(&h, CL, CHANNEL_6000);
	assert_int_equal(session_expects(&h), 4);
	rig_free(&r);
}

static void set_up(struct session *s)
{
	say(s, CL, SETUP);
}

/* The same expectation again renews it; another call's has the packet
 * dropped. */
static void h323_clash_drops_packet(void **state)
{
	struct session s;
	struct rig r;

	(void)state;
	open_call(&s, &r, V4);
	say(&s, CL, SETUP);
	rig_wait(&r, 1000);
	say(&s, CL, SETUP);
	session_only(&s, "made anew", CT_L4_TCP, S4, C4, 30000);
	assert_int_equal(s.expect[0].expires - r.now, 240 * CT_NSEC_PER_SEC);

	session_clash(&s, set_up, CT_ESTABLISHED, CL, CT_REASON_HELP_H323_Q931);
	assert_int_equal(s.expects, 1);
	rig_free(&r);
}

/* RTP is not expected alone: the last place in the table stays free. */
static void h323_rtp_needs_rtcp(void **state)
{
	struct session s;
	struct rig r;

	(void)state;
	session_rig_max(&r, 1);
	session_open(&s, &r, V4, CT_L4_TCP, CALL_PORT);
	say(&s, CL, RTP_6000);
	rig_expect(&r, "full", CT_ESTABLISHED, CL, CT_REASON_HELP_H323_Q931);
	assert_int_equal(session_expects(&s), 0);
	say(&s, SV, CONNECT);
	session_open_from(&s, &r, V4, CT_L4_TCP, 40001, 30000);
	say(&s, SV, CHANNEL_7000);
	rig_expect(&r, "full", CT_ESTABLISHED, SV, CT_REASON_HELP_H323_H245);
	rig_free(&r);
}

/* The twenty-first expectation of a call evicts the oldest. */
static void h323_expects_twenty_at_a_time(void **state)
{
	struct session s;
	struct rig r;
	char hex[] = SETUP;

	(void)state;
	open_call(&s, &r, V4);
	for (unsigned int i = 0; i < 21; i++) {
		static const char digits[] = "0123456789abcdef";

		hex[44] = digits[i / 16];
		hex[45] = digits[i % 16];
		say(&s, CL, hex);
	}
	assert_int_equal(session_expects(&s), 20);
	assert_int_equal(s.expect[0].tuple.dport, 0x7501);
	rig_free(&r);
}

static void open_ras(struct session *s, struct rig *r, uint8_t l3num)
{
	session_rig(r);
	session_open(s, r, l3num, CT_L4_UDP, RAS_PORT);
}

static void h323_registration(void **state)
{
	struct session s;
	struct rig r;

	(void)state;
	open_ras(&s, &r, V4);
	say(&s, CL, GRQ);
	say(&s, SV, GCF_SAME);
	assert_int_equal(session_expects(&s), 0);
	say(&s, CL, RRQ60);
	session_only(&s, "calls", CT_L4_TCP, S4, C4, CALL_PORT);
	assert_true(s.expect[0].permanent);
	assert_int_equal(rig_left(&r), 30);
	say(&s, SV, RCF);			/* for the time that was asked for */
	assert_int_equal(rig_left(&r), 60);
	say(&s, SV, RCF90);
	assert_int_equal(rig_left(&r), 90);
	assert_int_equal(s.expect[0].expires - r.now, 240 * CT_NSEC_PER_SEC);
	/* Two calls. */
	assert_int_equal(session_syn(&r, V4, S4, C4, 5000, CALL_PORT), CT_RELATED);
	assert_int_equal(session_syn(&r, V4, S4, C4, 5001, CALL_PORT), CT_RELATED);
	assert_int_equal(session_syn(&r, V4, O4, C4, 5002, CALL_PORT), CT_NEW);
	say(&s, CL, URQ);
	assert_int_equal(session_expects(&s), 0);
	rig_table(&r);
	assert_int_equal(r.record[0].expires - r.now, 30 * CT_NSEC_PER_SEC);
	rig_free(&r);
}

static void h323_registration_default_time(void **state)
{
	struct session s;
	struct rig r;

	(void)state;
	open_ras(&s, &r, V4);
	say(&s, CL, GRQ);
	say(&s, SV, RCF);			/* without a request */
	assert_int_equal(rig_left(&r), 30);
	say(&s, CL, RRQ);
	say(&s, SV, RCF_END);			/* too short for the kernel */
	assert_int_equal(rig_left(&r), 30);
	say(&s, SV, RCF);
	assert_int_equal(rig_left(&r), 300);
	say(&s, SV, RCF_WRAP "0000");		/* 2^32 + 204 jiffies */
	assert_int_equal(rig_left(&r), 1);
	say(&s, SV, RCF_OVER "0000");		/* 2^31 + 102 */
	rig_wait(&r, 0);
	assert_int_equal(ct_count(r.ct), 0);
	rig_free(&r);
}

static void request(struct session *s)
{
	say(s, CL, RRQ);
}

static void h323_second_registration(void **state)
{
	struct session s;
	struct rig r;

	(void)state;
	open_ras(&s, &r, V4);
	session_clash(&s, request, CT_NEW, CL, CT_REASON_HELP_H323_RAS);
	assert_int_equal(ct_count(r.ct), 1);
	rig_free(&r);
}

struct confirm {
	const char *name, *hex;
	uint8_t protonum;	/* 0: nothing is expected */
	const char *dst;
	uint16_t port;
};

static const struct confirm confirms[] = {
	{ "gatekeeper elsewhere", GCF, CT_L4_UDP, S4, 1718 },
	{ "gatekeeper here", GCF_SAME, 0, NULL, 0 },
	{ "another gatekeeper", GCF_OTHER, CT_L4_UDP, O4, 1719 },
	{ "admission", ACF, CT_L4_TCP, O4, 1721 },
	{ "admission to answer", ACF_OWN, 0, NULL, 0 },
	{ "admission to IPv6", ACF6, 0, NULL, 0 },
	{ "location", LCF, CT_L4_TCP, O4, 1722 },
	{ "an alternative that is not defined", "6000", 0, NULL, 0 },
	{ "one that is new", "a00100", 0, NULL, 0 },
};

static void h323_confirm(void **state)
{
	const struct confirm *c = *state;
	struct session s;
	struct rig r;

	open_ras(&s, &r, V4);
	say(&s, CL, GRQ);
	say(&s, SV, c->hex);
	rig_expect(&r, c->name, CT_ESTABLISHED, SV, CT_REASON_NONE);
	if (c->protonum)
		session_only(&s, c->name, c->protonum, C4, c->dst, c->port);
	else
		assert_int_equal(session_expects(&s), 0);
	rig_free(&r);
}

/* A gatekeeper that was announced cannot announce another one. */
static void h323_gatekeeper_loop(void **state)
{
	struct session s, next;
	struct rig r;

	(void)state;
	open_ras(&s, &r, V4);
	say(&s, CL, GRQ);
	say(&s, SV, GCF);
	session_open(&next, &r, V4, CT_L4_UDP, 1718);
	say(&next, CL, GRQ);
	rig_expect(&r, "announced", CT_RELATED, CL, CT_REASON_NONE);
	rig_table(&r);
	assert_string_equal(r.record[1].helper, "RAS");
	say(&next, SV, GCF_OTHER);
	assert_int_equal(session_expects(&next), 0);
	say(&next, SV, ACF);
	assert_int_equal(session_expects(&next), 1);
	rig_free(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(h323_header_alone_is_remembered),
		cmocka_unit_test(h323_header_alone_is_forgotten),
		cmocka_unit_test(h323_connection_not_answered),
		cmocka_unit_test(h323_cut_message),
		cmocka_unit_test(h323_control_connection),
		cmocka_unit_test(h323_clash_drops_packet),
		cmocka_unit_test(h323_rtp_needs_rtcp),
		cmocka_unit_test(h323_expects_twenty_at_a_time),
		cmocka_unit_test(h323_registration),
		cmocka_unit_test(h323_registration_default_time),
		cmocka_unit_test(h323_second_registration),
		cmocka_unit_test(h323_gatekeeper_loop),
	};
	int failed = rig_run_cases("h323 signals", signals, sizeof(*signals),
				   ITEMS(signals), h323_signal);

	failed += rig_run_cases("h323 confirms", confirms, sizeof(*confirms),
				ITEMS(confirms), h323_confirm);
	return failed + cmocka_run_group_tests_name("h323", tests, NULL, NULL);
}
