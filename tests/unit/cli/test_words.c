/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tests of splitting a text into words, against what POSIX.1-2024, XCU 2.2 says, and
 * against the shell itself.
 */
#include "support/rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/words.h"

/* The words, each in <>. */
static const char *joined(const char *text)
{
	static char out[2 * WORDS_BYTES];
	struct words w;

	out[0] = '\0';
	switch (words_split(&w, text)) {
	case WORDS_OK:
		break;
	case WORDS_QUOTE:
		return "quote";
	case WORDS_BACKSLASH:
		return "backslash";
	case WORDS_MANY:
		return "many";
	case WORDS_LONG:
		return "long";
	}
	for (size_t i = 0; i < w.n; i++) {
		strcat(out, "<");
		strcat(out, w.word[i]);
		strcat(out, ">");
	}
	assert_null(w.word[w.n]);
	return out;
}

static const struct { const char *text, *words; } good[] = {
	{ "", "" },
	{ " \t\n ", "" },
	{ "a", "<a>" },
	{ "  a\tb\nc  ", "<a><b><c>" },
	{ "--kernel 7.3", "<--kernel><7.3>" },
	{ "'a b' c", "<a b><c>" },
	{ "\"a b\" c", "<a b><c>" },
	{ "a' 'b", "<a b>" },
	{ "a\" \"b'c'd", "<a bcd>" },
	{ "''", "<>" },
	{ "\"\" ''", "<><>" },
	{ "a\\ b", "<a b>" },
	{ "\\'", "<'>" },
	{ "\\\\", "<\\>" },
	{ "'a\\'", "<a\\>" },
	{ "'\"'", "<\">" },
	{ "\"'\"", "<'>" },
	{ "\"a\\\"b\"", "<a\"b>" },
	{ "\"a\\\\b\"", "<a\\b>" },
	{ "\"a\\nb\"", "<a\\nb>" },
	{ "\"\\$\\`\"", "<$`>" },
	{ "a\\\nb", "<ab>" },
	{ "\"a\\\nb\"", "<ab>" },
	{ "'a\nb'", "<a\nb>" },
	{ "-N 'udp port 53' --sysctl a=1", "<-N><udp port 53><--sysctl><a=1>" },
};

static void words_split_good(void **state)
{
	(void)state;
	for (size_t i = 0; i < ITEMS(good); i++)
		assert_string_equal(joined(good[i].text), good[i].words);
}

/* The shell has the same words for the same text. */
static void words_split_shell(void **state)
{
	char command[300], got[300];
	size_t n;
	FILE *p;

	(void)state;
	for (size_t i = 0; i < ITEMS(good); i++) {
		/* A newline would end the command. */
		if (strchr(good[i].text, '\n') && !strpbrk(good[i].text, "'\"\\"))
			continue;
		snprintf(command, sizeof(command),
			 "set -- %s\nfor w; do printf '<%%s>' \"$w\"; done",
			 good[i].text);
		p = popen(command, "r");
		assert_non_null(p);
		n = fread(got, 1, sizeof(got) - 1, p);
		got[n] = '\0';
		pclose(p);
		assert_string_equal(got, good[i].words);
	}
}

static void words_split_bad(void **state)
{
	static char long_text[WORDS_BYTES + 1], many[3 * WORDS_CAPACITY];

	(void)state;
	assert_string_equal(joined("'a"), "quote");
	assert_string_equal(joined("a \"b c"), "quote");
	assert_string_equal(joined("\"a\\\""), "quote");
	assert_string_equal(joined("\"a\\"), "quote");
	assert_string_equal(joined("a\\"), "backslash");
	memset(long_text, 'a', WORDS_BYTES - 1);
	assert_int_equal(strlen(joined(long_text)), WORDS_BYTES + 1);
	long_text[WORDS_BYTES - 1] = 'a';
	assert_string_equal(joined(long_text), "long");
	for (size_t i = 0; i < WORDS_CAPACITY; i++)
		strcat(many, "a ");
	assert_int_equal(strlen(joined(many)), 3 * WORDS_CAPACITY);
	strcat(many, "a");
	assert_string_equal(joined(many), "many");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_split_good),
		cmocka_unit_test(words_split_shell),
		cmocka_unit_test(words_split_bad),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
