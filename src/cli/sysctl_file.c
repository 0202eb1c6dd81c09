/* SPDX-License-Identifier: GPL-2.0-only */
#include "cli/sysctl_file.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_SIZE 128u

/* Where a setting was read, for messages: "--sysctl" or "FILE, line 3". */
struct place {
	const char *path;	/* NULL: the command line */
	unsigned long line;
};

static void say_at(const struct diag *diag, const struct place *at,
		   enum diag_level level, const char *text)
{
	if (at->path)
		diag_say(diag, level, "%s, line %lu: %s", at->path, at->line, text);
	else
		diag_say(diag, level, "--sysctl: %s", text);
}

static void say_unknown(const struct diag *diag, const struct place *at,
			const char *name)
{
	const char *near = ct_sysctl_nearest(name);
	char text[400];

	snprintf(text, sizeof(text), "unknown connection tracking sysctl '%s'%s%s%s", name,
		 near ? "; did you mean " : at->path ? "" :
		 "; SYSCTLS in ctreplay(1) lists them", near ? near : "",
		 near ? "?" : "");
	say_at(diag, at, at->path ? DIAG_WARNING : DIAG_ERROR, text);
}

/* A sysctl of other kernels: an error on the command line, where it was meant. */
static void say_absent(const struct diag *diag, const struct place *at,
		       const struct ct_kernel *k, const char *name)
{
	char kernel[CT_KERNEL_NAME_SIZE], releases[160], text[400];

	ct_kernel_name(k, kernel);
	ct_sysctl_releases(name, releases, sizeof(releases));
	snprintf(text, sizeof(text), "Linux %s has no %s, which exists %s%s",
		 kernel, name, releases, at->path ? "; ignored" :
		 "; leave it out, or choose another --kernel");
	say_at(diag, at, at->path ? DIAG_WARNING : DIAG_ERROR, text);
}

static void say_value(const struct diag *diag, const struct place *at,
		      const struct ct_kernel *k, const char *name,
		      const char *value)
{
	uint32_t min = 0, max = 0;
	char text[400];

	ct_kernel_sysctl_limits(k, name, &min, &max);
	snprintf(text, sizeof(text), "invalid value '%.100s' for %s; expected %u %s %u",
		 value, name, min, max - min == 1 ? "or" : "to", max);
	say_at(diag, at, DIAG_ERROR, text);
}

/* Splits "name = value" and trims blanks; false if there is no '=' or no name. */
static bool split(const char *text, char name[NAME_SIZE], const char **value)
{
	const char *eq = strchr(text, '=');
	size_t n;

	while (isspace((unsigned char)*text))
		text++;
	if (!eq || eq <= text)
		return false;
	n = (size_t)(eq - text);
	while (n && isspace((unsigned char)text[n - 1]))
		n--;
	if (n == 0 || n >= NAME_SIZE)
		return false;
	memcpy(name, text, n);
	name[n] = '\0';
	for (eq++; isspace((unsigned char)*eq); eq++)
		;
	*value = eq;
	return true;
}

void sysctl_given_none(struct sysctl_given *given)
{
	memset(&given->zeros, 0, sizeof(given->zeros));
	memset(&given->ones, 0xff, sizeof(given->ones));
}

static enum ct_sysctl_result set(struct ct_config *cfg, struct sysctl_given *given,
				 const char *name, const char *value)
{
	const struct ct_kernel *k = &cfg->kernel;

	if (given) {
		ct_kernel_sysctl_set(k, &given->zeros, name, value);
		ct_kernel_sysctl_set(k, &given->ones, name, value);
	}
	return ct_kernel_sysctl_set(k, &cfg->sysctl, name, value);
}

/* The settings that a kernel did not take, as a list for one note. */
struct refused {
	char names[600];
	size_t len;
};

static void give(struct ct_config *cfg, const char *name, uint32_t value,
		 struct refused *refused)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", value);
	if (ct_kernel_sysctl_set(&cfg->kernel, &cfg->sysctl, name, text) ==
	    CT_SYSCTL_OK || refused->len >= sizeof(refused->names))
		return;
	refused->len += (size_t)snprintf(refused->names + refused->len,
					 sizeof(refused->names) - refused->len,
					 "%s%s=%s", refused->len ? ", " : "",
					 name, text);
}

