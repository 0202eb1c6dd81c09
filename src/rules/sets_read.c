/* SPDX-License-Identifier: GPL-2.0-only */
/* sets_read.c - reads what "ipset save" prints: create and add lines. */
#include "rules/sets.h"

#include <stdlib.h>

#define MAXELEM_DEFAULT	65536u
#define BITMAP_MAX	65536u
#define MAXELEM_LIMIT	(4u << 20)
#define SETS_LIMIT	65534u

static const struct {
	const char *name;
	uint8_t dim[SET_DIMS], ndims;
} types[] = {
	{ "hash:ip", { DIM_IP }, 1 }, { "hash:net", { DIM_NET }, 1 },
	{ "hash:mac", { DIM_MAC }, 1 },
	{ "hash:ip,mac", { DIM_IP, DIM_MAC }, 2 },
	{ "hash:ip,mark", { DIM_IP, DIM_MARK }, 2 },
	{ "hash:ip,port", { DIM_IP, DIM_PORT }, 2 },
	{ "hash:net,port", { DIM_NET, DIM_PORT }, 2 },
	{ "hash:net,net", { DIM_NET, DIM_NET }, 2 },
	{ "hash:net,iface", { DIM_NET, DIM_IFACE }, 2 },
	{ "hash:ip,port,ip", { DIM_IP, DIM_PORT, DIM_IP }, 3 },
	{ "hash:ip,port,net", { DIM_IP, DIM_PORT, DIM_NET }, 3 },
	{ "hash:net,port,net", { DIM_NET, DIM_PORT, DIM_NET }, 3 },
	{ "bitmap:ip", { DIM_IP }, 1 },
	{ "bitmap:ip,mac", { DIM_IP, DIM_MAC }, 2 },
	{ "bitmap:port", { DIM_PORT_ONLY }, 1 },
	{ "list:set", { DIM_SET }, 1 },
	/* names before ipset 5 */
	{ "iphash", { DIM_IP }, 1 }, { "nethash", { DIM_NET }, 1 },
	{ "ipporthash", { DIM_IP, DIM_PORT }, 2 },
	{ "ipportiphash", { DIM_IP, DIM_PORT, DIM_IP }, 3 },
	{ "ipportnethash", { DIM_IP, DIM_PORT, DIM_NET }, 3 },
	{ "portmap", { DIM_PORT_ONLY }, 1 }, { "ipmap", { DIM_IP }, 1 },
	{ "setlist", { DIM_SET }, 1 },
};

static bool find_type(struct reader *r, const char *name, struct ip_set *s)
{
	for (size_t i = 0; i < RULES_COUNT(types); i++) {
		if (!is(name, types[i].name))
			continue;
		memcpy(s->dim, types[i].dim, sizeof(s->dim));
		s->ndims = types[i].ndims;
		s->list = s->dim[0] == DIM_SET;
		s->bitmap = !strncmp(name, "bitmap:", 7) || is(name, "portmap") ||
			    is(name, "ipmap");
		for (unsigned int d = 0; d < s->ndims; d++) {
			s->nets |= s->dim[d] == DIM_NET;
			r->rules->wants_mac |= s->dim[d] == DIM_MAC;
		}
		s->ifaces = s->dim[1] == DIM_IFACE;
		/* These know no address, and so serve both families. */
		if (!s->list && s->dim[0] != DIM_PORT_ONLY &&
		    s->dim[0] != DIM_MAC)
			s->family = CT_L3_IPV4;
		return true;
	}
	return refuse(r, name, "no such type of set is known here");
}

static bool set_netmask(struct reader *r, struct ip_set *s, const char *w)
{
	uint64_t bits;

	s->has_netmask = true;
	if (parse_u64(w, w + strlen(w), host_bits(s), &bits)) {
		prefix_mask(s->family, (unsigned int)bits, &s->netmask);
		return true;
	}
	return parse_addr_of(s->family, w, w + strlen(w), &s->netmask) ||
	       refuse(r, w, "this is no mask");
}

