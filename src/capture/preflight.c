/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/preflight.h"

#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capture/folder.h"
#include "capture/magic.h"

/* A regular file's beginning; its place, if it is one's own, stays. */
static enum magic look_at(int fd)
{
	off_t start = lseek(fd, 0, SEEK_CUR);
	uint8_t bytes[MAGIC_BYTES];
	ssize_t n = pread(fd, bytes, sizeof(bytes), start < 0 ? 0 : start);

	return n > 0 ? magic_of(bytes, (size_t)n) : MAGIC_OTHER;
}

/* Whether it is or may be a capture. */
static bool take_note(struct preflight *a, int fd)
{
	enum magic magic;
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return false;
	if (!S_ISREG(st.st_mode)) {
		a->packed = true;	/* who knows */
		return true;
	}
	magic = look_at(fd);
	if (magic == MAGIC_OTHER)
		return false;
	if (magic != MAGIC_PCAP && magic != MAGIC_PCAPNG)
		a->packed = true;
	return true;
}

/* A pipe is opened once, by who reads it. */
static bool look_into(struct preflight *a, const char *path)
{
	struct stat st;
	bool good;
	int fd;

	if (strcmp(path, "-") == 0)
		return take_note(a, STDIN_FILENO);
	if (stat(path, &st) < 0)
		return false;
	if (!S_ISREG(st.st_mode)) {
		a->packed = true;
		return true;
	}
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	good = take_note(a, fd);
	if (fd >= 0)
		close(fd);
	return good;
}

/* As many of the files as it takes to know. */
static bool look_into_folder(struct preflight *a, const char *dir, ahead_path *path,
			     void *arg)
{
	bool captures = false;
	struct folder f;
	struct stat st;

	if (!folder_list(dir, NULL, &f, &diag_silent))
		return false;
	for (size_t i = 0; i < f.n; i++) {
		if (lstat(f.paths[i], &st) == 0 && S_ISLNK(st.st_mode))
			path(arg, f.paths[i]);
		if (!captures || !a->packed)
			captures |= look_into(a, f.paths[i]);
	}
	folder_free(&f);
	return captures;
}

/* Captures that overlap in time are open at once: as many as there may be.  The
 * usual limit is low for the sake of programs that call select(2). */
static void raise_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

void capture_preflight(const char *const *files, size_t n, struct preflight *a,
			ahead_path *path, void *arg)
{
	*a = (struct preflight){ .captures = true };
	raise_limit();
	for (size_t i = 0; i < n; i++) {
		if (strcmp(files[i], "-") != 0)
			path(arg, files[i]);
		if (folder_is(files[i]) ?
		    !look_into_folder(a, files[i], path, arg) :
		    !look_into(a, files[i]))
			a->captures = false;
	}
}
