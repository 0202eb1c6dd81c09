/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/top.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"

#define CAPACITY_MIN 1024u

struct top_entry {
	struct top_key key;
	/* Entries in the table now, and their change since the maximum number
	 * 'peak': the difference is what there was at that moment. */
	uint32_t live;
	int32_t since_peak;
	uint32_t peak;
	uint64_t connections, packets, bytes, invalid;
};

static uint32_t hash(const struct top *t, const struct top_key *k)
{
	uint64_t words[sizeof(*k) / 8];

	memcpy(words, k, sizeof(*k));
	return keyed_hash_words(&t->hash, words, sizeof(words) / sizeof(words[0]));
}

void top_init(struct top *t, enum top_by by, unsigned int wanted)
{
	*t = (struct top){ .by = by, .wanted = wanted, .limit = TOP_KEYS_MAX };
	keyed_hash_init(&t->hash);
}

static bool has_ports(uint8_t protonum)
{
	return protonum == CT_L4_TCP || protonum == CT_L4_UDP ||
	       protonum == CT_L4_UDPLITE || protonum == CT_L4_SCTP ||
	       protonum == CT_L4_DCCP;
}

/* 'port' is NULL where there is none. */
static void make_key(struct top_key *k, enum top_by by, const union ct_addr *src,
		     const union ct_addr *dst, uint8_t l3num, uint8_t protonum,
		     const uint16_t *port)
{
	memset(k, 0, sizeof(*k));
	/* A port is the same in both families. */
	if (by == TOP_PORT) {
		k->protonum = protonum;
		k->has_port = port != NULL;
		k->port = port ? *port : 0;
		return;
	}
	k->l3num = l3num;
	if (by != TOP_DST)
		k->src = *src;
	if (by != TOP_SRC)
		k->dst = *dst;
}

static void key_of(struct top_key *k, enum top_by by, const struct ct_record *rec)
{
	const struct ct_tuple *t = &rec->tuple[CT_DIR_ORIGINAL];
	bool ports = !rec->generic && has_ports(t->protonum);

	make_key(k, by, &t->src, &t->dst, t->l3num, t->protonum,
		 ports ? &t->dport : NULL);
}

static bool has_key(const void *entry, const void *key)
{
	return memcmp(&((const struct top_entry *)entry)->key, key,
		      sizeof(struct top_key)) == 0;
}

static bool grow(struct top *t)
{
	struct top_entry *entry =
		hash_index_grow(&t->index, t->entry, sizeof(*entry), CAPACITY_MIN);

	if (entry)
		t->entry = entry;
	return entry != NULL;
}

/* The counters of the key, made if need be; '*found' is NULL if there are too many
 * keys.  False: no memory. */
static bool find(struct top *t, const struct top_key *k, struct top_entry **found)
{
	uint32_t h = hash(t, k);
	struct hash_place *p;

	*found = NULL;
	if (t->used == t->index.capacity && t->used < t->limit && !grow(t))
		return false;
	p = hash_index_place(&t->index, h, t->entry, sizeof(*t->entry), has_key, k);
	if (!p->number && t->used == t->limit)
		return true;
	if (!p->number) {
		t->entry[t->used] = (struct top_entry){ .key = *k };
		*p = (struct hash_place){ .hash = h, .number = ++t->used };
	}
	*found = &t->entry[p->number - 1];
	return true;
}

/* The number of the key's entries changes by one. */
static void change(struct top *t, struct top_entry *e, int by)
{
	if (e->peak != t->peak) {
		e->peak = t->peak;
		e->since_peak = 0;
	}
	e->live += (uint32_t)by;
	e->since_peak += by;
}

static bool reserve_slot(struct top *t, uint32_t slot)
{
	size_t slots = t->slots ? t->slots : CAPACITY_MIN;
	uint32_t *of_slot;

	if (slot < t->slots)
		return true;
	while (slots <= slot)
		slots *= 2;
	of_slot = realloc(t->of_slot, slots * sizeof(*of_slot));
	if (!of_slot)
		return false;
	t->of_slot = of_slot;
	t->slots = (uint32_t)slots;
	return true;
}

bool top_begin(struct top *t, const struct ct_record *rec)
{
	struct top_entry *e;
	struct top_key k;

	key_of(&k, t->by, rec);
	if (!reserve_slot(t, rec->slot) || !find(t, &k, &e))
		return false;
	t->of_slot[rec->slot] = e ? (uint32_t)(e - t->entry) + 1 : 0;
	if (e)
		change(t, e, 1);
	else
		t->others++;
	/* At a new maximum all changes so far are part of it. */
	if (++t->live > t->most) {
		t->most = t->live;
		t->peak++;
	}
	return true;
}

/* Adds what a connection counted; returns the counters, or NULL. */
static struct top_entry *add(struct top *t, const struct connection_view *c)
{
	const struct ct_counter *n = c->record.counter;
	uint32_t number = t->of_slot[c->record.slot];
	struct top_entry *e;

	if (!number)
		return NULL;
	e = &t->entry[number - 1];
	e->connections++;
	e->packets += n[0].packets + n[1].packets;
	e->bytes += n[0].bytes + n[1].bytes;
	e->invalid += c->ctstate[CT_INVALID];
	return e;
}

void top_open(struct top *t, const struct connection_view *c)
{
	add(t, c);
}

void top_end(struct top *t, const struct connection_view *c)
{
	struct top_entry *e = add(t, c);

	t->live--;
	if (e)
		change(t, e, -1);
}

