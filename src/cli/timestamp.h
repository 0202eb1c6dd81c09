/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * moment.h - a point in time as people write it.
 */
#ifndef CLI_MOMENT_H
#define CLI_MOMENT_H 1

#include <stdbool.h>
#include <stdint.h>

struct timestamp {
	bool relative;		/* counted from the first frame */
	uint64_t nanoseconds;	/* since the epoch, or the first frame */
};

/*
 * Reads "+SECONDS", seconds since the epoch, or ISO 8601 ("2001-09-09",
 * "2001-09-09T01:46:40.25Z", "2001-09-09 03:46:40+02:00"; without a zone it is
 * UTC).  Fractions have up to nine digits, more are cut.  False where it is
 * none of these, or before 1970 or past 2554.
 */
bool timestamp_read(const char *s, struct timestamp *m);

#endif
