/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/tracker.h"

#include <string.h>
#include <sys/random.h>

#include "ctreplay/fast.h"
#include "replay/printer.h"

/* Enough for the records of one packet, in all but rare cases. */
#define RECORDS_SPARE (16u * 1024)

static void stop_without_memory(struct tracker *t, uint64_t frame)
{
	t->no_memory = true;
	t->no_memory_frame = frame;
}

/* Whether memory ran out while this frame was tracked. */
static inline bool lacks_memory(struct tracker *t, const struct frame *f)
{
	if (!t->ct_stats->no_memory && !t->no_memory)
		return false;
	stop_without_memory(t, f->number);
	return true;
}

/* Adds the record to a full buffer.  RECORDS_FULL: no memory, the record is lost. */
static __attribute__((noinline)) size_t
add_when_full(struct tracker *t, enum record_kind kind, size_t size)
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

static inline size_t add_record(struct tracker *t, enum record_kind kind,
				size_t size)
{
	size_t at = records_add(&t->batch->records, kind, size);

	return at != RECORDS_FULL ? at : add_when_full(t, kind, size);
}

/* The engine's callback. */
static void on_event(void *arg, const struct ct_event *ev)
{
	struct tracker *t = arg;
	size_t at = add_record(t, RECORD_EVENT, sizeof(*ev));

	if (at != RECORDS_FULL)
		*(struct ct_event *)records_at(&t->batch->records, at) = *ev;
}

static void on_expect(void *arg, const struct ct_expect_event *ev)
{
	struct tracker *t = arg;
	size_t at = add_record(t, RECORD_EXPECT, sizeof(*ev));

	if (at != RECORDS_FULL)
		*(struct ct_expect_event *)records_at(&t->batch->records, at) = *ev;
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

	cfg.track_bounds = o->verbose;
	if (o->events && t->versus) {
		side_take_events(&t->versus->side[0], &cfg);
	} else if (o->events || o->format == REPORT_TIMESKETCH) {
		cfg.on_event = on_event;
		cfg.on_expect = on_expect;
		cfg.event_arg = t;
	}
	/* Nothing that is printed depends on the key. */
	if (getrandom(cfg.hash_key, sizeof(cfg.hash_key), GRND_NONBLOCK) < 0)
		memset(cfg.hash_key, 0x5a, sizeof(cfg.hash_key));
	/* The options were checked: only memory can be missing. */
	if (ct_create(&t->ct, &cfg, NULL) != 0)
		return false;
	t->ct_stats = ct_stats(t->ct);
	return create_reassembly(t, &cfg.sysctl) &&
	       (!t->versus ||
		versus_init(t->versus, &cfg, t->ct, t->reassembly));
}

bool tracker_init(struct tracker *t, const struct settings *settings)
{
	const struct options *o = settings->opt;

	t->settings = settings;
	t->states = o->states;
	t->packet_lines = settings->packet_lines;
	t->tally.counts.kernel = &o->config.kernel;
	if (o->versus) {
		t->versus = versus_create(settings);
		if (!t->versus)
			return false;
	}
	return create_engines(t, o) && clock_init(&t->clock, o);
}

void tracker_free(struct tracker *t)
{
	versus_free(t->versus);
	frame_writer_free(&t->writer);
	ct_reassembly_free(t->reassembly);
	clock_free(&t->clock);
	ct_destroy(t->ct);
}

/* The table goes to the report at once, since it may be as large as memory allows. */
static void print_table(struct tracker *t, bool snapshot)
{
	struct report *r = t->batch->report;

	if (!t->no_memory && !(t->versus ? versus_table(t->versus, r, snapshot) :
					   report_table(r, t->ct, snapshot)))
		t->no_memory = true;
}

static void print_expectations(struct tracker *t)
{
	struct report *r = t->batch->report;

	if (!t->no_memory && !(t->versus ? versus_expectations(t->versus, r) :
					   report_expectations(r, t->ct)))
		t->no_memory = true;
}

