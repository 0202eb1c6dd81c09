/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/tracker_steps.h"

#include <string.h>

#include "base/compiler.h"
#include "ctreplay/fast.h"
#include "replay/parser.h"
#include "replay/printer.h"

/* Whether memory ran out while this frame was tracked. */
static inline bool lacks_memory(struct tracker *t, const struct frame *f)
{
	if (!t->ct_stats->no_memory && !t->no_memory && !t->selection.no_memory)
		return false;
	stop_without_memory(t, f->number);
	return true;
}

noinline void
tracker_move_clock(struct tracker *t, const struct frame *f, ct_time time)
{
	struct clock *c = &t->clock;

	if (!c->started) {
		clock_start(c, t->settings->opt, time);
		t->batch->report->start = time;
		if (t->collector)
			collector_start(t->collector, time);
	}
	tracker_print_snapshots(t, time, (uint32_t)(f - frame_batch_get(t->batch->frames, 0)));
	clock_note(c, f->number, time);
}

/* Not the engine's clock yet.  False: no memory for a table of --at. */
static inline bool advance_clock(struct tracker *t, const struct frame *f,
				 ct_time time)
{
	if (unlikely(clock_is_due(&t->clock, time))) {
		tracker_move_clock(t, f, time);
		if (t->no_memory)
			return false;
	}
	if (time > t->clock.now)
		t->clock.now = time;
	return true;
}

/* An INVALID packet of no connection, for --top. */
static bool count_invalid(struct tracker *t, const struct ct_packet *pkt)
{
	return tops_invalid(&t->tops, pkt) &&
	       (!t->collector || collector_invalid(t->collector, pkt));
}

/* Counts a packet for -C and --top, and reports the connection that it has reset. */
static inline void count_connection(struct tracker *t, const struct frame *f,
				    const struct ct_packet *pkt,
				    const struct ct_verdict *v)
{
	const struct connection_view *reset;

	if (!connections_packet(&t->connections, pkt, v) ||
	    (v->ctstate == CT_INVALID && !v->id && !count_invalid(t, pkt)))
		stop_without_memory(t, f->number);
	reset = connections_reset(&t->connections);
	if (reset)
		tracker_add_connection(t, reset);
}

/* What the rules have dropped, for -C. */
static void count_drop(struct tracker *t, const struct frame *f,
		       const struct ct_packet *pkt, const struct ct_verdict *v,
		       bool shown, const struct rule_view *rule)
{
	if (!rule || rule->verdict < RULE_VERDICT_DROP || !rule->rule.chain)
		return;
	if (!connections_dropped(&t->connections, v, &rule->rule))
		stop_without_memory(t, f->number);
	/* One that would not have come asks for no connection. */
	if (t->firewall->forgotten && shown && !rule->prevented &&
	    !refused_packet(&t->refused, &t->firewall->lost, pkt, v, &rule->rule))
		stop_without_memory(t, f->number);
}

/* -w, --annotate and --report. */
static noinline void write_packet(struct tracker *t, const struct frame *f,
				  const struct ct_packet *pkt,
				  const struct ct_verdict *v, bool shown,
				  const struct rule_view *rule)
{
	if (t->annotator.writer)
		annotator_packet(&t->annotator, f, v, rule);
	if (t->writer.writer &&
	    !frame_writer_packet(&t->writer, t->batch, f, t->reassembly, pkt, v, shown))
		stop_without_memory(t, f->number);
	if (t->collector && !collector_packet(t->collector, pkt, v, rule, t->clock.now))
		stop_without_memory(t, f->number);
}

/* Any packet; tally_established() is for those that take the fast path. */
static noinline void count_verdict(struct tracker *t, const struct frame *f,
				   const struct ct_packet *pkt,
				   const struct ct_verdict *v, bool shown,
				   const struct rule_view *rule)
{
	tally_packet(&t->tally, pkt, v);
	if (t->connections.wanted) {
		count_drop(t, f, pkt, v, shown, rule);
		count_connection(t, f, pkt, v);
	}
	if (t->look_at_all && shown && !t->firewall)
		fail_on_packet(&t->fail_on, t->settings->opt, f->number, v);
	if (v->nwhy && !t->full_first && v->ctstate == CT_DROP &&
	    v->why[0].reason == CT_REASON_TABLE_FULL)
		t->full_first = f->number;
	if (t->every_packet)
		write_packet(t, f, pkt, v, shown, rule);
}

