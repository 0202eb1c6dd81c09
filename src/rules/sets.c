/* SPDX-License-Identifier: GPL-2.0-only */
/* sets.c - looks into sets, and changes them: ip_set_core.c of the kernel. */
#include "rules/sets.h"

#include <stdlib.h>

void sets_free(struct sets *t)
{
	if (!t)
		return;
	for (uint32_t i = 0; i < t->n; i++) {
		kv_free(&t->set[i]->elems);
		free(t->set[i]->member);
		free(t->set[i]->state);
	}
	free(t->set);
	names_free(&t->names);
	free(t);
}

struct ip_set *sets_find(const struct sets *t, const char *name)
{
	uint32_t n = t ? names_find(&t->names, name) : NAME_NONE;

	return n == NAME_NONE ? NULL : t->set[n];
}

static bool is_constant(const struct sets *t, const struct ip_set *s)
{
	if (s->changes || s->counters || s->timeouts || s->expires)
		return false;
	for (unsigned int i = 0; i < s->ndims; i++)
		if (s->dim[i] == DIM_MAC)
			return false;
	for (uint32_t i = 0; i < s->nmembers; i++)
		if (!t->set[s->member[i]]->constant)
			return false;
	return true;
}

/* Lists have no lists in them. */
void sets_ready(struct sets *t)
{
	for (unsigned int list = 0; t && list < 2; list++)
		for (uint32_t i = 0; i < t->n; i++)
			if (t->set[i]->list == (list == 1))
				t->set[i]->constant = is_constant(t, t->set[i]);
}

/* Timeouts were saved with the set; they count from the first packet. */
static bool expired(const struct sets *t, const struct set_elem *e, ct_time now)
{
	return e->expires && t->epoch + e->expires < now;
}

static bool counter_fits(uint8_t op, uint64_t want, uint64_t have)
{
	switch (op) {
	case SET_OP_EQ:
		return have == want;
	case SET_OP_NE:
		return have != want;
	case SET_OP_LT:
		return have < want;
	case SET_OP_GT:
		return have > want;
	}
	return true;
}

/* ip_set_match_extensions(): counted first, then compared. */
static bool extensions_fit(const struct sets *t, const struct ip_set *s,
			   struct set_elem *e, const struct rules_context *c,
			   const struct set_query *q)
{
	if (expired(t, e, c->now))
		return false;
	if (!s->counters)
		return true;
	if (!q->skip_counters) {
		e->packets++;
		e->bytes += c->len;
	}
	return !q->match_counters ||
	       (counter_fits(q->packets.op, q->packets.value, e->packets) &&
		counter_fits(q->bytes.op, q->bytes.value, e->bytes));
}

/* The next shorter prefix length of those in the set; -1: none. */
static int shorter(const uint64_t lengths[3], int from)
{
	for (int word = from / 64; word >= 0; word--) {
		uint64_t left = lengths[word];

		if (word == from / 64 && from % 64 < 63)
			left &= (2ull << from % 64) - 1;
		if (left)
			return 64 * word + 63 - __builtin_clzll(left);
	}
	return -1;
}

static int answer_of(const struct set_elem *e)
{
	return e->nomatch ? -1 : 1;
}

/* hash:net,iface: a network that is there for other interfaces ends the search
 * ("multi" of mtype_test_cidrs(), ip_set_hash_gen.h).  One that is there for this
 * interface, and does not fit, forgets those that came before it. */
static bool ends_search(const struct ip_set *s, const struct set_key *key, bool there)
{
	struct set_key any = *key;
	const struct set_elem *net;

	any.iface = IFACE_ANY;
	net = kv_find(&s->elems, &any);
	return net && (!there || net->last_iface != key->iface);
}