/* Moves the engines to a time that no frame has; 'frame' is the index of the next. */
static void advance_to(struct tracker *t, ct_time time, uint32_t frame)
{
	if (!t->versus)
		ct_advance(t->ct, time);
	else if (!versus_advance(t->versus, t->batch, time, frame))
		t->no_memory = true;
}

/* The tables of --at for all moments before 'time', that of the frame of index
 * 'frame'. */
static void print_snapshots(struct tracker *t, ct_time time, uint32_t frame)
{
	ct_time at;

	while (clock_next_at(&t->clock, time, &at)) {
		advance_to(t, at, frame);
		printer_format(t->batch);
		t->batch->report->snapshot_at = at;
		print_table(t, true);
	}
}

/* See clock_is_due(). */
static __attribute__((noinline)) void
move_clock(struct tracker *t, const struct frame *f, ct_time time)
{
	struct clock *c = &t->clock;

	if (!c->started) {
		clock_start(c, t->settings->opt, time);
		t->batch->report->start = time;
	} else if (time < c->now && c->backward++ == 0) {
		c->backward_first = f->number;
	}
	print_snapshots(t, time, (uint32_t)(f - frame_batch_get(t->batch->frames, 0)));
	c->due = c->next_at < c->nat ? c->at[c->next_at] : UINT64_MAX;
}

static inline void advance_clock(struct tracker *t, const struct frame *f,
				 ct_time time)
{
	if (clock_is_due(&t->clock, time))
		move_clock(t, f, time);
	if (time > t->clock.now)
		t->clock.now = time;
	ct_advance(t->ct, t->clock.now);
}

static inline void count_verdict(struct tracker *t, const struct frame *f,
				 const struct ct_packet *pkt,
				 const struct ct_verdict *v)
{
	tally_packet(&t->tally, pkt, v);
	if (v->nwhy && !t->full_first && v->ctstate == CT_DROP &&
	    v->why[0].reason == CT_REASON_TABLE_FULL)
		t->full_first = f->number;
	if (t->writer.writer &&
	    !frame_writer_packet(&t->writer, f, t->reassembly, pkt, v))
		stop_without_memory(t, f->number);
}

/* Fills in the RECORD_PACKET at 'at'. */
static void fill_view(struct tracker *t, size_t at, const struct parsed_frame *p,
		      const struct ct_verdict *v)
{
	struct packet_view *view = records_at(&t->batch->records, at);

	packet_view_set(view, t->clock.now, &p->pkt);
	packet_view_set_verdict(view, v);
	view->summary = p->summary;
}

/* The short record of a packet, where there is no reason and ct_confirm() has nothing
 * to do. */
static void add_verdict(struct tracker *t, const struct frame *f,
			const struct ct_verdict *v)
{
	const struct frame_batch *b = t->batch->frames;
	size_t at = add_record(t, RECORD_VERDICT, sizeof(struct verdict_record));

	if (at != RECORDS_FULL)
		*(struct verdict_record *)records_at(&t->batch->records, at) =
			(struct verdict_record){
				.time = t->clock.now, .id = v->id,
				.frame = (uint32_t)(f - frame_batch_get(b, 0)),
				.ctstate = v->ctstate, .dir = v->dir,
				.proto = v->proto, .state = v->state,
			};
}

static inline bool is_shown(const struct tracker *t, const struct ct_verdict *v)
{
	return t->packet_lines && t->states[v->ctstate];
}

/* Slow path: a packet with a reason, or one that goes on to ct_confirm(). */
static __attribute__((noinline)) void
finish_packet(struct tracker *t, const struct frame *f, struct parsed_frame *p,
	      bool final)
{
	struct ct_verdict *v = &t->verdict;
	struct records *records = &t->batch->records;
	size_t mark, at = RECORDS_FULL;

	if (records->size - records->used < RECORDS_SPARE)
		printer_format(t->batch);
	/* The line comes before the events that ct_confirm() causes, as a rule's log
	 * does.  Only ct_confirm() tells whether a helper drops the packet, so the
	 * record is filled in afterwards. */
	mark = records->used;
	if (is_shown(t, v))
		at = add_record(t, RECORD_PACKET, sizeof(struct packet_view));
	if (!final) {
		t->record_open = true;
		ct_confirm(t->ct, v);
		t->record_open = false;
	}
	if (lacks_memory(t, f)) {
		records->used = mark;
		return;
	}
	if (at != RECORDS_FULL)
		fill_view(t, at, p, v);
	count_verdict(t, f, &p->pkt, v);
}