/* Fills in the RECORD_PACKET at 'at'. */
static void fill_view(struct tracker *t, size_t at, const struct parsed_frame *p,
		      const struct ct_verdict *v)
{
	struct packet_view *view = records_at(&t->batch->records, at);

	packet_view_set(view, t->clock.now, &p->pkt);
	packet_view_set_verdict(view, v);
	/* --annotate wants to know it, too. */
	view->v.windowed &= t->settings->opt->verbose;
	if (t->settings->few_lines) {
		summary_read(&view->summary, &p->pkt);
		view->summary.tunnel = p->summary.tunnel;
	} else {
		view->summary = p->summary;
	}
	if (view->summary.detailed)
		detail_read(&view->detail, &p->pkt);
}

/* The short record of a packet, where there is no reason and ct_confirm() has nothing
 * to do. */
static inline void add_verdict(struct tracker *t, const struct frame *f,
			       const struct ct_verdict *v)
{
	size_t at = add_record(t, RECORD_VERDICT, sizeof(struct verdict_record));
	struct verdict_record *r;

	if (unlikely(at == RECORDS_FULL))
		return;
	r = records_at(&t->batch->records, at);
	r->time = t->clock.now;
	r->id = v->id;
	r->slot = v->slot;
	r->frame = (uint32_t)(f - frame_batch_get(t->batch->frames, 0));
	/* The engine has just stored these one by one: a load of all four would wait
	 * until they have left the processor's store buffer. */
	r->ctstate = separate(v->ctstate);
	r->dir = separate(v->dir);
	r->proto = separate(v->proto);
	r->state = separate(v->state);
}

/* Whether the format has a line for the packet: a timeline has it only if a firewall
 * would not let the packet through (timesketch_packet()). */
static inline bool has_line(const struct tracker *t, const struct rule_view *rule)
{
	const struct ct_verdict *v = &t->verdict;

	return t->verdict_lines || v->ctstate == CT_INVALID || v->ctstate == CT_DROP ||
	       v->dropped || (rule && rule->verdict > RULE_VERDICT_ACCEPT);
}

static inline void settle(struct tracker *t, const struct settled *s)
{
	struct records *records = &t->batch->records;
	const struct ct_packet *pkt = &s->parsed->pkt;
	struct ct_verdict *v = &t->verdict;
	size_t at = s->at;

	if (lacks_memory(t, s->frame)) {
		records->used = s->mark;
		return;
	}
	if (at != RECORDS_FULL && !(s->shown && has_line(t, s->rule))) {
		records_withdraw(records, at);
		at = RECORDS_FULL;
	}
	if (v->nwhy || v->ctstate != CT_ESTABLISHED ||
	    quality_watches(&t->quality, pkt->number))
		quality_packet(&t->quality, s->frame, pkt, t->clock.now, v);
	if (at != RECORDS_FULL) {
		fill_view(t, at, s->parsed, v);
		if (unlikely(s->rule != NULL))
			((struct packet_view *)records_at(records, at))->rule = *s->rule;
	}
	if (v->nwhy || t->more_counts || t->look_at_all)
		count_verdict(t, s->frame, pkt, v, s->shown, s->rule);
	else
		tally_packet(&t->tally, pkt, v);
}

void tracker_settle(struct tracker *t, const struct settled *s)
{
	settle(t, s);
}

void tracker_count(struct tracker *t, const struct frame *f,
		   const struct ct_packet *pkt, const struct ct_verdict *v)
{
	count_verdict(t, f, pkt, v, true, NULL);
}

/* Of a packet that its helper has dropped: in front of the events of ct_confirm(). */
static noinline size_t insert_line(struct tracker *t, size_t mark)
{
	size_t at = records_insert(&t->batch->records, mark, RECORD_PACKET,
				   sizeof(struct packet_view));

	t->no_memory |= at == RECORDS_FULL;
	return at;
}

/* Slow path: a packet with a reason, one that goes on to ct_confirm(), or any where a
 * selection is to be made. */
static noinline void
finish_packet(struct tracker *t, const struct frame *f, struct parsed_frame *p,
	      bool final)
{
	struct ct_verdict *v = &t->verdict;
	struct records *records = &t->batch->records;
	size_t mark, at = RECORDS_FULL;
	bool shown = !t->selection.active ||
		     selection_packet(&t->selection, t->ct, &p->pkt, v);
	bool lines = (shown || t->selection.may_be_dropped) && t->packet_lines;

	if (records->size - records->used < RECORDS_SPARE)
		printer_format(t->batch);
	/* The line comes before the events that ct_confirm() causes, as a rule's log
	 * does.  Only ct_confirm() tells whether a helper drops the packet, so the
	 * record is filled in afterwards. */
	mark = records->used;
	if (lines && has_line(t, NULL))
		at = add_record(t, RECORD_PACKET, sizeof(struct packet_view));
	if (!final) {
		t->record_open = true;
		ct_confirm(t->ct, v);
		t->record_open = false;
		if (unlikely(v->dropped && lines && at == RECORDS_FULL))
			at = insert_line(t, mark);
	}
	if (t->selection.may_be_dropped && v->dropped)
		shown = selection_dropped(&t->selection, v);
	if (t->selection.active && !selection_settle(&t->selection, v))
		shown = false;
	settle(t, &(struct settled){ .frame = f, .parsed = p, .mark = mark,
				     .at = at, .shown = shown });
}

