/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

bool folder_is(const char *path)
{
	struct stat st;

	return strcmp(path, "-") != 0 && stat(path, &st) == 0 &&
	       S_ISDIR(st.st_mode);
}

int folder_order(const char *a, const char *b)
{
	int order = strverscmp(a, b);	/* does not depend on the locale */

	return order ? order : strcmp(a, b);
}

static int by_name(const void *a, const void *b)
{
	return folder_order(*(char *const *)a, *(char *const *)b);
}

static bool add(struct folder *f, size_t *capacity, char *path)
{
	if (f->n == *capacity) {
		size_t more = *capacity ? *capacity * 2 : 64;
		char **paths = realloc(f->paths, more * sizeof(*paths));

		if (!paths)
			return false;
		f->paths = paths;
		*capacity = more;
	}
	f->paths[f->n++] = path;
	return true;
}

/* Returns 0, or errno after a failure. */
static int list(DIR *dir, const char *path, const struct stat *without,
		struct folder *f)
{
	const char *slash = path[strlen(path) - 1] == '/' ? "" : "/";
	struct dirent *entry;
	size_t capacity = 0;

	for (errno = 0; (entry = readdir(dir)) != NULL; errno = 0) {
		struct stat st;
		char *full;

		/* Programs use hidden files while they write them. */
		if (entry->d_name[0] == '.' ||
		    fstatat(dirfd(dir), entry->d_name, &st, 0) < 0 ||
		    !S_ISREG(st.st_mode) ||
		    (without && st.st_dev == without->st_dev &&
		     st.st_ino == without->st_ino))
			continue;
		if (asprintf(&full, "%s%s%s", path, slash, entry->d_name) < 0)
			return ENOMEM;
		if (!add(f, &capacity, full)) {
			free(full);
			return ENOMEM;
		}
	}
	return errno;
}

bool folder_list(const char *path, const struct stat *without, struct folder *f,
		 const struct diag *diag)
{
	DIR *dir = opendir(path);
	int err;

	*f = (struct folder){ NULL, 0 };
	err = dir ? list(dir, path, without, f) : errno;
	if (dir)
		closedir(dir);
	if (err) {
		const char *hint = "get permission to read it, or name the captures in it";

		if (err == ENOENT || err == ENOTDIR)
			hint = "name a directory that is there";
		diag_say(diag, DIAG_ERROR, "%s: cannot be listed: %s; %s", path,
			 strerror(err), hint);
		folder_free(f);
		return false;
	}
	if (f->n)
		qsort(f->paths, f->n, sizeof(*f->paths), by_name);
	return true;
}

void folder_free(struct folder *f)
{
	for (size_t i = 0; i < f->n; i++)
		free(f->paths[i]);
	free(f->paths);
	*f = (struct folder){ NULL, 0 };
}
