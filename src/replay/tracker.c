/* SPDX-License-Identifier: GPL-2.0-only */
/* track.c - the stage in the middle: the clock, reassembly and the engine. */
#include "replay/run.h"

#include <stdlib.h>

#include "ctreplay/fast.h"

/* What a packet may cause to be printed, in all but rare cases. */
#define PAGE_SPARE (16u * 1024)

/* What comes is not printed. */
static void stop_without_memory(struct run *run, uint64_t frame)
{
	run->no_memory = true;
	run->no_memory_frame = frame;
	atomic_store(&run->give_up, true);
}

/* Whether memory ran out, while this frame was worked on. */
static inline bool lacks_memory(struct run *run, const struct frame *f)
{
	if (!run->ct_stats->no_memory && !run->no_memory)
		return false;
	stop_without_memory(run, f->number);
	return true;
}

/* The page at hand has room for it now, or the record is lost. */
static __attribute__((noinline)) size_t
make_room(struct run *run, enum record_kind kind, size_t size)
{
	struct records *page = &run->tracking->page;

	if (!run->pinned) {
		format_batch(run, run->tracking);
	} else if (!records_grow(page)) {
		run->no_memory = true;
		return RECORDS_FULL;
	}
	return records_add(page, kind, size);
}

static inline size_t add_record(struct run *run, enum record_kind kind,
				size_t size)
{
	size_t at = records_add(&run->tracking->page, kind, size);

	return at != RECORDS_FULL ? at : make_room(run, kind, size);
}

void track_event(void *arg, const struct ct_event *ev)
{
	struct run *run = arg;
	size_t at = add_record(run, RECORD_EVENT, sizeof(*ev));

	if (at != RECORDS_FULL)
		*(struct ct_event *)records_at(&run->tracking->page, at) = *ev;
}

void track_expect(void *arg, const struct ct_expect_event *ev)
{
	struct run *run = arg;
	size_t at = add_record(run, RECORD_EXPECT, sizeof(*ev));

	if (at != RECORDS_FULL)
		*(struct ct_expect_event *)records_at(&run->tracking->page, at) = *ev;
}

/* Snapshots that were asked for and are due before 'time'. */
void track_snapshots(struct run *run, ct_time time)
{
	while (run->next_at < run->nat && run->at[run->next_at] < time) {
		ct_advance(run->ct, run->at[run->next_at]);
		format_batch(run, run->tracking);
		run->tracking->report->snapshot_at = run->at[run->next_at++];
		if (!run->no_memory)
			print_table(run, true);
	}
}

static int by_time(const void *a, const void *b)
{
	ct_time x = *(const ct_time *)a, y = *(const ct_time *)b;

	return (x > y) - (x < y);
}

/* The first frame: now times that are relative to it are known. */
static void start_clock(struct run *run, ct_time time)
{
	run->started = true;
	run->start = run->tracking->report->start = time;
	for (size_t i = 0; i < run->opt->nat; i++) {
		const struct timestamp *m = &run->opt->at[i];

		run->at[i] = m->relative ? time + m->nanoseconds : m->nanoseconds;
	}
	run->nat = run->opt->nat;
	if (run->nat)
		qsort(run->at, run->nat, sizeof(*run->at), by_time);
}

/* The first frame, one that is late, or one that comes after a snapshot. */
static __attribute__((noinline)) void
move_clock(struct run *run, const struct frame *f, ct_time time)
{
	if (!run->started)
		start_clock(run, time);
	else if (time < run->now && run->backward++ == 0)
		run->backward_first = f->number;
	if (run->next_at < run->nat)
		track_snapshots(run, time);
	run->due = run->next_at < run->nat ? run->at[run->next_at] : UINT64_MAX;
}

/* The clock never runs backwards: a late frame is taken as of now. */
static inline void advance_clock(struct run *run, const struct frame *f,
				 ct_time time)
{
	if (time >= run->due || time < run->now)
		move_clock(run, f, time);
	if (time > run->now)
		run->now = time;
	ct_advance(run->ct, run->now);
}

/* How writing for -w went: 0, or errno, and then there is no use in going on. */
static void note_written(struct run *run, int error)
{
	run->write_error = error;
	if (error)
		atomic_store(&run->give_up, true);
}

static void write_frame(struct run *run, const struct frame *f)
{
	if (f && !run->write_error)
		note_written(run, writer_frame(run->writer, f));
}

