/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * timestamp.h - reads a point in time.
 */
#ifndef CLI_TIMESTAMP_H
#define CLI_TIMESTAMP_H 1

#include <stdbool.h>
#include <stdint.h>

struct timestamp {
	bool relative;		/* counted from the first frame */
	bool of_day;		/* of the first frame's day, in UTC */
	uint64_t nanoseconds;	/* since the epoch, the first frame, or midnight */
	const char *text;	/* as given; of the command line */
};

/*
 * Reads "+SECONDS", seconds since the epoch, or ISO 8601 ("2001-09-09",
 * "2001-09-09T01:46:40.25Z", "2001-09-09 03:46:40+02:00"; UTC if there is no
 * zone), or a time of day ("14:03", "14:03:20.5").  Digits of a fraction beyond the ninth are dropped.  False if 's' is
 * none of these, or lies before 1970 or after 2554.
 */
bool timestamp_read(const char *s, struct timestamp *t);

#endif
