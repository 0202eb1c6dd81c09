/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/summary.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* -s 0, as tcpdump's users write for whole frames. */
static bool hint_length(const struct settings *s)
{
	const struct options *o = s->opt;
	size_t i = 0;

	while (i < o->nfiles && (o->files[i][strspn(o->files[i], "0123456789")] ||
				 access(o->files[i], F_OK) == 0))
		i++;
	if (i == o->nfiles || !o->stats)
		return false;
	diag_say(s->diag, DIAG_ERROR, "-s prints statistics here and takes no length; "
		 "frames are always read whole, so leave out '-s %s'", o->files[i]);
	return true;
}

void summary_hint_operand(const struct settings *s, const char *missing)
{
	const struct options *o = s->opt;
	char words[256] = "";
	size_t i = 0;

	if (hint_length(s))
		return;
	while (i < o->nfiles && (access(o->files[i], F_OK) == 0 ||
				 !options_looks_like_filter(o->files[i])))
		i++;
	if (i == o->nfiles) {
		if (*missing)
			diag_say(s->diag, DIAG_ERROR, "%s", missing);
		return;
	}
	/* The shell has split the filter into words. */
	for (size_t first = i; i < o->nfiles; i++) {
		strncat(words, i > first ? " " : "",
			sizeof(words) - strlen(words) - 1);
		strncat(words, o->files[i], sizeof(words) - strlen(words) - 1);
	}
	diag_say(s->diag, DIAG_ERROR,
		 "this looks like a filter, not a file; try -f '%s'", words);
}

void summary_no_memory(const struct tracker *t)
{
	static const char hint[] = "output up to this point is valid, and nothing follows it; --sysctl nf_conntrack_max=N makes the table smaller";
	const struct diag *diag = t->settings->diag;

	if (t->no_memory_frame)
		diag_say(diag, DIAG_ERROR, "out of memory at frame %" PRIu64 ": %s",
			 t->no_memory_frame, hint);
	else
		diag_say(diag, DIAG_ERROR, "out of memory: %s", hint);
}

void summary_write_error(const struct settings *s, const char *what, int error)
{
	const char *hint = error == ENOSPC || error == EDQUOT ?
			   "; free some space, or write elsewhere" :
			   error == EFBIG ? "; raise the limit (ulimit -f)" : "";

	if (error != EPIPE)
		diag_say(s->diag, DIAG_ERROR,
			 "cannot write %s: %s; the output is incomplete%s", what,
			 strerror(error), hint);
}

const char *summary_frame(const struct settings *s, uint64_t number,
			  char to[FRAME_TEXT_SIZE])
{
	const char *file;
	uint64_t there;
	int n = snprintf(to, FRAME_TEXT_SIZE, "frame %" PRIu64, number);

	if (s->capture && capture_locate(s->capture, number, &file, &there))
		snprintf(to + n, FRAME_TEXT_SIZE - (size_t)n,
			 " (frame %" PRIu64 " of %s)", there, file);
	return to;
}

void summary_fail_on(const struct tracker *t)
{
	const struct fail_on *f = &t->fail_on;
	char first[FRAME_TEXT_SIZE];

	if (f->packets)
		diag_say(t->settings->diag, DIAG_ERROR, "--fail-on %.100s: %" PRIu64
			 " packet%s, the first is %s",
			 t->settings->opt->fail_on, f->packets,
			 f->packets == 1 ? "" : "s",
			 summary_frame(t->settings, f->first, first));
}

/* "; 12 of 20 INVALID packets follow from it", where that is worth a word. */
static void put_share(char *to, size_t size, const struct note *n)
{
	to[0] = '\0';
	if (n->explains && n->invalid && n->all_invalid)
		snprintf(to, size, "; %" PRIu64 " of %" PRIu64 " INVALID packet%s "
			 "follow%s from it", n->invalid, n->all_invalid,
			 n->all_invalid == 1 ? "" : "s", n->invalid == 1 ? "s" : "");
}

static void note_versus(const struct tracker *t)
{
	const struct options *o = t->settings->opt;
	const struct versus_counts *n = &t->versus->counts;

	if (o->compare_packets && (o->table || o->events || o->expectations || o->nat))
		diag_say(t->settings->diag, DIAG_NOTE, "--versus: packets that differ: "
			 "%" PRIu64 " of %" PRIu64 "; connections, expectations and "
			 "events: %" PRIu64, n->packets_differ, n->packets, n->differ);
	else if (o->compare_packets)
		diag_say(t->settings->diag, DIAG_NOTE, "--versus: packets that differ: "
			 "%" PRIu64 " of %" PRIu64, n->packets_differ, n->packets);
	else
		diag_say(t->settings->diag, DIAG_NOTE, "--versus: connections, "
			 "expectations and events that differ: %" PRIu64, n->differ);
}

static void note_top(const struct tracker *t)
{
	for (size_t i = 0; i < TOP_KINDS; i++) {
		const struct top *top = &t->tops.top[i];

		if (top->others)
			diag_say(t->settings->diag, DIAG_WARNING, "--top %s counts "
				 "the first %u; %" PRIu64 " connections of others "
				 "are left out", top_by_name((enum top_by)i),
				 TOP_KEYS_MAX, top->others);
	}
}

static void note_dedup(const struct tracker *t)
{
	if (t->dedup.forgotten)
		diag_say(t->settings->diag, DIAG_NOTE, "--dedup: %" PRIu64
			 " packets were forgotten before their time, because there are too many: copies of them are tracked; give a shorter time",
			 t->dedup.forgotten);
}

static void note_refused(const struct tracker *t)
{
	if (t->refused.others && t->connection_lines)
		diag_say(t->settings->diag, DIAG_NOTE, "-C has the first %u connections "
			 "that the rules dropped; %" PRIu64 " packets of others are left "
			 "out; -R counts them all", REFUSED_MAX, t->refused.others);
}

void summary_notes(const struct tracker *t)
{
	char share[80], first[FRAME_TEXT_SIZE + 16];
	char frame[FRAME_TEXT_SIZE];

	note_dedup(t);
	if (t->versus)
		note_versus(t);
	note_top(t);
	note_refused(t);
	for (const struct note *n = t->notes.note; n < t->notes.note + t->notes.n;
	     n++) {
		put_share(share, sizeof(share), n);
		snprintf(first, sizeof(first), ", %s first",
			 summary_frame(t->settings, n->first, frame));
		diag_say(t->settings->diag, n->warning ? DIAG_WARNING : DIAG_NOTE,
			 "%s%s%s; %s", n->text,
			 strstr(n->text, "frame ") || !n->first ? "" : first, share,
			 n->advice);
	}
}
