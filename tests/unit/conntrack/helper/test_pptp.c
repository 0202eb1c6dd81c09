/* SPDX-License-Identifier: GPL-2.0-only */
/* test_pptp.c - PPTP's control connections and their calls. */
#include "support/session.h"

#include <string.h>

#include "ctreplay/state.h"
#include "support/bag.h"

#define A4 "192.0.2.10"		/* PNS */
#define B4 "198.51.100.20"	/* PAC */

/* RFC 2637 section 2. */
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

/* Writes the message's bytes to 'm', at most 256; returns their number. */
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

/* The PNS resets the control connection: ten seconds are left. */
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

/* A session with a call. */
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
	struct say say[8];	/* up to the first without a type */
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
		SAY(PAC, STOPPED, 0x0100),	/* without a request */
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

static void pptp_conversation(void **state)
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

static void pptp_expectations(void **state)
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

/* Either side may send first. */
static void pptp_call(void **state)
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
		/* In the end, GRE's own timeout. */
		assert_int_equal(r.record[1].gre_timeout, 30);
		assert_int_equal(r.record[1].gre_timeout_stream, 180);
		/* A key that belongs to no call. */
		gre(&r, false, 9);
		rig_expect(&r, "no call", CT_NEW, CT_DIR_ORIGINAL, CT_REASON_NONE);
		rig_free(&r);
	}
}

static void pptp_cleared_call(void **state)
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
	/* And another call. */
	call(&s, 3, 4);
	gre(&r, true, 3);
	rig_expect(&r, "the next call", CT_RELATED, CT_DIR_ORIGINAL, CT_REASON_NONE);
	rig_free(&r);
}

/* The control connection times out, and ends its call at that moment. */
static void pptp_control_connection_times_out(void **state)
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

/* Without a call both ids are 0, as in GRE without keys. */
static void pptp_tunnel_without_keys(void **state)
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

/* The call's GRE connection ends first, and removes its keys. */
static void pptp_gre_connection_ends(void **state)
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

/* Many calls between the same two hosts, and so many keys; if two match the
 * same packet, the older one is used. */
static void pptp_many_keys(void **state)
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
	/* From the PAC alone the younger call is known: it is related, but its
	 * replies look like the older call's. */
	gre(&r, true, 10000 + CALLS);
	rig_expect(&r, "younger", CT_RELATED, CT_DIR_ORIGINAL, CT_REASON_NONE);
	gre(&r, false, 20000);
	rig_expect(&r, "older", CT_ESTABLISHED, CT_DIR_ORIGINAL, CT_REASON_NONE);
	rig_free(&r);
}

enum { PAC_IDS = 20, CALLS_SAVED = 3 * PAC_IDS };

/* An engine with three calls for each of the PAC's ids, and its state.  The last control
 * connection has the oldest call. */
static void save_calls(struct rig *r, uint8_t hash_key, struct bag *bag)
{
	struct session s[CALLS_SAVED];
	struct ct_config cfg;

	ct_config_defaults(&cfg);
	ct_config_all_helpers(&cfg);
	memset(cfg.hash_key, hash_key, sizeof(cfg.hash_key));
	rig_init(r, &cfg);
	for (uint16_t i = 0; i < CALLS_SAVED; i++)
		open_session(&s[i], r, (uint16_t)(2000 + i));
	for (uint16_t i = CALLS_SAVED; i--; )
		call(&s[i], (uint16_t)(1000 + i), (uint16_t)(2000 + i / 3));
	assert_int_equal(ct_save(r->ct, bag_write, bag), 0);
}

/* A state does not depend on the hash key, neither of the engine that saves it nor of one
 * that has loaded it; and there, too, the oldest of keys that match a packet is used. */
