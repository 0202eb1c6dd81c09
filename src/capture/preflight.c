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

/* Identifies a regular file.  Standard input may be one that stands anywhere in
 * its file, and keeps its place. */
static enum magic identify(int fd)
{
	off_t start = lseek(fd, 0, SEEK_CUR);
	uint8_t bytes[MAGIC_BYTES];
	ssize_t n = pread(fd, bytes, sizeof(bytes), start < 0 ? 0 : start);

	return n > 0 ? magic_of(bytes, (size_t)n) : MAGIC_OTHER;
}

/* True if the file is a capture, or may be one. */
static bool take_note(struct preflight *p, int fd)
{
	enum magic magic;
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return false;
	if (!S_ISREG(st.st_mode)) {
		p->packed = true;	/* unknown until it is read */
		return true;
	}
	magic = identify(fd);
	if (magic == MAGIC_OTHER)
		return false;
	if (magic != MAGIC_PCAP && magic != MAGIC_PCAPNG)
		p->packed = true;
	return true;
}

/* A pipe is not opened here: closing it again would end its writer. */
static bool look_into(struct preflight *p, const char *path)
{
	struct stat st;
	bool good;
	int fd;

	if (strcmp(path, "-") == 0)
		return take_note(p, STDIN_FILENO);
	if (stat(path, &st) < 0)
		return false;
	if (!S_ISREG(st.st_mode)) {
		p->packed = true;
		return true;
	}
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	good = take_note(p, fd);
	if (fd >= 0)
		close(fd);
	return good;
}

/* Looks into files of a directory until both answers are known, and notes all
 * symbolic links. */
static bool look_into_folder(struct preflight *p, const char *dir,
			     preflight_path *note, void *arg)
{
	bool captures = false;
	struct folder f;
	struct stat st;

	if (!folder_list(dir, NULL, &f, &diag_silent))
		return false;
	for (size_t i = 0; i < f.n; i++) {
		if (lstat(f.paths[i], &st) == 0 && S_ISLNK(st.st_mode))
			note(arg, f.paths[i]);
		if (!captures || !p->packed)
			captures |= look_into(p, f.paths[i]);
	}
	folder_free(&f);
	return captures;
}

/* Captures that overlap in time are open at once.  The soft limit is low only for
 * programs that call select(2). */
static void raise_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

void capture_preflight(const char *const *files, size_t n, struct preflight *p,
		       preflight_path *note, void *arg)
{
	*p = (struct preflight){ .captures = true };
	raise_limit();
	for (size_t i = 0; i < n; i++) {
		if (strcmp(files[i], "-") != 0)
			note(arg, files[i]);
		if (folder_is(files[i]) ?
		    !look_into_folder(p, files[i], note, arg) :
		    !look_into(p, files[i]))
			p->captures = false;
	}
}