/* -w: the frame of a packet, with the fragments that it completes. */
static void write_packet(struct run *run, const struct frame *f,
			 const struct ct_packet *pkt, const struct ct_verdict *v)
{
	const uint64_t *numbers;
	uint32_t n;

	if (!run->opt->states[v->ctstate]) {
		if (v->ctstate == CT_FRAGMENT && !fragment_frames_add(run->held, f))
			stop_without_memory(run, f->number);
		return;
	}
	/* If fragments are let through themselves they are written already. */
	if ((pkt->flags & CT_PACKET_REASSEMBLED) &&
	    !run->opt->states[CT_FRAGMENT]) {
		numbers = reassembly_frames(run->reassembly, &n);
		for (uint32_t i = 0; i < n; i++)
			if (numbers[i] != f->number)
				write_frame(run, fragment_frames_find(run->held, numbers[i]));
	}
	write_frame(run, f);
}

static inline void count_verdict(struct run *run, const struct frame *f,
				 const struct ct_packet *pkt,
				 const struct ct_verdict *v)
{
	tally_packet(&run->tally, pkt, v);
	if (v->nwhy && !run->full_first && v->ctstate == CT_DROP &&
	    v->why[0].reason == CT_REASON_TABLE_FULL)
		run->full_first = f->number;
	if (run->writer)
		write_packet(run, f, pkt, v);
}

/* Fills in the record of a packet that was added at 'at'. */
static void fill_view(struct run *run, size_t at, const struct parsed *p,
		      const struct ct_verdict *v)
{
	struct packet_view *view = records_at(&run->tracking->page, at);

	shown_view(view, run->now, &p->pkt, v);
	view->shown = p->shown;
}

/* The same where there is no reason, and nothing more to come. */
static void add_word(struct run *run, const struct frame *f,
		     const struct ct_verdict *v)
{
	const struct frame_batch *b = run->tracking->frames;
	size_t at = add_record(run, RECORD_WORD, sizeof(struct packet_word));

	if (at != RECORDS_FULL)
		*(struct packet_word *)records_at(&run->tracking->page, at) =
			(struct packet_word){
				.time = run->now, .id = v->id,
				.frame = (uint32_t)(f - frame_batch_get(b, 0)),
				.ctstate = v->ctstate, .dir = v->dir,
				.proto = v->proto, .state = v->state,
			};
}

static inline bool is_shown(const struct run *run, const struct ct_verdict *v)
{
	return run->lines && run->opt->states[v->ctstate];
}

/* A packet that has something to tell, or goes on to ct_confirm(). */
static __attribute__((noinline)) void
replay_more(struct run *run, const struct frame *f, struct parsed *p, bool final)
{
	struct ct_verdict *v = &run->verdict;
	struct records *page = &run->tracking->page;
	size_t mark, at = RECORDS_FULL;

	if (page->size - page->used < PAGE_SPARE)
		format_batch(run, run->tracking);
	/* The line comes before the events that the packet causes when it
	 * leaves, as a rule's log does.  Whether a helper drops it then is
	 * known only afterwards. */
	mark = page->used;
	if (is_shown(run, v))
		at = add_record(run, RECORD_PACKET, sizeof(struct packet_view));
	if (!final) {
		run->pinned = true;
		ct_confirm(run->ct, v);
		run->pinned = false;
	}
	if (lacks_memory(run, f)) {
		page->used = mark;
		return;
	}
	if (at != RECORDS_FULL)
		fill_view(run, at, p, v);
	count_verdict(run, f, &p->pkt, v);
}

static inline void replay_packet(struct run *run, const struct frame *f,
				 struct parsed *p)
{
	struct ct_verdict *v = &run->verdict;
	bool final = !ct_track(run->ct, &p->pkt, v);

	if (!final || v->nwhy || run->ct_stats->no_memory) {
		replay_more(run, f, p, final);
		return;
	}
	if (is_shown(run, v))
		add_word(run, f, v);
	count_verdict(run, f, &p->pkt, v);
}

static void say_fragment(struct run *run, const struct frame *f,
			 const struct parsed *p, const struct ct_verdict *v)
{
	count_verdict(run, f, &p->pkt, v);
	if (is_shown(run, v))
		fill_view(run, add_record(run, RECORD_PACKET,
					  sizeof(struct packet_view)), p, v);
}

/* Fragments wait until their datagram is whole. */
static void replay_fragment(struct run *run, const struct frame *f,
			    struct parsed *p)
{
	struct ct_verdict v = { .ctstate = CT_FRAGMENT, .dir = CT_DIR_NONE,
				.nwhy = 1 };
	enum ct_reason why = CT_REASON_NONE;
	enum reassembly_result result;

