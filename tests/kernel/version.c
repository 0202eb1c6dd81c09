/* SPDX-License-Identifier: GPL-2.0-only */
#include "version.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "compare.h"
#include "ctreplay/kernel.h"
#include "replay.h"
#include "util.h"

/* What a ctreplay without --kernel claims to do. */
static const char only_kernel[] = "6.18";

char *version_running(void)
{
	struct utsname u;

	if (uname(&u))
		die("uname: %s", strerror(errno));
	return xasprintf("%s %s", u.release, u.version);
}

char *version_of(const char *uname)
{
	const char *debian = strstr(uname, " Debian ");
	const char *from = debian ? debian + strlen(" Debian ") : uname;

	return xasprintf("%.*s", (int)strcspn(from, " "), from);
}

static bool is_branch(const char *version, const char *branch)
{
	size_t n = strlen(branch);

	return !strncmp(version, branch, n) &&
	       (version[n] < '0' || version[n] > '9');
}

static void choose(const struct options *opt, struct setup *setup,
		   const char *uname)
{
	static bool told_so;
	char *version, *complaint;
	struct ct_kernel k;

	setup->kernel = NULL;
	if (opt->kernel) {
		if (strcmp(opt->kernel, "none"))
			setup->kernel = opt->kernel;
		return;
	}
	version = version_of(uname);
	complaint = replay_try(setup, "--kernel", "list");
	if (complaint) {
		free(complaint);
		if (!is_branch(version, only_kernel))
			printf("note: this ctreplay has no --kernel and does what Linux %s does; this is %s\n",
			       only_kernel, version);
		free(version);
		return;
	}
	setup->kernel = version;
	complaint = replay_try(setup, "-V", NULL);
	if (complaint)
		die("ctreplay does not know kernel %s: %s", version, complaint);
	if (!told_so && ct_kernel_find(&k, version) != CT_KERNEL_JUDGED) {
		told_so = true;
		printf("note: Linux %s was not compared with ctreplay before; what differs may be its own\n",
		       version);
	}
}

void version_choose(const struct options *opt, struct setup *setup,
		    const char *uname)
{
	choose(opt, setup, uname);
	compare_kernel(setup->kernel);
}
