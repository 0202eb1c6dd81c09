/* SPDX-License-Identifier: GPL-2.0-only */
/* tracker_init.c - connects the tracker to its engine, whose callbacks are here. */
#include "base/random_key.h"
#include "ctreplay/fast.h"
#include "replay/printer.h"
#include "replay/tracker_steps.h"

size_t tracker_add_when_full(struct tracker *t, enum record_kind kind, size_t size)
{
	struct records *records = &t->batch->records;

	if (!t->record_open) {
		printer_format(t->batch);
	} else if (!records_grow(records)) {
		t->no_memory = true;
		return RECORDS_FULL;
	}
	return records_add(records, kind, size);
}

void tracker_add_connection(struct tracker *t, const struct connection_view *c)
{
	size_t at;

	tops_end(&t->tops, c);
	if (t->collector)
		collector_ended(t->collector, c);
	if (!shows_connection(t, c->record.id))
		return;
	at = add_record(t, RECORD_CONNECTION, sizeof(*c));
	if (at != RECORDS_FULL)
		*(struct connection_view *)records_at(&t->batch->records, at) = *c;
}

static void add_event(struct tracker *t, const struct ct_event *ev)
{
	size_t at = add_record(t, RECORD_EVENT, sizeof(*ev));

	if (at != RECORDS_FULL)
		*(struct ct_event *)records_at(&t->batch->records, at) = *ev;
}

static void add_expect(struct tracker *t, const struct ct_expect_event *ev)
{
	size_t at = add_record(t, RECORD_EXPECT, sizeof(*ev));

	if (at != RECORDS_FULL)
		*(struct ct_expect_event *)records_at(&t->batch->records, at) = *ev;
}

/* What -C, --top and --report want of an event; apart, so that the lines of -e do not
 * save the registers that this needs.  Without memory not every connection was counted. */
static noinline void count_event(struct tracker *t, const struct ct_event *ev)
{
	struct connection_view view;

	if (ev->type == CT_EVENT_NEW && !tops_begin(&t->tops, &ev->record))
		t->no_memory = true;
	if (t->collector && !collector_event(t->collector, ev))
		t->no_memory = true;
	if (t->connections.wanted && ev->type == CT_EVENT_DESTROY &&
	    connections_end(&t->connections, ev, &view))
		tracker_add_connection(t, &view);
}

/* The engine's callbacks. */
static void on_event(void *arg, const struct ct_event *ev)
{
	struct tracker *t = arg;

	if (t->no_memory)
		return;
	if (t->event_lines &&
	    (!t->selection.active || selection_event(&t->selection, ev)))
		add_event(t, ev);
	if (t->connections.wanted)
		count_event(t, ev);
}

static void on_expect(void *arg, const struct ct_expect_event *ev)
{
	struct tracker *t = arg;

	if (t->watch_helpers)
		default_helpers_expect(&t->helpers, ev);
	if (t->event_lines &&
	    (!t->selection.active || selection_expect_event(&t->selection, ev)))
		add_expect(t, ev);
}

/* The selection's callback. */
static void on_held(void *arg, const struct ct_event *ev,
		    const struct ct_expect_event *expect)
{
	if (ev)
		add_event(arg, ev);
	else
		add_expect(arg, expect);
}

static bool create_reassembly(struct tracker *t, const struct ct_sysctl *sysctl)
{
	t->reassembly = ct_reassembly_create(sysctl);
	if (!t->reassembly)
		return false;
	t->reassembly_stats = ct_reassembly_stats(t->reassembly);
	return true;
}

static bool create_engines(struct tracker *t, const struct options *o)
{
	struct ct_config cfg = o->config;

	cfg.track_bounds = o->verbose || o->annotate || o->report;
	firewall_configure(t->settings->firewall[0], o->helpers_chosen, &cfg);
	cfg.event_arg = t;
	if (t->event_lines || t->connections.wanted)
		cfg.on_event = on_event;
	if (t->event_lines || t->watch_helpers)
		cfg.on_expect = on_expect;
	if (!t->event_lines && !t->collector)
		cfg.skip_events = 1u << CT_EVENT_UPDATE |
				  (t->tops.wanted ? 0 : 1u << CT_EVENT_NEW);
	if (t->event_lines && t->versus)
		side_take_events(&t->versus->side[0], &cfg);
	random_key(cfg.hash_key, sizeof(cfg.hash_key));
	/* The options were checked: only memory can be missing. */
	if (ct_create(&t->ct, &cfg, NULL) != 0)
		return false;
	t->ct_stats = ct_stats(t->ct);
	if (t->collector)
		t->collector->ct = t->ct;
	if (!create_reassembly(t, &cfg.sysctl))
		return false;
	if (t->settings->firewall[0])
		firewall_attach(t->settings->firewall[0], t->ct, t->reassembly);
	return !t->versus || versus_init(t->versus, &cfg, t->ct, t->reassembly);
}

/* What the options ask of each packet. */
static void choose_paths(struct tracker *t, const struct settings *settings)
{
	const struct options *o = settings->opt;

	t->look_at_all = t->selection.active || o->fail_on;
	t->packet_lines = settings->packet_lines;
	t->event_lines = o->events || o->format == REPORT_TIMESKETCH;
	t->connection_lines = o->connections;
	t->connections.wanted = o->connections || t->tops.wanted || o->report;
	refused_init(&t->refused);
	t->every_packet = o->write || o->annotate || o->report;
	t->more_counts = t->connections.wanted || t->every_packet;
	t->verdict_lines = t->packet_lines && !settings->few_lines;
	t->only_writes = o->write && !o->annotate && !o->report &&
			 !t->connections.wanted;
	t->more = t->more_counts || t->verdict_lines;
	t->counts_only = !t->more && !t->look_at_all && !t->packet_lines &&
			 !t->event_lines && !o->dedup && !t->firewall;
	t->rules_quickly = !t->event_lines && !t->connection_lines &&
			   !t->look_at_all && !o->annotate && !o->report;
}

bool tracker_init(struct tracker *t, const struct settings *settings)
{
	const struct options *o = settings->opt;

	t->settings = settings;
	t->selection.on_held = on_held;
	t->selection.arg = t;
	/* With nf_conntrack_helper=1 a kernel that knows it needs no rule. */
	t->watch_helpers = !o->versus && !o->helpers_chosen &&
			   !settings->firewall[0] &&
			   !o->config.sysctl.helper;
	t->tally.counts.kernel = &o->config.kernel;
	tops_init(&t->tops, o);
	if (!o->versus)
		t->firewall = settings->firewall[0];
	choose_paths(t, settings);
	if (o->versus) {
		t->versus = versus_create(settings);
		if (!t->versus)
			return false;
	}
	if (o->report) {
		t->collector = collector_create(settings);
		if (!t->collector)
			return false;
	}
	return dedup_init(&t->dedup, o->dedup) && quality_init(&t->quality) &&
	       create_engines(t, o) &&
	       clock_init(&t->clock, o);
}

void tracker_free(struct tracker *t)
{
	versus_free(t->versus);
	frame_writer_free(&t->writer);
	annotator_free(&t->annotator);
	page_file_free(&t->page);
	collector_free(t->collector);
	saved_drop(&t->saved);
	connections_free(&t->connections);
	refused_free(&t->refused);
	tops_free(&t->tops);
	selection_free(&t->selection);
	quality_free(&t->quality);
	ct_reassembly_free(t->reassembly);
	clock_free(&t->clock);
	dedup_free(&t->dedup);
	ct_destroy(t->ct);
}
