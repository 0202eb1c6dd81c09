/* SPDX-License-Identifier: GPL-2.0-only */
#include "sysctl.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "util.h"

static struct lines absent;
static bool recorded;

const char *sysctl_path(const char *setting)
{
	static char path[160];
	int len;

	setting += *setting == '?';
	len = (int)strcspn(setting, "=");
	if (len == 0 || len > 96)
		die("%s: expected NAME=VALUE", setting);
	snprintf(path, sizeof(path), "/proc/sys/net/%s/%.*s",
		 strncmp(setting, "ipfrag_", 7) ? "netfilter" : "ipv4", len,
		 setting);
	return path;
}

static bool was_absent(const char *setting)
{
	size_t len = strcspn(setting, "=");

	for (size_t i = 0; i < absent.n; i++)
		if (strlen(absent.v[i]) == len &&
		    !memcmp(absent.v[i], setting, len))
			return true;
	return false;
}

const char *sysctl_usable(const char *setting)
{
	if (*setting != '?')
		return setting;
	setting++;
	if (recorded ? was_absent(setting)
		     : access(sysctl_path(setting), F_OK) != 0)
		return NULL;
	return setting;
}

void sysctl_recorded(void)
{
	recorded = true;
	lines_free(&absent);
}

void sysctl_absent(const char *name)
{
	lines_add(&absent, name);
}
