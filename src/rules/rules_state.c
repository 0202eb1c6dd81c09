/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rules_state.c - what rulesets remember, as bytes: counters, what matches keep, sets,
 * and whom the router has answered.  The rules themselves are not part of it: those that
 * load are the same.
 */
#include <stdio.h>

#include "base/state_io.h"
#include "rules/answers.h"
#include "rules/program.h"
#include "rules/sets.h"
#include "rules/shared.h"

STATE_COVERS(struct set_key, 56);
STATE_COVERS(struct set_elem, 32);

static void counter_state(struct state_io *io, struct ct_counter *c)
{
	state_u64(io, &c->packets);
	state_u64(io, &c->bytes);
}

static void ruleset_state(struct ruleset *s, struct state_io *io)
{
	quick_settle(s);
	for (uint32_t i = 0; i < s->nchains; i++)
		counter_state(io, &s->chain[i].count);
	for (uint32_t i = 0; i < s->n; i++) {
		counter_state(io, &s->rule[i].count);
		state_u64(io, &s->rule[i].doubts);
	}
	for (uint32_t i = 0; i < s->nmatches; i++)
		if (s->match[i].ops->state)
			s->match[i].ops->state(s->match[i].info, io);
}

/* An interface by its name, since numbers follow from the capture. */
static void iface_state(struct rules *r, struct state_io *io, uint16_t *number)
{
	char name[IFACE_NAME_MAX + 1] = "";
	const struct rules_iface *dev;
	bool any = *number == IFACE_ANY;
	uint8_t n = 0;

	state_bool(io, &any);
	if (any) {
		*number = IFACE_ANY;
		return;
	}
	if (io->save && *number < r->ifaces.n) {
		snprintf(name, sizeof(name), "%s", r->ifaces.iface[*number]->name);
		n = (uint8_t)strlen(name);
	}
	state_below8(io, &n, sizeof(name));
	state_bytes(io, name, n);
	if (io->save)
		return;
	name[n] = '\0';
	dev = state_failed(io) ? NULL : ifaces_get(&r->ifaces, name);
	*number = dev ? dev->number : 0;
	if (!dev)
		state_fail(io, "there are too many interfaces");
}

struct set_visit {
	struct rules *r;
	struct ip_set *set;
	struct state_io *io;
};

static void key_state(const struct set_visit *v, struct set_key *k)
{
	struct state_io *io = v->io;

	state_bytes(io, &k->a, sizeof(k->a));
	state_bytes(io, &k->b, sizeof(k->b));
	state_u32(io, &k->mark);
	state_u16(io, &k->port);
	state_u8(io, &k->proto);
	state_u8(io, &k->cidr_a);
	state_u8(io, &k->cidr_b);
	state_bytes(io, k->mac, sizeof(k->mac));
	state_u8(io, &k->physdev);
	if (v->set->ifaces)
		iface_state(v->r, io, &k->iface);
}

static void elem_state(const struct set_visit *v, struct set_elem *e)
{
	struct state_io *io = v->io;

	state_u64(io, &e->expires);
	state_u64(io, &e->packets);
	state_u64(io, &e->bytes);
	state_bool(io, &e->nomatch);
	state_bool(io, &e->any_mac);
	if (v->set->ifaces)
		iface_state(v->r, io, &e->last_iface);
	else
		state_bytes(io, e->mac, sizeof(e->mac));
}

static void member_state(void *key, void *value, void *arg)
{
	key_state(arg, key);
	elem_state(arg, value);
}

static void set_state(struct rules *r, struct ip_set *set, struct state_io *io)
{
	struct set_visit v = { r, set, io };

	state_begin(io, STATE_TAG('S', 'E', 'T', ' '));
	for (uint32_t i = 0; i < set->nmembers; i++)
		elem_state(&v, &set->state[i]);
	state_u64s(io, set->lengths[0], 3);
	state_u64s(io, set->lengths[1], 3);
	if (!io->save)	/* in place of what the set was read with */
		kv_free(&set->elems);
	kv_state(&set->elems, io, member_state, &v, "a set has too much in it");
	state_end(io);
}

static void peer_state(void *key, void *value, void *arg)
{
	state_bytes(arg, key, sizeof(union ct_addr));
	state_u64s(arg, value, 2);
}

void rules_state(struct rules *r, struct state_io *io)
{
	state_begin(io, STATE_TAG('R', 'U', 'L', 'E'));
	state_u64(io, &r->random);
	ruleset_state(&r->set[0], io);
	ruleset_state(&r->set[1], io);
	if (r->sets)
		state_u64(io, &r->sets->epoch);
	state_end(io);
	for (struct shared *s = r->shared; s; s = s->next) {
		state_begin(io, STATE_TAG('S', 'H', 'R', 'D'));
		s->state(s->data, io);
		state_end(io);
	}
	for (uint32_t i = 0; r->sets && i < r->sets->n; i++)
		set_state(r, r->sets->set[i], io);
	state_begin(io, STATE_TAG('A', 'N', 'S', 'W'));
	kv_state(&r->answers->peers, io, peer_state, io, "too many were answered");
	state_end(io);
}

const char *rules_chain_text(const struct rules *r, enum rules_table t, const char *name)
{
	for (unsigned int i = 0; i < 2; i++)
		for (uint32_t c = 0; c < r->set[i].nchains; c++)
			if (r->set[i].chain[c].table == t &&
			    strcmp(r->set[i].chain[c].name, name) == 0)
				return r->set[i].chain[c].name;
	return NULL;
}
