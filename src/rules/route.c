/* SPDX-License-Identifier: GPL-2.0-only */
#include "rules/route.h"

#include <stdlib.h>

#include "rules/reader.h"

#define ROUTES_MAX (4u << 20)

void routes_free(struct routes *t)
{
	free(t->route);
	free(t->slot);
	*t = (struct routes){ 0 };
}

static uint32_t mix(uint64_t v)
{
	v *= 0x9e3779b97f4a7c15ull;
	return (uint32_t)(v >> 32);
}

static uint32_t hash(const struct route *key)
{
	return mix(key->prefix.d[0] ^ mix(key->prefix.d[1]) ^
		   (uint64_t)key->plen << 32 ^ (uint64_t)key->table << 48 ^
		   (uint64_t)key->family << 56);
}

static bool same(const struct route *a, const struct route *b)
{
	return a->prefix.d[0] == b->prefix.d[0] &&
	       a->prefix.d[1] == b->prefix.d[1] && a->plen == b->plen &&
	       a->table == b->table && a->family == b->family;
}

static bool grow(struct routes *t)
{
	uint32_t room = t->room ? 2 * t->room : 64;
	struct route *route = realloc(t->route, room * sizeof(*route));
	uint32_t *slot;

	if (!route)
		return false;
	t->route = route;
	t->room = room;
	slot = calloc(2 * room, sizeof(*slot));
	if (!slot)
		return false;
	free(t->slot);
	t->slot = slot;
	t->slots = 2 * room;
	for (uint32_t i = 0; i < t->n; i++) {
		uint32_t *s = &slot[hash(&route[i]) & (t->slots - 1)];

		route[i].next = *s;
		*s = i + 1;
	}
	return true;
}

bool routes_add(struct routes *t, const struct route *route)
{
	uint32_t *s;

	if (t->n == ROUTES_MAX || (t->n == t->room && !grow(t)))
		return false;
	t->route[t->n] = *route;
	s = &t->slot[hash(route) & (t->slots - 1)];
	t->route[t->n].next = *s;
	*s = ++t->n;
	t->lengths[route->family == CT_L3_IPV6][route->table][route->plen / 64] |=
		1ull << route->plen % 64;
	return true;
}

/* Of the same prefix the least metric wins, and of those the first. */
static const struct route *find_exact(const struct routes *t,
				      const struct route *key)
{
	const struct route *best = NULL;

	for (uint32_t i = t->slot[hash(key) & (t->slots - 1)]; i;
	     i = t->route[i - 1].next) {
		const struct route *r = &t->route[i - 1];

		if (same(r, key) && (!best || r->metric <= best->metric))
			best = r;
	}
	return best;
}

const struct route *routes_find_in(const struct routes *t, unsigned int family,
				   unsigned int table, const union ct_addr *a)
{
	struct route key = { .family = (uint8_t)family, .table = (uint8_t)table };
	const uint64_t *lengths = t->lengths[family == CT_L3_IPV6][table];
	const struct route *found;
	union ct_addr mask;

	for (int word = 2; word >= 0; word--) {
		for (uint64_t left = lengths[word]; left;) {
			unsigned int bit = 63u - (unsigned int)__builtin_clzll(left);

			left &= ~(1ull << bit);
			key.plen = (uint8_t)(64u * (unsigned int)word + bit);
			prefix_mask(family, key.plen, &mask);
			key.prefix.d[0] = a->d[0] & mask.d[0];
			key.prefix.d[1] = a->d[1] & mask.d[1];
			found = find_exact(t, &key);
			if (found)
				return found->type == ROUTE_THROW ? NULL : found;
		}
	}
	return NULL;
}

const struct route *routes_find(const struct routes *t, unsigned int family,
				const union ct_addr *a)
{
	const struct route *r = routes_find_in(t, family, ROUTE_TABLE_LOCAL, a);

	return r ? r : routes_find_in(t, family, ROUTE_TABLE_MAIN, a);
}

static bool link_local(unsigned int family, const union ct_addr *a)
{
	return family == CT_L3_IPV6 && a->b[0] == 0xfe &&
	       (a->b[1] & 0xc0) == 0x80;
}

/* An address of this host that others can see. */
static bool own_address(const struct route *r)
{
	if (r->type != ROUTE_LOCAL)
		return false;
	if (r->family == CT_L3_IPV4)
		return r->plen == 32 && r->prefix.b[0] != 127;
	return r->plen == 128 && (r->prefix.d[0] || r->prefix.b[15] != 1);
}

bool routes_source(const struct routes *t, unsigned int family,
		   const union ct_addr *a, const struct rules_iface *dev,
		   union ct_addr *src)
{
	const struct route *to = routes_find(t, family, a);
	bool any = false;

