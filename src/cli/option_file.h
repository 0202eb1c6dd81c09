/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * option_file.h - options from a file, one a line, as --check reads them.
 *
 *	# a comment
 *	--no-helpers
 *	-f tcp port 80
 *	--sysctl nf_conntrack_max=10
 *
 * What follows the first blank is the argument, up to the end of the line; quotation
 * marks around it are removed.
 */
#ifndef CLI_OPTION_FILE_H
#define CLI_OPTION_FILE_H 1

#include <stddef.h>
#include <stdio.h>

struct option_file {
	char *text;		/* owned; the words are in it */
	char **word;		/* owned */
	size_t n;
};

enum option_file_result {
	OPTION_FILE_OK,
	OPTION_FILE_OPERAND,	/* a line is no option */
	OPTION_FILE_LONG,	/* too long */
	OPTION_FILE_NO_MEMORY,
};

/* Reads the file.  '*line' is the number of the line that is wrong.
 * option_file_free() must be called in any case. */
enum option_file_result option_file_read(struct option_file *f, FILE *from,
					 unsigned int *line);
void option_file_free(struct option_file *f);

#endif
