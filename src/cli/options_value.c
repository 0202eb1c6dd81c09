/* SPDX-License-Identifier: GPL-2.0-only */
#include "cli/options_value.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "cli/options_say.h"

int value_choice(const struct option_use *use, const char *const *words,
		 size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(use->arg, words[i]) == 0)
			return (int)i;
	options_say_choice(use, use->arg, words, n);
	return -1;
}

bool value_number(const struct option_use *use, uint64_t max, uint64_t *out)
{
	uint64_t n = 0;
	const char *p;

	for (p = use->arg; isdigit((unsigned char)*p) && n <= max; p++)
		n = n * 10 + (uint64_t)(*p - '0');
	if (*p || p == use->arg || n == 0 || n > max) {
		options_say_number(use, max);
		return false;
	}
	*out = n;
	return true;
}

static bool read_word(const struct option_use *use, const char *word,
		      const char *const *names, size_t n, bool *set)
{
	for (size_t i = 0; i < n; i++)
		if (strcasecmp(word, names[i]) == 0) {
			set[i] = true;
			return true;
		}
	options_say_choice(use, word, names, n);
	return false;
}

bool value_words(const struct option_use *use, const char *const *names, size_t n,
		 bool *set)
{
	const char *list = use->arg;
	char word[32];

	memset(set, 0, n * sizeof(*set));
	for (;;) {
		size_t len = strcspn(list, ",");
		size_t kept = len < sizeof(word) ? len : sizeof(word) - 1;

		memcpy(word, list, kept);
		word[kept] = '\0';
		if (!read_word(use, word, names, n, set))
			return false;
		list += len;
		if (!*list)
			return true;
		list++;
	}
}

bool value_ctstates(const struct option_use *use, bool states[CT_CTSTATES])
{
	const char *names[CT_CTSTATES];

	for (int i = 0; i < CT_CTSTATES; i++)
		names[i] = ct_ctstate_name((enum ct_ctstate)i);
	return value_words(use, names, CT_CTSTATES, states);
}

bool value_ranges(const struct option_use *use, struct ranges *out)
{
	switch (ranges_add(out, use->arg)) {
	case RANGES_OK:
		return true;
	case RANGES_SYNTAX:
		options_say_invalid(use, "list", "numbers from 1 on and ranges of "
				    "them, such as 3,10-20");
		return false;
	case RANGES_NO_MEMORY:
		diag_say(use->diag, DIAG_ERROR, "out of memory");
		return false;
	}
	return false;
}

bool value_timestamp(const struct option_use *use, struct timestamp *out)
{
	if (timestamp_read(use->arg, out))
		return true;
	options_say_invalid(use, "time", "+SECONDS from the first frame, seconds "
			    "since 1970, or 2001-09-09T01:46:40Z");
	return false;
}
