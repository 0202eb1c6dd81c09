/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nflog.h - what the kernel logs about a frame: the rule that it matched, and
 * connection tracking's reasons.
 */
#ifndef CHECK_KERNEL_NFLOG_H
#define CHECK_KERNEL_NFLOG_H 1

#include "verdict.h"

/* The log group of the rules; the trackers log to group 0. */
#define NFLOG_RULES_GROUP 7u

/* Opens a socket for both groups, without batching; -1 with errno set. */
int nflog_open(void);

/*
 * Adds everything that was logged since the last call to 'v'. Returns 0, or -1
 * with errno set; lost messages are an error.
 */
int nflog_drain(int fd, struct verdict *v);

#endif
