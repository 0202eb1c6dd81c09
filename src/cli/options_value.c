/* SPDX-License-Identifier: GPL-2.0-only */
#include "cli/options_value.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/tunnel.h"
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

#define HOUR	3600000000000u

/* The digits from 'p' on, of which at most 'max'; returns what is behind them. */
static const char *read_digits(const char *p, unsigned int max, uint64_t *n)
{
	for (*n = 0; isdigit((unsigned char)*p) && max; p++, max--)
		*n = *n * 10 + (uint64_t)(*p - '0');
	return p;
}

bool value_seconds(const struct option_use *use, uint64_t *nanoseconds)
{
	uint64_t seconds, fraction = 0;
	const char *p = read_digits(use->arg, 4, &seconds);
	bool good = p > use->arg;

	if (good && *p == '.') {
		const char *end = read_digits(p + 1, 9, &fraction);

		good = end > p + 1;
		for (ptrdiff_t i = end - p; i < 10; i++)
			fraction *= 10;
		p = end;
	}
	*nanoseconds = seconds * 1000000000u + fraction;
	if (good && !*p && *nanoseconds && *nanoseconds <= HOUR)
		return true;
	options_say_invalid(use, "time", "seconds, such as 0.002, up to 3600");
	return false;
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

bool value_tunnels(const struct option_use *use, unsigned int *set)
{
	const char *names[TUNNELS + 1];
	bool chosen[TUNNELS + 1];

	for (unsigned int i = 0; i < TUNNELS; i++)
		names[i] = tunnel_name((enum tunnel)i);
	names[TUNNELS] = "all";
	if (!value_words(use, names, TUNNELS + 1, chosen))
		return false;
	for (unsigned int i = 0; i < TUNNELS; i++)
		*set |= chosen[i] ? TUNNEL_BIT(i) : 0;
	*set |= chosen[TUNNELS] ? TUNNEL_ALL : 0;
	return true;
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
	if (timestamp_read(use->arg, out)) {
		out->text = use->arg;
		return true;
	}
	options_say_invalid(use, "time", "+SECONDS from the first frame, seconds "
			    "since 1970, 2001-09-09T01:46:40Z, or 01:46:40 on the "
			    "first frame's day");
	return false;
}

#define TOP_DEFAULT	10u
#define TOP_MAX		10000u

bool value_top(const struct option_use *use, unsigned int top[TOP_KINDS])
{
	static const char *const words[] = {
		[TOP_SRC] = "src", [TOP_DST] = "dst", [TOP_PORT] = "port",
		[TOP_PAIR] = "pair",
	};
	const char *colon = strchr(use->arg, ':');
	struct option_use key = *use, number = *use;
	uint64_t n = TOP_DEFAULT;
	char word[80];
	int i;

	snprintf(word, sizeof(word), "%.*s",
		 colon ? (int)(colon - use->arg) : (int)sizeof(word) - 1, use->arg);
	key.arg = word;
	i = VALUE_CHOICE(&key, words);
	if (i < 0)
		return false;
	number.arg = colon ? colon + 1 : NULL;
	if (colon && !value_number(&number, TOP_MAX, &n))
		return false;
	top[i] = (unsigned int)n;
	return true;
}

bool value_only_filter(const struct option_use *use, const char **to)
{
	if (*to) {
		options_say_second_filter(use, *to);
		return false;
	}
	*to = use->arg;
	return true;
}
