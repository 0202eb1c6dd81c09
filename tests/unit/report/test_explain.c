/* SPDX-License-Identifier: GPL-2.0-only */
/* The sentences of --explain: one for each reason, and each class of frames. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "capture/link/link.h"
#include "report/explain.h"
#include "report/story.h"

/* It ends with a full stop, is no fragment, and needs no escape in JSON. */
static void check_sentence(const char *code, const char *text)
{
	if (strlen(text) < 25 || !strchr(".)", text[strlen(text) - 1]))
		fail_msg("%s: no sentence: '%s'", code, text);
	for (const char *p = text; *p; p++)
		if (*p == '"' || *p == '\\' || (unsigned char)*p < ' ' || *p & 0x80)
			fail_msg("%s: has a character %d", code, *p);
}

static void explain_every_reason(void **state)
{
	(void)state;
	for (int i = CT_REASON_NONE + 1; i < CT_REASON_COUNT; i++) {
		const struct explain_rule *rule = explain_reason((enum ct_reason)i);

		check_sentence(ct_reason_code((enum ct_reason)i), rule->sentence);
		/* A text of the kernel has a function of the kernel. */
		if (ct_reason_is_kernel((enum ct_reason)i) &&
		    (!rule->function[0] || !strstr(rule->function, "()")))
			fail_msg("%s: no function: '%s'",
				 ct_reason_code((enum ct_reason)i), rule->function);
	}
}

static void explain_every_class(void **state)
{
	(void)state;
	for (int i = LINK_ARP; i < LINK_COPY; i++)
		assert_non_null(explain_class_text(link_class_name((enum link_class)i)));
	for (int i = CT_PACKET_OK + 1; i < CT_PACKET_CLASSES; i++)
		assert_non_null(explain_class_text(
			ct_packet_class_name((enum ct_packet_class)i)));
	assert_null(explain_class_text("ip"));
}

static void explain_every_value(void **state)
{
	(void)state;
	for (int i = EXPLAIN_NONE + 1; i < EXPLAIN_VALUE_COUNT; i++) {
		assert_true(strlen(explain_value_text((enum explain_value)i)) > 10);
		assert_true(strlen(explain_value_key((enum explain_value)i)) > 2);
	}
}

static struct out out;

static const char *told(const char *text, unsigned int indent, unsigned int hanging)
{
	struct story s;

	out_init(&out, -1);
	story_begin(&s, &out, indent, hanging);
	story_str(&s, text);
	story_end(&s);
	out.buf[out.len] = '\0';
	return out.buf;
}

static void story_breaks_lines(void **state)
{
	static const char word[] = "123456789 ";
	char text[200] = "", expected[200];

	(void)state;
	assert_string_equal(told("one", 2, 4), "  one\n");
	assert_string_equal(told("", 2, 4), "  \n");
	assert_string_equal(told("a   b", 0, 0), "a   b\n");
	for (int i = 0; i < 9; i++)
		strcat(text, word);
	/* Eight words and an indentation of two make 81 columns. */
	strcpy(expected, "  ");
	for (int i = 0; i < 7; i++)
		strcat(expected, i ? " 123456789" : "123456789");
	strcat(expected, "\n    123456789 123456789\n");
	text[strlen(text) - 1] = '\0';
	assert_string_equal(told(text, 2, 4), expected);
	/* Exactly 80 columns stay. */
	text[79] = '\0';
	assert_string_equal(told(text, 1, 4), strcat(strcat(strcpy(expected, " "), text), "\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(explain_every_reason),
		cmocka_unit_test(explain_every_class),
		cmocka_unit_test(explain_every_value),
		cmocka_unit_test(story_breaks_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
