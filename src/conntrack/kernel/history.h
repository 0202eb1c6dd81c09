/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * history.h - which release of Linux brought which behaviour.
 */
#ifndef CONNTRACK_KERNEL_HISTORY_H
#define CONNTRACK_KERNEL_HISTORY_H 1

#include "ctreplay/kernel.h"

/* A branch as one number that grows with it: BRANCH(6, 12). */
#define BRANCH(major, minor) ((uint16_t)((major) << 8 | (minor)))

/* A stable branch that took a behaviour, or lost it, in a release of its own:
 * its releases from 'since' on, and before 'until' unless that is 0, have it. */
struct backport {
	uint16_t branch;
	uint16_t since, until;
};

#define BACKPORTS_MAX 10

/* Every branch from 'mainline' on has the behaviour (0: none has), but for the
 * branches in 'backport', which stand for themselves. */
struct history {
	uint16_t mainline;
	struct backport backport[BACKPORTS_MAX];	/* up to branch 0 */
};

extern const struct history kernel_history[CT_BEHAVIOUR_COUNT];

#endif
