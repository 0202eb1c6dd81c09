/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE 1
#include "packed.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util.h"

static bool is_xz(const char *path)
{
	size_t n = strlen(path);

	return n > 3 && !strcmp(path + n - 3, ".xz");
}

static _Noreturn void unpack(int from, int to)
{
	dup2(from, 0);
	dup2(to, 1);
	execlp("xz", "xz", "-dc", (char *)NULL);
	fprintf(stderr, "check-kernel: xz(1): %s\n", strerror(errno));
	_exit(127);
}

void packed_open(struct packed *p, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), ends[2];

	memset(p, 0, sizeof(*p));
	p->path = path;
	if (fd < 0)
		die("%s: %s", path, strerror(errno));
	if (is_xz(path)) {
		if (pipe2(ends, O_CLOEXEC))
			die("pipe: %s", strerror(errno));
		fflush(stdout);
		p->unpacker = fork();
		if (p->unpacker < 0)
			die("fork: %s", strerror(errno));
		if (!p->unpacker)
			unpack(fd, ends[1]);
		close(fd);
		close(ends[1]);
		fd = ends[0];
	}
	p->in = fdopen(fd, "r");
	if (!p->in)
		die("%s: %s", path, strerror(errno));
}

char *packed_line(struct packed *p)
{
	ssize_t n = getline(&p->line, &p->room, p->in);

	if (n < 0)
		return NULL;
	p->number++;
	if (strlen(p->line) != (size_t)n)
		packed_bad(p, "unexpected NUL byte");
	p->line[strcspn(p->line, "\n")] = '\0';
	return p->line;
}

void packed_bad(const struct packed *p, const char *what)
{
	die("%s: line %lu: %s", p->path, p->number, what);
}

void packed_close(struct packed *p)
{
	int status = 0;

	free(p->line);
	fclose(p->in);
	while (p->unpacker && waitpid(p->unpacker, &status, 0) < 0 &&
	       errno == EINTR)
		;
	if (status)
		die("%s: xz(1) cannot unpack it", p->path);
}
