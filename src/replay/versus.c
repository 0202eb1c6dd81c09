/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/versus.h"

#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "base/thread.h"
#include "ctreplay/firewall.h"
#include "replay/parser.h"
#include "replay/printer.h"
#include "replay/tally.h"
#include "report/difference.h"

struct versus *versus_create(const struct settings *settings)
{
	struct versus *v = calloc(1, sizeof(*v));

	if (v) {
		v->settings = settings;
		event_count_init(&v->begun, EVENT_COUNT_SPIN_NS);
		event_count_init(&v->done, EVENT_COUNT_SPIN_NS);
	}
	return v;
}

bool versus_init(struct versus *v, const struct ct_config *cfg, struct ct *ct,
		 struct ct_reassembly *reassembly)
{
	struct ct_config second = v->settings->opt->second.config;

	/* What the parser prepares for one engine holds for the other. */
	memcpy(second.hash_key, cfg->hash_key, sizeof(second.hash_key));
	second.track_bounds = cfg->track_bounds;
	firewall_configure(v->settings->firewall[1],
			   v->settings->opt->helpers_chosen ||
			   v->settings->opt->second.helpers_chosen, &second);
	if (cfg->on_event)
		side_take_events(&v->side[1], &second);
	if (ct_create(&v->ct, &second, NULL) != 0)
		return false;
	v->reassembly = ct_reassembly_create(&second.sysctl);
	if (v->settings->firewall[1])
		firewall_attach(v->settings->firewall[1], v->ct, v->reassembly);
	return v->reassembly &&
	       side_init(&v->side[0], v->settings, false, ct, reassembly) &&
	       side_init(&v->side[1], v->settings, true, v->ct, v->reassembly);
}

/* The thread of the second side. */
static void *track_second(void *arg)
{
	struct versus *v = arg;

	pthread_setname_np(pthread_self(), "ctreplay:second");
	for (uint64_t n = 1;; n++) {
		event_count_wait(&v->begun, n);
		if (!v->batch)
			return NULL;
		side_track(&v->side[1], v->batch, v->from, v->to);
		event_count_advance(&v->done);
	}
}

void versus_start_thread(struct versus *v)
{
	v->threaded = thread_start(&v->thread, track_second, v);
}

static void end_thread(struct versus *v)
{
	if (!v->threaded)
		return;
	v->batch = NULL;
	event_count_advance(&v->begun);
	pthread_join(v->thread, NULL);
}

void versus_free(struct versus *v)
{
	if (!v)
		return;
	end_thread(v);
	for (unsigned int i = 0; i < 2; i++)
		side_free(&v->side[i]);
	ct_reassembly_free(v->reassembly);
	ct_destroy(v->ct);
	match_free(&v->match);
	event_count_destroy(&v->begun);
	event_count_destroy(&v->done);
	free(v);
}

void versus_begin(struct versus *v)
{
	for (unsigned int i = 0; i < 2; i++) {
		side_begin(&v->side[i]);
		v->view[i] = v->happening[i] = 0;
	}
}

static void track_both(struct versus *v, const struct batch *b, uint32_t from,
		       uint32_t to)
{
	v->batch = b;
	v->from = from;
	v->to = to;
	if (v->threaded)
		event_count_advance(&v->begun);
	side_track(&v->side[0], b, from, to);
	if (v->threaded)
		event_count_wait(&v->done, event_count_read(&v->begun));
	else
		side_track(&v->side[1], b, from, to);
}

static void add_difference(struct batch *b, const struct difference *d)
{
	struct records *records = &b->records;
	size_t at = records_add(records, RECORD_DIFFERENCE, sizeof(*d));

	if (at == RECORDS_FULL) {
		printer_format(b);
		at = records_add(records, RECORD_DIFFERENCE, sizeof(*d));
	}
	*(struct difference *)records_at(records, at) = *d;
}

/* The packet of a frame as side 'i' saw it; false where it saw none. */
static bool packet_of(struct versus *v, unsigned int i, const struct batch *b,
		      uint32_t frame, struct packet_view *view)
{
	struct side *s = &v->side[i];
	const struct word *w = &s->words[frame];
	const struct parsed_frame *p = &(i ? b->second : b->parsed)[frame];

	if (!w->tracked)
		return false;
	if (w->viewed) {
		*view = s->views[v->view[i]++];
		return true;
	}
	memset(&view->v, 0, sizeof(view->v));
	packet_view_set(view, v->now, &p->pkt);
	parser_summarise(v->settings, &view->summary, &p->pkt);
	if (view->summary.detailed)
		detail_read(&view->detail, &p->pkt);
	view->v.id = w->id;
	view->v.ctstate = w->ctstate;
	view->v.dir = w->dir;
	view->v.proto = w->proto;
	view->v.state = w->state;
	return true;
}

