/* SPDX-License-Identifier: GPL-2.0-only */
#include "report/story.h"

#include "base/control.h"
#include "report/format.h"

void story_begin(struct story *s, struct out *o, unsigned int indent,
		 unsigned int hanging)
{
	s->out = o;
	s->indent = indent;
	s->hanging = hanging;
	s->n = 0;
}

void story_mem(struct story *s, const char *text, size_t n)
{
	if (n > STORY_BYTES - s->n)
		n = STORY_BYTES - s->n;
	memcpy(s->text + s->n, text, n);
	s->n += n;
}

void story_str(struct story *s, const char *text)
{
	story_mem(s, text, strlen(text));
}

void story_foreign(struct story *s, const char *text)
{
	while (*text) {
		unsigned int control = control_length(text);

		story_mem(s, control ? "?" : text, 1);
		text += control ? control : 1;
	}
}

void story_u64(struct story *s, uint64_t n)
{
	char number[32 + OUT_SPARE];

	story_mem(s, number, (size_t)(put_u64(number, n) - number));
}

void story_seconds(struct story *s, uint64_t nanoseconds)
{
	const bool brief = nanoseconds >= 100 * CT_NSEC_PER_SEC;
	char number[48 + OUT_SPARE];

	story_mem(s, number, (size_t)(put_seconds(number, nanoseconds, brief ? 0 : 3) -
				      number));
}

/* The end of the word that begins at 'at'. */
static size_t word_end(const struct story *s, size_t at)
{
	while (at < s->n && s->text[at] != ' ')
		at++;
	return at;
}

void story_end(struct story *s)
{
	size_t column = s->indent, at = 0;

	out_pad(s->out, 0, s->indent);
	while (at < s->n) {
		size_t blanks = at, n;

		while (at < s->n && s->text[at] == ' ')
			at++;
		blanks = at - blanks;
		n = word_end(s, at) - at;
		if (blanks && column + blanks + n > STORY_COLUMNS) {
			out_char(s->out, '\n');
			column = blanks = s->hanging;
		} else {
			column += blanks;
		}
		out_pad(s->out, 0, blanks);
		out_mem(s->out, s->text + at, n);
		column += n;
		at += n;
	}
	out_char(s->out, '\n');
}