static inline void track_packet(struct tracker *t, const struct frame *f,
				struct parsed_frame *p)
{
	struct ct_verdict *v = &t->verdict;
	bool final = !ct_track(t->ct, &p->pkt, v);

	if (!final || v->nwhy || t->ct_stats->no_memory) {
		finish_packet(t, f, p, final);
		return;
	}
	if (is_shown(t, v))
		add_verdict(t, f, v);
	count_verdict(t, f, &p->pkt, v);
}

/* A fragment that does not reach the engine. */
static void finish_fragment(struct tracker *t, const struct frame *f,
			    const struct parsed_frame *p, const struct ct_verdict *v)
{
	count_verdict(t, f, &p->pkt, v);
	if (is_shown(t, v))
		fill_view(t, add_record(t, RECORD_PACKET,
					sizeof(struct packet_view)), p, v);
}

/* A fragment waits until its datagram is complete. */
static void track_fragment(struct tracker *t, const struct frame *f,
			   struct parsed_frame *p)
{
	struct ct_verdict v = { .ctstate = CT_FRAGMENT, .dir = CT_DIR_NONE,
				.nwhy = 1 };
	enum ct_reason why = CT_REASON_NONE;
	enum ct_reassembly_result result;

	result = ct_reassembly_packet(t->reassembly, t->clock.now, &p->pkt, &why);
	if (t->reassembly_stats->out_of_memory) {
		stop_without_memory(t, f->number);
		return;
	}
	switch (result) {
	case CT_REASSEMBLY_PASS:
	case CT_REASSEMBLY_WHOLE:
		if (notrack_matches(&t->settings->notrack, &p->pkt))
			p->pkt.flags |= CT_PACKET_NOTRACK;
		if (t->packet_lines)
			summary_read(&p->summary, &p->pkt);
		track_packet(t, f, p);
		return;
	case CT_REASSEMBLY_HELD:
		v.why[0].reason = CT_REASON_FRAG_HELD;
		break;
	case CT_REASSEMBLY_DROPPED:
		v.ctstate = CT_DROP;
		v.why[0].reason = (uint16_t)why;
		break;
	}
	finish_fragment(t, f, p, &v);
}

/* A frame that never reaches connection tracking; 'class' says why. */
static void pass_stateless(struct tracker *t, const struct frame *f, const char *class)
{
	const struct options *o = t->settings->opt;
	struct frame_record record = { f->number, t->clock.now, class };
	size_t at;

	if (t->writer.writer && !o->some_states)
		frame_writer_frame(&t->writer, f);
	if (!o->packets || !o->verbose)
		return;
	at = add_record(t, RECORD_FRAME, sizeof(record));
	*(struct frame_record *)records_at(&t->batch->records, at) = record;
}

/* Slow path: any frame that is not trackable as it is. */
static __attribute__((noinline)) void
track_slow(struct tracker *t, const struct frame *f, struct parsed_frame *p)
{
	if (p->filtered_out) {
		t->tally.counts.filtered++;
		return;
	}
	t->tally.link[p->link]++;
	if (p->link != LINK_IPV4 && p->link != LINK_IPV6) {
		pass_stateless(t, f, link_class_name((enum link_class)p->link));
		return;
	}
	t->tally.counts.packet[p->class]++;
	if (p->class != CT_PACKET_OK)
		pass_stateless(t, f, ct_packet_class_name((enum ct_packet_class)p->class));
	else
		track_fragment(t, f, p);
}

