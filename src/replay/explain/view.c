/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/explain/view.h"

#include <string.h>

#include "replay/explain/facts.h"
#include "replay/parser.h"

/* For ct_table(). */
struct search {
	uint64_t id;
	struct ct_record *found;
	bool is_found;
};

static bool look_at(void *arg, const struct ct_record *rec)
{
	struct search *s = arg;

	if (rec->id != s->id)
		return true;
	*s->found = *rec;
	s->is_found = true;
	return false;
}

static bool find_record(struct ct *ct, uint64_t id, struct ct_record *found)
{
	struct search s = { id, found, false };

	return id && ct_table(ct, look_at, &s) == 0 && s.is_found;
}

/* What the packet itself says, and the verdict. */
static void set_packet(struct explain_view *view, const struct run *r)
{
	const struct parsed_frame *p = &r->batch.parsed[r->frame];
	const struct side *s = &r->lane->side;
	struct explain_word word;

	if (s->words[r->frame].viewed) {
		view->packet = s->views[s->nviews - 1];
		lane_add_path(r->lane, &view->packet);
		return;
	}
	lane_word(r->lane, &r->batch, r->frame, &word);
	packet_view_set(&view->packet, s->now, &p->pkt);
	view->packet.v = word.v;
	parser_summarise(r->settings, &view->packet.summary, &p->pkt);
	if (view->packet.summary.detailed)
		detail_read(&view->packet.detail, &p->pkt);
}

static void set_kind(struct explain_view *view, const struct run *r)
{
	const struct parsed_frame *p = &r->batch.parsed[r->frame];
	struct explain_word word;

	lane_word(r->lane, &r->batch, r->frame, &word);
	if (word.there) {
		view->kind = EXPLAIN_PACKET;
		set_packet(view, r);
		return;
	}
	view->class = p->filtered_out ? "filtered" : word.class;
	view->kind = p->filtered_out ? EXPLAIN_FILTERED :
		     p->link == LINK_COPY ? EXPLAIN_COPY : EXPLAIN_FRAME;
}

/* A connection that the packet has ended, or that it made room for itself. */
static void set_ended(struct explain_view *view, const struct side *s)
{
	for (size_t i = 0; i < s->nhappenings; i++) {
		const struct happening *h = &s->happenings[i];

		if (h->of_expect || h->event.type != CT_EVENT_DESTROY ||
		    h->event.end == CT_END_EXPIRED)
			continue;
		view->has_ended = true;
		view->ended = h->event;
	}
}

static void set_expected(struct explain_view *view, const struct ledger_line *line)
{
	if (!line || !line->helper)
		return;
	view->expected = true;
	view->expect_helper = line->helper;
	view->expect_class = line->class_name;
	view->expect_frame = line->expect_frame;
}

/* The connection of a packet that a helper drops never comes to the table. */
static uint64_t set_met(struct explain_view *view, const struct ledger *l)
{
	const struct ledger_expect *x = ledger_find_expect(l, &view->packet);

	if (view->packet.v.ctstate != CT_RELATED || view->packet.summary.icmp || !x)
		return 0;
	view->expected = true;
	view->expect_helper = x->record.helper;
	view->expect_class = x->record.class_name;
	view->expect_frame = x->frame;
	return x->record.master;
}

static void set_earlier(struct explain_view *view, const struct run *r)
{
	const struct ledger_ended *e;

	if (view->has_before || view->has_ended)
		return;
	e = ledger_find_ended(&r->ledger, &view->packet);
	if (!e || e->event.record.id == view->packet.v.id)
		return;
	view->has_earlier = true;
	view->earlier = e->event;
	view->earlier_last = e->last;
}

static void set_connection(struct explain_view *view, struct run *r)
{
	const struct side *s = &r->lane->side;
	uint64_t id = view->packet.v.id, master;
	const struct ledger_line *line = ledger_find(&r->ledger, s->verdict.slot, id);

	if (id && line)
		view->frames = (struct explain_frames){ line->first, line->last };
	master = set_met(view, &r->ledger);
	ledger_frame(&r->ledger, s, &s->words[r->frame], view->number);
	if (id)
		set_expected(view, ledger_find(&r->ledger, s->verdict.slot, id));
	view->has_before = find_record(r->behind->ct, id, &view->before);
	view->has_after = find_record(r->lane->ct, id, &view->after);
	if (view->has_after || view->has_before)
		master = view->has_after ? view->after.master : view->before.master;
	view->has_master = find_record(r->lane->ct, master, &view->master);
	set_ended(view, s);
	set_earlier(view, r);
}

