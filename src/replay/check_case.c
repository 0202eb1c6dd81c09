/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/check_case.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/option_file.h"

#define PATH_SIZE 4096

__attribute__((format(printf, 2, 3)))
static void fail(struct check_outcome *o, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(o->why, sizeof(o->why), fmt, ap);
	va_end(ap);
}

/* "CAPTURE.expected"; false if it is too long. */
static bool path_beside(char path[PATH_SIZE], const char *capture, const char *end,
			struct check_outcome *o)
{
	int n = snprintf(path, PATH_SIZE, "%s.%s", capture, end);

	if (n < PATH_SIZE)
		return true;
	fail(o, "the path is too long");
	return false;
}

/* CAPTURE.options, if there is one. */
static bool read_options(const struct check_case *c, struct option_file *f,
			 struct check_outcome *o)
{
	enum option_file_result result;
	char path[PATH_SIZE];
	unsigned int line;
	FILE *from;

	*f = (struct option_file){ NULL, NULL, 0 };
	if (!path_beside(path, c->capture, "options", o))
		return false;
	from = fopen(path, "re");
	if (!from) {
		if (errno != ENOENT)
			fail(o, "its options cannot be opened: %s", strerror(errno));
		return errno == ENOENT;
	}
	result = option_file_read(f, from, &line);
	fclose(from);
	if (result == OPTION_FILE_OPERAND)
		fail(o, "line %u of its options is no option", line);
	else if (result == OPTION_FILE_LONG)
		fail(o, "its options are more than 64 kB");
	else if (result == OPTION_FILE_NO_MEMORY)
		fail(o, "out of memory");
	return result == OPTION_FILE_OK;
}

/* In the new process. */
static void run_child(const struct check_case *c, const struct option_file *f, int out,
		      int err)
{
	int argc = 0, null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	char **argv = calloc((size_t)c->argc + f->n + 2, sizeof(*argv));

	if (!argv || null < 0 || dup2(null, STDIN_FILENO) < 0 ||
	    dup2(out, STDOUT_FILENO) < 0 || dup2(err, STDERR_FILENO) < 0)
		exit(2);
	for (; argc < c->argc; argc++)
		argv[argc] = c->argv[argc];
	for (size_t i = 0; i < f->n; i++)
		argv[argc++] = f->word[i];
	argv[argc++] = strdup(c->capture);
	exit(argv[argc - 1] ? c->run(argc, argv) : 2);
}

/* Starts the replay; -1 after a failure. */
static pid_t start(const struct check_case *c, int out, int err,
		   struct check_outcome *o)
{
	struct option_file f;
	pid_t pid = -1;

	if (read_options(c, &f, o)) {
		fflush(stdout);
		pid = fork();
		if (pid == 0)
			run_child(c, &f, out, err);
		if (pid < 0)
			fail(o, "no new process: %s", strerror(errno));
	}
	option_file_free(&f);
	return pid;
}

static void wait_for(pid_t pid, int err, struct check_outcome *o)
{
	ssize_t n;
	int status;

	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (WIFSIGNALED(status))
		fail(o, "the replay was ended by signal %d", WTERMSIG(status));
	else
		o->status = WEXITSTATUS(status);
	n = pread(err, o->said, sizeof(o->said) - 1, 0);
	o->said[n > 0 ? n : 0] = '\0';
}

/* Appends the rest of the line that begins with 'start' and 'c'. */
static void finish_line(char line[CHECK_LINE_SIZE], const char *start, size_t n, int c,
			FILE *from)
{
	memcpy(line, start, n);
	for (; c != EOF && c != '\n'; c = getc_unlocked(from))
		if (n < CHECK_LINE_SIZE - 1)
			line[n++] = (char)c;
	line[n] = '\0';
}

/* Finds the first line that differs; reads to the end of 'actual'. */
static void compare(FILE *expected, FILE *actual, struct check_outcome *o)
{
	char start[CHECK_LINE_SIZE];
	uint64_t line = 1;
	size_t n = 0;
	int a, b;

	for (;;) {
		a = getc_unlocked(expected);
		b = getc_unlocked(actual);
		if (a != b || a == EOF)
			break;
		if (a == '\n') {
			line++;
			n = 0;
		} else if (n < sizeof(start) - 1) {
			start[n++] = (char)a;
		}
	}
	if (a == b)
		return;
	o->line = line;
	finish_line(o->expected, start, n, a, expected);
	finish_line(o->actual, start, n, b, actual);
	while (getc_unlocked(actual) != EOF)
		;
}

static void check_output(const struct check_case *c, FILE *expected, int err,
			 struct check_outcome *o)
{
	int ends[2];
	FILE *actual;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0) {
		fail(o, "no pipe: %s", strerror(errno));
		return;
	}
	pid = start(c, ends[1], err, o);
	close(ends[1]);
	actual = fdopen(ends[0], "r");
	if (!actual)
		close(ends[0]);
	if (pid < 0 && actual)
		fclose(actual);
	if (pid < 0)
		return;
	if (actual) {
		compare(expected, actual, o);
		fclose(actual);
	} else {
		fail(o, "out of memory");
	}
	wait_for(pid, err, o);
}

/* Compares the new file with the old one, and puts it in its place. */
static void replace(FILE *expected, FILE *actual, const char *temporary,
		    const char *path, struct check_outcome *o)
{
	rewind(actual);
	compare(expected, actual, o);
	if (ferror(actual))
		fail(o, "the new file cannot be read");
	else if (check_outcome_good(o, true) && o->line && rename(temporary, path) < 0)
		fail(o, "the new file cannot be put in place: %s", strerror(errno));
}

/* The new file has the old one's mode, not that of a temporary file. */
static void copy_mode(int fd, FILE *from)
{
	struct stat st;

	if (fstat(fileno(from), &st) == 0)
		(void)!fchmod(fd, st.st_mode & 07777);
}

/* The new file is made beside the old one, which is replaced as a whole. */
static void update_output(const struct check_case *c, FILE *expected, const char *path,
			  int err, struct check_outcome *o)
{
	char temporary[PATH_SIZE];
	FILE *actual;
	pid_t pid;
	int fd;

	if (!path_beside(temporary, path, "XXXXXX", o))
		return;
	fd = mkostemp(temporary, O_CLOEXEC);
	if (fd < 0) {
		fail(o, "no file can be made there: %s", strerror(errno));
		return;
	}
	copy_mode(fd, expected);
	pid = start(c, fd, err, o);
	if (pid >= 0)
		wait_for(pid, err, o);
	actual = fdopen(fd, "r");
	if (actual && pid >= 0)
		replace(expected, actual, temporary, path, o);
	else if (pid >= 0)
		fail(o, "out of memory");
	if (actual)
		fclose(actual);
	else
		close(fd);
	unlink(temporary);	/* fails if it has the other name now */
}

void check_case(const struct check_case *c, struct check_outcome *o)
{
	char path[PATH_SIZE];
	FILE *expected;
	int err;

	*o = (struct check_outcome){ .status = 0 };
	if (!path_beside(path, c->capture, "expected", o))
		return;
	if (access(c->capture, F_OK) < 0) {
		fail(o, "there is %s, but no capture of that name", path);
		return;
	}
	expected = fopen(path, "re");
	err = memfd_create("stderr", MFD_CLOEXEC);
	if (!expected || err < 0)
		fail(o, "%s cannot be opened: %s", path, strerror(errno));
	else if (c->update)
		update_output(c, expected, path, err, o);
	else
		check_output(c, expected, err, o);
	if (expected)
		fclose(expected);
	if (err >= 0)
		close(err);
}
