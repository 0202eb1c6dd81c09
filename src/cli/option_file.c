/* SPDX-License-Identifier: GPL-2.0-only */
#include "cli/option_file.h"

#include <stdlib.h>
#include <string.h>

#define BYTES_MAX 65536u
#define BLANKS " \t\r"

/* Removes blanks at both ends. */
static char *trim(char *s)
{
	char *end;

	s += strspn(s, BLANKS);
	end = s + strlen(s);
	while (end > s && strchr(BLANKS, end[-1]))
		end--;
	*end = '\0';
	return s;
}

static char *unquote(char *s)
{
	size_t n = strlen(s);

	if (n < 2 || (s[0] != '\'' && s[0] != '"') || s[n - 1] != s[0])
		return s;
	s[n - 1] = '\0';
	return s + 1;
}

/* An option, and its argument if there is one. */
static void add_words(struct option_file *f, char *s)
{
	char *blank = s + strcspn(s, BLANKS);

	f->word[f->n++] = s;
	if (!*blank)
		return;
	*blank = '\0';
	f->word[f->n++] = unquote(trim(blank + 1));
}

static enum option_file_result read_text(struct option_file *f, FILE *from)
{
	size_t n;

	f->text = malloc(BYTES_MAX + 1);
	if (!f->text)
		return OPTION_FILE_NO_MEMORY;
	n = fread(f->text, 1, BYTES_MAX + 1, from);
	if (n > BYTES_MAX)
		return OPTION_FILE_LONG;
	f->text[n] = '\0';
	return OPTION_FILE_OK;
}

enum option_file_result option_file_read(struct option_file *f, FILE *from,
					 unsigned int *line)
{
	enum option_file_result result;
	size_t lines = 1;
	char *next;

	*f = (struct option_file){ NULL, NULL, 0 };
	*line = 1;
	result = read_text(f, from);
	if (result != OPTION_FILE_OK)
		return result;
	for (const char *p = f->text; (p = strchr(p, '\n')); p++)
		lines++;
	f->word = calloc(2 * lines, sizeof(*f->word));
	if (!f->word)
		return OPTION_FILE_NO_MEMORY;
	next = f->text;
	for (*line = 1; next; ++*line) {
		char *s = strsep(&next, "\n");

		s = trim(s);
		if (*s == '\0' || *s == '#')
			continue;
		if (*s != '-' || s[strspn(s, "-")] == '\0')
			return OPTION_FILE_OPERAND;
		add_words(f, s);
	}
	return OPTION_FILE_OK;
}

void option_file_free(struct option_file *f)
{
	free(f->text);
	free(f->word);
}