static int test_nets(struct sets *t, struct ip_set *s, struct rules_context *c,
		     const struct set_query *q, const struct set_key *host)
{
	int top = (int)host_bits(s);

	for (int a = shorter(s->lengths[0], top); a >= 0;
	     a = a ? shorter(s->lengths[0], a - 1) : -1) {
		for (int b = shorter(s->lengths[1], top); b >= 0;
		     b = b ? shorter(s->lengths[1], b - 1) : -1) {
			struct set_key key = *host;
			struct set_elem *e;

			set_mask_key(&key, s->family, (unsigned int)a,
				     (unsigned int)b);
			e = kv_find(&s->elems, &key);
			if (e && extensions_fit(t, s, e, c, q))
				return answer_of(e);
			if (s->ifaces && ends_search(s, &key, e != NULL))
				return 0;
		}
	}
	return 0;
}

/* bitmap:ip,mac: an element without an address takes the first that comes. */
static bool mac_fits(struct set_elem *e, const struct rules_context *c)
{
	if (!c->has_mac)
		return false;
	if (e->any_mac) {
		memcpy(e->mac, c->mac, sizeof(e->mac));
		e->any_mac = false;
	}
	return !memcmp(e->mac, c->mac, sizeof(e->mac));
}

static int test_list(struct sets *t, struct ip_set *s, struct rules_context *c,
		     const struct set_query *q)
{
	struct set_query sub = *q;

	sub.match_counters = false;
	sub.skip_counters = q->skip_counters || q->skip_subcounters;
	for (uint32_t i = 0; i < s->nmembers; i++) {
		if (expired(t, &s->state[i], c->now) ||
		    set_test(t, t->set[s->member[i]], c, &sub) <= 0)
			continue;
		if (extensions_fit(t, s, &s->state[i], c, q))
			return 1;
	}
	return 0;
}

static int test(struct sets *t, struct ip_set *s, struct rules_context *c,
		const struct set_query *q)
{
	struct set_key key;
	struct set_elem *e;

	if (s->list)
		return test_list(t, s, c, q);
	if (q->ndims < s->ndims || (s->family && s->family != c->family) ||
	    !set_packet_key(s, c, q, &key))
		return 0;
	if (s->nets)
		return test_nets(t, s, c, q, &key);
	e = kv_find(&s->elems, &key);
	if (!e || (s->bitmap && s->dim[1] == DIM_MAC && !mac_fits(e, c)) ||
	    !extensions_fit(t, s, e, c, q))
		return 0;
	return answer_of(e);
}

int set_test(struct sets *t, struct ip_set *s, struct rules_context *c,
	     const struct set_query *q)
{
	int found;

	found = test(t, s, c, q);
	if (q->return_nomatch && s->nets)
		found = -found;
	return found;
}

/* INIT_CIDR(): the longest prefix that is in the set, else a host's. */
static unsigned int longest(const uint64_t lengths[3], unsigned int host)
{
	int n = shorter(lengths, (int)host);

	return n > 0 ? (unsigned int)n : host;
}

void set_change(struct sets *t, struct ip_set *s, struct rules_context *c,
		const struct set_query *q, bool add, bool exist, int64_t timeout)
{
	struct set_key key;
	struct set_elem *e;
	bool there;

	if (s->list || q->ndims < s->ndims ||
	    (s->family && s->family != c->family) ||
	    !set_packet_key(s, c, q, &key))
		return;
	if (!set_takes(s, &key))
		return;
	if (s->nets)
		set_mask_key(&key, s->family,
			     longest(s->lengths[0], host_bits(s)),
			     longest(s->lengths[1], host_bits(s)));
	if (!add) {
		kv_remove(&s->elems, &key);
		return;
	}
	e = set_put(s, &key, &there);
	if (!e || (there && !exist && !expired(t, e, c->now)))
		return;
	/* IP_SET_INIT_KEXT(): the packet that adds an element, or renews it, is
	 * counted. */
	*e = (struct set_elem){ .packets = 1, .bytes = c->len };
	if (timeout < 0)
		timeout = s->timeout;
	if (s->timeouts && timeout)
		e->expires = c->now - t->epoch +
			     (ct_time)timeout * CT_NSEC_PER_SEC;
}
