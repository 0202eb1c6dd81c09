/* SPDX-License-Identifier: GPL-2.0-only */
/* Tests of nearest.c: the word that "did you mean" suggests. */
#include "support/rig.h"

#include <string.h>

#include "cli/nearest.h"

/*
 * A suggestion may differ in one letter, and in one more for every three that
 * were typed; a letter that is missing, added or replaced counts as one.
 */
static const struct {
	const char *word;
	const char *nearest;	/* NULL: no suggestion */
} cases[] = {
	{ "table", "table" },
	{ "tabel", "table" },		/* two letters replaced */
	{ "tabl", "table" },
	{ "tables", "table" },
	{ "jso", "json" },
	{ "jsonlines", NULL },
	{ "n", NULL },
	{ "", NULL },
	{ "frobnicate", NULL },
	{ "TABLE", "table" },		/* in any case */
	{ "TaBel", "table" },
	/* At equal distances the first of the list. */
	{ "cat", "cut" },
	/* The nearer one, wherever it stands. */
	{ "cit", "cut" },
	{ "cots", "cots" },
};

static const char *const words[] = { "table", "cut", "json", "cot", "cots" };

static void nearest_word_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < ITEMS(cases); i++) {
		const char *got = nearest_word(cases[i].word, words, ITEMS(words));
		const char *want = cases[i].nearest;

		if (want ? !got || strcmp(got, want) != 0 : got != NULL)
			fail_msg("'%s': suggests %s, not %s", cases[i].word,
				 got ? got : "nothing", want ? want : "nothing");
	}
}

static void nearest_word_of_empty_list(void **state)
{
	(void)state;
	assert_null(nearest_word("table", words, 0));
}

/* A word longer than any option is far from everything. */
static void nearest_word_of_long_word(void **state)
{
	char word[500];

	(void)state;
	memset(word, 't', sizeof(word) - 1);
	word[sizeof(word) - 1] = '\0';
	assert_null(nearest_word(word, words, ITEMS(words)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nearest_word_table),
		cmocka_unit_test(nearest_word_of_empty_list),
		cmocka_unit_test(nearest_word_of_long_word),
	};

	return cmocka_run_group_tests_name("nearest", tests, NULL, NULL);
}
