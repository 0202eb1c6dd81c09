/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/tracker_steps.h"

#include <string.h>

#include "capture/link/decap.h"
#include "ctreplay/fast.h"
#include "replay/parser.h"
#include "replay/printer.h"

static void stop_without_memory(struct tracker *t, uint64_t frame)
{
	t->no_memory = true;
	t->no_memory_frame = frame;
}

/* Whether memory ran out while this frame was tracked. */
static inline bool lacks_memory(struct tracker *t, const struct frame *f)
{
	if (!t->ct_stats->no_memory && !t->no_memory && !t->selection.no_memory)
		return false;
	stop_without_memory(t, f->number);
	return true;
}

__attribute__((noinline)) void
tracker_move_clock(struct tracker *t, const struct frame *f, ct_time time)
{
	struct clock *c = &t->clock;

	if (!c->started) {
		clock_start(c, t->settings->opt, time);
		t->batch->report->start = time;
	}
	tracker_print_snapshots(t, time, (uint32_t)(f - frame_batch_get(t->batch->frames, 0)));
	clock_note(c, f->number, time);
}

static inline void advance_clock(struct tracker *t, const struct frame *f,
				 ct_time time)
{
	if (clock_is_due(&t->clock, time))
		tracker_move_clock(t, f, time);
	if (time > t->clock.now)
		t->clock.now = time;
	ct_advance(t->ct, t->clock.now);
}

/* Counts a packet for -C and --top, and reports the connection that it has reset. */
static inline void count_connection(struct tracker *t, const struct frame *f,
				    const struct ct_packet *pkt,
				    const struct ct_verdict *v)
{
	const struct connection_view *reset;

	if (!connections_packet(&t->connections, pkt, v) ||
	    (v->ctstate == CT_INVALID && !v->id && !tops_invalid(&t->tops, pkt)))
		stop_without_memory(t, f->number);
	reset = connections_reset(&t->connections);
	if (reset)
		tracker_add_connection(t, reset);
}