	result = reassembly_packet(run->reassembly, run->now, &p->pkt, &why);
	if (run->reassembly_stats->out_of_memory) {
		stop_without_memory(run, f->number);
		return;
	}
	switch (result) {
	case REASSEMBLY_PASS:
	case REASSEMBLY_WHOLE:
		if (run->opt->nnotrack && notrack_matches(run, &p->pkt))
			p->pkt.flags |= CT_PACKET_NOTRACK;
		if (run->lines)
			summary_read(&p->shown, &p->pkt);
		replay_packet(run, f, p);
		return;
	case REASSEMBLY_HELD:
		v.why[0].reason = CT_REASON_FRAG_HELD;
		break;
	case REASSEMBLY_DROPPED:
		v.ctstate = CT_DROP;
		v.why[0].reason = (uint16_t)why;
		break;
	}
	say_fragment(run, f, p, &v);
}

static void stateless(struct run *run, const struct frame *f, const char *class)
{
	struct frame_view view = { f->number, run->now, class };
	size_t at;

	if (run->writer && !run->opt->some_states)
		write_frame(run, f);
	if (!run->opt->packets || !run->opt->verbose)
		return;
	at = add_record(run, RECORD_FRAME, sizeof(view));
	*(struct frame_view *)records_at(&run->tracking->page, at) = view;
}

static __attribute__((noinline)) void
replay_slow(struct run *run, const struct frame *f, struct parsed *p)
{
	if (p->filtered_out) {
		run->tally.counts.filtered++;
		return;
	}
	run->tally.link[p->link]++;
	if (p->link != LINK_IPV4 && p->link != LINK_IPV6) {
		stateless(run, f, link_class_name((enum link_class)p->link));
		return;
	}
	run->tally.counts.packet[p->class]++;
	if (p->class != CT_PACKET_OK)
		stateless(run, f,
			  ct_packet_class_name((enum ct_packet_class)p->class));
	else
		replay_fragment(run, f, p);
}

static inline void replay_frame(struct run *run, const struct frame *f,
				struct parsed *p)
{
	if (run->no_memory)
		return;
	advance_clock(run, f, p->time);
	if (run->no_memory)	/* for a snapshot */
		return;
	if (!p->usual) {
		replay_slow(run, f, p);
		return;
	}
	replay_packet(run, f, p);
}

/* What the capture had to say, in the order in which it was found out. */
static void say_messages(struct run *run, struct batch *w)
{
	struct message *m, *next;

	for (m = w->messages; m; m = next) {
		next = m->next;
		run->diag->say(run->diag->arg, m->level, m->text);
		free(m);
	}
	w->messages = NULL;
}

/* How many packets ahead memory is asked for: the index, then the entries. */
#define AHEAD_INDEX	64
#define AHEAD_ENTRY	32

static void track_frames(struct run *run, struct batch *w)
{
	const struct frame *f = frame_batch_get(w->frames, 0);
	struct parsed *p = w->parsed, *end = p + frame_batch_count(w->frames);
	struct ct *ct = run->ct;

	for (ptrdiff_t i = 0; i < AHEAD_INDEX && i < end - p; i++)
		ct_prefetch(ct, &p[i].pkt);
	for (ptrdiff_t i = 0; i < AHEAD_ENTRY && i < end - p; i++)
		ct_prefetch_entry(ct, &p[i].pkt);
	for (; p < end; f++, p++) {
		if (end - p > AHEAD_INDEX)
			ct_prefetch(ct, &p[AHEAD_INDEX].pkt);
		if (end - p > AHEAD_ENTRY)
			ct_prefetch_entry(ct, &p[AHEAD_ENTRY].pkt);
		replay_frame(run, f, p);
	}
}

/* What parsing has counted. */
static void count_fast(struct run *run, const struct batch *w)
{
	run->tally.link[LINK_IPV4] += w->fast_ipv4;
	run->tally.link[LINK_IPV6] += w->usual - w->fast_ipv4;
	run->tally.counts.packet[CT_PACKET_OK] += w->usual;
}

void track_batch(struct run *run, struct batch *w)
{
	run->tracking = w;
	w->report->start = run->start;
	say_messages(run, w);
	count_fast(run, w);
	track_frames(run, w);
	/* Whoever watches a live capture sees all that was captured. */
	if (w->waits && run->writer && !run->write_error)
		note_written(run, writer_flush(run->writer));
}
