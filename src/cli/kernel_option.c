/* SPDX-License-Identifier: GPL-2.0-only */
#include "cli/kernel_option.h"

#include <stdio.h>
#include <string.h>

/* "5.10.223, 6.1.176, 6.12.117", the judged releases. */
#define LIST_SIZE 240u
static void list_judged(char list[LIST_SIZE])
{
	char name[CT_KERNEL_NAME_SIZE];
	struct ct_kernel k;
	size_t used = 0;

	list[0] = '\0';
	for (size_t i = 0; i < ct_kernel_count(); i++) {
		ct_kernel_judged(&k, i);
		ct_kernel_name(&k, name);
		used += (size_t)snprintf(list + used, LIST_SIZE - used, "%s%s",
					 i ? ", " : "", name);
	}
}

/* How far a release is from another: branches count more than releases. */
static long distance(const struct ct_kernel *a, const struct ct_kernel *b)
{
	long d = (a->version[0] * 100L + a->version[1] - b->version[0] * 100L -
		  b->version[1]) * 100000L + a->version[2] - b->version[2];

	return d < 0 ? -d : d;
}

static void nearest_judged(const struct ct_kernel *to,
			   char name[CT_KERNEL_NAME_SIZE])
{
	struct ct_kernel k, best;

	ct_kernel_judged(&best, 0);
	for (size_t i = 1; i < ct_kernel_count(); i++) {
		ct_kernel_judged(&k, i);
		if (distance(&k, to) < distance(&best, to))
			best = k;
	}
	ct_kernel_name(&best, name);
}

static void say_refused(const struct diag *diag, const char *from, const char *arg,
			enum ct_kernel_result result)
{
	struct ct_kernel first, last, wanted = { .version = { 0 } };
	char list[LIST_SIZE], nearest[CT_KERNEL_NAME_SIZE];
	unsigned int major = 0, minor = 0;

	list_judged(list);
	if (result == CT_KERNEL_SYNTAX) {
		diag_say(diag, DIAG_ERROR, "%.300s: '%.60s' is not a version; "
			 "expected list, a branch such as 6.1, or a release such "
			 "as 6.1.20 (compared with the kernel: %s)", from, arg, list);
		return;
	}
	ct_kernel_judged(&first, 0);
	ct_kernel_judged(&last, ct_kernel_count() - 1);
	if (sscanf(arg, "%u.%u", &major, &minor) == 2) {
		wanted.version[0] = (uint16_t)major;
		wanted.version[1] = (uint16_t)minor;
	}
	nearest_judged(&wanted, nearest);
	diag_say(diag, DIAG_ERROR, "%.300s: Linux %.60s is not between %u.%u and "
		 "%u.%u, whose behaviour is known; the nearest that was compared "
		 "is %s", from, arg, first.version[0], first.version[1],
		 last.version[0], last.version[1], nearest);
}

/* Whether a release of its branch was compared, and it is newer than all of these. */
static bool is_beyond_judged(const struct ct_kernel *k)
{
	bool beyond = false;

	for (size_t i = 0; i < ct_kernel_count(); i++) {
		struct ct_kernel judged;

		ct_kernel_judged(&judged, i);
		if (judged.version[0] == k->version[0] &&
		    judged.version[1] == k->version[1])
			beyond = judged.version[2] < k->version[2];
	}
	return beyond;
}

static void say_history(const struct diag *diag, const char *from,
			const struct ct_kernel *k, const char *name,
			const char *nearest)
{
	if (is_beyond_judged(k))
		diag_say(diag, DIAG_NOTE, "%.300s: Linux %s is newer than the "
			 "releases of its branch that were compared with the "
			 "engine; what it changed since %s may be missing", from,
			 name, nearest);
	else
		diag_say(diag, DIAG_NOTE, "%.300s: Linux %s was not compared with "
			 "the engine; its branch's changes are known, the nearest "
			 "that was compared is %s", from, name, nearest);
}

bool kernel_option_read(struct ct_config *cfg, const char *from, const char *arg,
			const struct diag *diag)
{
	char name[CT_KERNEL_NAME_SIZE], nearest[CT_KERNEL_NAME_SIZE];
	enum ct_kernel_result result;
	struct ct_kernel k;

	result = ct_kernel_find(&k, arg);
	if (result == CT_KERNEL_RANGE || result == CT_KERNEL_SYNTAX) {
		say_refused(diag, from, arg, result);
		return false;
	}
	ct_config_set_kernel(cfg, &k);
	ct_kernel_name(&k, name);
	nearest_judged(&k, nearest);
	switch (result) {
	case CT_KERNEL_ABI:
		diag_say(diag, DIAG_NOTE, "%.300s: '%.60s' does not tell the stable "
			 "release; taken as %s (uname -v or the package's version "
			 "has it)", from, arg, name);
		break;
	case CT_KERNEL_HISTORY:
		say_history(diag, from, &k, name, nearest);
		break;
	case CT_KERNEL_MAINLINE:
		diag_say(diag, DIAG_NOTE, "%.300s: Linux %s was not compared with "
			 "the engine, and its behaviour is that of mainline; the "
			 "nearest that was compared is %s", from, name, nearest);
		break;
	default:
		break;
	}
	return true;
}
