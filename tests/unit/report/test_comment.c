/* SPDX-License-Identifier: GPL-2.0-only */
/* The comments of --annotate: every word and key, and which texts are such comments. */
#include "support/rig.h"

#include <stdio.h>
#include <string.h>

#include "report/comment.h"

static void assert_comment(const struct ct_verdict *v, const char *wanted)
{
	char text[COMMENT_SIZE];
	const char *end = put_comment(text, v, NULL);

	assert_int_equal(end - text, strlen(wanted));
	assert_memory_equal(text, wanted, strlen(wanted));
	assert_true(comment_is_one(text, strlen(wanted)));
}

static void comment_words(void **state)
{
	struct ct_verdict v = {
		.ctstate = CT_NEW, .dir = CT_DIR_ORIGINAL, .id = 1,
		.proto = CT_L4_TCP, .state = CT_TCP_SYN_SENT,
	};

	(void)state;
	assert_comment(&v, "ct=NEW dir=original state=SYN_SENT id=1");
	v.ctstate = CT_RELATED;
	v.dir = CT_DIR_REPLY;
	v.proto = 0;
	v.id = UINT64_MAX;
	assert_comment(&v, "ct=RELATED dir=reply id=18446744073709551615");
	v.ctstate = CT_ESTABLISHED;
	v.proto = CT_L4_SCTP;
	v.state = CT_SCTP_SHUTDOWN_ACK_SENT;
	assert_comment(&v, "ct=ESTABLISHED dir=reply state=SHUTDOWN_ACK_SENT "
			   "id=18446744073709551615");
	v = (struct ct_verdict){ .ctstate = CT_FRAGMENT, .dir = CT_DIR_NONE, .nwhy = 1,
				 .why[0].reason = CT_REASON_FRAG_HELD };
	assert_comment(&v, "ct=FRAGMENT reason=fragment-held");
	v.ctstate = CT_DROP;
	v.why[0].reason = CT_REASON_TABLE_FULL;
	assert_comment(&v, "ct=DROP reason=table-full verdict=drop");
	v.ctstate = CT_UNTRACKED;
	v.why[0].reason = CT_REASON_NOTRACK;
	assert_comment(&v, "ct=UNTRACKED reason=notrack");
	/* A helper drops it after the rules. */
	v = (struct ct_verdict){ .ctstate = CT_ESTABLISHED, .dir = CT_DIR_ORIGINAL,
				 .id = 7, .dropped = true, .nwhy = 1,
				 .why[0].reason = CT_REASON_HELP_NO_EXPECT };
	assert_comment(&v, "ct=ESTABLISHED dir=original id=7 "
			   "reason=helper-no-expectation verdict=drop");
}

/* The bound is the number of the kernel's text; who set it is known with bounds only. */
static void comment_bounds(void **state)
{
	static const struct { enum ct_reason reason; const char *code; } bounds[] = {
		{ CT_REASON_TCP_SEQ_OVER, "tcp-seq-over" },
		{ CT_REASON_TCP_SEQ_UNDER, "tcp-seq-under" },
		{ CT_REASON_TCP_ACK_OVER, "tcp-ack-over" },
		{ CT_REASON_TCP_ACK_UNDER, "tcp-ack-under" },
	};
	char wanted[200];
	struct ct_verdict v = {
		.ctstate = CT_INVALID, .dir = CT_DIR_NONE, .id = 3,
		.proto = CT_L4_TCP, .state = CT_TCP_ESTABLISHED, .nwhy = 1,
		.why[0].n = { UINT32_MAX, 5 }, .window.frame = 13,
	};

	(void)state;
	for (size_t i = 0; i < ITEMS(bounds); i++) {
		v.why[0].reason = (uint16_t)bounds[i].reason;
		v.windowed = false;
		snprintf(wanted, sizeof(wanted),
			 "ct=INVALID state=ESTABLISHED id=3 reason=%s bound=4294967295",
			 bounds[i].code);
		assert_comment(&v, wanted);
		v.windowed = true;
		strcat(wanted, " set-by=13");
		assert_comment(&v, wanted);
	}
	v.window.frame = 0;
	v.nwhy = 2;
	v.why[1] = v.why[0];
	v.why[0] = (struct ct_why){ .reason = CT_REASON_TCP_LOWER_TIMEOUT, .n = { 9 } };
	assert_comment(&v, "ct=INVALID state=ESTABLISHED id=3 reason=tcp-lower-timeout "
			   "bound=4294967295");
}

