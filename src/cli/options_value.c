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

/* Adds one word of a list to what 'arg' points to; false after a message. */
typedef bool read_word(const struct option_use *use, const char *word, void *arg);

/* Reads words separated by commas. */
static bool read_list(const struct option_use *use, read_word *read, void *arg)
{
	const char *list = use->arg;
	char word[32];

	for (;;) {
		size_t len = strcspn(list, ",");
		size_t n = len < sizeof(word) ? len : sizeof(word) - 1;

		memcpy(word, list, n);
		word[n] = '\0';
		if (!read(use, word, arg))
			return false;
		list += len;
		if (!*list)
			return true;
		list++;
	}
}

static bool read_ctstate(const struct option_use *use, const char *word, void *arg)
{
	bool *states = arg;
	const char *names[CT_CTSTATES];

	for (int i = 0; i < CT_CTSTATES; i++) {
		names[i] = ct_ctstate_name((enum ct_ctstate)i);
		if (strcasecmp(word, names[i]) == 0) {
			states[i] = true;
			return true;
		}
	}
	options_say_choice(use, word, names, CT_CTSTATES);
	return false;
}

bool value_ctstates(const struct option_use *use, bool states[CT_CTSTATES])
{
	memset(states, 0, CT_CTSTATES * sizeof(*states));
	return read_list(use, read_ctstate, states);
}

static bool read_tunnel(const struct option_use *use, const char *word, void *arg)
{
	unsigned int *set = arg;
	const char *names[TUNNELS + 1];

	for (unsigned int i = 0; i < TUNNELS; i++) {
		names[i] = tunnel_name((enum tunnel)i);
		if (strcasecmp(word, names[i]) == 0) {
			*set |= TUNNEL_BIT(i);
			return true;
		}
	}
	names[TUNNELS] = "all";
	if (strcasecmp(word, "all") == 0) {
		*set = TUNNEL_ALL;
		return true;
	}
	options_say_choice(use, word, names, TUNNELS + 1);
	return false;
}

bool value_tunnels(const struct option_use *use, unsigned int *set)
{
	return read_list(use, read_tunnel, set);
}

bool value_timestamp(const struct option_use *use, struct timestamp *out)
{
	if (timestamp_read(use->arg, out))
		return true;
	options_say_invalid(use, "time", "+SECONDS from the first frame, seconds "
			    "since 1970, or 2001-09-09T01:46:40Z");
	return false;
}
