/* SPDX-License-Identifier: GPL-2.0-only */
#include "answers.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "compare.h"
#include "sysctl.h"
#include "version.h"

static const char first_line[] = "check-kernel answers 1";
static const char word_letters[] = "-NERIUFD?";
static const char dir_letters[] = "-or";

/* The day on which recordings begin; nothing depends on it. */
enum { EPOCH = 1700000000 };

void answers_start(FILE *out)
{
	char *kernel = version_running();

	fprintf(out, "%s\nkernel %s\n", first_line, kernel);
	free(kernel);
}

char *answers_kernel(struct packed *in)
{
	char *line = packed_line(in);

	if (!line || strcmp(line, first_line))
		packed_bad(in, "not an answer file");
	line = packed_line(in);
	if (!line || strncmp(line, "kernel ", 7))
		packed_bad(in, "expected the kernel's release");
	return xstrdup(line + 7);
}

static void write_lines(FILE *out, char letter, const struct lines *ls)
{
	for (size_t i = 0; i < ls->n; i++)
		fprintf(out, "%c %s\n", letter, ls->v[i]);
}

static size_t count_lines(const char *text)
{
	size_t n = text != NULL;

	for (; text && *text; text++)
		n += *text == '\n';
	return n;
}

/* The time is microseconds since the frame before. */
static void write_verdict(FILE *out, const struct verdict *v, uint64_t usec)
{
	fprintf(out, "%c%c %u %u %" PRIu64 "%s%s\n", word_letters[v->word],
		dir_letters[v->dir], v->words, v->out, usec,
		v->reason ? " " : "", v->reason ? v->reason : "");
}

/* The frame as a host's socket sent it. */
static void write_sent(FILE *out, const struct frame *f)
{
	fputs("s ", out);
	for (uint32_t i = 0; i < f->caplen; i++)
		fprintf(out, "%02x", f->data[i]);
	putc('\n', out);
}

/* An id, "#N" in 'line', without the "#". */
static void write_event(FILE *out, char letter, const char *line)
{
	const char *id = strrchr(line, '#');
	int n = id ? (int)(id - line) : 0;

	fprintf(out, "%c %.*s%s\n", letter, n, line, id ? id + 1 : line);
}

void answers_write(FILE *out, const struct block *b,
		   const struct kernel_run *run)
{
	uint64_t before = b->fs.n ? b->fs.v[0].sent : 0;
	struct lines events = events_numbered(&run->events);
	size_t at = 0;

	fprintf(out, "block %s\nsum %08x\n", b->name, b->sum);
	for (size_t i = 0; i < b->sysctls.n; i++)
		if (!sysctl_usable(b->sysctls.v[i]))
			fprintf(out, "absent %.*s\n",
				(int)strcspn(b->sysctls.v[i], "=") - 1,
				b->sysctls.v[i] + 1);
	for (size_t i = 0; i < b->fs.n; i++) {
		const struct verdict *v = &run->verdicts[i];
		uint64_t sent = b->fs.v[i].sent;

		/* The sum of what is written keeps to the time. */
		write_verdict(out, v, sent / 1000 - before / 1000);
		before = sent;
		if (b->host)
			write_sent(out, &b->fs.v[i]);
		for (size_t n = count_lines(v->events); n; n--)
			write_event(out, 'e', events.v[at++]);
	}
	while (at < events.n)
		write_event(out, 'l', events.v[at++]);
	lines_free(&events);
	write_lines(out, 't', &run->table);
	write_lines(out, 'x', &run->expect);
	fprintf(out, "lag %" PRIu64 " %" PRIu64 "\n", run->table_lag,
		run->expect_lag);
	fprintf(out, "strays %u\n", run->strays);
	if (fprintf(out, "end\n") < 0)
		die("cannot write answers: %s", strerror(errno));
}

static unsigned int letter_index(struct packed *in, const char *letters, char c)
{
	const char *at = c ? strchr(letters, c) : NULL;

	if (!at)
		packed_bad(in, "unknown word or direction");
	return (unsigned int)(at - letters);
}

