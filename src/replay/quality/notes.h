/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * notes.h - the notes at the end of a replay, made of what was counted.
 */
#ifndef REPLAY_QUALITY_NOTES_H
#define REPLAY_QUALITY_NOTES_H 1

#include <stddef.h>

#include "replay/clock.h"
#include "replay/quality/default_helpers.h"
#include "replay/quality/quality.h"
#include "replay/tally.h"
#include "report/note.h"

#define NOTES_MAX	28u

struct notes {
	struct note note[NOTES_MAX];
	size_t n;
};

struct notes_from {
	const struct quality *quality;
	const struct tally *tally;
	const struct clock *clock;
	uint64_t full_first, refused, table_max;	/* the table was full */
	const struct default_helpers *helpers;	/* NULL: not watched */
	uint64_t met;			/* expectations that were met */
};

void notes_make(struct notes *to, const struct notes_from *from);

#endif
