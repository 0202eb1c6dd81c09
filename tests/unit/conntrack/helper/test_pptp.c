/* SPDX-License-Identifier: GPL-2.0-only */
/* PPTP: what its control connection says, and what becomes of the calls. */
#include "support/session.h"

#include <string.h>

#define A4 "192.0.2.10"		/* PNS */
#define B4 "198.51.100.20"	/* PAC */

/* RFC 2637, section 2. */
enum {
	START = 1, STARTED, STOP, STOPPED, ECHO, ECHOED, CALL, CALLED,
	INCOMING, TAKEN, CONNECTED, CLEAR, CLEARED, ERRORS, LINK
};

static const uint8_t size[] = {
	[START] = 144, [STARTED] = 144, [STOP] = 4, [STOPPED] = 4, [ECHO] = 4,
	[ECHOED] = 8, [CALL] = 156, [CALLED] = 20, [INCOMING] = 208,
	[TAKEN] = 12, [CONNECTED] = 16, [CLEAR] = 4, [CLEARED] = 136,
	[ERRORS] = 28, [LINK] = 12,
};

enum { PNS, PAC };

/* One message: 'a' and 'b' are its first words, 'result' stands where the
 * message has one. */
struct say {
	uint8_t  from, type;
	uint16_t a, b;
	uint8_t  result;
	uint8_t  less;		/* octets that are missing */
	int	 expected;	/* expectations afterwards */
};

#define SAY(f, t, ...) { .from = f, .type = t, __VA_ARGS__ }

