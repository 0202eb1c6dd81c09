/* SPDX-License-Identifier: GPL-2.0-only */
#include "base/whole_file.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEEP	'k'
#define KEEP_DURABLY	'd'

/* Where the file ends up, and its name until then.  Hidden: a program that reads all
 * captures of the directory passes such files over. */
struct names {
	char *final, *temporary;
};

static void free_names(struct names *n)
{
	free(n->final);
	free(n->temporary);
}

/* A symbolic link stays one.  What is below /proc looks like one, but may lead to a file
 * that has no name. */
static char *find_final(const char *path, const struct stat *old)
{
	char *final = old ? realpath(path, NULL) : strdup(path);
	struct stat there;

	if (!old || !final || (stat(final, &there) == 0 && there.st_dev == old->st_dev &&
			       there.st_ino == old->st_ino))
		return final;
	free(final);
	return NULL;
}

static bool find_names(struct names *n, const char *path, const struct stat *old)
{
	const char *slash;
	int len;

	n->temporary = NULL;
	n->final = find_final(path, old);
	if (!n->final)
		return false;
	slash = strrchr(n->final, '/');
	len = slash ? (int)(slash + 1 - n->final) : 0;
	/* The name's end may be too long for one of a few characters more. */
	if (asprintf(&n->temporary, "%.*s.%.200s.XXXXXX", len, n->final,
		     n->final + len) >= 0)
		return true;
	n->temporary = NULL;
	return false;
}

/* Reads one answer from the other end; false at its end. */
static bool receive(int fd, void *to, size_t size)
{
	ssize_t n;

	do
		n = read(fd, to, size);
	while (n < 0 && errno == EINTR);
	return n == (ssize_t)size;
}

/* fsync(2) of the directory: of the name. */
static int sync_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *dir = slash ? strndup(path, (size_t)(slash + 1 - path)) : strdup(".");
	int fd = dir ? open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	int error = fd < 0 || fsync(fd) < 0 ? errno : 0;

	free(dir);
	if (fd >= 0)
		close(fd);
	/* Some file systems have no such thing. */
	return error == EINVAL ? 0 : error;
}

static int give_name(const struct names *n, int file, bool durably)
{
	if (durably && fsync(file) < 0)
		return errno;
	if (rename(n->temporary, n->final) < 0)
		return errno;
	return durably ? sync_name(n->final) : 0;
}

/* The process that waits for the end.  An interrupt is not meant for it. */
static _Noreturn void finish(const struct names *n, int file, int fd)
{
	static const int ignored[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE };
	char word;
	int error = 0;

	for (size_t i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++)
		signal(ignored[i], SIG_IGN);
	/* Whoever reads the output must see its end when this process's parent ends. */
	for (int i = 0; i < 3; i++)
		close(i);
	if (!receive(fd, &word, sizeof(word)) || (word != KEEP && word != KEEP_DURABLY))
		error = unlink(n->temporary) < 0 ? errno : 0;
	else
		error = give_name(n, file, word == KEEP_DURABLY);
	if (error)
		unlink(n->temporary);
	while (write(fd, &error, sizeof(error)) < 0 && errno == EINTR)
		;
	_exit(0);
}

static bool start_finisher(struct whole_file *w, const struct names *n)
{
	int ends[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		return false;
	pid = fork();
	if (pid == 0) {
		close(ends[0]);
		finish(n, w->fd, ends[1]);
	}
	close(ends[1]);
	w->finisher = ends[0];
	if (pid > 0)
		return true;
	close(ends[0]);
	return false;
}

/* The new file gets the permissions of the old one, or those of any new file. */
static void set_mode(int fd, bool exists, const struct stat *old)
{
	mode_t mask = umask(0), mode = exists ? old->st_mode & 0777 : 0666 & ~mask;

	umask(mask);
	/* Where it may not be given away, it belongs to who writes it. */
	if (exists && fchown(fd, old->st_uid, old->st_gid) < 0)
		mode &= ~(mode_t)0007;
	if (fchmod(fd, mode) < 0)
		return;		/* nobody else can read it */
}

bool whole_file_open(struct whole_file *w, const char *path)
{
	struct names n;
	struct stat old;
	bool exists = stat(path, &old) == 0;

	*w = (struct whole_file){ .fd = -1 };
	/* A link that leads nowhere is created by opening it. */
	if (exists ? !S_ISREG(old.st_mode) || access(path, W_OK) < 0 :
		     lstat(path, &old) == 0 || errno != ENOENT)
		return false;
	if (!find_names(&n, path, exists ? &old : NULL)) {
		free_names(&n);
		return false;
	}
	w->fd = mkostemp(n.temporary, O_CLOEXEC);
	if (w->fd >= 0) {
		set_mode(w->fd, exists, &old);
		if (!start_finisher(w, &n)) {
			unlink(n.temporary);
			close(w->fd);
			w->fd = -1;
		}
	}
	free_names(&n);
	return w->fd >= 0;
}

static int keep(struct whole_file *w, char word)
{
	int error = EIO;

	if (w->finisher <= 0)
		return 0;
	if (write(w->finisher, &word, sizeof(word)) != sizeof(word) ||
	    !receive(w->finisher, &error, sizeof(error)))
		error = EIO;
	close(w->finisher);
	w->finisher = 0;
	return error;
}

int whole_file_keep(struct whole_file *w)
{
	return keep(w, KEEP);
}

int whole_file_keep_durably(struct whole_file *w)
{
	return keep(w, KEEP_DURABLY);
}

void whole_file_drop(struct whole_file *w)
{
	const char word = 0;
	int error;

	if (w->finisher <= 0)
		return;
	/* The answer says that it is done. */
	if (write(w->finisher, &word, sizeof(word)) == sizeof(word))
		receive(w->finisher, &error, sizeof(error));
	close(w->finisher);
	w->finisher = 0;
}
