/* SPDX-License-Identifier: GPL-2.0-only */
#include "glue.h"

#include "ctreplay/firewall.h"

static void glue_track(void *arg, const struct ct_packet *pkt,
		       const struct rules_template *tmpl, struct ct_verdict *v,
		       bool *more)
{
	struct glue *g = arg;
	const struct ct_template t = {
		.notrack = tmpl->notrack, .helper = tmpl->helper,
		.zone = tmpl->zone_set ? tmpl->zone : 0,
		.zone_dirs = tmpl->zone_dirs,
	};

	*more = ct_track_as(g->ct, pkt, &t, v);
	g->pkt = pkt;
	g->v = v;
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
	struct ct_record r;

	if (!ct_current(g->ct, g->pkt, g->v, &r))
		return false;
	*out = (struct rules_conn){
		.id = r.id, .status = r.status, .mark = r.mark,
		.tuple = { r.tuple[0], r.tuple[1] },
		.counter = { r.counter[0], r.counter[1] },
		.expires = r.status & CT_STATUS_CONFIRMED ? r.expires : 0,
		.has_master = r.master != 0, .proto_state = r.state,
		.zone = r.zone,
		.master_helper = ct_master_helper(g->ct, g->pkt, g->v),
	};
	return true;
}

static void glue_set_mark(void *arg, uint32_t mark)
{
	struct glue *g = arg;

	ct_set_mark(g->ct, g->pkt, g->v, mark);
}

static void glue_set_closing(void *arg)
{
	struct glue *g = arg;

	ct_set_closing(g->ct, g->pkt, g->v);
}

static bool glue_defragment(void *arg, struct ct_packet *pkt)
{
	struct glue *g = arg;
	enum ct_reason why;

	return ct_reassembly_packet(g->reassembly, ct_now(g->ct), pkt, &why) <
	       CT_REASSEMBLY_HELD;
}

static bool glue_find(void *arg, const struct ct_tuple *t, uint16_t zone,
		      struct rules_found *out)
{
	struct ct_record r;

	if (!ct_lookup_zone(((struct glue *)arg)->ct, t, zone, NULL, &r))
		return false;
	*out = (struct rules_found){ r.status, r.state };
	return true;
}

bool glue_open(struct glue *g, uint32_t needs)
{
	struct ct_config cfg;

	*g = (struct glue){ 0 };
	ct_config_defaults(&cfg);
	cfg.checksum = CT_CHECKSUM_ALL;
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
}
