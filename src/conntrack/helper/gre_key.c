/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * gre_key.c - the two call ids of each call of PPTP (RFC 2637).
 *
 * A GRE packet of PPTP carries only its receiver's call id.  The sender's is
 * known from the control connection, whose helper adds a key for each
 * direction; nf_ct_gre_keymap_add() and the functions around it in
 * nf_conntrack_proto_gre.c.  The kernel searches one list, oldest key first.
 * Here the keys are in a hash table, so that the cost does not grow with the
 * number of calls; keys that match the same packet share a chain, where the
 * oldest still comes first.
 */
#include "conntrack/helper/gre_key.h"

#include <stdlib.h>

#include "conntrack/helper/helper.h"
#include "conntrack/state.h"

#define CHAINS_MIN 64u	/* a power of two */

struct gre_key {
	struct ct_tuple tuple;
	struct gre_key *older, *newer;	/* in its chain */
	uint32_t order;		/* while a state is saved or loaded */
};

struct gre_chain {
	struct gre_key *oldest, *newest;
};

struct gre_keys {
	struct gre_chain *chain;
	uint32_t mask, count;
};

static struct gre_chain *chain_of(const struct ct *ct, const struct ct_tuple *t)
{
	uint64_t m[5] = {
		t->src.d[0], t->src.d[1], t->dst.d[0], t->dst.d[1],
		(uint64_t)t->dstkey << 8 | t->l3num,
	};

	return &ct->gre_keys->chain[siphash_words(ct->cfg.hash_key, m, 5) &
				    ct->gre_keys->mask];
}

/* gre_key_cmpfn(): all but the source key. */
static bool matches(const struct gre_key *k, const struct ct_tuple *t)
{
	return k->tuple.dstkey == t->dstkey && k->tuple.l3num == t->l3num &&
	       memcmp(&k->tuple.src, &t->src, sizeof(t->src)) == 0 &&
	       memcmp(&k->tuple.dst, &t->dst, sizeof(t->dst)) == 0;
}

uint16_t gre_key_lookup(const struct ct *ct, const struct ct_tuple *t)
{
	if (!ct->gre_keys || !ct->gre_keys->count)
		return 0;
	for (const struct gre_key *k = chain_of(ct, t)->oldest; k; k = k->newer)
		if (matches(k, t))
			return k->tuple.srckey;
	return 0;
}

static void append(struct ct *ct, struct gre_key *k)
{
	struct gre_chain *c = chain_of(ct, &k->tuple);

	k->newer = NULL;
	k->older = c->newest;
	if (c->newest)
		c->newest->newer = k;
	else
		c->oldest = k;
	c->newest = k;
}

/* Doubles the number of chains, and keeps the order within each.  Without
 * memory the chains become longer instead, which costs only time. */
static void grow(struct ct *ct)
{
	struct gre_keys *keys = ct->gre_keys;
	struct gre_chain *old = keys->chain, *new;
	uint32_t mask = keys->mask;

	new = calloc(((size_t)mask + 1) * 2, sizeof(*new));
	if (!new)
		return;
	keys->chain = new;
	keys->mask = mask * 2 + 1;
	for (uint32_t i = 0; i <= mask; i++) {
		struct gre_key *k = old[i].oldest, *next;

		for (; k; k = next) {
			next = k->newer;
			append(ct, k);
		}
	}
	free(old);
}

static bool reserve(struct ct *ct)
{
	struct gre_keys *keys = ct->gre_keys;

	if (keys) {
		if (keys->count > keys->mask)
			grow(ct);
		return true;
	}
	keys = calloc(1, sizeof(*keys));
	if (!keys)
		return false;
	keys->mask = CHAINS_MIN - 1;
	keys->chain = calloc(CHAINS_MIN, sizeof(*keys->chain));
	if (!keys->chain) {
		free(keys);
		return false;
	}
	ct->gre_keys = keys;
	return true;
}

static bool add(struct ct *ct, struct ct_ext *master, enum ct_dir dir,
		const struct ct_tuple *t)
{
	struct gre_key **own = &master->data.pptp.keymap[dir];

	/* A control connection has one call; this may be a retransmission of
	 * its message. */
	if (*own)
		return matches(*own, t);
	if (reserve(ct))
		*own = calloc(1, sizeof(**own));
	if (!*own) {
		ct->stats.no_memory++;
		return false;
	}
	(*own)->tuple = *t;
	append(ct, *own);
	ct->gre_keys->count++;
	return true;
}

/* Whether the call that 'master' has is this one; nf_ct_gre_km_acceptable(). */
static bool is_same_call(const struct ct_ext *master,
			 const struct ct_tuple tuple[2])
{
	struct gre_key *const *own = master->data.pptp.keymap;

	return matches(own[CT_DIR_ORIGINAL], &tuple[CT_DIR_ORIGINAL]) &&
	       matches(own[CT_DIR_REPLY], &tuple[CT_DIR_REPLY]);
}

bool gre_keys_add(struct ct *ct, struct ct_ext *master,
		  const struct ct_tuple tuple[2])
{
	/* Both or neither are there. */
	if (kernel_has(ct, CT_HAS_PPTP_KEYS_PAIR) &&
	    master->data.pptp.keymap[CT_DIR_ORIGINAL])
		return is_same_call(master, tuple);
	if (!add(ct, master, CT_DIR_ORIGINAL, &tuple[CT_DIR_ORIGINAL]))
		return false;
	if (add(ct, master, CT_DIR_REPLY, &tuple[CT_DIR_REPLY]))
		return true;
	gre_key_destroy(ct, master);
	return false;
}

