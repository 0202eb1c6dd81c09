/* SPDX-License-Identifier: GPL-2.0-only */
/* Options from a file: how lines become words. */
#include "support/rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/option_file.h"

/* The words, each in brackets; or why the file is refused. */
static const char *words_of(const char *text, size_t size)
{
	static char got[1000];
	FILE *from = fmemopen((void *)(uintptr_t)text, size, "r");
	struct option_file f;
	unsigned int line;

	assert_non_null(from);
	got[0] = '\0';
	switch (option_file_read(&f, from, &line)) {
	case OPTION_FILE_OK:
		for (size_t i = 0; i < f.n; i++)
			snprintf(got + strlen(got), sizeof(got) - strlen(got),
				 "[%s]", f.word[i]);
		break;
	case OPTION_FILE_OPERAND:
		snprintf(got, sizeof(got), "operand in line %u", line);
		break;
	case OPTION_FILE_LONG:
		strcpy(got, "too long");
		break;
	case OPTION_FILE_NO_MEMORY:
		fail();
	}
	option_file_free(&f);
	fclose(from);
	return got;
}

static void option_file_words(void **state)
{
	static const struct { const char *text, *words; } cases[] = {
		{ "\n", "" },
		{ "# -p\n\n  \t# -t\n", "" },
		{ "-p", "[-p]" },
		{ "-p\r\n-t\r\n", "[-p][-t]" },
		{ "-f tcp port 80\n", "[-f][tcp port 80]" },
		{ "  -f \t tcp  port 80 \n", "[-f][tcp  port 80]" },
		{ "--sysctl nf_conntrack_max=1\n", "[--sysctl][nf_conntrack_max=1]" },
		{ "--sysctl=nf_conntrack_max=1\n", "[--sysctl=nf_conntrack_max=1]" },
		{ "-f 'tcp or udp'\n", "[-f][tcp or udp]" },
		{ "-f \"tcp or udp\"\n-p\n", "[-f][tcp or udp][-p]" },
		{ "-f 'tcp\n", "[-f]['tcp]" },
		{ "-f 'tcp\"\n", "[-f]['tcp\"]" },
		{ "-f '\n", "[-f][']" },
		{ "-f ''\n", "[-f][]" },
		{ "-f #1\n", "[-f][#1]" },
		{ "-p\nx.pcap\n", "operand in line 2" },
		{ "-p\n\n-\n", "operand in line 3" },
		{ "--\n", "operand in line 1" },
	};

	(void)state;
	for (size_t i = 0; i < ITEMS(cases); i++)
		assert_string_equal(words_of(cases[i].text, strlen(cases[i].text)),
				    cases[i].words);
}

static void option_file_limits(void **state)
{
	static char text[65537];

	(void)state;
	memset(text, '\n', sizeof(text));
	memcpy(text, "-p", 2);
	assert_string_equal(words_of(text, 65536), "[-p]");
	assert_string_equal(words_of(text, 65537), "too long");
	/* What follows a null byte in a line is not read as a word. */
	assert_string_equal(words_of("-p\0-t\n", 6), "[-p]");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(option_file_words),
		cmocka_unit_test(option_file_limits),
	};

	return cmocka_run_group_tests_name("option_file", tests, NULL, NULL);
}
