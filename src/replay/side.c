/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/side.h"

#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "capture/link/decap.h"
#include "capture/link/link.h"
#include "ctreplay/fast.h"
#include "replay/parser.h"

static void stop_without_memory(struct side *s)
{
	if (s->no_memory)
		return;
	s->no_memory = true;
	s->no_memory_at = s->frame;
}

/* Space for the next happening; NULL: no memory. */
static struct happening *add_happening(struct side *s)
{
	size_t size = s->happenings_size ? 2 * s->happenings_size : 256;
	struct happening *grown;

	if (s->nhappenings == s->happenings_size) {
		grown = realloc(s->happenings, size * sizeof(*grown));
		if (!grown) {
			stop_without_memory(s);
			return NULL;
		}
		s->happenings = grown;
		s->happenings_size = size;
	}
	s->happenings[s->nhappenings].step = s->step;
	s->happenings[s->nhappenings].matched = false;
	return &s->happenings[s->nhappenings++];
}

static void on_event(void *arg, const struct ct_event *ev)
{
	struct happening *h = add_happening(arg);

	if (h) {
		h->of_expect = false;
		h->event = *ev;
	}
}

static void on_expect(void *arg, const struct ct_expect_event *ev)
{
	struct happening *h = add_happening(arg);

	if (h) {
		h->of_expect = true;
		h->expect = *ev;
	}
}

void side_take_events(struct side *s, struct ct_config *cfg)
{
	cfg->on_event = on_event;
	cfg->on_expect = on_expect;
	cfg->event_arg = s;
}

bool side_init(struct side *s, const struct settings *settings, bool second,
	       struct ct *ct, struct ct_reassembly *reassembly)
{
	s->settings = settings;
	s->second = second;
	s->ct = ct;
	s->ct_stats = ct_stats(ct);
	s->reassembly = reassembly;
	s->reassembly_stats = ct_reassembly_stats(reassembly);
	s->firewall = settings->firewall[second];
	s->words = calloc(FRAME_BATCH_FRAMES, sizeof(*s->words));
	s->views = malloc(FRAME_BATCH_FRAMES * sizeof(*s->views));
	return s->words && s->views;
}

void side_free(struct side *s)
{
	free(s->words);
	free(s->views);
	free(s->happenings);
}

static bool note_expectation(void *arg, const struct ct_expect_record *x)
{
	struct happening *h = add_happening(arg);

	if (!h)
		return false;
	h->of_expect = true;
	h->expect = (struct ct_expect_event){ .type = CT_EVENT_NEW, .record = *x };
	return true;
}

bool side_note_expectations(struct side *s)
{
	s->nhappenings = 0;
	return ct_expectations(s->ct, note_expectation, s) == 0 && !s->no_memory;
}

void side_advance(struct side *s, ct_time time, uint32_t frame)
{
	s->frame = frame;
	s->step = 2 * (uint64_t)frame;
	ct_advance(s->ct, time);
}

void side_begin(struct side *s)
{
	s->nviews = 0;
	s->nhappenings = 0;
}

/* A verdict that does not fit into struct word. */
static noinline void add_view(struct side *s, const struct ct_packet *pkt,
			      const struct ct_verdict *v)
{
	struct packet_view *view = &s->views[s->nviews++];

	packet_view_set(view, s->now, pkt);
	packet_view_set_verdict(view, v);
	/* Read now: the next call of the reassembly reuses the packet's bytes. */
	parser_summarise(s->settings, &view->summary, pkt);
	if (view->summary.detailed)
		detail_read(&view->detail, pkt);
}

/* The packets that a firewall judges have all a view. */
static void note_rules(struct side *s, const struct rule_view *rule)
{
	s->words[s->frame].rule_verdict = rule->verdict;
	s->views[s->nviews - 1].rule = *rule;
}

static inline void note(struct side *s, const struct ct_packet *pkt,
			const struct ct_verdict *v, bool viewed)
{
	viewed |= v->nwhy || v->dropped;
	s->words[s->frame] = (struct word){
		.id = v->id, .tracked = true, .viewed = viewed,
		.ctstate = v->ctstate, .dir = v->dir, .proto = v->proto,
		.state = v->state,
	};
	if (viewed)
		add_view(s, pkt, v);
}

/* A rule's log comes before the events of ct_confirm(). */
static void on_judged(void *arg, const struct ct_packet *pkt,
		      const struct ct_verdict *v)
{
	(void)pkt;
	(void)v;
	((struct side *)arg)->step++;
}

static noinline void
track_rules(struct side *s, const struct frame *f, const struct ct_packet *pkt)
{
	struct rule_view rule = { .path = NULL };
	struct ct_verdict *v;

	s->firewall->on_judged = on_judged;
	s->firewall->arg = s;
	v = firewall_packet(s->firewall, f, pkt, &rule);
	s->verdict = *v;
	if (s->ct_stats->no_memory)
		stop_without_memory(s);
	if (v->ctstate == CT_NEW)
		quality_group(&s->groups, pkt, s->now, v);
	note(s, pkt, v, true);
	note_rules(s, &rule);
}