static void drop(struct ct *ct, struct gre_key *k)
{
	struct gre_chain *c = chain_of(ct, &k->tuple);

	if (k->older)
		k->older->newer = k->newer;
	else
		c->oldest = k->newer;
	if (k->newer)
		k->newer->older = k->older;
	else
		c->newest = k->older;
	ct->gre_keys->count--;
	free(k);
}

void gre_key_destroy(struct ct *ct, struct ct_ext *master)
{
	struct pptp_info *info = &master->data.pptp;

	if (master->helper != &helper_pptp)
		return;
	for (int dir = 0; dir < 2; dir++)
		if (info->keymap[dir]) {
			drop(ct, info->keymap[dir]);
			info->keymap[dir] = NULL;
		}
}

void gre_keys_free(struct ct *ct)
{
	struct gre_keys *keys = ct->gre_keys;

	if (!keys)
		return;
	for (uint32_t i = 0; i <= keys->mask; i++)
		while (keys->chain[i].oldest) {
			struct gre_key *k = keys->chain[i].oldest;

			keys->chain[i].oldest = k->newer;
			free(k);
		}
	free(keys->chain);
	free(keys);
	ct->gre_keys = NULL;
}

/* Its place, from 0, among the keys that match the same packet.  They share a chain, where
 * the older ones have their numbers already. */
static uint32_t order_of(const struct gre_key *k)
{
	for (const struct gre_key *o = k->older; o; o = o->older)
		if (matches(o, &k->tuple))
			return o->order + 1;
	return 0;
}

/* Saving.  The order of keys that match different packets does not matter, and depends on
 * the hash key: it is in no state. */
static void number_keys(struct gre_keys *keys)
{
	for (uint32_t i = 0; keys && i <= keys->mask; i++)
		for (struct gre_key *k = keys->chain[i].oldest; k; k = k->newer)
			k->order = order_of(k);
}

static void save_keys(struct engine_state *s)
{
	for (uint32_t i = 0; i < s->exts; i++) {
		struct ct_ext *ext = s->ext[i].ext;

		for (uint8_t dir = 0; ext->helper == &helper_pptp && dir < 2; dir++) {
			struct gre_key *k = ext->data.pptp.keymap[dir];

			if (!k)
				continue;
			state_u32(s->io, &ext->saved);
			state_u8(s->io, &dir);
			state_u32(s->io, &k->order);
			tuple_state(s->io, &k->tuple);
		}
	}
}

/* The place of a key in its ext; NULL where it cannot be. */
static struct gre_key **place_of(struct engine_state *s, uint32_t ext, uint8_t dir)
{
	struct ct_ext *owner = ext && ext <= s->exts ? s->ext[ext - 1].ext : NULL;

	if (!owner || owner->helper != &helper_pptp || owner->data.pptp.keymap[dir]) {
		state_fail(s->io, "a call id belongs to no call");
		return NULL;
	}
	return &owner->data.pptp.keymap[dir];
}

/* NULL after a failure.  Until all are there it is in no chain. */
static struct gre_key *load_key(struct engine_state *s)
{
	struct gre_key *k = calloc(1, sizeof(*k)), **place = NULL;
	uint32_t ext = 0;
	uint8_t dir = 0;

	if (!k || !reserve(s->ct)) {
		free(k);
		state_no_memory(s->io);
		return NULL;
	}
	state_u32(s->io, &ext);
	state_below8(s->io, &dir, 2);
	state_u32(s->io, &k->order);
	tuple_state(s->io, &k->tuple);
	if (!state_failed(s->io))
		place = place_of(s, ext, dir);
	if (!place) {
		free(k);
		return NULL;
	}
	*place = k;
	return k;
}

static int by_order(const void *a, const void *b)
{
	const struct gre_key *x = *(struct gre_key *const *)a;
	const struct gre_key *y = *(struct gre_key *const *)b;

	return (x->order > y->order) - (x->order < y->order);
}

/* An owner has no keys or two: is_same_call() relies on it. */
static void check_owners(struct engine_state *s)
{
	for (uint32_t i = 0; i < s->exts; i++) {
		struct gre_key *const *own = s->ext[i].ext->data.pptp.keymap;

		if (s->ext[i].ext->helper == &helper_pptp && !own[0] != !own[1])
			state_fail(s->io, "a call has one call id");
	}
}

/* The keys go into their chains in any case, where gre_keys_free() finds them. */
static void chain_keys(struct engine_state *s, struct gre_key **key, size_t n)
{
	if (n)
		qsort(key, n, sizeof(struct gre_key *), by_order);
	for (size_t i = 0; i < n; i++) {
		/* There is a table: see load_key(). */
		reserve(s->ct);
		append(s->ct, key[i]);
		s->ct->gre_keys->count++;
	}
}

static void load_keys(struct engine_state *s)
{
	struct gre_key **key = NULL, *k;
	size_t n = 0, capacity = 0;

	while (state_more(s->io)) {
		if (n == capacity) {
			size_t more = capacity ? capacity * 2 : 64;
			struct gre_key **new = realloc(key, more * sizeof(*new));

			if (!new) {
				state_no_memory(s->io);
				break;
			}
			key = new;
			capacity = more;
		}
		k = load_key(s);
		if (k)
			key[n++] = k;
	}
	chain_keys(s, key, n);
	free(key);
	check_owners(s);
}

void gre_keys_state(struct engine_state *s)
{
	state_begin(s->io, STATE_TAG('C', 'A', 'L', 'L'));
	if (s->io->save) {
		number_keys(s->ct->gre_keys);
		save_keys(s);
	} else {
		load_keys(s);
	}
	state_end(s->io);
}