static bool is_fragment(const struct run *r)
{
	const struct parsed_frame *p = &r->batch.parsed[r->frame];

	return parsed_is_packet(p) && (p->pkt.flags & CT_PACKET_FRAGMENT);
}

void view_frame(struct explain_view *view, struct run *r)
{
	const struct frame *f = frame_batch_get(r->batch.frames, r->frame);
	const struct parsed_frame *p = &r->batch.parsed[r->frame];
	struct lane *l = r->lane;

	lane_track(l, &r->batch, r->frame, r->frame + 1);
	*view = (struct explain_view){
		.number = f->number, .time = l->side.now,
		.kernel = l->opt.config.kernel, .table_max = l->opt.config.sysctl.max,
	};
	set_kind(view, r);
	if (!r->behind || view->kind != EXPLAIN_PACKET)
		return;
	ct_advance(r->behind->ct, view->time);
	view->entries = ct_count(r->behind->ct);
	if (is_fragment(r) && view->packet.v.ctstate != CT_FRAGMENT)
		view->fragment = ct_reassembly_frames(l->reassembly, &view->nfragments);
	set_connection(view, r);
	facts_find(view, p->trackable ? &p->pkt : NULL);
}

unsigned int view_about(const struct explain_view *view, const struct run *r)
{
	const struct packet_view *pkt = &view->packet;
	const struct ct_kernel *k = &view->kernel;
	unsigned int about = ABOUT_ALL;

	if (view->kind != EXPLAIN_PACKET)
		return about;
	about |= variants_about(pkt->protonum, k);
	if (pkt->summary.detailed && pkt->detail.kind == DETAIL_QUOTE)
		about |= variants_about(pkt->detail.protonum, k) | ABOUT_FLOW;
	if (is_fragment(r))
		about |= pkt->l3num == CT_L3_IPV4 ? ABOUT_FRAG4 : ABOUT_FRAG6;
	return about;
}

static bool is_same_word(const struct explain_word *a, const struct explain_word *b)
{
	if (a->there != b->there)
		return false;
	if (!a->there)
		return strcmp(a->class, b->class) == 0;
	return a->v.ctstate == b->v.ctstate && a->v.dropped == b->v.dropped;
}

static bool is_same_reason(const struct ct_verdict *a, const struct ct_verdict *b)
{
	if (a->dir != b->dir || a->nwhy != b->nwhy)
		return false;
	for (unsigned int i = 0; i < a->nwhy; i++)
		if (a->why[i].reason != b->why[i].reason)
			return false;
	return true;
}

static enum explain_change change_of(const struct explain_word *a,
				     const struct explain_word *b)
{
	if (!is_same_word(a, b))
		return EXPLAIN_WORD;
	if (a->rule.verdict != b->rule.verdict)
		return EXPLAIN_RULES;
	return is_same_reason(&a->v, &b->v) ? EXPLAIN_SAME : EXPLAIN_REASON;
}

static void try_setting(struct explain_setting *s, const struct run *r, size_t i,
			const struct explain_word *word)
{
	const struct variant *v = &r->variant[i];

	*s = (struct explain_setting){ .change = EXPLAIN_NOT_TRIED, .table = v->table };
	memcpy(s->text, v->text, sizeof(s->text));
	if (!r->other[i])
		return;
	lane_word(r->other[i], &r->batch, r->frame, &s->word);
	s->change = change_of(word, &s->word);
	s->most = ct_stats(r->other[i]->ct)->most;
}

void view_settings(struct explain_view *view, const struct run *r, unsigned int about,
		   struct explain_setting *setting)
{
	const struct parsed_frame *p = &r->batch.parsed[r->frame];
	struct explain_word word;

	view->setting = setting;
	if (view->kind == EXPLAIN_FILTERED || view->kind == EXPLAIN_COPY ||
	    (p->link != LINK_IPV4 && p->link != LINK_IPV6))
		return;
	lane_word(r->lane, &r->batch, r->frame, &word);
	for (size_t i = 0; i < r->nvariants; i++)
		if (r->variant[i].about & about)
			try_setting(&setting[view->nsettings++], r, i, &word);
}
