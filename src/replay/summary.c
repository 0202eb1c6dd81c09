/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/summary.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
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

const char *summary_frame(const struct settings *s, uint64_t number,
			  char to[FRAME_TEXT_SIZE])
{
	const char *file;
	uint64_t there;
	int n = snprintf(to, FRAME_TEXT_SIZE, "frame %" PRIu64, number);

	if (capture_locate(s->capture, number, &file, &there))
		snprintf(to + n, FRAME_TEXT_SIZE - (size_t)n,
			 " (frame %" PRIu64 " of %s)", there, file);
	return to;
}

static void note_backward(const struct tracker *t)
{
	const struct clock *c = &t->clock;
	char first[FRAME_TEXT_SIZE];

	if (c->backward)
		diag_say(t->settings->diag, DIAG_NOTE, "%" PRIu64 " frame%s back in "
			 "time, %s first; processed at the previous "
			 "frame's time", c->backward,
			 c->backward == 1 ? " goes" : "s go",
			 summary_frame(t->settings, c->backward_first, first));
}

static void note_full(const struct tracker *t)
{
	char first[FRAME_TEXT_SIZE];

	if (t->full_first)
		diag_say(t->settings->diag, DIAG_WARNING, "table full, dropping "
			 "packet: %s first, %" PRIu64 " in all; "
			 "nf_conntrack_max is %" PRIu32 ", try more with --sysctl",
			 summary_frame(t->settings, t->full_first, first),
			 t->ct_stats->refused,
			 t->settings->opt->config.sysctl.max);
}

static void note_checksums(const struct tracker *t)
{
	const struct tally_sender *s = tally_suspect(&t->tally);
	char address[ADDRESS_STRING_SIZE], first[FRAME_TEXT_SIZE];

	if (!s)
		return;
	address_string(address, &s->addr, s->l3num);
	diag_say(t->settings->diag, DIAG_WARNING, "%" PRIu64 " packets from %s have a "
		 "wrong checksum, %s first: this looks like transmit "
		 "offload, where the network card fills in checksums; try -k none",
		 s->failed, address, summary_frame(t->settings, s->first, first));
}

/* Without --decap: at least half of the packets are in tunnels, so that the words
 * are about tunnels. */
static void note_tunnels(const struct tracker *t)
{
	const struct tally *tally = &t->tally;
	uint64_t all = tally->counts.packet[CT_PACKET_OK], n = 0;
	char list[80] = "";

	for (unsigned int i = 0; i < TUNNELS; i++) {
		if (!tally->tunnels[i])
			continue;
		n += tally->tunnels[i];
		strcat(strcat(list, *list ? "," : ""), tunnel_name((enum tunnel)i));
	}
	if (n && n >= all - n)
		diag_say(t->settings->diag, DIAG_NOTE, "%" PRIu64 " of %" PRIu64
			 " packets carry another packet in a tunnel; "
			 "--decap %s tracks the packets inside", n, all, list);
}

static void note_dedup(const struct tracker *t)
{
	if (t->dedup.forgotten)
		diag_say(t->settings->diag, DIAG_NOTE, "--dedup: %" PRIu64
			 " packets were forgotten before their time, because there are too many: copies of them are tracked; give a shorter time",
			 t->dedup.forgotten);
}

void summary_notes(const struct tracker *t)
{
	note_dedup(t);
	note_tunnels(t);
	note_backward(t);
	note_full(t);
	note_checksums(t);
}