static inline void track_packet(struct side *s, const struct ct_packet *pkt,
				bool viewed)
{
	struct ct_verdict *v = &s->verdict;

	/* A rule sees the packet before the events of ct_confirm(). */
	if (ct_track(s->ct, pkt, v)) {
		s->step++;
		ct_confirm(s->ct, v);
	}
	if (s->ct_stats->no_memory)
		stop_without_memory(s);
	if (v->ctstate == CT_NEW)
		quality_group(&s->groups, pkt, s->now, v);
	note(s, pkt, v, viewed);
}

static bool is_notrack(const struct side *s, const struct ct_packet *pkt)
{
	return notrack_matches(&s->settings->notrack, pkt) ||
	       (s->second && notrack_matches(&s->settings->notrack_second, pkt));
}

/* A datagram that is complete. */
static void track_whole(struct side *s, const struct frame *f,
			struct ct_packet *pkt)
{
	if (is_notrack(s, pkt))
		pkt->flags |= CT_PACKET_NOTRACK;
	if (s->firewall)
		track_rules(s, f, pkt);
	else
		track_packet(s, pkt, true);
}

/* as reassemble() of tracker_slow.c: false where the fragment waits, or is dropped. */
static bool reassemble(struct side *s, struct ct_packet *pkt)
{
	struct ct_verdict v = { .ctstate = CT_FRAGMENT, .dir = CT_DIR_NONE,
				.nwhy = 1 };
	enum ct_reason why = CT_REASON_NONE;

	switch (ct_reassembly_packet(s->reassembly, s->now, pkt, &why)) {
	case CT_REASSEMBLY_PASS:
	case CT_REASSEMBLY_WHOLE:
		return true;
	case CT_REASSEMBLY_HELD:
		v.why[0].reason = CT_REASON_FRAG_HELD;
		break;
	case CT_REASSEMBLY_DROPPED:
		v.ctstate = CT_DROP;
		v.why[0].reason = (uint16_t)why;
		break;
	}
	note(s, pkt, &v, true);
	return false;
}

/* As track_inner() of tracker.c: true if a tunnel's datagram holds a fragment. */
static bool track_inner(struct side *s, const struct frame *f,
			struct parsed_frame *p)
{
	if ((p->link != LINK_IPV4 && p->link != LINK_IPV6) ||
	    p->class != CT_PACKET_OK)
		return false;
	if (!(p->pkt.flags & CT_PACKET_FRAGMENT)) {
		track_whole(s, f, &p->pkt);
		return false;
	}
	if (p->pkt.caplen > sizeof(s->nested))
		return false;
	memcpy(s->nested, p->pkt.data, p->pkt.caplen);
	p->pkt.data = s->nested;
	return true;
}

/* As track_fragment() of tracker_slow.c; the parsed frame stays as it is. */
static noinline void
track_fragment(struct side *s, const struct frame *f,
	       const struct parsed_frame *parsed)
{
	const struct options *o = s->settings->opt;
	const struct ct_config *cfg = s->second ? &o->second.config : &o->config;
	struct parsed_frame p = *parsed;

	s->words[s->frame].bits = 0;
	if (s->firewall && (!(p.pkt.flags & CT_PACKET_FRAGMENT) ||
			    !firewall_reassembles(s->firewall, p.pkt.l3num))) {
		track_whole(s, f, &p.pkt);
		return;
	}
	for (unsigned int depth = 0; reassemble(s, &p.pkt); depth++) {
		if (depth == DECAP_DEPTH || !parser_decap(s->settings, cfg, &p)) {
			track_whole(s, f, &p.pkt);
			break;
		}
		if (!track_inner(s, f, &p))
			break;
	}
	if (s->reassembly_stats->out_of_memory)
		stop_without_memory(s);
}

static inline void track_frame(struct side *s, const struct frame *f,
			       const struct parsed_frame *p)
{
	if (p->time > s->now)
		s->now = p->time;
	ct_advance(s->ct, s->now);
	if (p->trackable && !s->firewall)
		track_packet(s, &p->pkt, false);
	else if (parsed_is_packet(p))
		track_fragment(s, f, p);
	else
		s->words[s->frame].bits = 0;
}

/* How many packets ahead memory is prefetched: the index, then the entries. */
#define AHEAD_INDEX	64u
#define AHEAD_ENTRY	32u

void side_track(struct side *s, const struct batch *b, uint32_t from, uint32_t to)
{
	struct parsed_frame *p = s->second ? b->second : b->parsed;
	const struct frame *f = frame_batch_get(b->frames, 0);

	for (uint32_t i = from; i < to && i < from + AHEAD_INDEX; i++)
		ct_prefetch(s->ct, &p[i].pkt);
	for (uint32_t i = from; i < to && i < from + AHEAD_ENTRY; i++)
		ct_prefetch_entry(s->ct, &p[i].pkt);
	for (uint32_t i = from; i < to && !s->no_memory; i++) {
		if (to - i > AHEAD_INDEX)
			ct_prefetch(s->ct, &p[i + AHEAD_INDEX].pkt);
		if (to - i > AHEAD_ENTRY)
			ct_prefetch_entry(s->ct, &p[i + AHEAD_ENTRY].pkt);
		s->frame = i;
		s->step = 2 * (uint64_t)i;
		track_frame(s, &f[i], &p[i]);
	}
}
