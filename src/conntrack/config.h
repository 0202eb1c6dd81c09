/* SPDX-License-Identifier: GPL-2.0-only */
/* config.h - whether a configuration is valid. */
#ifndef CONNTRACK_CONFIG_H
#define CONNTRACK_CONFIG_H 1

#include "ctreplay/conntrack.h"

/* A sysctl that is outside its limits. */
struct sysctl_fault {
	const char *name;
	uint32_t value, min, max;
};

/* sysctl.c: false, with the first fault in '*fault', where a sysctl is outside
 * its limits. */
bool sysctl_check(const struct ct_kernel *k, const struct ct_sysctl *s,
		  struct sysctl_fault *fault);

#endif
