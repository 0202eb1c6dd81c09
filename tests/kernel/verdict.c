/* SPDX-License-Identifier: GPL-2.0-only */
#include "verdict.h"

#include <stdlib.h>
#include <string.h>

#include "util.h"

static const char *const words[] = {
	[WORD_NONE] = "-", [WORD_NEW] = "NEW",
	[WORD_ESTABLISHED] = "ESTABLISHED", [WORD_RELATED] = "RELATED",
	[WORD_INVALID] = "INVALID", [WORD_UNTRACKED] = "UNTRACKED",
	[WORD_FRAGMENT] = "FRAGMENT", [WORD_DROP] = "DROP",
	[WORD_OTHER] = "?"
};

static const char *const directions[] = {
	[DIR_NONE] = "-", [DIR_ORIGINAL] = "original", [DIR_REPLY] = "reply"
};

const char *word_name(enum word w)
{
	return words[w];
}

enum word word_parse(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (name && !strcmp(name, words[i]))
			return (enum word)i;
	return WORD_OTHER;
}

const char *direction_name(enum direction d)
{
	return directions[d];
}

enum direction direction_parse(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(directions); i++)
		if (name && !strcmp(name, directions[i]))
			return (enum direction)i;
	return DIR_NONE;
}

struct verdict *verdicts_new(size_t n)
{
	struct verdict *v = xmalloc((n ? n : 1) * sizeof(*v));

	memset(v, 0, n * sizeof(*v));
	return v;
}

void verdicts_free(struct verdict *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(v[i].reason);
		free(v[i].code);
		free(v[i].events);
	}
	free(v);
}