/* An option without a value: 1; with one: 0. */
static bool flag_option(struct ip_set *s, const char *w)
{
	if (is(w, "counters"))
		s->counters = true;
	else if (is(w, "forceadd"))
		s->forceadd = true;
	else if (!is(w, "comment") && !is(w, "skbinfo") && !is(w, "nomatch"))
		return false;
	return true;
}

static bool valued_option(struct reader *r, struct ip_set *s, const char *w,
			  const char *v)
{
	static const char *const passed_over[] = {
		"hashsize", "bucketsize", "initval", "probes", "resize", "size",
		"gc", NULL
	};
	uint64_t n;

	if (is(w, "family")) {
		if (!is(v, "inet") && !is(v, "inet6") && !is(v, "unspec"))
			return refuse(r, v, "a family is inet or inet6");
		if (s->family)
			s->family = is(v, "inet6") ? CT_L3_IPV6 : CT_L3_IPV4;
		return true;
	}
	if (is(w, "range") && s->bitmap)
		return set_read_range(r, s, v);
	if (is(w, "netmask") || is(w, "bitmask"))
		return set_netmask(r, s, v);
	if (name_in(passed_over, w, strlen(w)) >= 0)
		return true;
	if (!is(w, "maxelem") && !is(w, "timeout") && !is(w, "markmask"))
		return refuse(r, w, "no such option of a set is known here");
	if (!parse_u64(v, v + strlen(v), UINT32_MAX, &n))
		return refuse(r, v, "%s wants a number", w);
	if (is(w, "maxelem"))
		s->maxelem = n && n < MAXELEM_LIMIT ? (uint32_t)n : MAXELEM_LIMIT;
	if (is(w, "timeout")) {
		s->timeouts = true;
		s->timeout = (uint32_t)n;
	}
	if (is(w, "markmask"))
		s->markmask = (uint32_t)n;
	return true;
}

static struct ip_set *new_set(struct reader *r, const char *name)
{
	struct sets *t = r->rules->sets;
	uint32_t number;
	struct ip_set *s;

	if (names_find(&t->names, name) != NAME_NONE) {
		refuse(r, name, "there is a set of that name already");
		return NULL;
	}
	if (t->n == t->room) {
		uint32_t room = t->room ? 2 * t->room : 16;
		struct ip_set **p = t->n < SETS_LIMIT ?
			realloc(t->set, room * sizeof(*p)) : NULL;

		if (!p) {
			refuse(r, NULL, "no memory: too many sets");
			return NULL;
		}
		t->set = p;
		t->room = room;
	}
	s = reader_alloc(r, sizeof(*s));
	number = s ? names_add(&t->names, name) : NAME_NONE;
	if (number == NAME_NONE)
		return NULL;
	s->name = t->names.name[number];
	s->maxelem = MAXELEM_DEFAULT;
	s->markmask = UINT32_MAX;
	t->set[t->n++] = s;
	return s;
}

/* bitmap_ip_create() and its like: IPSET_BITMAP_MAX_RANGE. */
static bool bitmap_fits(struct reader *r, const struct ip_set *s)
{
	uint64_t step = 1;

	if (s->has_netmask)
		step = (uint64_t)UINT32_MAX - load_be32(s->netmask.b) + 1;
	return !s->bitmap || (s->hi - s->lo) / step < BITMAP_MAX ||
	       refuse(r, s->name, "a bitmap has %u elements at most", BITMAP_MAX);
}

static bool read_create(struct reader *r)
{
	struct ip_set *s;

	if (r->words.n < 3)
		return refuse(r, "create", "a name and a type are missing");
	s = new_set(r, r->words.word[1]);
	if (!s || !find_type(r, r->words.word[2], s))
		return false;
	for (r->next = 3; more_words(r);) {
		const char *w = r->words.word[r->next++];

		if (flag_option(s, w))
			continue;
		if (!more_words(r))
			return refuse(r, w, "a value is missing");
		if (!valued_option(r, s, w, r->words.word[r->next++]))
			return false;
	}
	if (!bitmap_fits(r, s))
		return false;
	if (!s->hi)	/* no range is given, which ipset save does not print */
		s->hi = UINT32_MAX;
	kv_init(&s->elems, sizeof(struct set_key), sizeof(struct set_elem),
		s->bitmap ? BITMAP_MAX : s->ifaces ? 2 * s->maxelem : s->maxelem);
	return true;
}

