/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * firewall_options.h - which files a firewall is made of, and which way packets go
 * through it.
 */
#ifndef CLI_FIREWALL_OPTIONS_H
#define CLI_FIREWALL_OPTIONS_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/diag.h"

/* In the order that they are read in. */
enum firewall_part {
	FIREWALL_IPSETS, FIREWALL_ROUTES, FIREWALL_LINKS, FIREWALL_RULES,
	FIREWALL_RULES6,
	FIREWALL_PARTS
};

struct firewall_file {
	const char *dir;	/* NULL: 'name' is the whole path */
	const char *name;	/* NULL: not given */
};

enum firewall_hook { HOOK_BY_ROUTE, HOOK_FORWARD, HOOK_INPUT, HOOK_OUTPUT };

struct firewall_options {
	struct firewall_file file[FIREWALL_PARTS];
	enum firewall_hook hook;
	const char *in, *out;	/* interfaces, or NULL */
	const char **local;	/* owned array: addresses of the firewall */
	size_t nlocal;
	bool unknown_ok;	/* --rules-unknown */
	bool has_seed;
	uint64_t seed;
};

/* Whether there are rules at all. */
static inline bool firewall_has_rules(const struct firewall_options *f)
{
	return f->file[FIREWALL_RULES].name || f->file[FIREWALL_RULES6].name;
}

#define FIREWALL_PATH_SIZE 4200u
/* The path of a file that is given. */
const char *firewall_path(const struct firewall_file *file,
			  char to[FIREWALL_PATH_SIZE]);

/* Takes what there is in 'dir'; false after a message where it has no rules. */
bool firewall_use_dir(struct firewall_options *f, const char *dir,
		      const struct diag *diag);
/* Whether the directory has the file; then its path is in 'to'. */
bool firewall_dir_has(const char *dir, const char *name,
		      char to[FIREWALL_PATH_SIZE]);
/* Reads 'dir'/kernel, the first word of it, into 'version', and the file's path into
 * 'path'; false after a message where it is there and cannot be read.  An empty
 * 'version': it is not there. */
bool firewall_dir_kernel(const char *dir, char path[FIREWALL_PATH_SIZE],
			 char version[64], const struct diag *diag);

/* 'to' has what 'from' has, with space for 'more' addresses; false: no memory. */
bool firewall_copy(struct firewall_options *to, const struct firewall_options *from,
		   size_t more);

#endif
