/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * words.h - splits a text into words as a shell does.
 *
 * Blanks, tabs and newlines separate words.  Within '...' every character stands
 * for itself; within "..." a backslash quotes only ", \, $ and `; elsewhere it
 * quotes any character (POSIX.1-2024, XCU 2.2).  Nothing is expanded: a $ is a $.
 */
#ifndef CLI_WORDS_H
#define CLI_WORDS_H 1

#include <stddef.h>

#define WORDS_CAPACITY	64u	/* words */
#define WORDS_BYTES	4096u	/* of the text, with its terminating NUL */

struct words {
	char *word[WORDS_CAPACITY + 1];	/* pointers into 'text'; NULL behind the last */
	size_t n;
	char text[WORDS_BYTES];
};

enum words_result {
	WORDS_OK,
	WORDS_QUOTE,		/* a quotation mark has no partner */
	WORDS_BACKSLASH,	/* nothing follows a backslash */
	WORDS_MANY,		/* more than WORDS_CAPACITY words */
	WORDS_LONG,		/* more than WORDS_BYTES bytes */
};

enum words_result words_split(struct words *w, const char *text);

#endif
