/* SPDX-License-Identifier: GPL-2.0-only */
#include "cli/firewall_options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const part_names[FIREWALL_PARTS] = {
	[FIREWALL_IPSETS] = "ipsets", [FIREWALL_ROUTES] = "routes",
	[FIREWALL_LINKS] = "links",
	[FIREWALL_RULES] = "rules", [FIREWALL_RULES6] = "rules6",
};

const char *firewall_path(const struct firewall_file *file,
			  char to[FIREWALL_PATH_SIZE])
{
	snprintf(to, FIREWALL_PATH_SIZE, "%s%s%s", file->dir ? file->dir : "",
		 file->dir ? "/" : "", file->name);
	return to;
}

bool firewall_dir_has(const char *dir, const char *name,
		      char to[FIREWALL_PATH_SIZE])
{
	const struct firewall_file file = { dir, name };

	return access(firewall_path(&file, to), F_OK) == 0;
}

bool firewall_use_dir(struct firewall_options *f, const char *dir,
		      const struct diag *diag)
{
	char path[FIREWALL_PATH_SIZE];
	bool rules = false;
	struct stat st;

	if (strlen(dir) > FIREWALL_PATH_SIZE - 100) {
		diag_say(diag, DIAG_ERROR, "--firewall: the name of the directory is too long");
		return false;
	}
	if (stat(dir, &st) != 0 || !S_ISDIR(st.st_mode)) {
		diag_say(diag, DIAG_ERROR, "--firewall: cannot open %.200s: %s; name the "
			 "directory that ctreplay-snapshot has written", dir,
			 strerror(access(dir, F_OK) != 0 ? errno : ENOTDIR));
		return false;
	}
	for (unsigned int i = 0; i < FIREWALL_PARTS; i++) {
		if (!firewall_dir_has(dir, part_names[i], path))
			continue;
		f->file[i] = (struct firewall_file){ dir, part_names[i] };
		rules |= i == FIREWALL_RULES || i == FIREWALL_RULES6;
	}
	if (!rules)
		diag_say(diag, DIAG_ERROR, "--firewall: there is neither a file "
			 "'rules' nor 'rules6' in %.200s; ctreplay-snapshot writes "
			 "them", dir);
	return rules;
}

bool firewall_dir_kernel(const char *dir, char path[FIREWALL_PATH_SIZE],
			 char version[64], const struct diag *diag)
{
	FILE *f;
	bool ok;

	version[0] = '\0';
	if (!firewall_dir_has(dir, "kernel", path))
		return true;
	f = fopen(path, "r");
	ok = f && fscanf(f, "%63s", version) == 1;
	if (!ok)
		diag_say(diag, DIAG_ERROR, "%.300s: %s", path,
			 f ? "there is no kernel's version in it; expected what "
			     "uname -r prints" : strerror(errno));
	if (f)
		fclose(f);
	return ok;
}

bool firewall_copy(struct firewall_options *to, const struct firewall_options *from,
		   size_t more)
{
	*to = *from;
	to->local = calloc(from->nlocal + more, sizeof(*to->local));
	if (!to->local)
		return false;
	if (from->nlocal)
		memcpy(to->local, from->local, from->nlocal * sizeof(*to->local));
	return true;
}