static void read_verdict(struct packed *in, const char *line, struct frame *f,
			 struct verdict *v, uint64_t *usec)
{
	uint64_t step;
	int at = 0;

	v->word = (enum word)letter_index(in, word_letters, line[0]);
	v->dir = (enum direction)letter_index(in, dir_letters, line[1]);
	if (sscanf(line + 2, " %u %u %" SCNu64 "%n", &v->words, &v->out, &step,
		   &at) != 3 || !at)
		packed_bad(in, "invalid verdict");
	*usec += step;
	f->sent = EPOCH * NSEC_PER_SEC + *usec * 1000;
	line += 2 + at;
	if (*line)
		v->reason = xstrdup(line + 1);
}

static char *need_line(struct packed *in)
{
	char *line = packed_line(in);

	if (!line)
		packed_bad(in, "the file ends within a block");
	return line;
}

static void read_head(struct packed *in, const struct block *b)
{
	char *line = packed_line(in);

	if (!line || strncmp(line, "block ", 6) || strcmp(line + 6, b->name))
		packed_bad(in, "expected the answers to another block");
	line = need_line(in);
	if (strncmp(line, "sum ", 4) || strtoul(line + 4, NULL, 16) != b->sum)
		packed_bad(in, "these answers are to other frames of that name");
}

static void read_sent(struct packed *in, struct frame *f, const char *hex)
{
	size_t n = strlen(hex) / 2;
	unsigned int byte;

	f->data = xrealloc(f->data, n ? n : 1);
	f->len = f->caplen = (uint32_t)n;
	for (size_t i = 0; i < n; i++) {
		if (sscanf(hex + 2 * i, "%2x", &byte) != 1)
			packed_bad(in, "invalid frame");
		f->data[i] = (uint8_t)byte;
	}
}

static void add_event(struct kernel_run *run, struct verdict *v,
		      const char *text)
{
	lines_add(&run->events, text);
	if (v) {
		char *joined = v->events ? xasprintf("%s\n%s", v->events, text)
					 : xstrdup(text);

		run->late = run->events.n;
		free(v->events);
		v->events = joined;
	}
}

/* A line that belongs to no verdict; false where it is none of these. */
static bool read_rest(struct packed *in, struct kernel_run *run, char *line,
		      struct frame *f, struct verdict *v)
{
	if (!strncmp(line, "absent ", 7))
		sysctl_absent(line + 7);
	else if (!strncmp(line, "e ", 2) && v)
		add_event(run, v, line + 2);
	else if (!strncmp(line, "s ", 2) && f)
		read_sent(in, f, line + 2);
	else if (!strncmp(line, "l ", 2))
		add_event(run, NULL, line + 2);
	else if (!strncmp(line, "t ", 2))
		lines_add(&run->table, line + 2);
	else if (!strncmp(line, "x ", 2))
		lines_add(&run->expect, line + 2);
	else if (!strncmp(line, "lag ", 4))
		return sscanf(line + 4, "%" SCNu64 " %" SCNu64,
			      &run->table_lag, &run->expect_lag) == 2;
	else if (!strncmp(line, "strays ", 7))
		run->strays = (unsigned int)strtoul(line + 7, NULL, 10);
	else
		return false;
	return true;
}

void answers_read(struct packed *in, struct block *b, struct kernel_run *run)
{
	uint64_t usec = 0;
	size_t n = 0;
	char *line;

	memset(run, 0, sizeof(*run));
	run->verdicts = verdicts_new(b->fs.n);
	run->n = b->fs.n;
	sysctl_recorded();
	read_head(in, b);
	while (strcmp(line = need_line(in), "end")) {
		struct frame *f = n ? &b->fs.v[n - 1] : NULL;
		struct verdict *v = n ? &run->verdicts[n - 1] : NULL;

		if (read_rest(in, run, line, f, v))
			continue;
		if (n == run->n)
			packed_bad(in, "there are more verdicts than frames");
		read_verdict(in, line, &b->fs.v[n], &run->verdicts[n], &usec);
		n++;
	}
	if (n < run->n)
		packed_bad(in, "there are fewer verdicts than frames");
}
