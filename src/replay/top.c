/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/top.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/bytes.h"

#define CAPACITY_MIN 1024u

struct top_entry {
	struct top_key key;
	bool used;		/* else the place is free */
	/* Entries in the table now, and their change since the maximum number
	 * 'peak': the difference is what there was at that moment. */
	uint64_t live;
	int64_t since_peak;
	uint64_t peak;
	uint64_t connections, packets, bytes, invalid;
};

/* Mixes words with multiplications whose factors an attacker does not know, so that
 * no capture can be made in which keys collide.  The order of the output does not
 * depend on it. */
static uint32_t hash(const struct top *t, const struct top_key *k)
{
	uint64_t words[sizeof(*k) / 8];
	uint64_t h = t->secret[0];

	memcpy(words, k, sizeof(*k));
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		h = (h ^ words[i]) * (t->secret[1] | 1);
		h ^= h >> 32;
		h = h * (t->secret[2] | 1) + t->secret[3];
		h ^= h >> 29;
	}
	return (uint32_t)h;
}

void top_init(struct top *t, enum top_by by, unsigned int wanted)
{
	*t = (struct top){ .by = by, .wanted = wanted };
	if (getrandom(t->secret, sizeof(t->secret), GRND_NONBLOCK) < 0)
		memset(t->secret, 0x5a, sizeof(t->secret));
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

/* The place of the key, or the free place where it would be. */
static struct top_entry *place_of(const struct top *t, const struct top_key *k)
{
	uint32_t i = hash(t, k);

	for (;; i++) {
		struct top_entry *e = &t->entry[i & (t->capacity - 1)];

		if (!e->used || memcmp(&e->key, k, sizeof(*k)) == 0)
			return e;
	}
}

static bool grow(struct top *t)
{
	struct top_entry *old = t->entry;
	uint32_t n = t->capacity;

	t->capacity = n ? n * 2 : CAPACITY_MIN;
	t->entry = calloc(t->capacity, sizeof(*t->entry));
	if (!t->entry) {
		t->entry = old;
		t->capacity = n;
		return false;
	}
	for (uint32_t i = 0; i < n; i++)
		if (old[i].used)
			*place_of(t, &old[i].key) = old[i];
	free(old);
	return true;
}

/* The counters of the key, made if need be; '*found' is NULL if there are too many
 * keys.  False: no memory. */
static bool find(struct top *t, const struct top_key *k, struct top_entry **found)
{
	struct top_entry *e = NULL;

	if (t->capacity) {
		*found = e = place_of(t, k);
		if (e->used)
			return true;
	}
	if (t->used == TOP_KEYS_MAX) {
		*found = NULL;
		return true;
	}
	if (t->used == t->capacity / 2) {
		if (!grow(t))
			return false;
		e = place_of(t, k);
	}
	e->key = *k;
	e->used = true;
	t->used++;
	*found = e;
	return true;
}

/* The number of the key's entries changes by one. */
static void change(struct top *t, struct top_entry *e, int by)
{
	if (e->peak != t->peak) {
		e->peak = t->peak;
		e->since_peak = 0;
	}
	e->live += (uint64_t)by;
	e->since_peak += by;
}

bool top_begin(struct top *t, const struct ct_record *rec)
{
	struct top_entry *e;
	struct top_key k;

	key_of(&k, t->by, rec);
	if (!find(t, &k, &e))
		return false;
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

static void add(struct top_entry *e, const struct connection_view *c)
{
	const struct ct_counter *n = c->record.counter;

	e->connections++;
	e->packets += n[0].packets + n[1].packets;
	e->bytes += n[0].bytes + n[1].bytes;
	e->invalid += c->ctstate[CT_INVALID];
}

bool top_open(struct top *t, const struct connection_view *c)
{
	struct top_entry *e;
	struct top_key k;

	key_of(&k, t->by, &c->record);
	if (!find(t, &k, &e))
		return false;
	if (e)
		add(e, c);
	return true;
}

bool top_end(struct top *t, const struct connection_view *c)
{
	struct top_entry *e;
	struct top_key k;

	key_of(&k, t->by, &c->record);
	if (!find(t, &k, &e))
		return false;
	t->live--;
	if (e) {
		add(e, c);
		change(t, e, -1);
	}
	return true;
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
	return e->peak == t->peak ? e->live - (uint64_t)e->since_peak : e->live;
}

/* In the order in which they decide about the rank. */
#define COUNTS 5
static void counts_of(const struct top *t, const struct top_entry *e,
		      uint64_t n[COUNTS])
{
	n[0] = at_peak(t, e);
	n[1] = e->connections;
	n[2] = e->packets;
	n[3] = e->bytes;
	n[4] = e->invalid;
}

static bool comes_first(const struct top *t, const struct top_entry *a,
			const struct top_entry *b)
{
	uint64_t x[COUNTS], y[COUNTS];

	counts_of(t, a, x);
	counts_of(t, b, y);
	for (size_t i = 0; i < COUNTS; i++)
		if (x[i] != y[i])
			return x[i] > y[i];
	return memcmp(&a->key, &b->key, sizeof(a->key)) < 0;
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
	for (uint32_t i = 0; i < t->capacity; i++)
		if (t->entry[i].used)
			rank(t, &largest, &t->entry[i]);
	for (unsigned int i = 0; i < largest.n; i++) {
		const struct top_entry *e = largest.entry[i];
		const struct top_view view = {
			.by = t->by, .rank = i + 1, .key = e->key,
			.entries = at_peak(t, e), .connections = e->connections,
			.packets = e->packets, .bytes = e->bytes,
			.invalid = e->invalid,
		};

		report_top(r, &view);
	}
	free(largest.entry);
	return true;
}

void top_free(struct top *t)
{
	free(t->entry);
}
