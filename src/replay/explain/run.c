/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/explain/run.h"

#include <stdlib.h>
#include <string.h>

#include "base/random_key.h"

/* Small, so that a batch stays in the processor's cache for all lanes. */
#define BATCH_FRAMES	1024u

static struct lane *create_lane(struct run *r, const struct ct_config *cfg, bool watched,
				bool notrack)
{
	struct lane *l = lane_create(r->settings, cfg, r->files, watched, notrack);

	if (l)
		l->parser.dedup = &r->dedup;
	return l;
}

/* Rulesets of so many lanes take too much memory. */
static bool is_too_much(const struct run *r, size_t lanes)
{
	return r->lane->firewall_bytes > EXPLAIN_BYTES / (lanes + 1);
}

static bool create_lanes(struct run *r, unsigned int about)
{
	const struct settings *s = r->settings;
	struct ct_config cfg = s->opt->config;

	random_key(cfg.hash_key, sizeof(cfg.hash_key));
	r->lane = create_lane(r, &cfg, true, true);
	if (!r->lane || !about)
		return r->lane;
	r->behind = create_lane(r, &cfg, false, true);
	r->variant = calloc(VARIANTS_MAX, sizeof(*r->variant));
	if (!r->behind || !r->variant)
		return false;
	r->nvariants = variants_list(r->variant, s->opt, about);
	for (size_t i = 0; i < r->nvariants; i++) {
		struct variant *v = &r->variant[i];

		if (is_too_much(r, i + 2))
			continue;
		memcpy(v->config.hash_key, cfg.hash_key, sizeof(cfg.hash_key));
		r->other[i] = create_lane(r, &v->config, false, !v->no_notrack);
		if (!r->other[i])
			return false;
	}
	return true;
}

bool run_init(struct run *r, const struct settings *settings,
	      const struct firewall_files *files, struct printer *printer,
	      struct progress *progress, unsigned int about)
{
	*r = (struct run){ .settings = settings, .files = files };
	frame_reader_init(&r->reader, settings, progress);
	return batch_init(&r->batch, BATCH_FRAMES, printer, &printer->report) &&
	       dedup_init(&r->dedup, settings->opt->dedup) &&
	       ledger_init(&r->ledger) && create_lanes(r, about);
}

void run_free(struct run *r)
{
	frame_reader_close(&r->reader);
	batch_free(&r->batch);
	dedup_free(&r->dedup);
	ledger_free(&r->ledger);
	lane_free(r->lane);
	lane_free(r->behind);
	for (size_t i = 0; i < r->nvariants; i++)
		lane_free(r->other[i]);
	free(r->variant);
}

static void find_copies(struct run *r)
{
	const struct batch *b = &r->batch;
	size_t n = frame_batch_count(b->frames);

	for (size_t i = 0; i < n; i++) {
		struct parsed_frame *p = &b->parsed[i];

		r->copy[i] = parsed_is_packet(p) &&
			     dedup_is_copy(&r->dedup, b->copy_hash[i], p->time);
		if (!r->copy[i])
			continue;
		p->link = LINK_COPY;
		p->trackable = false;
	}
}

/* The frames up to number 'to', one by one. */
static void track_watched(struct run *r, uint32_t to)
{
	const struct frame *f = frame_batch_get(r->batch.frames, 0);
	struct lane *l = r->lane;

	for (uint32_t i = 0; i < to; i++) {
		lane_track(l, &r->batch, i, i + 1);
		ledger_frame(&r->ledger, &l->side, &l->side.words[i], f[i].number);
	}
}

/* The last settings of the list are given up where all tables take too much. */
static void limit_memory(struct run *r)
{
	size_t bytes = lane_bytes(r->lane) + lane_bytes(r->behind);

	for (size_t i = 0; i < r->nvariants; i++) {
		if (!r->other[i])
			continue;
		bytes += lane_bytes(r->other[i]);
		if (bytes <= EXPLAIN_BYTES)
			continue;
		lane_free(r->other[i]);
		r->other[i] = NULL;
	}
}

/* The frames before number 'to' of the batch, and that one, if it is there. */
static void track_others(struct run *r, uint32_t to, bool there)
{
	struct batch *b = &r->batch;
	const bool *copy = b->copy_hash ? r->copy : NULL;

	if (!r->behind)
		return;
	lane_parse(r->behind, b, copy);
	lane_track(r->behind, b, 0, to);
	for (size_t i = 0; i < r->nvariants; i++) {
		if (!r->other[i])
			continue;
		lane_parse(r->other[i], b, copy);
		lane_track(r->other[i], b, 0, to + there);
		r->no_memory |= r->other[i]->side.no_memory;
	}
	limit_memory(r);
}

static void track_batch(struct run *r)
{
	struct batch *b = &r->batch;
	const struct frame *f = frame_batch_get(b->frames, 0);
	uint32_t n = (uint32_t)frame_batch_count(b->frames);

	if (!n)
		return;
	if (!r->start)
		r->start = f->time;
	r->there = f[n - 1].number == r->settings->opt->explain;
	r->frame = n - 1;
	lane_parse(r->lane, b, NULL);
	if (b->copy_hash)
		find_copies(r);
	track_others(r, n - r->there, r->there);
	/* Last, as the story is that of this lane. */
	lane_parse(r->lane, b, b->copy_hash ? r->copy : NULL);
	track_watched(r, n - r->there);
	r->no_memory |= r->lane->side.no_memory || r->ledger.no_memory ||
			(r->behind && r->behind->side.no_memory);
}

bool run_frames(struct run *r)
{
	bool more = true;

	if (!frame_reader_open(&r->reader, NULL))
		return false;
	while (more && !r->there && !r->no_memory) {
		more = frame_reader_fill(&r->reader, &r->batch);
		batch_say_messages(&r->batch, r->settings->diag);
		if (more)
			track_batch(r);
	}
	return true;
}
