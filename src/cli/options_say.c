/* SPDX-License-Identifier: GPL-2.0-only */
#include "cli/options_say.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/nearest.h"

/* Messages call an option by its letter, if it has one. */
static const char *label(const struct option_row *row, char to[40])
{
	if (row->letter)
		snprintf(to, 40, "-%c", row->letter);
	else
		snprintf(to, 40, "--%s", row->name);
	return to;
}

/* Adds 'word' to a list in 'to', if there is enough space. */
static void append(char *to, size_t size, const char *before, const char *word)
{
	strncat(to, before, size - strlen(to) - 1);
	strncat(to, word, size - strlen(to) - 1);
}

void options_say_invalid(const struct option_use *use, const char *what,
			 const char *expected)
{
	char name[40];

	diag_say(use->diag, DIAG_ERROR, "%s: invalid %s '%s'; expected %s",
		 label(use->row, name), what, use->arg, expected);
}

void options_say_choice(const struct option_use *use, const char *value,
			const char *const *words, size_t n)
{
	const char *near = nearest_word(value, words, n);
	char list[256] = "", name[40];

	for (size_t i = 0; i < n; i++)
		append(list, sizeof(list),
		       i == 0 ? "" : i + 1 < n ? ", " : " or ", words[i]);
	diag_say(use->diag, DIAG_ERROR, "%s: invalid value '%s'; expected %s%s%s%s",
		 label(use->row, name), value, list,
		 near ? "; did you mean '" : "", near ? near : "",
		 near ? "'?" : "");
}

void options_say_number(const struct option_use *use, uint64_t max)
{
	char expected[60] = "1 or more", *end;

	/* A large bound is named only where a number is above it. */
	if (max <= UINT32_MAX ||
	    (isdigit((unsigned char)use->arg[0]) && strtoull(use->arg, &end, 10) > max &&
	     !*end))
		snprintf(expected, sizeof(expected), "1 to %llu",
			 (unsigned long long)max);
	options_say_invalid(use, "number", expected);
}

void options_say_second_filter(const struct option_use *use, const char *before)
{
	char name[40];

	label(use->row, name);
	diag_say(use->diag, DIAG_ERROR, "%s is given twice; join the filters: "
		 "%s '(%s) and (%s)', or with 'or'", name, name, before, use->arg);
}

bool options_say_twice(const struct option_use *use, const char *advice)
{
	char name[40];

	diag_say(use->diag, DIAG_ERROR, "%s is given twice; %s",
		 label(use->row, name), advice);
	return false;
}

bool options_has_name(const struct option_use *use)
{
	const char *what = use->row->arg;
	char name[40];

	/* -r stands for operands, too; who opens them says it. */
	if (!what || !use->arg || *use->arg || use->row->letter == 'r' ||
	    (strcmp(what, "FILE") != 0 && strcmp(what, "DIR") != 0))
		return true;
	diag_say(use->diag, DIAG_ERROR, "%s: the name is empty; give a %s",
		 label(use->row, name), what);
	return false;
}

void options_say_no_argument(const struct option_row *row,
			     const struct diag *diag)
{
	diag_say(diag, DIAG_ERROR, "--%s needs an argument: --%s %s", row->name,
		 row->name, row->arg);
}

void options_say_needless_argument(const struct option_row *row,
				   const struct diag *diag)
{
	diag_say(diag, DIAG_ERROR, "--%s takes no argument", row->name);
}

/* Letters that other programs have: what to type here. */
static const struct { char letter; const char *advice; } habits[] = {
	{ 'i', "captures are read here, not interfaces; for live packets: tcpdump -i IF "
	       "-U -w - | ctreplay -p -" },
	{ 'l', "it is not needed: from a pipe, each packet is printed as it comes" },
	{ 'E', "events are -e here; live: tcpdump -i IF -U -w - | ctreplay -e -" },
	{ 'L', "the table is -t here, with --table-style conntrack as conntrack -L "
	       "prints it" },
	{ 'Y', "what is shown is chosen with --show FILTER here, a filter as in "
	       "pcap-filter(7)" },
	{ 'A', "no bytes are printed here; tcpdump -A -r FILE does" },
	{ 'X', "no bytes are printed here; tcpdump -X -r FILE does" },
	{ '0', "frames are always read whole, so tcpdump's -s0 is not needed" },
	{ 'd', "--show 'dst host ADDRESS' shows packets to an address" },
	{ 'D', "captures are read here, not interfaces; tcpdump -D lists these" },
	{ 'S', "statistics are -s here" },
	{ 'z', "statistics are -s here" },
};

static const char *advice_for(int letter)
{
	for (size_t i = 0; i < sizeof(habits) / sizeof(habits[0]); i++)
		if (habits[i].letter == letter)
			return habits[i].advice;
	return "ctreplay --help lists all options";
}

void options_say_dates(const struct diag *diag)
{
	diag_say(diag, DIAG_ERROR, "-t is given several times; it prints the table here. "
		 "For dates, as of tcpdump -tttt: -p -T iso");
}

void options_say_unknown_letter(int letter, const struct diag *diag)
{
	diag_say(diag, DIAG_ERROR, "unknown option -%c; %s", letter,
		 advice_for(letter));
}

/* getopt_long(3) accepts the beginning of a name only if one option has it. */
static bool say_ambiguous(const char *word, const struct diag *diag)
{
	size_t len = strlen(word), n = 0;
	char list[256] = "";

	for (size_t i = 0; len && i < option_count; i++)
		if (strncmp(option_rows[i].name, word, len) == 0)
			append(list, sizeof(list), n++ ? ", --" : "--",
			       option_rows[i].name);
	if (n < 2)
		return false;
	diag_say(diag, DIAG_ERROR, "option --%s is ambiguous; it may be %s", word,
		 list);
	return true;
}

void options_say_unknown(const char *word, const struct diag *diag)
{
	const char *names[OPTIONS_MAX], *near;
	char name[64];
	size_t n = strcspn(word + 2, "=");

	if (n >= sizeof(name))
		n = sizeof(name) - 1;
	memcpy(name, word + 2, n);
	name[n] = '\0';
	if (say_ambiguous(name, diag))
		return;
	for (size_t i = 0; i < option_count; i++)
		names[i] = option_rows[i].name;
	near = nearest_word(name, names, option_count);
	if (near)
		diag_say(diag, DIAG_ERROR, "unknown option --%s; did you mean --%s?",
			 name, near);
	else
		diag_say(diag, DIAG_ERROR, "unknown option --%s; ctreplay --help lists all options",
			 name);
}
