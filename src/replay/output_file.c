/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/output_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "capture/magic.h"

/* Whether there is a capture of this name that is not to be replaced. */
static bool is_kept(const char *path, enum output_kind kind)
{
	uint8_t begin[MAGIC_BYTES];
	enum magic magic = MAGIC_OTHER;
	struct stat st;
	ssize_t n;
	int fd;

	if (stat(path, &st) < 0 || !S_ISREG(st.st_mode))
		return false;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return false;
	n = read(fd, begin, sizeof(begin));
	close(fd);
	if (n > 0)
		magic = magic_of(begin, (size_t)n);
	return magic != MAGIC_OTHER && !(magic == MAGIC_PCAPNG && kind == OUTPUT_PCAPNG);
}

bool output_file_open(struct writer_file *f, struct whole_file *w, const char *path,
		      enum output_kind kind, const struct stop *stop,
		      const struct diag *diag)
{
	if (strcmp(path, "-") != 0 && is_kept(path, kind)) {
		diag_say(diag, DIAG_ERROR, "%s: cannot be written: it is a capture, perhaps "
			 "one of the input files; name another", path);
		return false;
	}
	if (strcmp(path, "-") == 0 || !whole_file_open(w, path))
		return writer_file_open(f, path, stop, diag);
	*f = (struct writer_file){ .path = path, .fd = w->fd };
	/* The file that it will replace, so that this is no input. */
	if (stat(path, &f->st) < 0 && fstat(f->fd, &f->st) < 0)
		f->st = (struct stat){ .st_mode = S_IFREG };
	return true;
}

void output_file_say_failure(const char *path, int error, bool replaces,
			     const struct diag *diag)
{
	bool standard = strcmp(path, "-") == 0;

	if (error != EPIPE)
		diag_say(diag, DIAG_ERROR, "cannot write %s: %s; %s",
			 standard ? "standard output" : path, strerror(error),
			 standard ? "the output is incomplete" :
			 replaces ? "it stays as it was" : "it is empty now");
}
