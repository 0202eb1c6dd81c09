/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * seccomp.h - which system calls can be made, through libseccomp.
 */
#ifndef SANDBOX_SECCOMP_H
#define SANDBOX_SECCOMP_H 1

/*
 * From now on only what reading, writing, memory and threads take; everything
 * else fails with EPERM.  0, or a negative errno where it is not so.
 */
int seccomp_enter(void);

#endif
