/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tracker_slow.c - the frames that are not trackable as they are: fragments, what is
 * in a tunnel's fragments, copies, and frames without a packet.
 */
#include <string.h>

#include "base/compiler.h"
#include "capture/link/decap.h"
#include "replay/parser.h"
#include "replay/tracker_steps.h"

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
	if (t->annotator.writer)
		annotator_frame(&t->annotator, f, class);
	if (!frame_is_shown(t, f))
		return;
	if (t->writer.writer)
		frame_writer_choose(&t->writer, t->batch, f);
	add_frame(t, f, class);
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
		tracker_whole(t, f, p);
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
	tracker_fragment(t, f, p, &v);
	return false;
}

static void track_fragment(struct tracker *t, const struct frame *f,
			   struct parsed_frame *p)
{
	if (t->firewall && (!(p->pkt.flags & CT_PACKET_FRAGMENT) ||
			    !firewall_reassembles(t->firewall, p->pkt.l3num))) {
		tracker_whole(t, f, p);
		return;
	}
	for (unsigned int depth = 0; reassemble(t, f, p); depth++) {
		if (depth == DECAP_DEPTH ||
		    !parser_decap(t->settings, &t->settings->opt->config, p)) {
			tracker_whole(t, f, p);
			return;
		}
		if (!track_inner(t, f, p))
			return;
	}
}

noinline void
tracker_slow(struct tracker *t, const struct frame *f, struct parsed_frame *p)
{
	enum ct_packet_class class;

	ct_advance(t->ct, t->clock.now);
	if (t->no_memory)
		return;
	if (p->filtered_out) {
		t->tally.counts.filtered++;
		if (t->annotator.writer)
			annotator_frame(&t->annotator, f, "filtered");
		return;
	}
	t->tally.link[p->link]++;
	if (p->link == LINK_COPY) {
		if (t->annotator.writer)
			annotator_frame(&t->annotator, f, link_class_name(LINK_COPY));
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

void tracker_leave_copies_out(struct tracker *t, struct batch *b)
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
