/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * packed.h - reads a text file line by line; a name that ends in ".xz" is
 * unpacked by xz(1) on the way.  Everything that is wrong with the file ends
 * the program with a message that names the file and the line.
 */
#ifndef CHECK_KERNEL_PACKED_H
#define CHECK_KERNEL_PACKED_H 1

#include <stdio.h>
#include <sys/types.h>

struct packed {
	const char *path;
	FILE *in;
	pid_t unpacker;		/* 0: the file is plain text */
	char *line;		/* the current line, without its newline */
	size_t room;
	unsigned long number;	/* of the current line, from 1 */
};

void packed_open(struct packed *p, const char *path);
/* Reads the next line; NULL at the end of the file. */
char *packed_line(struct packed *p);
_Noreturn void packed_bad(const struct packed *p, const char *what);
/* Also fails when xz(1) does. */
void packed_close(struct packed *p);

#endif
