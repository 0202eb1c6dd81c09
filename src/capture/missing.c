/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/missing.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/edit_distance.h"

/* Names that are looked at: a hint must not take long. */
#define NAMES_MAX 100000

/* The limit for a name without its endings: all captures have these in common. */
static size_t limit_of(const char *name)
{
	char stem[DISTANCE_WORD_MAX + 1];

	snprintf(stem, sizeof(stem), "%.*s", (int)strcspn(name, "."), name);
	return edit_distance_limit(stem);
}

/* Copies the name in 'dir' that is nearest to 'name', or "" if none is near; of
 * several the first in the order of strcmp(3), so that the hint is always the same. */
static void find_nearest(DIR *dir, const char *name, char nearest[256])
{
	size_t best = limit_of(name) + 1;
	struct dirent *entry;

	nearest[0] = '\0';
	for (int i = 0; i < NAMES_MAX && (entry = readdir(dir)) != NULL; i++) {
		size_t d;

		if (entry->d_name[0] == '.')
			continue;
		d = edit_distance(name, entry->d_name);
		if (d > best || (d == best && (!*nearest ||
					       strcmp(entry->d_name, nearest) > 0)))
			continue;
		best = d;
		snprintf(nearest, 256, "%s", entry->d_name);
	}
}

/* What there is where 'path' is not. */
static void look_around(char to[MISSING_HINT_SIZE], const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	int n = (int)(name - path);
	char folder[300], nearest[256];
	DIR *dir;

	if (n >= (int)sizeof(folder))
		return;
	snprintf(folder, sizeof(folder), "%.*s", n, path);
	dir = opendir(n ? folder : ".");
	if (!dir) {
		snprintf(to, MISSING_HINT_SIZE, "there is no directory %s", folder);
		return;
	}
	find_nearest(dir, name, nearest);
	closedir(dir);
	if (*nearest)
		snprintf(to, MISSING_HINT_SIZE, "there is no %.300s; did you mean %s%s?",
			 path, folder, nearest);
}

void missing_hint(char to[MISSING_HINT_SIZE], const char *const *files, size_t n)
{
	size_t i = 0;

	to[0] = '\0';
	while (i < n && (strcmp(files[i], "-") == 0 || access(files[i], F_OK) == 0))
		i++;
	if (i < n && !*files[i])
		snprintf(to, MISSING_HINT_SIZE, "a FILE has no name");
	else if (i < n && (errno == ENOENT || errno == ENOTDIR))
		look_around(to, files[i]);
}
