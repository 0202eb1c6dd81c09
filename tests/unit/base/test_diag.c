/* SPDX-License-Identifier: GPL-2.0-only */
/* Messages on their way to the sink, and the distance of words. */
#include "support/rig.h"

#include <string.h>

#include "base/diag.h"
#include "base/edit_distance.h"

static struct {
	enum diag_level level;
	char text[2000];
	int n;
} said;

static void say(void *arg, enum diag_level level, const char *text)
{
	assert_ptr_equal(arg, &said);
	said.level = level;
	strncpy(said.text, text, sizeof(said.text) - 1);
	said.n++;
}

static const struct diag diag = { say, &said };

static void diag_passes_on(void **state)
{
	(void)state;
	said.n = 0;
	diag_say(&diag, DIAG_WARNING, "%s: frame %d", "a.pcap", 7);
	assert_int_equal(said.n, 1);
	assert_int_equal(said.level, DIAG_WARNING);
	assert_string_equal(said.text, "a.pcap: frame 7");
}

/* A file's name may hold any bytes; the terminal must not interpret them. */
static void diag_control_characters(void **state)
{
	(void)state;
	diag_say(&diag, DIAG_ERROR, "%s", "a\033[31mb\nc\rd\te\177f");
	assert_string_equal(said.text, "a?[31mb?c?d?e?f");
	/* U+009B is CSI, as ESC [ is. */
	diag_say(&diag, DIAG_ERROR, "%s", "a\302\23331mb\302\200c\302\237");
	assert_string_equal(said.text, "a??31mb??c??");
	/* Other bytes stay, for example UTF-8, and what of it is cut. */
	diag_say(&diag, DIAG_ERROR, "%s", "caf\303\251 \302\240 \303\233 \302");
	assert_string_equal(said.text, "caf\303\251 \302\240 \303\233 \302");
}

static void diag_cuts_long_lines(void **state)
{
	char text[3000];

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	diag_say(&diag, DIAG_NOTE, "%s", text);
	assert_in_range(strlen(said.text), 900, 1000);
}

static void edit_distance_cases(void **state)
{
	static const struct { const char *a, *b; size_t d; } cases[] = {
		{ "", "", 0 }, { "a", "", 1 }, { "", "abc", 3 },
		{ "same", "same", 0 }, { "kitten", "sitting", 3 },
		{ "saturday", "sunday", 3 }, { "flaw", "lawn", 2 },
		{ "table", "tabel", 2 }, { "abc", "xyz", 3 },
	};
	char longest[DISTANCE_WORD_MAX + 2];

	(void)state;
	for (size_t i = 0; i < ITEMS(cases); i++) {
		assert_int_equal(edit_distance(cases[i].a, cases[i].b), cases[i].d);
		assert_int_equal(edit_distance(cases[i].b, cases[i].a), cases[i].d);
	}
	memset(longest, 'y', sizeof(longest));
	longest[DISTANCE_WORD_MAX] = '\0';
	assert_int_equal(edit_distance(longest, ""), DISTANCE_WORD_MAX);
	assert_int_equal(edit_distance("", longest), DISTANCE_WORD_MAX);
	longest[DISTANCE_WORD_MAX] = 'y';
	longest[DISTANCE_WORD_MAX + 1] = '\0';
	assert_true(edit_distance(longest, "") == SIZE_MAX);
	assert_true(edit_distance("", longest) == SIZE_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(diag_passes_on),
		cmocka_unit_test(diag_control_characters),
		cmocka_unit_test(diag_cuts_long_lines),
		cmocka_unit_test(edit_distance_cases),
	};

	return cmocka_run_group_tests_name("diag", tests, NULL, NULL);
}