	if (to && to->has_src) {
		*src = to->src;
		return true;
	}
	/* The first address of the interface, else the first of the host. */
	for (uint32_t i = 0; i < t->n; i++) {
		const struct route *r = &t->route[i];

		if (r->family != family || !own_address(r) ||
		    link_local(family, &r->prefix) != link_local(family, a))
			continue;
		if (r->dev == dev || !any)
			*src = r->prefix;
		any = true;
		if (r->dev == dev)
			break;
	}
	return any;
}

/* Reading. */

static const char *const type_names[] = {
	"", "unicast", "local", "broadcast", "anycast", "multicast", "blackhole",
	"unreachable", "prohibit", "throw", NULL
};

/*
 * Whether a line is one of IPv6.  A prefix tells; "default" does not, and the gateway of
 * an IPv4 route may be "via inet6 fe80::1".
 */
static bool line_is_v6(const struct reader *r)
{
	bool v6 = false;

	if (!is(r->words.word[r->next], "default"))
		return strchr(r->words.word[r->next], ':') != NULL;
	for (uint32_t i = r->next; i < r->words.n; i++) {
		if (is(r->words.word[i], "inet6"))
			return false;
		v6 |= strchr(r->words.word[i], ':') || is(r->words.word[i], "pref");
	}
	return v6;
}

static bool read_prefix(struct reader *r, struct route *to)
{
	const char *w = r->words.word[r->next];
	const char *slash = strchr(w, '/');
	uint64_t plen;

	to->family = line_is_v6(r) ? CT_L3_IPV6 : CT_L3_IPV4;
	r->next++;
	if (is(w, "default"))
		return true;
	plen = to->family == CT_L3_IPV6 ? 128 : 32;
	if (!parse_addr_of(to->family, w, slash ? slash : w + strlen(w),
			   &to->prefix) ||
	    (slash && !parse_u64(slash + 1, slash + strlen(slash), plen, &plen)))
		return refuse(r, w, "this is no destination of a route");
	to->plen = (uint8_t)plen;
	return true;
}

/* A table by its name or number: false: one that is not looked at. */
static bool read_table(const char *w, struct route *to)
{
	if (is(w, "local") || is(w, "255"))
		to->table = ROUTE_TABLE_LOCAL;
	else if (!is(w, "main") && !is(w, "254") && !is(w, "default") &&
		 !is(w, "253"))
		return false;
	return true;
}

static bool read_words(struct reader *r, struct route *to, bool *looked_at)
{
	while (r->next + 1 < r->words.n) {
		const char *key = r->words.word[r->next++];
		const char *w = r->words.word[r->next];
		uint64_t n;

		if (is(key, "dev") && !to->dev) {
			to->dev = ifaces_get(&r->rules->ifaces, w);
			if (!to->dev)
				return refuse(r, w, "this is no name of an interface");
		} else if (is(key, "table")) {
			*looked_at = read_table(w, to);
		} else if (is(key, "metric") &&
			   parse_u64(w, w + strlen(w), UINT32_MAX, &n)) {
			to->metric = (uint32_t)n;
		} else if ((is(key, "mtu") ||	/* "mtu lock 1400" */
			    (is(key, "lock") && is(r->words.word[r->next - 2], "mtu"))) &&
			   parse_u64(w, w + strlen(w), UINT32_MAX, &n)) {
			to->mtu = (uint32_t)n;
		} else if (is(key, "src")) {
			to->has_src = parse_addr_of(to->family, w, w + strlen(w),
						    &to->src);
		}
	}
	return true;
}

static bool read_route(struct reader *r)
{
	struct route to = { .table = ROUTE_TABLE_MAIN, .type = ROUTE_UNICAST };
	const char *w = r->words.word[0];
	int type = name_in(type_names, w, strlen(w));
	bool looked_at = true;

	if (type > 0) {
		to.type = (uint8_t)type;
		r->next++;
	}
	if (!more_words(r))
		return refuse(r, w, "a destination is missing");
	if (!read_prefix(r, &to) || !read_words(r, &to, &looked_at))
		return false;
	if (!looked_at) {
		r->rules->routes.others++;
		return true;
	}
	if (!routes_add(&r->rules->routes, &to))
		return refuse(r, NULL, "no memory for so many routes");
	return true;
}

bool routes_read(struct reader *r)
{
	struct routes *t = &r->rules->routes;
	const char *raw;
	size_t len;

	t->given = true;
	while (reader_line(r, &raw, &len)) {
		/* The other ways of a multipath route; the first is taken. */
		if (is(r->words.word[0], "nexthop")) {
			struct route *last = t->n ? &t->route[t->n - 1] : NULL;
			bool looked_at;

			if (last && !last->dev &&
			    !read_words(r, last, &looked_at))
				break;
			continue;
		}
		if (!read_route(r))
			break;
	}
	if (t->others)
		diag_say(r->rules->options.diag, DIAG_NOTE,
			 "%s: %u routes stand in tables that only 'ip rule' "
			 "could lead to; they are not used", r->file, t->others);
	return !r->failed;
}
