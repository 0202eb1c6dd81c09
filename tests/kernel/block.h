/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * block.h - block files: frames and the settings under which a kernel is to
 * see them.  A block starts with an empty connection table.  The same block
 * file goes to every kernel; README.md in recorded/ describes the format.
 */
#ifndef CHECK_KERNEL_BLOCK_H
#define CHECK_KERNEL_BLOCK_H 1

#include <stdio.h>

#include "frames.h"
#include "packed.h"
#include "util.h"
#include "verdict.h"

struct block {
	char *name;
	struct setup setup;	/* points into the members below */
	struct lines sysctls, raw_rules;
	char *host;
	char *settings;		/* the lines of all settings but "with checksum" */
	struct frames fs;
	uint32_t sum;		/* of all lines of the block */
};

/* Writes the line that a block file starts with. */
void block_file_start(FILE *out);
/* Reads it. */
void block_file_check(struct packed *in);

/* Writes one block; the name must not contain a newline. */
void block_write(FILE *out, const char *name, const struct setup *setup,
		 const struct frames *fs);
/* Reads the next block; false at the end of the file. */
bool block_read(struct packed *in, struct block *b);
void block_free(struct block *b);

#endif