static void assert_rule(const struct rule_view *rule, const char *wanted)
{
	const struct ct_verdict v = { .ctstate = CT_NEW, .dir = CT_DIR_ORIGINAL, .id = 1 };
	char text[COMMENT_SIZE];
	const char *end = put_comment(text, &v, rule);

	assert_int_equal(end - text, strlen(wanted));
	assert_memory_equal(text, wanted, strlen(wanted));
}

static void comment_rules(void **state)
{
	struct rule_view rule = { .verdict = RULE_VERDICT_NONE };

	(void)state;
	assert_rule(&rule, "ct=NEW dir=original id=1");
	rule.verdict = RULE_VERDICT_DROP;
	rule.rule = (struct rule_place){ "filter", "FORWARD", 3 };
	assert_rule(&rule, "ct=NEW dir=original id=1 rule-verdict=drop rule=filter:FORWARD:3");
	rule.verdict = RULE_VERDICT_ACCEPT;
	rule.rule.number = 0;
	rule.doubt = (struct rule_place){ "raw", "PREROUTING", 1 };
	assert_rule(&rule, "ct=NEW dir=original id=1 rule-verdict=accept "
			   "rule=filter:FORWARD:policy rule-unknown=raw:PREROUTING:1");
	rule = (struct rule_view){ .verdict = RULE_VERDICT_REJECT, .why = "no-route" };
	assert_rule(&rule, "ct=NEW dir=original id=1 rule-verdict=reject rule-why=no-route");
}

/* Every reason fits, with everything else at its longest. */
static void comment_sizes(void **state)
{
	char text[COMMENT_SIZE];
	struct ct_verdict v = {
		.ctstate = CT_ESTABLISHED, .dir = CT_DIR_ORIGINAL, .id = UINT64_MAX,
		.proto = CT_L4_SCTP, .state = CT_SCTP_SHUTDOWN_ACK_SENT, .nwhy = 2,
		.windowed = true, .dropped = true, .window.frame = UINT64_MAX,
		.why[1] = { .reason = CT_REASON_TCP_SEQ_OVER, .n = { UINT32_MAX } },
	};

	const struct rule_place place = {
		"security", "twenty-eight-characters-long", UINT32_MAX,
	};
	const struct rule_view longest = {
		.verdict = RULE_VERDICT_REJECT, .why = "twenty-eight-characters-long",
		.rule = place, .doubt = place,
	};

	(void)state;
	for (unsigned int i = 0; i < CT_REASON_COUNT; i++) {
		v.why[0].reason = (uint16_t)i;
		assert_true(put_comment(text, &v, &longest) <= text + COMMENT_SIZE - OUT_SPARE);
	}
	assert_true(put_comment_without(text, "ip-header-length") - text == 28);
}

static void comment_recognised(void **state)
{
	static const struct { const char *text; bool is; } texts[] = {
		{ "ct=none why=arp", true }, { "ct=NEW dir=original id=1", true },
		{ "ct=INVALID", true }, { "ct=INVALID rule-verdict=drop rule=filter:FORWARD:3", true },
		{ "", false }, { "ct", false }, { "ct=", false }, { "ct=new dir=reply", false },
		{ "ct=NEWS", false }, { "ct=NEW and more", false }, { " ct=NEW", false },
		{ "ct=INVALID  dir=reply", false }, { "a note: ct=NEW id=1", false },
		{ "ct=none of this", false }, { "ct=NEW dir", false },
	};

	(void)state;
	for (size_t i = 0; i < ITEMS(texts); i++)
		assert_int_equal(comment_is_one(texts[i].text, strlen(texts[i].text)),
				 texts[i].is);
	/* It need not end with a zero. */
	assert_false(comment_is_one("ct=INVALID dir=reply", 9));
	assert_true(comment_is_one("ct=INVALID dir=reply", 10));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comment_words),
		cmocka_unit_test(comment_bounds),
		cmocka_unit_test(comment_rules),
		cmocka_unit_test(comment_sizes),
		cmocka_unit_test(comment_recognised),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