static void put16(uint8_t *p, uint16_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

/* The message's bytes at 'm', which has room for 256; how many. */
static uint32_t message(uint8_t *m, const struct say *say)
{
	uint32_t n = say->type < ITEMS(size) ? size[say->type] : 0;
	static const uint8_t result_at[ITEMS(size)] = {
		[STARTED] = 2, [CALLED] = 4, [TAKEN] = 4,
	};

	memset(m, 0, 256);
	put16(m, (uint16_t)(12 + n));
	put16(m + 2, 1);
	memcpy(m + 4, "\x1a\x2b\x3c\x4d", 4);
	put16(m + 8, say->type);
	put16(m + 12, say->a);
	put16(m + 14, say->b);
	if (say->result)
		m[12 + result_at[say->type]] = say->result;
	return 12 + n - say->less;
}

static void tell(struct session *s, const struct say *say)
{
	uint8_t m[256];
	uint32_t n = message(m, say);

	session_send(s, say->from ? CT_DIR_REPLY : CT_DIR_ORIGINAL, m, n);
}

static void open_session(struct session *s, struct rig *r, uint16_t port)
{
	session_open_from(s, r, CT_L3_IPV4, CT_L4_TCP, port, 1723);
}

/* The PNS breaks the control connection off: ten seconds are left. */
static void reset(struct session *s)
{
	struct craft c;

	craft_tcp(&c, s->l3num, s->ends[PNS], s->ends[PAC], &(struct craft_tcp){
			.sport = s->ports[PNS], .dport = s->ports[PAC],
			.seq = s->seq[PNS], .flags = "R" });
	rig_send(s->rig, &c);
}

static const struct say started[] = {
	SAY(PNS, START), SAY(PAC, STARTED, .result = 1),
};

static void start(struct session *s)
{
	tell(s, &started[0]);
	tell(s, &started[1]);
}

/* A session in which a call has been made. */
static void call(struct session *s, uint16_t pns, uint16_t pac)
{
	start(s);
	tell(s, &(struct say)SAY(PNS, CALL, pns));
	tell(s, &(struct say)SAY(PAC, CALLED, pac, pns, 1));
}

static void open_call(struct session *s, struct rig *r)
{
	session_rig(r);
	open_session(s, r, 1041);
	call(s, 1, 2);
}

static void gre(struct rig *r, bool back, uint16_t key)
{
	struct craft c;

	craft_ip(&c, CT_L3_IPV4, back ? B4 : A4, back ? A4 : B4, CT_L4_GRE);
	craft_be16(&c, 0x3001);
	craft_be16(&c, 0x880b);
	craft_be16(&c, 4);
	craft_be16(&c, key);
	craft_fill(&c, 8);
	craft_end(&c);
	rig_send(r, &c);
}

static void tunnel(struct rig *r)
{
	struct craft c;

	craft_ip(&c, CT_L3_IPV4, A4, B4, CT_L4_GRE);
	craft_be32(&c, 0x00000800);
	craft_fill(&c, 20);
	craft_end(&c);
	rig_send(r, &c);
}

/* Conversations, after the handshake. */
static const struct conversation {
	const char *name;
	struct say say[8];	/* to the first without a type */
} conversations[] = {
	{ "a call before the session", {
		SAY(PNS, CALL, 1), SAY(PAC, CALLED, 2, 1, 1, .expected = 0) } },
	{ "a call in a session that was only asked for", {
		SAY(PNS, START), SAY(PNS, CALL, 1), SAY(PAC, CALLED, 2, 1, 1) } },
	{ "an outgoing call", {
		SAY(PNS, START), SAY(PAC, STARTED, .result = 1),
		SAY(PNS, CALL, 1), SAY(PAC, CALLED, 2, 1, 1, .expected = 2),
		SAY(PAC, CALLED, 2, 1, 1, .expected = 2) } },
	{ "a session that was refused", {
		SAY(PNS, START), SAY(PAC, STARTED, .result = 2),
		SAY(PNS, CALL, 1), SAY(PAC, CALLED, 2, 1, 1) } },
	{ "a session that was stopped", {
		SAY(PNS, START), SAY(PAC, STARTED, .result = 1),
		SAY(PNS, STOP), SAY(PAC, STOPPED, 0x0100),
		SAY(PNS, CALL, 1), SAY(PAC, CALLED, 2, 1, 1) } },
	{ "stopped in vain, then started again", {
		SAY(PNS, START), SAY(PAC, STARTED, .result = 1),
		SAY(PAC, STOPPED, 0x0100),	/* nobody asked */
		SAY(PNS, CALL, 1), SAY(PAC, CALLED, 2, 1, 1, .expected = 2),
		SAY(PNS, STOP, .expected = 2),
		SAY(PAC, STOPPED, 0x0200, .expected = 2),
		SAY(PAC, CALLED, 2, 1, 1, .expected = 2) } },
	{ "a reply that nobody asked for", {
		SAY(PNS, START), SAY(PAC, STARTED, .result = 1),
		SAY(PAC, CALLED, 2, 0, 1) } },
	{ "another's call id", {
		SAY(PNS, START), SAY(PAC, STARTED, .result = 1),
		SAY(PNS, CALL, 1), SAY(PAC, CALLED, 2, 3, 1) } },
	{ "a busy line, and no second answer", {
		SAY(PNS, START), SAY(PAC, STARTED, .result = 1),
		SAY(PNS, CALL, 1), SAY(PAC, CALLED, 2, 1, 4),
		SAY(PAC, CALLED, 2, 1, 1) } },
	{ "messages one octet short", {
		SAY(PNS, START), SAY(PAC, STARTED, .result = 1, .less = 1),
		SAY(PAC, STARTED, .result = 1),
		SAY(PNS, CALL, 7, .less = 1), SAY(PNS, CALL, 1),
		SAY(PAC, CALLED, 2, 1, 1, .less = 1),
		SAY(PAC, CALLED, 2, 1, 1, .expected = 2) } },
	{ "replies from the wrong side", {
		SAY(PNS, START), SAY(PNS, STARTED, .result = 1),
		SAY(PAC, STARTED, .result = 1), SAY(PAC, CALL, 1),
		SAY(PNS, CALLED, 2, 1, 1), SAY(PAC, CALLED, 2, 0, 1) } },
	{ "an incoming call", {
		SAY(PNS, START), SAY(PAC, STARTED, .result = 1),
		SAY(PAC, INCOMING, 2), SAY(PNS, TAKEN, 1, 2, 1),
		SAY(PAC, CONNECTED, 1, .expected = 2),
		SAY(PAC, CONNECTED, 1, .expected = 2) } },
	{ "an incoming call before the session", {
		SAY(PNS, START), SAY(PAC, INCOMING, 2), SAY(PNS, TAKEN, 1, 2, 1),
		SAY(PAC, CONNECTED, 1) } },
	{ "an incoming call that was not taken", {
		SAY(PNS, START), SAY(PAC, STARTED, .result = 1),
		SAY(PAC, INCOMING, 2), SAY(PNS, TAKEN, 1, 2, 3),
		SAY(PAC, CONNECTED, 1) } },
	{ "taken for another call id", {
		SAY(PNS, START), SAY(PAC, STARTED, .result = 1),
		SAY(PAC, INCOMING, 2), SAY(PNS, TAKEN, 1, 3, 1),
		SAY(PAC, CONNECTED, 1) } },
	{ "connected to another call id", {
		SAY(PNS, START), SAY(PAC, STARTED, .result = 1),
		SAY(PAC, INCOMING, 2), SAY(PNS, TAKEN, 1, 2, 1),
		SAY(PAC, CONNECTED, 2) } },
	{ "the PNS hangs up, the PAC's notice ends it", {
		SAY(PNS, START), SAY(PAC, STARTED, .result = 1),
		SAY(PNS, CALL, 1), SAY(PAC, CALLED, 2, 1, 1, .expected = 2),
		SAY(PNS, CLEAR, 1, .expected = 2),
		SAY(PAC, CLEARED, 2, .expected = 0),
		SAY(PAC, CALLED, 2, 1, 1) } },
	{ "what does not matter", {
		SAY(PNS, START), SAY(PAC, STARTED, .result = 1),
		SAY(PNS, CALL, 1), SAY(PAC, CALLED, 2, 1, 1, .expected = 2),
		SAY(PNS, LINK, 2, .expected = 2),
		SAY(PAC, ERRORS, 1, .expected = 2),
		SAY(PNS, ECHO, 1, .less = 4, .expected = 2),
		SAY(PAC, 16, .expected = 2) } },
	{ "a second call beside the first gets nothing, and costs", {
		SAY(PNS, START), SAY(PAC, STARTED, .result = 1),
		SAY(PNS, CALL, 1), SAY(PAC, CALLED, 2, 1, 1, .expected = 2),
		SAY(PNS, CALL, 3, .expected = 2),
		SAY(PAC, CALLED, 4, 3, 1, .expected = 0) } },
	{ "with the same PAC's id it costs the keys as well", {
		SAY(PNS, START), SAY(PAC, STARTED, .result = 1),
		SAY(PNS, CALL, 1), SAY(PAC, CALLED, 2, 1, 1, .expected = 2),
		SAY(PNS, CALL, 3, .expected = 2),
		SAY(PAC, CALLED, 2, 3, 1, .expected = 0),
		SAY(PAC, CALLED, 2, 3, 1, .expected = 2) } },
};

static void converse(void **state)
{
	const struct conversation *c = *state;
	struct session s;
	struct rig r;

	session_rig(&r);
	open_session(&s, &r, 1041);
	for (size_t i = 0; i < ITEMS(c->say) && c->say[i].type; i++) {
		tell(&s, &c->say[i]);
		rig_expect(&r, c->name, CT_ESTABLISHED,
			   c->say[i].from ? CT_DIR_REPLY : CT_DIR_ORIGINAL,
			   CT_REASON_NONE);
		assert_int_equal(session_expects(&s), c->say[i].expected);
	}
	rig_free(&r);
}

static void what_is_expected(void **state)
{
	const union ct_addr a = craft_address(A4), b = craft_address(B4);
	const union ct_addr exact = craft_address("255.255.255.255");
	struct session s;
	struct rig r;

	(void)state;
	session_rig(&r);
	open_session(&s, &r, 1041);
	call(&s, 0x0102, 0x0304);
	assert_int_equal(session_expects(&s), 2);
	for (int i = 0; i < 2; i++) {
		const struct ct_expect_record *x = &s.expect[i];

		assert_memory_equal(&x->tuple.src, i ? &b : &a, sizeof(a));
		assert_memory_equal(&x->tuple.dst, i ? &a : &b, sizeof(a));
		assert_int_equal(x->tuple.protonum, CT_L4_GRE);
		assert_int_equal(x->tuple.srckey, i ? 0x0304 : 0x0102);
		assert_int_equal(x->tuple.dstkey, i ? 0x0102 : 0x0304);
		assert_memory_equal(&x->mask.src, &exact, sizeof(exact));
		assert_int_equal(x->mask.srckey, 0xffff);
		assert_int_equal((x->expires - x->now) / CT_NSEC_PER_SEC, 300);
		assert_string_equal(x->helper, "pptp");
		assert_false(x->permanent || x->inactive || x->class_number);
	}
	rig_wait(&r, 300000);
	assert_int_equal(session_expects(&s), 0);
	rig_free(&r);
}

/* Either side may begin. */
static void a_call(void **state)
{
	(void)state;
	for (int back = 0; back < 2; back++) {
		struct session s;
		struct rig r;

		open_call(&s, &r);
		gre(&r, back, back ? 1 : 2);
		rig_expect(&r, "first", CT_RELATED, CT_DIR_ORIGINAL, CT_REASON_NONE);
		assert_int_equal(session_expects(&s), 0);
		gre(&r, !back, back ? 2 : 1);
		rig_expect(&r, "answer", CT_ESTABLISHED, CT_DIR_REPLY, CT_REASON_NONE);
		gre(&r, back, back ? 1 : 2);
		rig_expect(&r, "and on", CT_ESTABLISHED, CT_DIR_ORIGINAL,
			   CT_REASON_NONE);
		assert_int_equal(rig_table(&r), 2);
		assert_int_equal(r.record[0].use, 3);
		assert_int_equal(r.record[1].master, 1);
		assert_null(r.record[1].helper);
		/* GRE's own, in the end. */
		assert_int_equal(r.record[1].gre_timeout, 30);
		assert_int_equal(r.record[1].gre_timeout_stream, 180);
		/* A key that belongs to no call. */
		gre(&r, false, 9);
		rig_expect(&r, "no call", CT_NEW, CT_DIR_ORIGINAL, CT_REASON_NONE);
		rig_free(&r);
	}
}

static void cleared_call(void **state)
{
	struct session s;
	struct rig r;
	size_t before;

	(void)state;
	open_call(&s, &r);
	gre(&r, false, 2);
	before = r.events;
	tell(&s, &(struct say)SAY(PAC, CLEARED, 2));
	assert_int_equal(r.events, before + 1);
	assert_int_equal(r.event[before].type, CT_EVENT_DESTROY);
	assert_int_equal(r.event[before].record.id, 2);
	assert_int_equal(ct_count(r.ct), 1);
	gre(&r, false, 2);
	rig_expect(&r, "afterwards", CT_NEW, CT_DIR_ORIGINAL, CT_REASON_NONE);
	rig_table(&r);
	assert_int_equal(r.record[1].tuple[0].srckey, 0);
	/* And another. */
	call(&s, 3, 4);
	gre(&r, true, 3);
	rig_expect(&r, "the next call", CT_RELATED, CT_DIR_ORIGINAL, CT_REASON_NONE);
	rig_free(&r);
}

/* The control connection times out, and takes all along at that moment. */
static void control_connection_ends(void **state)
{
	struct session s;
	struct rig r;

	(void)state;
	open_call(&s, &r);
	gre(&r, false, 2);
	reset(&s);
	for (int i = 0; i < 11; i++) {
		rig_wait(&r, 1000);
		gre(&r, i & 1, i & 1 ? 1 : 2);
		assert_int_equal(r.v.ctstate, i == 0 ? CT_RELATED :
				 i < 9 ? CT_ESTABLISHED : CT_NEW);
	}
	rig_free(&r);
}

/* Without a call: two ids of 0, as GRE without keys has them. */
static void tunnel_beside(void **state)
{
	struct session s;
	struct rig r;

	(void)state;
	session_rig(&r);
	open_session(&s, &r, 1041);
	tunnel(&r);
	rig_expect(&r, "tunnel", CT_NEW, CT_DIR_ORIGINAL, CT_REASON_NONE);
	reset(&s);
	rig_wait(&r, 9999);
	assert_int_equal(ct_count(r.ct), 2);
	rig_wait(&r, 1);
	assert_int_equal(ct_count(r.ct), 0);
	rig_free(&r);
}

/* The call's GRE connection ends first: so do its keys. */
static void gre_ends(void **state)
{
	struct session s;
	struct rig r;

	(void)state;
	open_call(&s, &r);
	gre(&r, false, 2);
	rig_wait(&r, 30000);
	assert_int_equal(ct_count(r.ct), 1);
	gre(&r, false, 2);
	rig_expect(&r, "late", CT_NEW, CT_DIR_ORIGINAL, CT_REASON_NONE);
	rig_table(&r);
	assert_int_equal(r.record[0].use, 2);
	assert_int_equal(r.record[1].tuple[0].srckey, 0);
	rig_free(&r);
}

/* Many calls between the same two, so many keys; where two answer the same
 * question the older does. */
static void many_keys(void **state)
{
	enum { CALLS = 1000 };
	struct session s;
	struct rig r;

	(void)state;
	session_rig(&r);
	for (uint16_t i = 0; i < CALLS; i++) {
		open_session(&s, &r, (uint16_t)(2000 + i));
		call(&s, (uint16_t)(10000 + i), (uint16_t)(20000 + i));
	}
	open_session(&s, &r, 9999);
	call(&s, 10000 + CALLS, 20000);
	for (uint16_t i = 0; i < CALLS; i++) {
		gre(&r, false, (uint16_t)(20000 + i));
		rig_expect(&r, "first", CT_RELATED, CT_DIR_ORIGINAL, CT_REASON_NONE);
		gre(&r, true, (uint16_t)(10000 + i));
		rig_expect(&r, "answer", CT_ESTABLISHED, CT_DIR_REPLY,
			   CT_REASON_NONE);
	}
	/* From the PAC alone the younger is known: it is related, but its
	 * answers look like the older call's. */
	gre(&r, true, 10000 + CALLS);
	rig_expect(&r, "younger", CT_RELATED, CT_DIR_ORIGINAL, CT_REASON_NONE);
	gre(&r, false, 20000);
	rig_expect(&r, "older", CT_ESTABLISHED, CT_DIR_ORIGINAL, CT_REASON_NONE);
	rig_free(&r);
}

static void gone(struct rig *r, uint16_t pns, uint16_t pac)
{
	gre(r, false, pac);
	rig_expect(r, "gone", CT_NEW, CT_DIR_ORIGINAL, CT_REASON_NONE);
	gre(r, true, pns);
	rig_expect(r, "gone, back", CT_NEW, CT_DIR_ORIGINAL, CT_REASON_NONE);
}

/*
 * The keys of a control connection go when it does, and no others: after that
 * neither direction of its call is known.  There are more connections than
 * there are chains of keys, and they end out of order, so that keys go from
 * the middle of a chain as well as from its ends.
 */
static void keys_go(void **state)
{
	enum { CALLS = 48, STEP = 29 };
	static struct session s[CALLS];
	struct rig r;

	(void)state;
	session_rig(&r);
	for (uint16_t i = 0; i < CALLS; i++) {
		open_session(&s[i], &r, (uint16_t)(2000 + i));
		call(&s[i], (uint16_t)(1000 + i), (uint16_t)(2000 + i));
	}
	/* That leaves each of them ten seconds. */
	for (uint16_t i = 0; i < CALLS; i++, rig_wait(&r, 1))
		reset(&s[i * STEP % CALLS]);
	rig_wait(&r, 11000);
	assert_int_equal(rig_table(&r), 0);
	for (uint16_t i = 0; i < CALLS; i++)
		gone(&r, (uint16_t)(1000 + i), (uint16_t)(2000 + i));
	rig_free(&r);
}

static bool only_one(void *arg, const struct ct_expect_record *record)
{
	size_t *n = arg;

	(void)record;
	++*n;
	return false;
}

/* ct_expectations() ends when it is told so. */
static void one_is_enough(void **state)
{
	struct session s;
	struct rig r;
	size_t n = 0;

	(void)state;
	open_call(&s, &r);
	assert_int_equal(session_expects(&s), 2);
	assert_int_equal(ct_expectations(r.ct, only_one, &n), 0);
	assert_int_equal(n, 1);
	rig_free(&r);
}

static void cut_short(void **state)
{
	const struct say called = SAY(PAC, CALLED, 2, 1, 1);
	uint8_t m[256];
	uint32_t n = message(m, &called);
	struct session s;
	struct rig r;

	(void)state;
	session_rig(&r);
	open_session(&s, &r, 1041);
	start(&s);
	tell(&s, &(struct say)SAY(PNS, CALL, 1));
	/* What was not captured reads as zero: no result, no call. */
	session_send_cut(&s, CT_DIR_REPLY, m, n, n - 16);
	rig_expect(&r, "cut", CT_ESTABLISHED, CT_DIR_REPLY, CT_REASON_HELP_CUT);
	assert_int_equal(session_expects(&s), 0);
	rig_free(&r);
}

static void limits(void **state)
{
	struct session s;
	struct rig r;

	(void)state;
	session_rig_max(&r, 1);
	open_session(&s, &r, 1041);
	call(&s, 1, 2);
	/* Both or none. */
	assert_int_equal(session_expects(&s), 0);
	rig_free(&r);
}

static void ipv6(void **state)
{
	struct session s;
	struct rig r;

	(void)state;
	session_rig(&r);
	session_open(&s, &r, CT_L3_IPV6, CT_L4_TCP, 1723);
	call(&s, 1, 2);
	rig_table(&r);
	assert_null(r.record[0].helper);
	assert_int_equal(session_expects(&s), 0);
	rig_free(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_expected),
		cmocka_unit_test(a_call),
		cmocka_unit_test(cleared_call),
		cmocka_unit_test(control_connection_ends),
		cmocka_unit_test(tunnel_beside),
		cmocka_unit_test(gre_ends),
		cmocka_unit_test(many_keys),
		cmocka_unit_test(keys_go),
		cmocka_unit_test(one_is_enough),
		cmocka_unit_test(cut_short),
		cmocka_unit_test(limits),
		cmocka_unit_test(ipv6),
	};

	return rig_run_cases("conversations", conversations,
			     sizeof(conversations[0]), ITEMS(conversations),
			     converse) |
	       cmocka_run_group_tests(tests, NULL, NULL);
}
