/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/output_file.h"

#include <errno.h>
#include <string.h>

bool output_file_open(struct writer_file *f, struct whole_file *w, const char *path,
		      const struct stop *stop, const struct diag *diag)
{
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
