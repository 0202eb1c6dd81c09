/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/file_gaps.h"

#include <inttypes.h>
#include <stdio.h>

#define NSEC	1000000000u
/* Shorter ones are how writers of several threads work. */
#define WORTH_NOTING	NSEC

static void count_join(struct file_gap *join, const struct source *before,
		       const struct source *after, uint64_t time)
{
	join->count++;
	if (time <= join->time)
		return;
	join->before = before;
	join->after = after;
	join->time = time;
}

/*
 * A quiet link has times without frames also where files do not change: what
 * is noted is longer than any such time in the file that ended.
 */
static void look_for_gap(struct file_gaps *j, const struct source *s, uint64_t time)
{
	const struct source *e = j->ended;

	if (e && time > e->last && time - e->last > WORTH_NOTING &&
	    time - e->last > e->silence)
		count_join(&j->gap, e, s, time - e->last);
}

void file_gaps_begin(struct file_gaps *j, struct source *s, uint64_t time)
{
	if (!j->open)
		look_for_gap(j, s, time);
	for (struct source *o = j->open; o; o = o->next)
		if (s->folder && o->folder == s->folder && !o->follower) {
			o->follower = s;
			o->follower_begin = time;
		}
	s->begun = true;
	s->last = time;
	s->next = j->open;
	j->open = s;
}

void file_gaps_end(struct file_gaps *j, struct source *s)
{
	struct source **p = &j->open;

	if (!s->begun)
		return;
	while (*p && *p != s)
		p = &(*p)->next;
	if (*p)
		*p = s->next;
	if (!j->ended || s->last >= j->ended->last)
		j->ended = s;
	if (s->follower && s->last > s->follower_begin &&
	    s->last - s->follower_begin > WORTH_NOTING)
		count_join(&j->overlap, s, s->follower,
			   s->last - s->follower_begin);
}

#define SECONDS(ns)	(ns) / NSEC, (unsigned int)((ns) % NSEC / 1000000)

/* ", the longest of 3 gaps", or nothing of a single one. */
static const char *among(const struct file_gap *join, const char *what, char *to,
			 size_t size)
{
	*to = '\0';
	if (join->count > 1)
		snprintf(to, size, ", the longest of %u %s", join->count, what);
	return to;
}

void file_gaps_say(const struct file_gaps *j, const struct diag *diag)
{
	const struct file_gap *g = &j->gap, *o = &j->overlap;
	char text[60];

	if (g->count)
		diag_say(diag, DIAG_NOTE,
			 "nothing was captured for %" PRIu64 ".%03u s between %s and %s%s; connections may have expired in it",
			 SECONDS(g->time), g->before->path, g->after->path,
			 among(g, "gaps", text, sizeof(text)));
	if (o->count)
		diag_say(diag, DIAG_NOTE,
			 "%s begins %" PRIu64 ".%03u s before %s ends%s; their frames are merged by time, if a clock was set back replay them one by one",
			 o->after->path, SECONDS(o->time), o->before->path,
			 among(o, "overlaps", text, sizeof(text)));
}