static inline void track_frame(struct tracker *t, const struct frame *f,
			       struct parsed_frame *p)
{
	if (t->no_memory)
		return;
	advance_clock(t, f, p->time);
	if (t->no_memory)	/* for a table of --at */
		return;
	if (p->trackable)
		track_packet(t, f, p);
	else
		track_slow(t, f, p);
}

/* How many packets ahead memory is prefetched: the index, then the entries. */
#define AHEAD_INDEX	64
#define AHEAD_ENTRY	32

static void track_frames(struct tracker *t, struct batch *b)
{
	const struct frame *f = frame_batch_get(b->frames, 0);
	struct parsed_frame *p = b->parsed, *end = p + frame_batch_count(b->frames);
	struct ct *ct = t->ct;

	for (ptrdiff_t i = 0; i < AHEAD_INDEX && i < end - p; i++)
		ct_prefetch(ct, &p[i].pkt);
	for (ptrdiff_t i = 0; i < AHEAD_ENTRY && i < end - p; i++)
		ct_prefetch_entry(ct, &p[i].pkt);
	for (; p < end; f++, p++) {
		if (end - p > AHEAD_INDEX)
			ct_prefetch(ct, &p[AHEAD_INDEX].pkt);
		if (end - p > AHEAD_ENTRY)
			ct_prefetch_entry(ct, &p[AHEAD_ENTRY].pkt);
		track_frame(t, f, p);
	}
}

/* The frames from 'from' to before 'to', for both engines of --versus. */
static void compare_frames(struct tracker *t, uint32_t from, uint32_t to)
{
	uint64_t number;

	if (t->no_memory || versus_track(t->versus, t->batch, from, to, &t->tally,
					 &number))
		return;
	stop_without_memory(t, number);
}

/* Whether no frame of the batch does more to the clock than to move it on. */
static bool is_plain(const struct tracker *t, const struct batch *b, uint32_t n)
{
	return n && b->in_order && !clock_is_due(&t->clock, b->parsed[0].time) &&
	       !clock_is_due(&t->clock, b->parsed[n - 1].time);
}

/* As track_frames().  Both engines take all frames up to a moment of --at. */
static __attribute__((noinline)) void track_versus(struct tracker *t, struct batch *b)
{
	const struct frame *f = frame_batch_get(b->frames, 0);
	uint32_t n = (uint32_t)frame_batch_count(b->frames), from = 0;
	uint32_t i = is_plain(t, b, n) ? n - 1 : 0;

	versus_begin(t->versus);
	for (; i < n && !t->no_memory; i++) {
		ct_time time = b->parsed[i].time;

		if (clock_is_due(&t->clock, time)) {
			compare_frames(t, from, i);
			from = i;
			move_clock(t, &f[i], time);
		}
		if (time > t->clock.now)
			t->clock.now = time;
	}
	compare_frames(t, from, n);
	t->full_first = t->versus->reasons_full;
}

/* Trackable packets are counted by the parser, in sum. */
static void count_trackable(struct tally *t, const struct batch *b)
{
	t->link[LINK_IPV4] += b->trackable_ipv4;
	t->link[LINK_IPV6] += b->trackable - b->trackable_ipv4;
	t->counts.packet[CT_PACKET_OK] += b->trackable;
}

bool tracker_track(struct tracker *t, struct batch *b)
{
	t->batch = b;
	b->report->start = t->clock.start;
	batch_say_messages(b, t->settings->diag);
	count_trackable(&t->tally, b);
	if (t->versus)
		track_versus(t, b);
	else
		track_frames(t, b);
	/* A reader of a live capture gets all frames that have come. */
	if (b->next_waits && t->writer.writer)
		frame_writer_flush(&t->writer);
	return !t->no_memory && !t->writer.error;
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
	printer_format(b);
	if (o->table)
		print_table(t, false);
	if (!t->no_memory)
		print_snapshots(t, UINT64_MAX, 0);
	if (o->expectations)
		print_expectations(t);
	if (o->stats && !t->no_memory)
		report_statistics(b->report, tally_finish(&t->tally), t->ct_stats);
}
