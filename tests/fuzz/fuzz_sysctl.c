/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fuzz_sysctl.c - a file of settings with any contents (libFuzzer).
 *
 * The values must be within their limits, and an unreadable line must have
 * caused a message.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "choose.h"
#include "cli/sysctl_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned int errors, warnings;

static void say(void *arg, enum diag_level level, const char *text)
{
	(void)arg;
	errors += level == DIAG_ERROR;
	warnings += level == DIAG_WARNING;
	if (!*text)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct diag diag = { say, NULL };
	int fd = memfd_create("settings", MFD_CLOEXEC);
	struct ct_config cfg, other;
	struct sysctl_given given;
	struct ct_kernel k;
	char path[32];

	if (fd < 0)
		return 0;
	errors = warnings = 0;
	if (write(fd, data, size) == (ssize_t)size) {
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		ct_config_defaults(&cfg);
		sysctl_given_none(&given);
		if (sysctl_read_file(&cfg, &given, path, &diag) != (errors == 0) ||
		    errors > 1 || warnings > 1 ||
		    !choose_within_limits(&cfg.sysctl))
			abort();
		/* Given again, they make the same settings. */
		ct_config_defaults(&other);
		sysctl_give(&given, &other, "again", &diag_silent);
		if (memcmp(&cfg.sysctl, &other.sysctl, sizeof(cfg.sysctl)) != 0)
			abort();
		ct_kernel_judged(&k, 0);
		ct_config_set_kernel(&other, &k);
		sysctl_give(&given, &other, "another kernel", &diag_silent);
	}
	close(fd);
	return 0;
}
