/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * answers.h - answer files: what one kernel said to the blocks of one block
 * file, in the same order.  README.md in recorded/ describes the format.
 */
#ifndef CHECK_KERNEL_ANSWERS_H
#define CHECK_KERNEL_ANSWERS_H 1

#include "block.h"
#include "inject.h"

/* Writes what a file starts with: the running kernel's release and version. */
void answers_start(FILE *out);
/* Reads it; returns the release and version, which the caller frees. */
char *answers_kernel(struct packed *in);

void answers_write(FILE *out, const struct block *b,
		   const struct kernel_run *run);
/*
 * Reads the answers to 'b' into 'run', and the times of injection, and what a
 * host's own sockets made of a frame, into b->fs.  Settings that the kernel
 * did not have are taken for absent from now on; sysctl.h.
 */
void answers_read(struct packed *in, struct block *b, struct kernel_run *run);

#endif