static void pptp_state_without_hash_key(void **state)
{
	struct bag bag[3] = { { .n = 0 }, { .n = 0 }, { .n = 0 } };
	struct ct_config cfg;
	struct rig r[2];
	struct ct *ct;

	(void)state;
	for (uint8_t i = 0; i < 2; i++)
		save_calls(&r[i], i, &bag[i]);
	cfg = r[0].cfg;
	memset(cfg.hash_key, 2, sizeof(cfg.hash_key));
	assert_int_equal(ct_create(&ct, &cfg, NULL), 0);
	assert_int_equal(ct_load(ct, bag_read, &bag[1], NULL), 0);
	assert_int_equal(ct_save(ct, bag_write, &bag[2]), 0);
	for (uint8_t i = 1; i < 3; i++) {
		assert_int_equal(bag[i].n, bag[0].n);
		assert_memory_equal(bag[i].p, bag[0].p, bag[0].n);
	}
	ct_destroy(r[0].ct);
	r[0].ct = ct;
	for (uint16_t i = 0; i < PAC_IDS; i++) {
		gre(&r[0], false, (uint16_t)(2000 + i));
		rig_expect(&r[0], "call", CT_RELATED, CT_DIR_ORIGINAL, CT_REASON_NONE);
		gre(&r[0], true, (uint16_t)(1000 + 3 * i + 2));
		rig_expect(&r[0], "oldest", CT_ESTABLISHED, CT_DIR_REPLY, CT_REASON_NONE);
	}
	for (uint8_t i = 0; i < 2; i++)
		rig_free(&r[i]);
	for (uint8_t i = 0; i < 3; i++)
		bag_free(&bag[i]);
}

static void gone(struct rig *r, uint16_t pns, uint16_t pac)
{
	gre(r, false, pac);
	rig_expect(r, "gone", CT_NEW, CT_DIR_ORIGINAL, CT_REASON_NONE);
	gre(r, true, pns);
	rig_expect(r, "gone, back", CT_NEW, CT_DIR_ORIGINAL, CT_REASON_NONE);
}

/*
 * A control connection that ends removes its own keys and no others: after
 * that, neither direction of its call is known.  There are more connections
 * than chains of keys, and they end out of order, so that keys are removed from
 * the middle of a chain as well as from its ends.
 */
static void pptp_keys_are_removed(void **state)
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
	/* Each of them has ten seconds left. */
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

/* ct_expectations() ends when the callback returns false. */
static void pptp_ct_expectations_stops(void **state)
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

static void pptp_cut_message(void **state)
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
	/* Bytes that were not captured read as zero: no result, no call. */
	session_send_cut(&s, CT_DIR_REPLY, m, n, n - 16);
	rig_expect(&r, "cut", CT_ESTABLISHED, CT_DIR_REPLY, CT_REASON_HELP_CUT);
	assert_int_equal(session_expects(&s), 0);
	rig_free(&r);
}

static void pptp_limits(void **state)
{
	struct session s;
	struct rig r;

	(void)state;
	session_rig_max(&r, 1);
	open_session(&s, &r, 1041);
	call(&s, 1, 2);
	/* Both directions or none. */
	assert_int_equal(session_expects(&s), 0);
	rig_free(&r);
}

static void pptp_ignores_ipv6(void **state)
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
		cmocka_unit_test(pptp_expectations),
		cmocka_unit_test(pptp_call),
		cmocka_unit_test(pptp_cleared_call),
		cmocka_unit_test(pptp_control_connection_times_out),
		cmocka_unit_test(pptp_tunnel_without_keys),
		cmocka_unit_test(pptp_gre_connection_ends),
		cmocka_unit_test(pptp_many_keys),
		cmocka_unit_test(pptp_state_without_hash_key),
		cmocka_unit_test(pptp_keys_are_removed),
		cmocka_unit_test(pptp_ct_expectations_stops),
		cmocka_unit_test(pptp_cut_message),
		cmocka_unit_test(pptp_limits),
		cmocka_unit_test(pptp_ignores_ipv6),
	};

	return rig_run_cases("conversations", conversations,
			     sizeof(conversations[0]), ITEMS(conversations),
			     pptp_conversation) |
	       cmocka_run_group_tests(tests, NULL, NULL);
}
