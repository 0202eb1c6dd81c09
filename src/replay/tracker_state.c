/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/tracker_state.h"

#include <errno.h>

#include "ctreplay/state.h"
#include "replay/quality/quality_state.h"

STATE_COVERS(struct statistics, 3752);
STATE_COVERS(struct tally, 6584);
STATE_COVERS(struct clock, 192);
STATE_COVERS(struct clock_jump, 24);
STATE_COVERS(struct default_helpers, 80);
STATE_COVERS(struct selection, 120);
STATE_COVERS(struct dedup, 56);
STATE_COVERS(struct connections, 344);
STATE_COVERS(struct top, 104);
STATE_COVERS(struct printed, 16);

static void counts_state(struct state_io *io, struct statistics *c)
{
	state_u64(io, &c->frames);
	state_u64(io, &c->bytes);
	state_u64s(io, c->protocol, 256);
	state_u64(io, &c->filtered);
	state_u64s(io, c->packet, CT_PACKET_CLASSES);
	state_u64s(io, c->ctstate, CT_CTSTATES);
	state_u64s(io, c->invalid, CT_REASON_COUNT);
	state_u64s(io, c->noted, CT_REASON_COUNT);
	state_u64(io, &c->cut);
	state_u64(io, &c->helper_dropped);
}

static void tally_state(struct tally *t, struct state_io *io)
{
	state_begin(io, STATE_TAG('T', 'A', 'L', 'Y'));
	counts_state(io, &t->counts);
	state_u64s(io, t->link, LINK_CLASSES);
	for (unsigned int i = 0; i < TALLY_SENDERS; i++) {
		struct tally_sender *s = &t->sender[i];

		state_u8(io, &s->l3num);
		state_bytes(io, &s->addr, sizeof(s->addr));
		state_u64(io, &s->failed);
		state_u64(io, &s->first);
	}
	state_u64s(io, t->tunnels, TUNNELS);
	state_u64(io, &t->tunnel_first);
	state_end(io);
}

static void jump_state(struct state_io *io, struct clock_jump *j)
{
	state_u64(io, &j->frame);
	state_u64(io, &j->from);
	state_u64(io, &j->to);
}

static void clock_state(struct tracker *t, struct state_io *io)
{
	struct clock *c = &t->clock;

	state_begin(io, STATE_TAG('T', 'I', 'M', 'E'));
	state_u64(io, &c->now);
	state_bool(io, &c->started);
	state_u64(io, &c->start);
	state_u64(io, &c->backward);
	state_u64(io, &c->backward_first);
	jump_state(io, &c->last);
	jump_state(io, &c->outlier);
	jump_state(io, &c->far);
	jump_state(io, &c->back);
	state_u64(io, &c->outliers);
	state_u64(io, &c->fars);
	state_u64(io, &c->backs);
	state_end(io);
	if (!io->save && c->started)
		clock_resume(c, t->settings->opt);
}

static void set_state(struct state_io *io, uint32_t tag, struct id_set *s)
{
	state_begin(io, tag);
	for (uint64_t i = 0; io->save && i < s->words; i++)
		state_u64(io, &s->bits[i]);
	for (uint64_t id = 0; !io->save && state_more(io); id += 64) {
		uint64_t bits = 0;

		state_u64(io, &bits);
		for (unsigned int i = 0; i < 64; i++)
			if (bits >> i & 1 && !id_set_add(s, id + i))
				state_no_memory(io);
	}
	state_end(io);
}

static void selection_state(struct selection *s, struct state_io *io)
{
	set_state(io, STATE_TAG('S', 'H', 'O', 'W'), &s->selected);
	set_state(io, STATE_TAG('K', 'I', 'D', 'S'), &s->children);
}

/* What else the lines and the notes at the end need. */
static void rest_state(struct tracker *t, struct printer *p, struct state_io *io)
{
	state_begin(io, STATE_TAG('R', 'E', 'S', 'T'));
	state_u64(io, &t->full_first);
	state_u64s(io, t->helpers.made, CT_HELPERS);
	state_u64(io, &t->selection.packets);
	state_u64(io, &t->selection.frames);
	state_bool(io, &p->printed.any);
	state_u64(io, &p->printed.last);
	state_end(io);
}

/* The engine's own state is the bytes of a section. */
static void engine_state(struct tracker *t, struct state_io *io)
{
	struct ct_error error = { .code = 0 };
	int code;

	state_begin(io, STATE_TAG('E', 'N', 'G', 'N'));
	code = io->save ? ct_save(t->ct, state_embed_write, io) :
			  ct_load(t->ct, state_embed_read, io, &error);
	if (!code)
		code = io->save ?
		       ct_reassembly_save(t->reassembly, state_embed_write, io) :
		       ct_reassembly_load(t->reassembly, state_embed_read, io, &error);
	if (code == -ENOMEM)
		state_no_memory(io);
	else if (code)
		state_fail(io, "%s", error.text);
	state_end(io);
}

void tracker_state(struct tracker *t, struct printer *p, struct state_io *io)
{
	/* What does not fit is found before what takes time. */
	engine_state(t, io);
	tally_state(&t->tally, io);
	clock_state(t, io);
	rest_state(t, p, io);
	quality_state(&t->quality, io);
	dedup_state(&t->dedup, io);
	selection_state(&t->selection, io);
	connections_state(&t->connections, t->ct, t->firewall, io);
	tops_state(&t->tops, t->ct, io);
	if (t->firewall) {
		firewall_state(t->firewall, io);
		refused_state(&t->refused, t->firewall, ct_now(t->ct), io);
	}
	if (!io->save)
		state_check(io, t->clock.now <= ct_now(t->ct) || !t->clock.started,
			    "its clocks differ");
}