void sysctl_give(const struct sysctl_given *given, struct ct_config *cfg,
		 const char *what, const struct diag *diag)
{
	char kernel[CT_KERNEL_NAME_SIZE];
	struct refused refused = { .len = 0 };

#define GIVE(member, name) \
	if (given->zeros.member == given->ones.member) \
		give(cfg, name, given->zeros.member, &refused);
#define GIVE_ROW(member, name, legacy, def, min, max, help) GIVE(member, name)
	GIVE(ipfrag_time, "ipfrag_time")
	GIVE(ipfrag_high_thresh, "ipfrag_high_thresh")
	GIVE(ipfrag_low_thresh, "ipfrag_low_thresh")
	GIVE(ipfrag_max_dist, "ipfrag_max_dist")
	CT_SYSCTLS(GIVE_ROW)
#undef GIVE_ROW
#undef GIVE
	if (!refused.len)
		return;
	ct_kernel_name(&cfg->kernel, kernel);
	diag_say(diag, DIAG_NOTE, "%s: Linux %s does not take %s; it goes without",
		 what, kernel, refused.names);
}

bool sysctl_read_setting(struct ct_config *cfg, struct sysctl_given *given,
			 const char *arg, const struct diag *diag)
{
	const struct place at = { NULL, 0 };
	char name[NAME_SIZE];
	const char *value;

	if (!split(arg, name, &value)) {
		diag_say(diag, DIAG_ERROR, "--sysctl: invalid setting '%s'; expected "
			 "NAME=VALUE, such as nf_conntrack_max=1000", arg);
		return false;
	}
	switch (set(cfg, given, name, value)) {
	case CT_SYSCTL_OK:
		return true;
	case CT_SYSCTL_READONLY:
		diag_say(diag, DIAG_ERROR, "--sysctl: %s is read-only; leave it out",
			 name);
		break;
	case CT_SYSCTL_VALUE:
		say_value(diag, &at, &cfg->kernel, name, value);
		break;
	case CT_SYSCTL_ABSENT:
		say_absent(diag, &at, &cfg->kernel, name);
		break;
	case CT_SYSCTL_UNKNOWN:
	case CT_SYSCTL_FOREIGN:
		say_unknown(diag, &at, name);
		break;
	}
	return false;
}

/* Reads one line of a file.  Sets '*warned' after the warning about an unknown
 * name, and '*ours' after a name of connection tracking. */
static bool read_line(struct ct_config *cfg, struct sysctl_given *given, char *line,
		      const struct place *at, bool *warned, bool *ours,
		      const struct diag *diag)
{
	char name[NAME_SIZE];
	const char *value;

	line[strcspn(line, "\r\n")] = '\0';
	while (isspace((unsigned char)*line))
		line++;
	if (*line == '#' || *line == ';' || *line == '\0')
		return true;
	/* sysctl.conf(5): failures to set this one are ignored. */
	if (*line == '-')
		line++;
	if (!split(line, name, &value))
		return true;
	switch (set(cfg, given, name, value)) {
	case CT_SYSCTL_VALUE:
		say_value(diag, at, &cfg->kernel, name, value);
		return false;
	case CT_SYSCTL_UNKNOWN:
		if (!*warned)
			say_unknown(diag, at, name);
		*warned = *ours = true;
		return true;
	case CT_SYSCTL_ABSENT:
		if (!*warned)
			say_absent(diag, at, &cfg->kernel, name);
		*warned = *ours = true;
		return true;
	case CT_SYSCTL_FOREIGN:
		return true;
	default:
		*ours = true;
		return true;
	}
}

bool sysctl_read_file(struct ct_config *cfg, struct sysctl_given *given,
		      const char *path, const struct diag *diag)
{
	FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
	struct place at = { path, 0 };
	bool good = true, warned = false, ours = false;
	char *line = NULL;
	size_t size = 0;

	if (!f) {
		diag_say(diag, DIAG_ERROR, "%s: cannot be opened: %s%s", path,
			 strerror(errno),
			 errno == ENOENT ? "; check its name" : "");
		return false;
	}
	while (good && getline(&line, &size, f) >= 0) {
		at.line++;
		good = read_line(cfg, given, line, &at, &warned, &ours, diag);
	}
	if (ferror(f)) {
		diag_say(diag, DIAG_ERROR, "%s: cannot be read: %s", path,
			 strerror(errno));
		good = false;
	}
	if (good && !ours)
		diag_say(diag, DIAG_WARNING, "%s: contains no connection tracking "
			 "sysctl; make such a file with: sysctl -a >FILE", path);
	free(line);
	if (f != stdin)
		fclose(f);
	return good;
}
