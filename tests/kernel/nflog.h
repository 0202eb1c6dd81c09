/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nflog.h - the kernel's words about a frame: what the rules logged, and why
 * connection tracking called it invalid.
 */
#ifndef CHECK_KERNEL_NFLOG_H
#define CHECK_KERNEL_NFLOG_H 1

#include "verdict.h"

/* The log group of the rules; the kernel's own messages come in group 0. */
#define NFLOG_RULES_GROUP 7u

/* Opens a socket that gets both groups, message by message; -1 with errno. */
int nflog_open(void);

/*
 * Adds everything that was logged since the last call to 'v'.  0, or -1 with
 * errno set; messages lost is an error.
 */
int nflog_drain(int fd, struct verdict *v);

#endif
