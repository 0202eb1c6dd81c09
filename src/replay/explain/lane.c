/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/explain/lane.h"

#include <stdlib.h>
#include <string.h>

#include "capture/link/link.h"

/* An entry with its place in the index. */
#define ENTRY_BYTES	256u

/* A byte of the text of sets, which are the large ones, takes about so many in memory. */
#define RULES_BYTES	8u

/* The rules of a lane of its own: they count, and remember. */
static bool add_firewall(struct lane *l, const struct firewall_files *files)
{
	l->firewall = firewall_make(files, &l->opt.firewall, &diag_silent);
	l->settings.firewall[0] = l->firewall;
	l->firewall_bytes = RULES_BYTES * files->len;
	return l->firewall;
}

struct lane *lane_create(const struct settings *s, const struct ct_config *cfg,
			 const struct firewall_files *files, bool watched,
			 bool notrack)
{
	struct lane *l = calloc(1, sizeof(*l));

	if (!l)
		return NULL;
	l->opt = *s->opt;
	l->opt.config = *cfg;
	l->settings = *s;
	l->settings.opt = &l->opt;
	l->settings.packet_lines = false;
	if (!notrack)
		l->settings.notrack = (struct notrack){ 0 };
	if (watched) {
		side_take_events(&l->side, &l->opt.config);
		l->opt.config.track_bounds = true;
	}
	if (files && !add_firewall(l, files)) {
		lane_free(l);
		return NULL;
	}
	if (ct_create(&l->ct, &l->opt.config, NULL) == 0)
		l->reassembly = ct_reassembly_create(&l->opt.config.sysctl);
	if (!l->reassembly ||
	    !side_init(&l->side, &l->settings, false, l->ct, l->reassembly)) {
		lane_free(l);
		return NULL;
	}
	if (l->firewall)
		firewall_attach(l->firewall, l->ct, l->reassembly);
	l->parser = (struct parser){ .settings = &l->settings, .ct = l->ct };
	return l;
}

void lane_free(struct lane *l)
{
	if (!l)
		return;
	side_free(&l->side);
	firewall_free(l->firewall);
	ct_reassembly_free(l->reassembly);
	ct_destroy(l->ct);
	free(l);
}

void lane_parse(const struct lane *l, struct batch *b, const bool *copy)
{
	size_t n = frame_batch_count(b->frames);

	parser_parse(&l->parser, b);
	for (size_t i = 0; copy && i < n; i++) {
		if (!copy[i])
			continue;
		b->parsed[i].link = LINK_COPY;
		b->parsed[i].trackable = false;
	}
}

void lane_track(struct lane *l, const struct batch *b, uint32_t from, uint32_t to)
{
	side_begin(&l->side);
	side_track(&l->side, b, from, to);
}

static const char *class_of(const struct parsed_frame *p)
{
	if (p->link != LINK_IPV4 && p->link != LINK_IPV6)
		return link_class_name((enum link_class)p->link);
	return ct_packet_class_name((enum ct_packet_class)p->class);
}

void lane_word(const struct lane *l, const struct batch *b, uint32_t i,
	       struct explain_word *word)
{
	const struct word *w = &l->side.words[i];

	*word = (struct explain_word){ .there = w->tracked };
	if (!w->tracked) {
		word->class = class_of(&b->parsed[i]);
		return;
	}
	if (w->viewed) {
		word->v = l->side.views[l->side.nviews - 1].v;
		word->rule = l->side.views[l->side.nviews - 1].rule;
		return;
	}
	word->v = (struct ct_verdict){
		.id = w->id, .ctstate = w->ctstate, .dir = w->dir,
		.proto = w->proto, .state = w->state,
	};
}

void lane_add_path(struct lane *l, struct packet_view *view)
{
	if (!l->firewall || !view->rule.verdict)
		return;
	firewall_copy_path(l->firewall, l->path);
	firewall_copy_texts(l->firewall, l->path_text);
	view->rule.path = l->path;
	view->rule.path_text = l->path_text;
	view->rule.npath = firewall_path_length(l->firewall);
	view->rule.path_known = true;
}

size_t lane_bytes(const struct lane *l)
{
	return (size_t)ct_stats(l->ct)->most * ENTRY_BYTES + l->firewall_bytes;
}
