/* SPDX-License-Identifier: GPL-2.0-only */
#include "program.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "replay/replay.h"

#define ARGS 32

static bool no_threads;

int __real_pthread_create(pthread_t *thread, const pthread_attr_t *attr,
			  void *(*start)(void *), void *arg);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attr,
			  void *(*start)(void *), void *arg);

int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attr,
			  void *(*start)(void *), void *arg)
{
	return no_threads ? EAGAIN :
			    __real_pthread_create(thread, attr, start, arg);
}

static void say(void *arg, enum diag_level level, const char *text)
{
	struct program *p = arg;
	size_t left = sizeof(p->said) - p->said_len;
	int n;

	if (level == DIAG_NOTE || left < 2)
		return;
	n = snprintf(p->said + p->said_len, left, "%s\n", text);
	p->said_len += (size_t)n < left ? (size_t)n : left - 1;
}

bool program_init(struct program *p)
{
	*p = (struct program){ .diag = { say, p } };
	/* A run reuses the memory of the last one, without the kernel. */
	mallopt(M_MMAP_THRESHOLD, 1 << 30);
	mallopt(M_TRIM_THRESHOLD, 1 << 30);
	p->in = memfd_create("capture", MFD_CLOEXEC);
	p->out = memfd_create("output", MFD_CLOEXEC);
	if (p->in < 0 || p->out < 0)
		return false;
	snprintf(p->path, sizeof(p->path), "/proc/self/fd/%d", p->in);
	p->room = 65536;
	p->text = malloc(p->room);
	return p->text != NULL;
}

void program_free(struct program *p)
{
	close(p->in);
	close(p->out);
	free(p->text);
}

bool program_options(struct program *p, struct options *o,
		     const char *const *argv)
{
	/* options_read() permutes, as getopt_long(3) does. */
	char *args[ARGS] = { (char[]){ "ctreplay" } };
	int n = 1;

	for (; *argv && n < ARGS - 3; argv++) {
		union { const char *in; char *out; } word = { *argv };

		args[n++] = word.out;
	}
	/* This process continues with other captures. */
	args[n++] = (char[]){ "--sandbox=no" };
	args[n++] = p->path;
	optind = 0;		/* from the beginning */
	return options_read(o, n, args, &p->diag) == OPTIONS_RUN;
}

bool program_input(struct program *p, const uint8_t *bytes, size_t n)
{
	return ftruncate(p->in, 0) == 0 &&
	       pwrite(p->in, bytes, n, 0) == (ssize_t)n;
}

bool program_change(struct program *p, size_t at, uint8_t byte)
{
	return pwrite(p->in, &byte, 1, (off_t)at) == 1;
}

bool program_cut(struct program *p, size_t n)
{
	return ftruncate(p->in, (off_t)n) == 0;
}

bool program_output(struct program *p)
{
	struct stat st;

	if (fstat(p->out, &st) < 0)
		return false;
	p->len = (size_t)st.st_size;
	if (p->len >= p->room) {
		char *more = realloc(p->text, p->len * 2);

		if (!more)
			return false;
		p->text = more;
		p->room = p->len * 2;
	}
	p->text[p->len] = '\0';
	return pread(p->out, p->text, p->len, 0) == (ssize_t)p->len;
}

void program_empty(struct program *p)
{
	p->said_len = 0;
	p->said[0] = '\0';
	p->len = 0;
	/* Making a file in memory smaller cannot fail. */
	if (ftruncate(p->out, 0) < 0)
		abort();
}

bool program_replay(struct program *p, const struct options *o)
{
	static const int status[] = {
		[REPLAY_DONE] = 0, [REPLAY_USAGE] = 2, [REPLAY_DAMAGED] = 3,
		[REPLAY_STOPPED] = 130,
	};
	static const struct stop never = { .fd = -1 };

	if (lseek(p->out, 0, SEEK_SET) < 0 ||
	    dup2(p->out, STDOUT_FILENO) < 0)
		return false;
	no_threads = p->no_threads;
	p->status = status[replay(o, &p->diag, &never)];
	return true;
}

bool program_run(struct program *p, const struct options *o)
{
	program_empty(p);
	return program_replay(p, o) && program_output(p);
}

uint8_t *file_read(const char *path, size_t *n)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	uint8_t *bytes = NULL;
	struct stat st;

	if (fd >= 0 && fstat(fd, &st) == 0) {
		*n = (size_t)st.st_size;
		bytes = malloc(*n + 1);
		if (bytes && read(fd, bytes, *n) != (ssize_t)*n) {
			free(bytes);
			bytes = NULL;
		}
	}
	if (!bytes)
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
	if (fd >= 0)
		close(fd);
	return bytes;
}
