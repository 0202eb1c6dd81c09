/* SPDX-License-Identifier: GPL-2.0-only */
#include "rules/reader.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

bool rules_reader_open(struct reader *r, struct rules *rules, const char *file,
		 const char *text, size_t len)
{
	*r = (struct reader){ .rules = rules, .file = file, .text = text,
			      .end = text + len };
	r->words.text = malloc(LINE_MAX_BYTES + 1);
	if (!r->words.text)
		diag_say(rules->options.diag, DIAG_ERROR, "%s: no memory", file);
	return r->words.text != NULL;
}

void rules_reader_close(struct reader *r)
{
	free(r->words.text);
	r->words.text = NULL;
	if (r->failed)
		r->rules->failed = true;
}

bool refuse(struct reader *r, const char *word, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	r->failed = true;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (word)
		diag_say(r->rules->options.diag, DIAG_ERROR, "%s:%u: '%.80s': %s",
			 r->file, r->line, word, text);
	else
		diag_say(r->rules->options.diag, DIAG_ERROR, "%s:%u: %s",
			 r->file, r->line, text);
	return false;
}

void reader_warn(struct reader *r, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	diag_say(r->rules->options.diag, DIAG_WARNING, "%s:%u: %s", r->file,
		 r->line, text);
}

static bool blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* One word from 's' on, as add_param_to_argv() of iptables-restore cuts it:
 * quotation marks may stand anywhere, and within them a backslash takes the
 * next octet as it is. */
static char *cut_word(char *s, char *end, char **word, bool *quoted)
{
	bool in = false;
	char *to;

	*word = s;
	*quoted = false;
	while (s < end && !blank(*s) && *s != '"')	/* most words, to their end */
		s++;
	for (to = s; s < end && (in || !blank(*s)); s++) {
		if (*s == '"') {
			in = !in;
			*quoted = true;
			continue;
		}
		if (in && *s == '\\' && s + 1 < end)
			s++;
		*to++ = *s;
	}
	if (in)
		return NULL;
	*to = 0;
	return s < end ? s + 1 : s;
}

static bool cut(struct reader *r, const char *raw, size_t len)
{
	struct words *w = &r->words;
	char *s = w->text, *end = s + len;

	memcpy(s, raw, len);
	*end = 0;
	w->n = 0;
	r->next = 0;
	while (s < end) {
		while (s < end && blank(*s))
			s++;
		if (s == end)
			break;
		if (w->n == WORDS_MAX)
			return refuse(r, NULL, "more than %u words", WORDS_MAX);
		s = cut_word(s, end, &w->word[w->n], &w->quoted[w->n]);
		if (!s)
			return refuse(r, NULL, "a quotation mark is not closed");
		w->n++;
	}
	return true;
}

bool reader_line(struct reader *r, const char **raw, size_t *raw_len)
{
	while (r->text < r->end) {
		const char *s = r->text;
		const char *nl = memchr(s, '\n', (size_t)(r->end - s));
		size_t len = (size_t)((nl ? nl : r->end) - s);

		r->line++;
		r->text = nl ? nl + 1 : r->end;
		if (len > LINE_MAX_BYTES)
			return refuse(r, NULL, "the line is longer than %u bytes",
				      LINE_MAX_BYTES);
		if (memchr(s, 0, len))
			return refuse(r, NULL, "the line holds a zero byte");
		*raw = s;
		*raw_len = len;
		while (len && blank(*s))
			s++, len--;
		if (!len || *s == '#')
			continue;
		return cut(r, s, len);
	}
	return false;
}

enum took took(bool ok)
{
	return ok ? TOOK : TOOK_FAILED;
}

const char *take(struct reader *r)
{
	/* Versions before 1.4.3 print "--dport ! 80". */
	if (more_words(r) && !r->words.quoted[r->next] &&
	    is(r->words.word[r->next], "!") && !r->invert) {
		r->invert = true;
		r->next++;
	}
	if (!more_words(r)) {
		refuse(r, r->option, "a value is missing");
		return NULL;
	}
	return r->words.word[r->next++];
}

void *reader_alloc(struct reader *r, size_t size)
{
	void *p = arena_alloc(&r->rules->arena, size);

	if (!p)
		refuse(r, NULL, "no memory: the rulesets are too large");
	return p;
}

const char *reader_text(struct reader *r, const char *s)
{
	char *p = arena_text(&r->rules->arena, s, strlen(s));

	if (!p)
		refuse(r, NULL, "no memory: the rulesets are too large");
	return p;
}

struct part first_part(const char *s, char sep)
{
	const char *end = strchr(s, sep);

	return (struct part){ s, end ? end : s + strlen(s) };
}

void next_part(struct part *p, char sep)
{
	if (*p->end == sep && *p->end)
		*p = first_part(p->end + 1, sep);
	else
		p->s = NULL;
}
