/* SPDX-License-Identifier: GPL-2.0-only */
#include "cli/words.h"

#include <string.h>

/* A position in the text and where the next character of a word goes.  A word is
 * never longer than what it is made of, so 'to' needs no check of its own. */
struct splitting {
	const char *from;
	char *to;
};

static enum words_result take_backslash(struct splitting *s)
{
	if (!s->from[1])
		return WORDS_BACKSLASH;
	/* A shell joins lines at a quoted newline. */
	if (s->from[1] != '\n')
		*s->to++ = s->from[1];
	s->from += 2;
	return WORDS_OK;
}

static enum words_result take_single(struct splitting *s)
{
	const char *end = strchr(++s->from, '\'');

	if (!end)
		return WORDS_QUOTE;
	memcpy(s->to, s->from, (size_t)(end - s->from));
	s->to += end - s->from;
	s->from = end + 1;
	return WORDS_OK;
}

static enum words_result take_double(struct splitting *s)
{
	for (s->from++; *s->from != '"'; )
		if (!*s->from)
			return WORDS_QUOTE;
		else if (*s->from == '\\' && s->from[1] &&
			 strchr("\"\\$`\n", s->from[1]))
			take_backslash(s);
		else
			*s->to++ = *s->from++;
	s->from++;
	return WORDS_OK;
}

static enum words_result take_word(struct splitting *s)
{
	enum words_result result = WORDS_OK;

	while (result == WORDS_OK && *s->from && !strchr(" \t\n", *s->from)) {
		if (*s->from == '\\')
			result = take_backslash(s);
		else if (*s->from == '\'')
			result = take_single(s);
		else if (*s->from == '"')
			result = take_double(s);
		else
			*s->to++ = *s->from++;
	}
	*s->to++ = '\0';
	return result;
}

enum words_result words_split(struct words *w, const char *text)
{
	struct splitting s = { text, w->text };
	enum words_result result;

	w->n = 0;
	w->word[0] = NULL;
	if (strlen(text) >= WORDS_BYTES)
		return WORDS_LONG;
	for (;;) {
		s.from += strspn(s.from, " \t\n");
		if (!*s.from)
			return WORDS_OK;
		if (w->n == WORDS_CAPACITY)
			return WORDS_MANY;
		w->word[w->n++] = s.to;
		w->word[w->n] = NULL;
		result = take_word(&s);
		if (result != WORDS_OK)
			return result;
	}
}