/* --ctstate, of one side's packet; DROP stands for what a helper or a rule drops. */
static bool is_in_states(const struct versus *v, const struct packet_view *p)
{
	const bool *states = v->settings->opt->states;

	return states[p->v.ctstate] ||
	       (states[CT_DROP] &&
		(p->v.dropped || p->rule.verdict == RULE_VERDICT_DROP ||
		 p->rule.verdict == RULE_VERDICT_REJECT));
}

static bool is_wanted(const struct versus *v, const struct difference *d)
{
	return (d->there[0] && is_in_states(v, &d->side[0].packet)) ||
	       (d->there[1] && is_in_states(v, &d->side[1].packet));
}

static void count_reasons(struct versus *v, const struct batch *b, uint32_t frame,
			  const struct packet_view *view, struct tally *tally)
{
	if (!view->v.nwhy)
		return;
	tally_reason(tally, &b->parsed[frame].pkt, &view->v);
	if (!v->reasons_full && view->v.ctstate == CT_DROP &&
	    view->v.why[0].reason == CT_REASON_TABLE_FULL)
		v->reasons_full = view->number;
}

/* Slow path: verdicts that are not the same word, or have more to them. */
static noinline void compare_packets(struct versus *v, struct batch *b,
				     uint32_t frame, struct tally *tally)
{
	struct difference d = { .kind = DIFFERENCE_PACKET };
	const struct options *o = v->settings->opt;

	for (unsigned int i = 0; i < 2; i++)
		d.there[i] = packet_of(v, i, b, frame, &d.side[i].packet);
	if (d.there[0])
		count_reasons(v, b, frame, &d.side[0].packet, tally);
	if (!o->compare_packets || !is_wanted(v, &d))
		return;
	v->counts.packets++;
	if (d.there[0] && d.there[1]) {
		d.keys = difference_of_packets(&d.side[0].packet, &d.side[1].packet);
		if (!d.keys)
			return;
	}
	v->counts.packets_differ++;
	if (o->packets)
		add_difference(b, &d);
}

static inline void compare_frame(struct versus *v, struct batch *b, uint32_t frame,
				 struct tally *tally)
{
	const struct word *first = &v->side[0].words[frame];
	const bool *states = v->settings->opt->states;

	if (first->bits == v->side[1].words[frame].bits && !first->viewed)
		v->counts.packets += first->tracked && states[first->ctstate];
	else
		compare_packets(v, b, frame, tally);
}

/* For match_happenings(). */
struct comparison {
	struct versus *v;
	struct batch *batch;	/* events become records of it ... */
	struct report *report;	/* ... and expectations go here */
	bool any;
};

static bool counts_acct(const struct versus *v)
{
	return v->settings->acct[0] && v->settings->acct[1];
}

static void compare_events(void *arg, const struct happening *a,
			   const struct happening *b)
{
	struct comparison *c = arg;
	const struct happening *side[2] = { a, b }, *any = a ? a : b;
	struct difference d = {
		.kind = any->of_expect ? DIFFERENCE_EXPECT_EVENT : DIFFERENCE_EVENT,
		.there = { a, b },
	};

	if (a && b && a->of_expect)
		d.keys = difference_of_expects(&a->expect.record, &b->expect.record) |
			 (a->expect.when != b->expect.when) << DIFFERS_TIME;
	else if (a && b)
		d.keys = difference_of_events(&a->event, &b->event, counts_acct(c->v));
	if (a && b && !d.keys)
		return;
	for (unsigned int i = 0; i < 2; i++) {
		if (side[i] && any->of_expect)
			d.side[i].expect_event = side[i]->expect;
		else if (side[i])
			d.side[i].event = side[i]->event;
	}
	c->v->counts.differ++;
	add_difference(c->batch, &d);
}

/* The number of a side's happenings up to 'step' from the next one on. */
static size_t up_to(const struct versus *v, unsigned int i, uint64_t step)
{
	const struct side *s = &v->side[i];
	size_t n = 0;

	while (v->happening[i] + n < s->nhappenings &&
	       s->happenings[v->happening[i] + n].step <= step)
		n++;
	return n;
}

static bool compare_step(struct versus *v, struct batch *b, uint64_t step)
{
	size_t na = up_to(v, 0, step), nb = up_to(v, 1, step);
	struct comparison c = { .v = v, .batch = b };
	bool ok;

	if (!na && !nb)
		return true;
	ok = match_happenings(&v->match, v->side[0].happenings + v->happening[0], na,
			      v->side[1].happenings + v->happening[1], nb,
			      compare_events, &c);
	v->happening[0] += na;
	v->happening[1] += nb;
	return ok;
}

