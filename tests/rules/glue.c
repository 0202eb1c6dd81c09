/* SPDX-License-Identifier: GPL-2.0-only */
#include "glue.h"

#include <stdlib.h>
#include <string.h>

#include "conntrack/engine.h"
#include "conntrack/helper/helper.h"
#include "conntrack/lifecycle.h"
#include "conntrack/table/index.h"

static void find_number(struct glue *g, uint64_t id)
{
	g->id = id;
	g->number = g->ct->current;
	if (g->number)
		return;
	/* A released entry has no status. */
	for (g->number = g->ct->table.made - 1; g->number; g->number--)
		if (entry_get(g->ct, g->number)->id == id &&
		    entry_get(g->ct, g->number)->status)
			return;
}

static uint32_t *mark_of(struct glue *g)
{
	if (g->id >= g->marks) {
		size_t n = 2 * g->id + 64;
		uint32_t *p = realloc(g->mark, n * sizeof(*p));

		if (!p)
			abort();
		memset(p + g->marks, 0, (n - g->marks) * sizeof(*p));
		g->mark = p;
		g->marks = n;
	}
	return &g->mark[g->id];
}

/* A packet may end its own connection, which rules then still see. */
static void on_event(void *arg, const struct ct_event *ev)
{
	if (ev->type == CT_EVENT_DESTROY)
		((struct glue *)arg)->dead = ev->record;
}

static void glue_track(void *arg, const struct ct_packet *pkt,
		       const struct rules_template *tmpl, struct ct_verdict *v,
		       bool *more)
{
	struct glue *g = arg;
	struct ct_packet copy = *pkt;

	if (tmpl->notrack)
		copy.flags |= CT_PACKET_NOTRACK;
	*more = ct_track(g->ct, &copy, v);
	/* The engine reads the packet until it is confirmed. */
	if (*more)
		g->ct->pkt = pkt;
	if (v->id)
		find_number(g, v->id);
	/* The id of a connection that was dropped before it was confirmed is used
	 * again. */
	if (g->number && !(entry_get(g->ct, g->number)->status &
			   CT_STATUS_CONFIRMED))
		*mark_of(g) = 0;
	/* nf_conntrack_in() notes the reply after the tracker ended it. */
	if (g->dead.id == v->id && v->dir == CT_DIR_REPLY)
		g->dead.status |= CT_STATUS_SEEN_REPLY;
}

static void glue_confirm(void *arg, struct ct_verdict *v)
{
	ct_confirm(((struct glue *)arg)->ct, v);
}

static void glue_drop(void *arg)
{
	ct_drop(((struct glue *)arg)->ct);
}

static bool glue_conn(void *arg, struct rules_conn *out)
{
	struct glue *g = arg;
	const struct ct_ext *ext;
	struct ct_record r;

	if (g->dead.id == g->id) {
		r = g->dead;
		ext = NULL;
	} else if (g->number) {
		entry_record(g->ct, g->number, ct_now(g->ct), &r);
		ext = entry_ext(g->ct, g->number);
	} else {
		return false;
	}
	*out = (struct rules_conn){
		.id = r.id, .status = r.status, .mark = *mark_of(g),
		.tuple = { r.tuple[0], r.tuple[1] },
		.counter = { r.counter[0], r.counter[1] },
		.expires = r.status & CT_STATUS_CONFIRMED ? r.expires : 0,
		.has_master = r.master != 0, .proto_state = r.state,
	};
	if (ext && ext->master && entry_ext(g->ct, ext->master) &&
	    entry_ext(g->ct, ext->master)->helper)
		out->master_helper = entry_ext(g->ct, ext->master)->helper->name;
	return true;
}

static void glue_set_mark(void *arg, uint32_t mark)
{
	*mark_of(arg) = mark;
}

/* nf_conntrack_tcp_set_closing() */
static void glue_set_closing(void *arg)
{
	struct glue *g = arg;
	struct ct_entry *e = entry_get(g->ct, g->number);

	if (!g->number || e->tuple.protonum != CT_L4_TCP)
		return;
	if (e->proto.state == CT_TCP_CLOSE)
		return;
	e->proto.tcp.state = CT_TCP_CLOSE;
	if (entry_confirmed(e))
		entry_set_expiry(g->ct, g->number, e, ct_now(g->ct) +
				 10 * CT_NSEC_PER_SEC);
}

static bool glue_defragment(void *arg, struct ct_packet *pkt)
{
	struct glue *g = arg;
	enum ct_reason why;

	return ct_reassembly_packet(g->reassembly, ct_now(g->ct), pkt, &why) <
	       CT_REASSEMBLY_HELD;
}

struct search { const struct ct_tuple *t; struct rules_found *out; bool found; };

static bool same_tuple(void *arg, const struct ct_record *r)
{
	struct search *s = arg;

	s->found = !memcmp(&r->tuple[0], s->t, sizeof(*s->t)) ||
		   !memcmp(&r->tuple[1], s->t, sizeof(*s->t));
	if (s->found)
		*s->out = (struct rules_found){ r->status, r->state };
	return !s->found;
}

static bool glue_find(void *arg, const struct ct_tuple *t, uint16_t zone,
		      struct rules_found *out)
{
	struct search s = { .t = t, .out = out };

	(void)zone;
	ct_table(((struct glue *)arg)->ct, same_tuple, &s);
	return s.found;
}

bool glue_open(struct glue *g, uint32_t needs)
{
	struct ct_config cfg;

	*g = (struct glue){ 0 };
	ct_config_defaults(&cfg);
	cfg.checksum = CT_CHECKSUM_ALL;
	cfg.on_event = on_event;
	cfg.event_arg = g;
	cfg.sysctl.acct = !!(needs & RULES_NEED_ACCT);
	if (ct_create(&g->ct, &cfg, NULL) != 0)
		g->ct = NULL;
	g->reassembly = ct_reassembly_create(&cfg.sysctl);
	g->engine = (struct rules_engine){
		.arg = g, .track = glue_track, .confirm = glue_confirm,
		.drop = glue_drop, .conn = glue_conn, .set_mark = glue_set_mark,
		.set_closing = glue_set_closing, .find = glue_find,
		.defragment = glue_defragment,
	};
	return g->ct && g->reassembly;
}

void glue_close(struct glue *g)
{
	ct_destroy(g->ct);
	ct_reassembly_free(g->reassembly);
	free(g->mark);
}
