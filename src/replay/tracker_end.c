/* SPDX-License-Identifier: GPL-2.0-only */
/* tracker_end.c - what is printed at a moment of --at, and after the last frame. */
#include <stdlib.h>

#include "replay/printer.h"
#include "replay/tracker_steps.h"

/* The table goes to the report at once, since it may be as large as memory allows. */
static void print_table(struct tracker *t, bool snapshot)
{
	const struct report_filter filter = { selection_has_connection, &t->selection };
	struct report *r = t->batch->report;

	if (t->no_memory)
		return;
	if (!(t->versus ? versus_table(t->versus, r, snapshot) :
	      report_table(r, t->ct, snapshot, t->selection.active ? &filter : NULL)))
		t->no_memory = true;
}

static void print_expectations(struct tracker *t)
{
	const struct report_filter filter = { selection_has_connection, &t->selection };
	struct report *r = t->batch->report;

	if (t->no_memory)
		return;
	if (!(t->versus ? versus_expectations(t->versus, r) :
	      report_expectations(r, t->ct, t->selection.active ? &filter : NULL)))
		t->no_memory = true;
}

/* A moment outside of the capture may be meant for another zone or year. */
static void note_before(const struct tracker *t, const struct clock_moment *at)
{
	if (at->time < t->clock.start)
		diag_say(t->settings->diag, DIAG_NOTE, "--at %s is before the first "
			 "frame: the table is empty; times without a zone are UTC",
			 at->text);
}

/* Before the moments after the last frame. */
static void note_after(const struct tracker *t)
{
	const struct clock *c = &t->clock;

	if (c->next_at < c->nat && c->at[c->nat - 1].time > c->now)
		diag_say(t->settings->diag, DIAG_NOTE, "--at %s is after the last "
			 "frame: the table shows what has not expired by then",
			 c->at[c->nat - 1].text);
}

/* Moves the engines to a time that no frame has; 'frame' is the index of the next. */
static void advance_to(struct tracker *t, ct_time time, uint32_t frame)
{
	if (!t->versus)
		ct_advance(t->ct, time);
	else if (!versus_advance(t->versus, t->batch, time, frame))
		t->no_memory = true;
}

void tracker_print_snapshots(struct tracker *t, ct_time time, uint32_t frame)
{
	const struct clock_moment *at;

	while ((at = clock_next_at(&t->clock, time))) {
		note_before(t, at);
		advance_to(t, at->time, frame);
		printer_format(t->batch);
		t->batch->report->snapshot_at = at->time;
		t->batch->report->snapshot_text = at->text;
		print_table(t, true);
	}
}

/* For ct_table(): a connection that did not end. */
static bool print_open(void *arg, const struct ct_record *rec)
{
	struct tracker *t = arg;
	struct connection_view view;

	connections_open(&t->connections, rec, &view);
	tops_open(&t->tops, &view);
	if (t->collector)
		collector_open(t->collector, &view);
	if (shows_connection(t, view.record.id))
		report_connection(t->batch->report, &view);
	return !t->batch->report->out.error;
}

static void print_connections(struct tracker *t)
{
	if (!t->no_memory && ct_table(t->ct, print_open, t) != 0)
		t->no_memory = true;
	for (uint32_t i = 0; !t->no_memory && t->connection_lines && i < t->refused.n &&
	     !t->batch->report->out.error; i++)
		report_connection(t->batch->report, &t->refused.view[i]);
	if (!t->no_memory && !tops_print(&t->tops, t->batch->report))
		t->no_memory = true;
}

static void print_statistics(struct tracker *t, struct report *r)
{
	struct rule_statistics rules = { .unused = NULL };

	if (t->firewall) {
		firewall_count(t->firewall, &rules);
		t->tally.counts.rules = &rules;
	}
	report_statistics(r, tally_finish(&t->tally), t->ct_stats);
	t->tally.counts.rules = NULL;
	free(rules.unused);
}

void tracker_end(struct tracker *t, struct batch *b)
{
	const struct options *o = t->settings->opt;

	t->batch = b;
	b->report->start = t->clock.start;
	/* The last packet's helper may have set an entry's timeout to 0. */
	if (t->versus)
		versus_begin(t->versus);
	advance_to(t, ct_now(t->ct), 0);
	if (t->collector)
		collector_close(t->collector, t->clock.now);
	printer_format(b);
	if (o->table)
		print_table(t, false);
	note_after(t);
	/* The clock may run on, and connections end. */
	if (!t->no_memory)
		tracker_print_snapshots(t, UINT64_MAX, 0);
	if (t->connections.wanted)
		print_connections(t);
	if (o->expectations)
		print_expectations(t);
	notes_make(&t->notes, &(struct notes_from){
			.quality = &t->quality, .tally = &t->tally,
			.clock = &t->clock, .full_first = t->full_first,
			.refused = t->ct_stats->refused,
			.table_max = o->config.sysctl.max,
			.helpers = t->watch_helpers ? &t->helpers : NULL,
			.met = t->ct_stats->met });
	if (t->firewall)
		firewall_notes(t->firewall, &t->notes);
	t->tally.counts.note = t->notes.note;
	t->tally.counts.nnotes = t->notes.n;
	if (o->rule_counters && t->firewall && !t->no_memory)
		firewall_print(t->firewall, b->report);
	if (o->stats && !t->no_memory)
		print_statistics(t, b->report);
	if (!t->no_memory && !t->versus)
		report_notes(b->report, t->notes.note, t->notes.n);
}

static bool statistics_of_page(void *arg, struct report *r)
{
	print_statistics(arg, r);
	return true;
}

static bool notes_of_page(void *arg, struct report *r)
{
	const struct tracker *t = arg;

	report_notes(r, t->notes.note, t->notes.n);
	return true;
}

int tracker_write_page(struct tracker *t, int fd, const char *ended_early)
{
	const struct page_parts parts = {
		.like = t->batch->report, .statistics = statistics_of_page,
		.notes = notes_of_page, .arg = t, .ended_early = ended_early,
	};

	return collector_write(t->collector, fd, &parts);
}