/* The first frame that is not valid any more, at most 'to'. */
static uint32_t valid_to(const struct versus *v, uint32_t to)
{
	for (unsigned int i = 0; i < 2; i++)
		if (v->side[i].no_memory && v->side[i].no_memory_at < to)
			to = v->side[i].no_memory_at;
	return to;
}

bool versus_track(struct versus *v, struct batch *b, uint32_t from, uint32_t to,
		  struct tally *tally, uint64_t *number)
{
	const bool events = v->settings->opt->events;
	uint32_t end, i;
	bool ok = true;

	if (from == to)
		return true;
	track_both(v, b, from, to);
	end = valid_to(v, to);
	for (i = from; i < end && ok; i++) {
		if (b->parsed[i].time > v->now)
			v->now = b->parsed[i].time;
		ok = !events || compare_step(v, b, 2 * (uint64_t)i);
		compare_frame(v, b, i, tally);
		ok = ok && (!events || compare_step(v, b, 2 * (uint64_t)i + 1));
	}
	ok = ok && end == to;
	if (!ok)
		*number = b->parsed[i < to ? i : to - 1].pkt.number;
	return ok;
}

bool versus_advance(struct versus *v, struct batch *b, ct_time time, uint32_t frame)
{
	for (unsigned int i = 0; i < 2; i++)
		side_advance(&v->side[i], time, frame);
	return !v->side[0].no_memory && !v->side[1].no_memory &&
	       compare_step(v, b, 2 * (uint64_t)frame);
}

/* A walk over the table of one side, which looks each entry up in the other's. */
struct table_walk {
	struct versus *v;
	struct report *report;
	bool any;		/* the heading is written */
};

static void put_connection(struct table_walk *w, const struct difference *d)
{
	struct versus *v = w->v;

	if (!w->any)
		report_table_difference(w->report, v->side[0].ct, v->side[1].ct);
	w->any = true;
	v->counts.differ++;
	report_difference(w->report, d);
}

/* The live connection with this original tuple in the engine. */
static bool find_connection(const struct ct *ct, const struct ct_record *rec,
			    struct ct_record *found)
{
	/* It may be the reply's tuple of a connection that began the other way. */
	uint16_t zone = rec->zone_dirs & CT_ZONE_ORIGINAL ? rec->zone : 0;

	return ct_lookup_zone(ct, &rec->tuple[0], zone, NULL, found) &&
	       memcmp(&found->tuple[0], &rec->tuple[0], sizeof(rec->tuple[0])) == 0;
}

/* For ct_table(): false stops it. */
static bool compare_first(void *arg, const struct ct_record *rec)
{
	struct table_walk *w = arg;
	struct difference d = { .kind = DIFFERENCE_CONNECTION, .there = { true } };

	d.side[0].record = *rec;
	d.there[1] = find_connection(w->v->side[1].ct, rec, &d.side[1].record);
	if (d.there[1])
		d.keys = difference_of_records(rec, &d.side[1].record,
					       counts_acct(w->v));
	if (!d.there[1] || d.keys)
		put_connection(w, &d);
	return !w->report->out.error;
}

static bool compare_second(void *arg, const struct ct_record *rec)
{
	struct table_walk *w = arg;
	struct difference d = { .kind = DIFFERENCE_CONNECTION,
				.there = { false, true } };

	if (!find_connection(w->v->side[0].ct, rec, &d.side[0].record)) {
		d.side[1].record = *rec;
		put_connection(w, &d);
	}
	return !w->report->out.error;
}

bool versus_table(struct versus *v, struct report *r, bool snapshot)
{
	struct table_walk w = { v, r, false };

	r->snapshot = snapshot;
	return ct_table(v->side[0].ct, compare_first, &w) == 0 &&
	       ct_table(v->side[1].ct, compare_second, &w) == 0;
}

static void compare_expectations(void *arg, const struct happening *a,
				 const struct happening *b)
{
	struct comparison *c = arg;
	struct difference d = { .kind = DIFFERENCE_EXPECT, .there = { a, b } };

	if (a && b) {
		d.keys = difference_of_expects(&a->expect.record, &b->expect.record);
		if (!d.keys)
			return;
	}
	if (a)
		d.side[0].expect = a->expect.record;
	if (b)
		d.side[1].expect = b->expect.record;
	if (!c->any)
		report_expect_difference(c->report);
	c->any = true;
	c->v->counts.differ++;
	report_difference(c->report, &d);
}

bool versus_expectations(struct versus *v, struct report *r)
{
	struct comparison c = { .v = v, .report = r };
	struct side *a = &v->side[0], *b = &v->side[1];

	return side_note_expectations(a) && side_note_expectations(b) &&
	       match_happenings(&v->match, a->happenings, a->nhappenings,
				b->happenings, b->nhappenings,
				compare_expectations, &c);
}