static inline void count_verdict(struct tracker *t, const struct frame *f,
				 const struct ct_packet *pkt,
				 const struct ct_verdict *v, bool shown)
{
	tally_packet(&t->tally, pkt, v);
	if (t->connections.wanted)
		count_connection(t, f, pkt, v);
	if (t->look_at_all && shown && !t->firewall)
		fail_on_packet(&t->fail_on, t->settings->opt, f->number, v);
	if (v->nwhy && !t->full_first && v->ctstate == CT_DROP &&
	    v->why[0].reason == CT_REASON_TABLE_FULL)
		t->full_first = f->number;
	if (t->writer.writer &&
	    !frame_writer_packet(&t->writer, f, t->reassembly, pkt, v, shown))
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
	if (p->summary.detailed)
		detail_read(&view->detail, &p->pkt);
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

static inline void settle(struct tracker *t, const struct settled *s)
{
	struct records *records = &t->batch->records;
	const struct ct_packet *pkt = &s->parsed->pkt;
	struct ct_verdict *v = &t->verdict;

	if (lacks_memory(t, s->frame)) {
		records->used = s->mark;
		return;
	}
	quality_packet(&t->quality, s->frame, pkt, t->clock.now, v);
	if (!s->shown && s->at != RECORDS_FULL)
		records_withdraw(records, s->at);
	else if (s->at != RECORDS_FULL)
		fill_view(t, s->at, s->parsed, v);
	if (s->shown && s->at != RECORDS_FULL && s->rule)
		((struct packet_view *)records_at(records, s->at))->rule = *s->rule;
	count_verdict(t, s->frame, pkt, v, s->shown);
}

void tracker_settle(struct tracker *t, const struct settled *s)
{
	settle(t, s);
}

void tracker_count(struct tracker *t, const struct frame *f,
		   const struct ct_packet *pkt, const struct ct_verdict *v)
{
	count_verdict(t, f, pkt, v, true);
}

/* Slow path: a packet with a reason, one that goes on to ct_confirm(), or any where a
 * selection is to be made. */
static __attribute__((noinline)) void
finish_packet(struct tracker *t, const struct frame *f, struct parsed_frame *p,
	      bool final)
{
	struct ct_verdict *v = &t->verdict;
	struct records *records = &t->batch->records;
	size_t mark, at = RECORDS_FULL;
	bool shown = !t->selection.active ||
		     selection_packet(&t->selection, t->ct, &p->pkt, v);

	if (records->size - records->used < RECORDS_SPARE)
		printer_format(t->batch);
	/* The line comes before the events that ct_confirm() causes, as a rule's log
	 * does.  Only ct_confirm() tells whether a helper drops the packet, so the
	 * record is filled in afterwards. */
	mark = records->used;
	if (shown && t->packet_lines)
		at = add_record(t, RECORD_PACKET, sizeof(struct packet_view));
	if (!final) {
		t->record_open = true;
		ct_confirm(t->ct, v);
		t->record_open = false;
	}
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

static inline void track_packet(struct tracker *t, const struct frame *f,
				struct parsed_frame *p)
{
	struct ct_verdict *v = &t->verdict;
	bool final = !ct_track(t->ct, &p->pkt, v);

	if (is_slow(t, final) || (t->packet_lines && p->summary.detailed) || t->look_at_all) {
		finish_packet(t, f, p, final);
		return;
	}
	if (quality_watches(&t->quality, p->pkt.number))
		quality_packet(&t->quality, f, &p->pkt, t->clock.now, v);
	if (t->packet_lines)
		add_verdict(t, f, v);
	count_verdict(t, f, &p->pkt, v, true);
}

/* A fragment that does not reach the engine. */
static void finish_fragment(struct tracker *t, const struct frame *f,
			    const struct parsed_frame *p, const struct ct_verdict *v)
{
	bool shown = !t->selection.active ||
		     selection_packet(&t->selection, NULL, &p->pkt, v);

	count_verdict(t, f, &p->pkt, v, shown);
	if (shown && t->packet_lines)
		fill_view(t, add_record(t, RECORD_PACKET,
					sizeof(struct packet_view)), p, v);
}


/* The line of a frame without a state (-v); 'class' says why. */
static void add_frame(struct tracker *t, const struct frame *f, const char *class)
{
	const struct options *o = t->settings->opt;
	struct frame_record record = { f->number, t->clock.now, class };
	size_t at;

	if (!o->packets || !o->verbose)
		return;
	at = add_record(t, RECORD_FRAME, sizeof(record));
	*(struct frame_record *)records_at(&t->batch->records, at) = record;
}

/* Of a frame without a packet only its number can be selected. */
static bool frame_is_shown(struct tracker *t, const struct frame *f)
{
	return !t->selection.active || selection_frame(&t->selection, f->number);
}

/* A frame that never reaches connection tracking. */
static void pass_stateless(struct tracker *t, const struct frame *f, const char *class)
{
	quality_not_ip(&t->quality, f);
	if (!frame_is_shown(t, f))
		return;
	if (t->writer.writer)
		frame_writer_frame(&t->writer, f);
	add_frame(t, f, class);
}

/* A datagram that is complete. */
static void track_whole(struct tracker *t, const struct frame *f,
			struct parsed_frame *p)
{
	if (notrack_matches(&t->settings->notrack, &p->pkt))
		p->pkt.flags |= CT_PACKET_NOTRACK;
	if (t->packet_lines)
		summary_read(&p->summary, &p->pkt);
	if (t->firewall)
		tracker_firewall_packet(t, f, p);
	else
		track_packet(t, f, p);
}

/*
 * What is in a tunnel's datagram, which came in fragments.  True if it is a fragment,
 * too: its bytes are then moved, since the reassembly uses theirs again.
 */
static bool track_inner(struct tracker *t, const struct frame *f,
			struct parsed_frame *p)
{
	if (p->link != LINK_IPV4 && p->link != LINK_IPV6) {
		pass_stateless(t, f, link_class_name((enum link_class)p->link));
	} else if (p->class != CT_PACKET_OK) {
		pass_stateless(t, f, ct_packet_class_name((enum ct_packet_class)p->class));
	} else if (!(p->pkt.flags & CT_PACKET_FRAGMENT)) {
		track_whole(t, f, p);
	} else if (p->pkt.caplen <= sizeof(t->nested)) {
		memcpy(t->nested, p->pkt.data, p->pkt.caplen);
		p->pkt.data = t->nested;
		return true;
	}
	return false;
}

/* A fragment waits until its datagram is complete; false: it waits, or is dropped. */
static bool reassemble(struct tracker *t, const struct frame *f,
		       struct parsed_frame *p)
{
	struct ct_verdict v = { .ctstate = CT_FRAGMENT, .dir = CT_DIR_NONE,
				.nwhy = 1 };
	struct datagrams *d = &t->quality.datagrams;
	enum ct_reason why = CT_REASON_NONE;
	enum ct_reassembly_result result;
	struct ct_packet fragment;

	fragment = p->pkt;
	result = ct_reassembly_packet(t->reassembly, t->clock.now, &p->pkt, &why);
	if (t->reassembly_stats->out_of_memory) {
		stop_without_memory(t, f->number);
		return false;
	}
	switch (result) {
	case CT_REASSEMBLY_PASS:
	case CT_REASSEMBLY_WHOLE:
		datagrams_settled(d, &fragment);
		return true;
	case CT_REASSEMBLY_HELD:
		datagrams_held(d, &fragment);
		v.why[0].reason = CT_REASON_FRAG_HELD;
		break;
	case CT_REASSEMBLY_DROPPED:
		if (why != CT_REASON_FRAG_DUPLICATE)
			datagrams_settled(d, &fragment);
		v.ctstate = CT_DROP;
		v.why[0].reason = (uint16_t)why;
		break;
	}
	finish_fragment(t, f, p, &v);
	return false;
}

static void track_fragment(struct tracker *t, const struct frame *f,
			   struct parsed_frame *p)
{
	if (t->firewall && (!(p->pkt.flags & CT_PACKET_FRAGMENT) ||
			    !firewall_reassembles(t->firewall, p->pkt.l3num))) {
		track_whole(t, f, p);
		return;
	}
	for (unsigned int depth = 0; reassemble(t, f, p); depth++) {
		if (depth == DECAP_DEPTH ||
		    !parser_decap(t->settings, &t->settings->opt->config, p)) {
			track_whole(t, f, p);
			return;
		}
		if (!track_inner(t, f, p))
			return;
	}
}

/* Slow path: any frame that is not trackable as it is. */
static __attribute__((noinline)) void
track_slow(struct tracker *t, const struct frame *f, struct parsed_frame *p)
{
	enum ct_packet_class class;

	if (p->filtered_out) {
		t->tally.counts.filtered++;
		return;
	}
	/* With a firewall most packets come here. */
	if (t->firewall && parsed_is_packet(p) &&
	    !(p->pkt.flags & CT_PACKET_FRAGMENT)) {
		t->tally.link[p->link]++;
		t->tally.counts.packet[CT_PACKET_OK]++;
		tracker_firewall_packet(t, f, p);
		return;
	}
	t->tally.link[p->link]++;
	if (p->link == LINK_COPY) {
		if (frame_is_shown(t, f))
			add_frame(t, f, link_class_name(LINK_COPY));
		return;
	}
	if (p->link != LINK_IPV4 && p->link != LINK_IPV6) {
		pass_stateless(t, f, link_class_name((enum link_class)p->link));
		return;
	}
	t->tally.counts.packet[p->class]++;
	if (p->class == CT_PACKET_OK) {
		track_fragment(t, f, p);
		return;
	}
	class = (enum ct_packet_class)p->class;
	quality_bad_header(&t->quality, &p->pkt, class, f->number);
	pass_stateless(t, f, ct_packet_class_name(class));
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

static inline void prefetch_connection(const struct tracker *t, struct ct_packet *pkt)
{
	uint32_t slot = ct_prefetch_entry(t->ct, pkt);

	if (t->connections.wanted)
		connections_prefetch(&t->connections, slot);
}

static void track_frames(struct tracker *t, struct batch *b)
{
	const struct frame *f = frame_batch_get(b->frames, 0);
	struct parsed_frame *p = b->parsed, *end = p + frame_batch_count(b->frames);
	struct ct *ct = t->ct;

	for (ptrdiff_t i = 0; i < AHEAD_INDEX && i < end - p; i++)
		ct_prefetch(ct, &p[i].pkt);
	for (ptrdiff_t i = 0; i < AHEAD_ENTRY && i < end - p; i++)
		prefetch_connection(t, &p[i].pkt);
	for (; p < end; f++, p++) {
		if (end - p > AHEAD_INDEX)
			ct_prefetch(ct, &p[AHEAD_INDEX].pkt);
		if (end - p > AHEAD_ENTRY)
			prefetch_connection(t, &p[AHEAD_ENTRY].pkt);
		track_frame(t, f, p);
	}
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

/* --dedup: copies are not tracked. */
static void leave_copies_out(struct tracker *t, struct batch *b)
{
	size_t n = frame_batch_count(b->frames);

	for (size_t i = 0; i < n; i++) {
		struct parsed_frame *p = &b->parsed[i];

		if (!parsed_is_packet(p) ||
		    !dedup_is_copy(&t->dedup, b->copy_hash[i], p->time))
			continue;
		b->trackable -= p->trackable;
		b->trackable_ipv4 -= p->trackable && p->link == LINK_IPV4;
		p->trackable = false;
		p->link = LINK_COPY;
	}
}

bool tracker_track(struct tracker *t, struct batch *b)
{
	t->batch = b;
	b->report->start = t->clock.start;
	batch_say_messages(b, t->settings->diag);
	if (b->copy_hash)
		leave_copies_out(t, b);
	count_trackable(&t->tally, b);
	if (t->versus)
		tracker_track_versus(t, b);
	else
		track_frames(t, b);
	/* A reader of a live capture gets all frames that have come. */
	if (b->next_waits && t->writer.writer)
		frame_writer_flush(&t->writer);
	return !t->no_memory && !t->writer.error;
}