/* Whether the packet goes through finish_packet(): there is a reason, or more to do,
 * or more to be learnt from it than from a packet in mid-stream. */
static inline bool is_slow(const struct tracker *t, bool final)
{
	const struct ct_verdict *v = &t->verdict;

	return !final || v->nwhy || v->ctstate != CT_ESTABLISHED ||
	       t->ct_stats->no_memory;
}

/* What some runs ask for of a packet on the fast path, besides its line. */
static noinline void count_more(struct tracker *t, const struct frame *f,
				const struct parsed_frame *p, const struct ct_verdict *v)
{
	const struct ct_packet *pkt = &p->pkt;

	if (t->only_writes && !(pkt->flags & CT_PACKET_REASSEMBLED)) {
		tally_established(&t->tally, pkt);
		frame_writer_choose(&t->writer, t->batch, f);
		return;
	}
	if (t->every_packet ||
	    (t->connections.wanted && !connections_established(&t->connections, pkt, v)))
		count_verdict(t, f, pkt, v, true, NULL);
	else
		tally_established(&t->tally, pkt);
}

static always_inline void track_packet(struct tracker *t, const struct frame *f,
				       struct parsed_frame *p)
{
	struct ct_verdict *v = &t->verdict;
	bool final = !ct_track_at(t->ct, &p->pkt, v, t->clock.now);

	if (unlikely(t->no_memory))	/* for what expired before */
		return;
	if (is_slow(t, final) || (t->verdict_lines && p->summary.detailed) || t->look_at_all) {
		finish_packet(t, f, p, final);
		return;
	}
	if (unlikely(quality_watches(&t->quality, p->pkt.number)))
		quality_packet(&t->quality, f, &p->pkt, t->clock.now, v);
	if (t->more && t->verdict_lines)	/* 'more': either */
		add_verdict(t, f, v);
	if (t->more && t->more_counts)
		count_more(t, f, p, v);
	else
		tally_established(&t->tally, &p->pkt);
}

void tracker_fragment(struct tracker *t, const struct frame *f,
		      const struct parsed_frame *p, const struct ct_verdict *v)
{
	bool shown = !t->selection.active ||
		     selection_packet(&t->selection, NULL, &p->pkt, v);

	count_verdict(t, f, &p->pkt, v, shown, NULL);
	if (shown && t->packet_lines)
		fill_view(t, add_record(t, RECORD_PACKET,
					sizeof(struct packet_view)), p, v);
}

noinline void tracker_whole(struct tracker *t, const struct frame *f,
			    struct parsed_frame *p)
{
	if (notrack_matches(&t->settings->notrack, &p->pkt))
		p->pkt.flags |= CT_PACKET_NOTRACK;
	if (t->packet_lines)
		parser_summarise(t->settings, &p->summary, &p->pkt);
	if (t->firewall)
		tracker_firewall_packet(t, f, p);
	else
		track_packet(t, f, p);
}

/* 'ruled': there is a firewall. */
static always_inline void track_frame(struct tracker *t, const struct frame *f,
				      struct parsed_frame *p, bool ruled)
{
	if (t->no_memory || !advance_clock(t, f, p->time))
		return;
	if (!p->trackable)
		tracker_slow(t, f, p);
	else if (ruled)
		tracker_ruled(t, f, p);
	else
		track_packet(t, f, p);
}

/* How many packets ahead memory is prefetched: what the parser has noted, which is in
 * another processor's cache, the index, then the entries, of so many packets at a time. */
#define AHEAD_PARSED	128u
#define AHEAD_INDEX	CT_AHEAD_INDEX
#define AHEAD_ENTRY	CT_AHEAD_ENTRY
#define AHEAD_STEP	8u

static void prefetch_entries(const struct tracker *t, struct parsed_frame *p, size_t n)
{
	const bool ruled = t->firewall && firewall_remembers(t->firewall);
	uint32_t slot;

	if (!t->connections.wanted && !ruled) {
		ct_prefetch_entry_many(t->ct, &p->pkt, sizeof(*p), n);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		slot = ct_prefetch_entry(t->ct, &p[i].pkt);
		if (t->connections.wanted)
			connections_prefetch(&t->connections, slot);
		if (ruled)
			firewall_prefetch(t->firewall, &p[i].pkt, slot);
	}
}

static inline size_t at_most(size_t n, size_t most)
{
	return n < most ? n : most;
}

