/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/check.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture/folder.h"

/* Where the suffix begins in the path, or NULL. */
static char *find_suffix(char *path, const char *suffix)
{
	size_t n = strlen(path), len = strlen(suffix);

	return n > len && strcmp(path + n - len, suffix) == 0 ? path + n - len : NULL;
}

/* Keeps the files that end in .expected, without that. */
static void keep_expected(struct folder *f)
{
	size_t n = 0;

	for (size_t i = 0; i < f->n; i++) {
		char *suffix = find_suffix(f->paths[i], ".expected");

		if (!suffix) {
			free(f->paths[i]);
			continue;
		}
		*suffix = '\0';
		f->paths[n++] = f->paths[i];
	}
	f->n = n;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* A description of TAP 14: '#' and '\' are escaped, and it is one line. */
static void print_description(const char *s)
{
	for (; *s; s++) {
		if (*s == '#' || *s == '\\')
			putchar('\\');
		putchar((unsigned char)*s < ' ' ? '?' : *s);
	}
	putchar('\n');
}

/* A member of the YAML block, in quotation marks: JSON's escapes are YAML's. */
static void print_text(const char *key, const char *text)
{
	printf("  %s: \"", key);
	for (const unsigned char *s = (const unsigned char *)text; *s; s++)
		if (*s == '"' || *s == '\\')
			printf("\\%c", *s);
		else if (*s == '\n')
			fputs("\\n", stdout);
		else if (*s < ' ' || *s >= 0x7f)
			printf("\\x%02x", *s);
		else
			putchar(*s);
	fputs("\"\n", stdout);
}

static void print_yaml(const struct check_outcome *o)
{
	puts("  ---");
	if (o->why[0] || o->status > 1) {
		print_text("message", o->why[0] ? o->why : "the replay failed");
	} else if (o->line) {
		print_text("message", "the output differs");
		printf("  line: %" PRIu64 "\n", o->line);
		print_text("expected", o->expected);
		print_text("actual", o->actual);
	} else {
		print_text("message", "the exit status is not 0");
	}
	printf("  status: %d\n", o->status);
	if (o->said[0])
		print_text("stderr", o->said);
	puts("  ...");
}

/* "ok 1 - NAME"; with --check-update, also whether it changed. */
static void print_outcome(const struct check_outcome *o, bool update, size_t number,
			  const char *capture)
{
	bool good = check_outcome_good(o, update);

	printf("%sok %zu - %s", good ? "" : "not ", number,
	       !update || !good ? "" : o->line ? "changed: " : "unchanged: ");
	print_description(base_name(capture));
	if (!good)
		print_yaml(o);
	fflush(stdout);
}

static enum check_result check_all(const struct options *opt, int argc, char **argv,
				   check_run_fn *run, const struct folder *f)
{
	struct check_case c = { NULL, argc, argv, run, opt->check_update };
	enum check_result result = CHECK_SAME;
	struct check_outcome o;

	printf("TAP version 14\n1..%zu\n", f->n);
	for (size_t i = 0; i < f->n; i++) {
		c.capture = f->paths[i];
		check_case(&c, &o);
		print_outcome(&o, c.update, i + 1, c.capture);
		if (!check_outcome_good(&o, c.update))
			result = CHECK_DIFFERENT;
	}
	return result;
}

static bool may_check(const struct options *opt, const struct diag *diag)
{
	if (!opt->check) {
		diag_say(diag, DIAG_ERROR, "--check-update belongs to --check DIR");
		return false;
	}
	if (opt->nfiles) {
		diag_say(diag, DIAG_ERROR, "--check replays the captures of its DIR; "
			 "leave out '%s'", opt->files[0]);
		return false;
	}
	return check_options_allowed(opt, diag);
}

bool check_options_allowed(const struct options *opt, const struct diag *diag)
{
	if (opt->write || opt->annotate || opt->report) {
		diag_say(diag, DIAG_ERROR, "--check compares what is printed; leave out %s",
			 opt->write ? "-w" : opt->annotate ? "--annotate" : "--report");
		return false;
	}
	if (opt->nfiles > 1) {
		diag_say(diag, DIAG_ERROR, "--check replays one capture at a time; leave "
			 "out '%s'", opt->files[0]);
		return false;
	}
	return true;
}

enum check_result check_run(const struct options *opt, int argc, char **argv,
			    check_run_fn *run, const struct diag *diag)
{
	enum check_result result = CHECK_USAGE;
	struct folder f;

	if (!may_check(opt, diag) || !folder_list(opt->check, NULL, &f, diag))
		return CHECK_USAGE;
	keep_expected(&f);
	if (f.n == 0)
		diag_say(diag, DIAG_ERROR, "--check: no file in %s ends in .expected; "
			 "for each CAPTURE to test, create an empty CAPTURE.expected "
			 "beside it, which --check-update fills", opt->check);
	else
		result = check_all(opt, argc, argv, run, &f);
	folder_free(&f);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		diag_say(diag, DIAG_ERROR, "cannot write standard output: %s",
			 strerror(errno));
		result = CHECK_OUTPUT;
	}
	return result;
}
