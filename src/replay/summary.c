/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/summary.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "report/format.h"

void summary_hint_filter(const struct settings *s)
{
	const struct options *o = s->opt;
	char words[256] = "";
	size_t i = 0;

	while (i < o->nfiles && (access(o->files[i], F_OK) == 0 ||
				 !options_looks_like_filter(o->files[i])))
		i++;
	if (i == o->nfiles)
		return;
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

void summary_fail_on(const struct tracker *t)
{
	const struct fail_on *f = &t->fail_on;

	if (f->packets)
		diag_say(t->settings->diag, DIAG_ERROR, "--fail-on %.100s: %" PRIu64
			 " packet%s, the first is frame %" PRIu64,
			 t->settings->opt->fail_on, f->packets,
			 f->packets == 1 ? "" : "s", f->first);
}

static void note_backward(const struct tracker *t)
{
	const struct clock *c = &t->clock;

	if (c->backward)
		diag_say(t->settings->diag, DIAG_NOTE, "%" PRIu64 " frame%s back in "
			 "time, frame %" PRIu64 " first; processed at the previous "
			 "frame's time", c->backward,
			 c->backward == 1 ? " goes" : "s go", c->backward_first);
}

static void note_full(const struct tracker *t)
{
	if (t->full_first)
		diag_say(t->settings->diag, DIAG_WARNING, "table full, dropping "
			 "packet: frame %" PRIu64 " first, %" PRIu64 " in all; "
			 "nf_conntrack_max is %" PRIu32 ", try more with --sysctl",
			 t->full_first, t->ct_stats->refused,
			 t->settings->opt->config.sysctl.max);
}

static void note_checksums(const struct tracker *t)
{
	const struct tally_sender *s = tally_suspect(&t->tally);
	char address[ADDRESS_STRING_SIZE];

	if (!s)
		return;
	address_string(address, &s->addr, s->l3num);
	diag_say(t->settings->diag, DIAG_WARNING, "%" PRIu64 " packets from %s have a "
		 "wrong checksum, frame %" PRIu64 " first: this looks like transmit "
		 "offload, where the network card fills in checksums; try -k none",
		 s->failed, address, s->first);
}

static void note_versus(const struct tracker *t)
{
	const struct options *o = t->settings->opt;
	const struct versus_counts *n = &t->versus->counts;

	if (o->compare_packets)
		diag_say(t->settings->diag, DIAG_NOTE, "--versus: packets that differ: "
			 "%" PRIu64 " of %" PRIu64 "; connections, expectations and "
			 "events: %" PRIu64, n->packets_differ, n->packets, n->differ);
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

void summary_notes(const struct tracker *t)
{
	if (t->versus)
		note_versus(t);
	note_backward(t);
	note_top(t);
	note_full(t);
	note_checksums(t);
}
