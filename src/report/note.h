/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * note.h - what explains surprising results: a fault of the capture, or a limit that
 * was reached.
 */
#ifndef REPORT_NOTE_H
#define REPORT_NOTE_H 1

#include <stdbool.h>
#include <stdint.h>

#define NOTE_TEXT	256u

struct note {
	const char *code;	/* stable; static storage */
	bool warning;		/* also shown with -q */
	uint64_t count, first;	/* how often; number of the first frame, 0: of none */
	/* INVALID packets that follow from it, of all of them; 'explains' is false
	 * where it has nothing to do with INVALID. */
	bool explains;
	uint64_t invalid, all_invalid;
	char text[NOTE_TEXT];	/* without characters that JSON escapes */
	const char *advice;	/* static storage */
};

#endif