static bool read_port(const struct ct_packet *pkt, uint16_t *port)
{
	const struct bytes b = { pkt->data, pkt->caplen, pkt->len };

	return has_ports(pkt->protonum) &&
	       !(pkt->flags & (CT_PACKET_FRAGMENT | CT_PACKET_NO_L4)) &&
	       bytes_be16(&b, pkt->l4off + 2, port);
}

bool top_invalid(struct top *t, const struct ct_packet *pkt)
{
	struct top_entry *e;
	struct top_key k;
	uint16_t port;

	make_key(&k, t->by, &pkt->src, &pkt->dst, pkt->l3num, pkt->protonum,
		 read_port(pkt, &port) ? &port : NULL);
	if (!find(t, &k, &e))
		return false;
	if (e)
		e->invalid++;
	return true;
}

static uint64_t at_peak(const struct top *t, const struct top_entry *e)
{
	return e->peak == t->peak ? e->live - (uint32_t)e->since_peak : e->live;
}

static struct top_view view_of(const struct top *t, const struct top_entry *e)
{
	return (struct top_view){
		.by = t->by, .key = e->key, .entries = at_peak(t, e),
		.connections = e->connections, .packets = e->packets,
		.bytes = e->bytes, .invalid = e->invalid,
	};
}

static bool comes_first(const struct top *t, const struct top_entry *a,
			const struct top_entry *b)
{
	const struct top_view x = view_of(t, a), y = view_of(t, b);

	return top_view_order(&x, &y) < 0;
}

/* The largest so far, in order. */
struct ranking {
	const struct top_entry **entry;
	unsigned int n, capacity;
};

static void rank(const struct top *t, struct ranking *r, const struct top_entry *e)
{
	unsigned int low = 0, high = r->n;

	if (r->n == r->capacity && !comes_first(t, e, r->entry[r->n - 1]))
		return;
	while (low < high) {
		unsigned int middle = (low + high) / 2;

		if (comes_first(t, e, r->entry[middle]))
			high = middle;
		else
			low = middle + 1;
	}
	if (r->n < r->capacity)
		r->n++;
	memmove(&r->entry[low + 1], &r->entry[low],
		(r->n - 1 - low) * sizeof(*r->entry));
	r->entry[low] = e;
}

bool top_print(struct top *t, struct report *r)
{
	struct ranking largest = { .capacity = t->wanted };

	largest.entry = calloc(t->wanted, sizeof(*largest.entry));
	if (!largest.entry)
		return false;
	for (uint32_t i = 0; i < t->used; i++)
		rank(t, &largest, &t->entry[i]);
	for (unsigned int i = 0; i < largest.n; i++) {
		struct top_view view = view_of(t, largest.entry[i]);

		view.rank = i + 1;
		report_top(r, &view);
	}
	free(largest.entry);
	return true;
}

static void key_state(struct state_io *io, struct top_key *k)
{
	state_bytes(io, &k->src, sizeof(k->src));
	state_bytes(io, &k->dst, sizeof(k->dst));
	state_u16(io, &k->port);
	state_u8(io, &k->l3num);
	state_u8(io, &k->protonum);
	state_below8(io, &k->has_port, 2);
}

static void entry_state(struct state_io *io, struct top_entry *e)
{
	uint32_t since = (uint32_t)e->since_peak;

	key_state(io, &e->key);
	state_u32(io, &e->live);
	state_u32(io, &since);
	state_u32(io, &e->peak);
	state_u64(io, &e->connections);
	state_u64(io, &e->packets);
	state_u64(io, &e->bytes);
	state_u64(io, &e->invalid);
	e->since_peak = (int32_t)since;
}

static void load_entries(struct top *t, struct state_io *io)
{
	struct top_entry e, *made;

	while (state_more(io)) {
		e = (struct top_entry){ .live = 0 };
		entry_state(io, &e);
		if (state_failed(io))
			return;
		if (!find(t, &e.key, &made))
			state_no_memory(io);
		else if (!made)
			state_fail(io, "--top has too many keys");
		else
			*made = e;
	}
}

struct slots {
	struct top *top;
	struct state_io *io;
};

/* For ct_table(), whose order a state has. */
static bool slot_state(void *arg, const struct ct_record *rec)
{
	struct slots *s = arg;

	if (!reserve_slot(s->top, rec->slot)) {
		state_no_memory(s->io);
		return false;
	}
	state_below32(s->io, &s->top->of_slot[rec->slot], s->top->used + 1);
	return !state_failed(s->io);
}

void top_state(struct top *t, struct ct *ct, struct state_io *io)
{
	struct slots s = { t, io };

	state_begin(io, STATE_TAG('T', 'O', 'P', '0' + t->by));
	state_u32(io, &t->live);
	state_u32(io, &t->most);
	state_u32(io, &t->peak);
	state_u64(io, &t->others);
	state_end(io);
	state_begin(io, STATE_TAG('T', 'K', 'Y', '0' + t->by));
	if (!io->save)
		load_entries(t, io);
	for (uint32_t i = 0; io->save && i < t->used; i++)
		entry_state(io, &t->entry[i]);
	state_end(io);
	state_begin(io, STATE_TAG('T', 'C', 'O', '0' + t->by));
	if (!state_failed(io) && ct_table(ct, slot_state, &s) != 0)
		state_no_memory(io);
	state_end(io);
}

void top_free(struct top *t)
{
	free(t->entry);
	hash_index_free(&t->index);
	free(t->of_slot);
}
