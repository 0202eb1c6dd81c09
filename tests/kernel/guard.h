/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * guard.h - the process that stays behind in the machine's own namespace.
 *
 * All the work is done in a child that leaves for network namespaces of its
 * own, which end with it.  Two settings exist in the first namespace only and
 * hold for all of them (nf_conntrack_max, nf_conntrack_expect_max): the child
 * asks the guard to set them, and the guard puts them back when the child asks
 * or ends in whatever way.
 */
#ifndef CHECK_KERNEL_GUARD_H
#define CHECK_KERNEL_GUARD_H 1

#include <stdbool.h>

/* The child's exit status. */
typedef int guard_body(void *arg);

/* Runs 'body' in a child; returns its exit status, 128 + N for a signal. */
int guard_run(guard_body *body, void *arg);

/* For the child: whether only the first namespace has the setting 'name'. */
bool guard_is_global(const char *name);
/* For the child: sets it until guard_restore(); -1 with errno set. */
int guard_set(const char *name, const char *value);
/* For the child: restores what guard_set() changed. */
void guard_restore(void);

/* For the child: a directory for temporary files, removed by the guard. */
const char *guard_tmpdir(void);

#endif