static inline void prefetch_parsed(const struct parsed_frame *p, size_t n)
{
	for (; n; n--, p++) {
		fetch_to_write(p);
		fetch((const char *)p + CACHE_LINE);
	}
}

/* For the packets that are ahead of these 'n', of which 'left' are in the batch. */
static inline void prefetch_ahead(const struct tracker *t, struct parsed_frame *p,
				  size_t n, size_t left)
{
	if (left > AHEAD_PARSED)
		prefetch_parsed(&p[AHEAD_PARSED], at_most(n, left - AHEAD_PARSED));
	if (left > AHEAD_INDEX)
		ct_prefetch_many(t->ct, &p[AHEAD_INDEX].pkt, sizeof(*p),
				 at_most(n, left - AHEAD_INDEX));
	if (left > AHEAD_ENTRY)
		prefetch_entries(t, &p[AHEAD_ENTRY], at_most(n, left - AHEAD_ENTRY));
}

/* Tracks what it can of 'n' frames that are not watched, and are only to be counted. */
static always_inline size_t track_many(struct tracker *t, const struct frame *f,
				       struct parsed_frame *p, size_t n, struct ct_run *run)
{
	size_t done;

	run->now = t->clock.now;
	run->until = t->clock.due;
	done = ct_track_many(t->ct, (struct ct_timed_packet *)(void *)p, n, run,
			     &t->verdict);
	t->clock.now = run->now;
	if (run->told)
		finish_packet(t, f + done - 1, p + done - 1, !run->pending);
	return done;
}

/* track_frame() for 'n' frames of which those in mid-stream are only to be counted. */
static noinline void count_frames(struct tracker *t, const struct frame *f,
				  struct parsed_frame *p, size_t n)
{
	struct ct_run run = { .stride = sizeof(*p), .plain = t->tally.counts.protocol };

	for (size_t i = 0, done; i < n; i += done) {
		done = t->no_memory ? 0 :
		       quality_unwatched(&t->quality, p[i].pkt.number);
		run.there = n - i;
		if (done)
			done = track_many(t, f + i, p + i, at_most(done, n - i), &run);
		if (!done) {
			prefetch_ahead(t, p + i, 1, n - i);
			track_frame(t, f + i, p + i, false);
			done = 1;
		}
	}
	t->tally.counts.ctstate[CT_ESTABLISHED] += run.plain_sum;
}

static always_inline void track_all(struct tracker *t, struct batch *b, bool ruled)
{
	const struct frame *f = frame_batch_get(b->frames, 0);
	struct parsed_frame *p = b->parsed;
	size_t left = frame_batch_count(b->frames), n;

	ct_prefetch_many(t->ct, &p->pkt, sizeof(*p), at_most(AHEAD_INDEX, left));
	prefetch_entries(t, p, at_most(AHEAD_ENTRY, left));
	if (!ruled && t->counts_only) {
		count_frames(t, f, p, left);
		return;
	}
	for (; left; left -= n) {
		n = at_most(AHEAD_STEP, left);
		prefetch_ahead(t, p, n, left);
		for (const struct parsed_frame *end = p + n; p < end; p++, f++)
			track_frame(t, f, p, ruled);
	}
}

/* Two loops, so that without a firewall nothing is asked of each packet. */
static void track_frames(struct tracker *t, struct batch *b)
{
	track_all(t, b, false);
}

static noinline void track_ruled_frames(struct tracker *t, struct batch *b)
{
	track_all(t, b, true);
}

/* Trackable packets are counted by the parser, in sum. */
static void count_trackable(struct tally *t, const struct batch *b)
{
	t->link[LINK_IPV4] += b->trackable_ipv4;
	t->link[LINK_IPV6] += b->trackable - b->trackable_ipv4;
	t->counts.packet[CT_PACKET_OK] += b->trackable;
	for (unsigned int i = 0; i < TUNNELS; i++)
		t->tunnels[i] += b->tunnels[i];
	if (!t->tunnel_first)
		t->tunnel_first = b->tunnel_first;
}

bool tracker_track(struct tracker *t, struct batch *b)
{
	t->batch = b;
	b->report->start = t->clock.start;
	batch_say_messages(b, t->settings->diag);
	if (b->copy_hash)
		tracker_leave_copies_out(t, b);
	count_trackable(&t->tally, b);
	if (t->annotator.writer)
		annotator_batch(&t->annotator, b->frames);
	if (t->versus)
		tracker_track_versus(t, b);
	else if (t->firewall)
		track_ruled_frames(t, b);
	else
		track_frames(t, b);
	/* A reader of a live capture gets all frames that have come. */
	if (b->next_waits && t->annotator.writer)
		annotator_flush(&t->annotator);
	return !t->no_memory && !t->annotator.error;
}