static bool add_member(struct reader *r, struct ip_set *s, const char *name,
		       const struct set_elem *like)
{
	uint32_t number = names_find(&r->rules->sets->names, name);
	uint32_t *member;
	struct set_elem *state;

	if (number == NAME_NONE)
		return refuse(r, name, "there is no set of that name");
	if (r->rules->sets->set[number]->list)
		return refuse(r, name, "a list of sets cannot hold another");
	if (s->nmembers == SET_MEMBERS)
		return refuse(r, name, "more than %u sets in a list", SET_MEMBERS);
	member = realloc(s->member, (s->nmembers + 1) * sizeof(*member));
	if (member)
		s->member = member;
	state = realloc(s->state, (s->nmembers + 1) * sizeof(*state));
	if (state)
		s->state = state;
	if (!member || !state)
		return refuse(r, NULL, "no memory");
	member[s->nmembers] = number;
	state[s->nmembers++] = *like;
	return true;
}

static bool elem_option(struct reader *r, struct ip_set *s, struct set_elem *e,
			const char *w)
{
	uint64_t n;
	const char *v;

	if (is(w, "nomatch")) {
		e->nomatch = true;
		return true;
	}
	/* Refused, or unknown, where a rule asks for the set. */
	if (s->ifaces && is(w, "wildcard")) {
		s->wildcard_line = r->line;
		return true;
	}
	if (!more_words(r))
		return refuse(r, w, "a value is missing");
	v = r->words.word[r->next++];
	if (is(w, "comment") || is(w, "skbmark") || is(w, "skbprio") ||
	    is(w, "skbqueue") || is(w, "before") || is(w, "after"))
		return true;
	if (!is(w, "timeout") && !is(w, "packets") && !is(w, "bytes"))
		return refuse(r, w, "no such option of an element is known here");
	if (!parse_u64(v, v + strlen(v), UINT64_MAX / CT_NSEC_PER_SEC, &n))
		return refuse(r, v, "%s wants a number", w);
	if (is(w, "timeout"))
		e->expires = n * CT_NSEC_PER_SEC;
	else if (is(w, "packets"))
		e->packets = n;
	else
		e->bytes = n;
	return true;
}

static bool read_add(struct reader *r)
{
	struct set_elem like = { 0 };
	struct ip_set *s;

	if (r->words.n < 3)
		return refuse(r, "add", "a set and an element are missing");
	s = sets_find(r->rules->sets, r->words.word[1]);
	if (!s)
		return refuse(r, r->words.word[1], "there is no set of that name");
	like.expires = (ct_time)s->timeout * CT_NSEC_PER_SEC;
	for (r->next = 3; more_words(r);)
		if (!elem_option(r, s, &like, r->words.word[r->next++]))
			return false;
	if (s->wildcard_line == r->line)
		return true;
	s->expires |= like.expires != 0;
	return s->list ? add_member(r, s, r->words.word[2], &like) :
			 set_read_elem(r, s, r->words.word[2], &like);
}

static bool read_one(struct reader *r)
{
	const char *w = r->words.word[0];

	if (is(w, "create") || is(w, "-N"))
		return read_create(r);
	if (is(w, "add") || is(w, "-A"))
		return read_add(r);
	if (is(w, "COMMIT"))
		return true;
	return refuse(r, w, "expected create or add");
}

bool sets_read(struct reader *r)
{
	const char *raw;
	size_t len;

	if (!r->rules->sets) {
		r->rules->sets = calloc(1, sizeof(struct sets));
		if (!r->rules->sets)
			return refuse(r, NULL, "no memory");
		names_init(&r->rules->sets->names, &r->rules->arena);
	}
	while (!r->failed && reader_line(r, &raw, &len))
		if (!read_one(r))
			break;
	return !r->failed;
}
