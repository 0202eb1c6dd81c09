/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/file_gaps.h"

#include <inttypes.h>
#include <stdio.h>

#define NSEC	1000000000u
/* Writers with several threads leave shorter ones. */
#define WORTH_NOTING	NSEC

static void count_gap(struct file_gap *gap, const struct source *before,
		      const struct source *after, uint64_t time)
{
	gap->count++;
	if (time <= gap->time)
		return;
	gap->before = before;
	gap->after = after;
	gap->time = time;
}

/*
 * A quiet link has times without frames within files, too: only a gap that is
 * longer than any of these in the ended file counts.
 */
static void look_for_gap(struct file_gaps *g, const struct source *s,
			 uint64_t time)
{
	const struct source *e = g->ended;

	if (e && time > e->last && time - e->last > WORTH_NOTING &&
	    time - e->last > e->silence)
		count_gap(&g->gap, e, s, time - e->last);
}

void file_gaps_begin(struct file_gaps *g, struct source *s, uint64_t time)
{
	if (!g->open)
		look_for_gap(g, s, time);
	for (struct source *o = g->open; o; o = o->next)
		if (s->folder && o->folder == s->folder && !o->follower) {
			o->follower = s;
			o->follower_begin = time;
		}
	s->begun = true;
	s->last = time;
	s->next = g->open;
	g->open = s;
}

void file_gaps_end(struct file_gaps *g, struct source *s)
{
	struct source **p = &g->open;

	if (!s->begun)
		return;
	while (*p && *p != s)
		p = &(*p)->next;
	if (*p)
		*p = s->next;
	if (!g->ended || s->last >= g->ended->last)
		g->ended = s;
	if (s->follower && s->last > s->follower_begin &&
	    s->last - s->follower_begin > WORTH_NOTING)
		count_gap(&g->overlap, s, s->follower,
			  s->last - s->follower_begin);
}

#define SECONDS(ns)	(ns) / NSEC, (unsigned int)((ns) % NSEC / 1000000)

/* ", the longest of 3 gaps", or "" if there is only one. */
static const char *among(const struct file_gap *gap, const char *what, char *to,
			 size_t size)
{
	*to = '\0';
	if (gap->count > 1)
		snprintf(to, size, ", the longest of %u %s", gap->count, what);
	return to;
}

void file_gaps_say(const struct file_gaps *g, const struct diag *diag)
{
	const struct file_gap *gap = &g->gap, *overlap = &g->overlap;
	char text[60];

	if (gap->count)
		diag_say(diag, DIAG_NOTE,
			 "nothing was captured for %" PRIu64 ".%03u s between %s and %s%s; connections may have expired meanwhile",
			 SECONDS(gap->time), gap->before->path, gap->after->path,
			 among(gap, "gaps", text, sizeof(text)));
	if (overlap->count)
		diag_say(diag, DIAG_NOTE,
			 "%s begins %" PRIu64 ".%03u s before %s ends%s; their frames are merged by time; if a clock was set back, replay the files one by one",
			 overlap->after->path, SECONDS(overlap->time),
			 overlap->before->path,
			 among(overlap, "overlaps", text, sizeof(text)));
}
