/* SPDX-License-Identifier: GPL-2.0-only */
/* print.c - the last stages: records become lines, and lines output. */
#include "replay/run.h"

static void print_word(const struct batch *w, const struct packet_word *word)
{
	const struct parsed *p = &w->parsed[word->frame];
	struct packet_view view;

	shown_packet_of(&view, word->time, &p->pkt);
	view.shown = p->shown;
	/* The rest is not looked at where there is no reason. */
	view.v.id = word->id;
	view.v.ctstate = word->ctstate;
	view.v.dir = word->dir;
	view.v.proto = word->proto;
	view.v.state = word->state;
	view.v.dropped = view.v.windowed = false;
	view.v.nwhy = 0;
	report_packet(w->report, &view);
}

static void print_record(const struct batch *w, enum record_kind kind,
			 const void *record)
{
	struct report *r = w->report;
	const struct frame_view *f;

	switch (kind) {
	case RECORD_WORD:
		print_word(w, record);
		break;
	case RECORD_PACKET:
		report_packet(r, record);
		break;
	case RECORD_FRAME:
		f = record;
		report_frame(r, f->number, f->time, f->class);
		break;
	case RECORD_EVENT:
		report_event(r, record);
		break;
	case RECORD_EXPECT:
		report_expect_event(r, record);
		break;
	}
}

void print_take_over(struct run *run, struct batch *w)
{
	w->claimed = true;
	w->report->out.error = run->printed.error;
	w->report->shown_any = run->printed.any;
	w->report->shown_last = run->printed.last;
}

void print_claim_output(void *arg)
{
	struct batch *w = arg;

	if (w->claimed)
		return;
	ticket_wait(&w->run->to_print, w->number);
	print_take_over(w->run, w);
}

static void hand_on(struct run *run, struct batch *w)
{
	const struct report *r = w->report;

	run->printed = (struct printed){ r->out.error, r->shown_any,
					 r->shown_last };
	if (r->out.error)
		atomic_store(&run->give_up, true);
	w->claimed = false;
	ticket_advance(&run->to_print);
}

void format_batch(struct run *run, struct batch *w)
{
	enum record_kind kind;
	const void *record;
	size_t at = 0;

	/* A line tells how long after the one before it comes. */
	if (run->report.time_style == TIME_DELTA)
		print_claim_output(w);
	while ((record = records_next(&w->page, &at, &kind)))
		print_record(w, kind, record);
	w->page.used = 0;
}

void print_batch(struct run *run, struct batch *w)
{
	format_batch(run, w);
	out_flush(&w->report->out);
	print_claim_output(w);		/* nothing may have been written */
	hand_on(run, w);
}

void print_table(struct run *run, bool snapshot)
{
	if (!report_table(run->tracking->report, run->ct, snapshot))
		run->no_memory = true;
}
