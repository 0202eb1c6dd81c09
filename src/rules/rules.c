/* SPDX-License-Identifier: GPL-2.0-only */
/* rules.c - the module's outside: made, filled, made ready, freed. */
#include "rules/rules.h"

#include <stdlib.h>

#include "rules/run.h"
#include "rules/sets.h"
#include "rules/shared.h"

struct rules *rules_create(const struct rules_options *options)
{
	struct rules *r = calloc(1, sizeof(*r));

	if (!r)
		return NULL;
	r->options = *options;
	if (!r->options.diag)
		r->options.diag = &diag_silent;
	r->random = options->seed;
	arena_init(&r->arena, RULES_MEMORY);
	r->copy = malloc(PACKET_ROOM);
	r->reply = malloc(2 * PACKET_ROOM);
	if (r->copy && r->reply && ifaces_init(&r->ifaces, &r->arena) &&
	    answers_init(r))
		return r;
	rules_destroy(r);
	return NULL;
}

void rules_destroy(struct rules *r)
{
	if (!r)
		return;
	for (unsigned int i = 0; i < 2; i++)
		ruleset_free(&r->set[i]);
	routes_free(&r->routes);
	free(r->link);
	sets_free(r->sets);
	shared_free(r);
	answers_free(r);
	ifaces_free(&r->ifaces);
	arena_free(&r->arena);
	free(r->copy);
	free(r->reply);
	free(r);
}

static bool read_with(struct rules *r, const char *file, const char *text,
		      size_t len, unsigned int family,
		      bool (*fn)(struct reader *))
{
	struct reader reader;
	bool ok;

	if (!rules_reader_open(&reader, r, file, text, len)) {
		r->failed = true;
		return false;
	}
	reader.family = (uint8_t)family;
	reader.set = ruleset_of(r, family);
	ok = fn(&reader) && !reader.failed;
	rules_reader_close(&reader);
	r->failed |= !ok;
	return ok;
}

bool rules_read_sets(struct rules *r, const char *file, const char *text,
		     size_t len)
{
	return read_with(r, file, text, len, CT_L3_IPV4, sets_read);
}

bool rules_read_routes(struct rules *r, const char *file, const char *text,
		       size_t len)
{
	return read_with(r, file, text, len, CT_L3_IPV4, routes_read);
}

bool rules_read_links(struct rules *r, const char *file, const char *text,
		      size_t len)
{
	return read_with(r, file, text, len, CT_L3_IPV4, links_read);
}

bool rules_read_save(struct rules *r, const char *file, const char *text,
		     size_t len, enum ct_l3 family)
{
	return read_with(r, file, text, len, family, read_save);
}

bool rules_add_local(struct rules *r, const char *address)
{
	struct route to = { .table = ROUTE_TABLE_LOCAL, .type = ROUTE_LOCAL };
	const char *end = address + strlen(address);

	to.family = strchr(address, ':') ? CT_L3_IPV6 : CT_L3_IPV4;
	to.plen = to.family == CT_L3_IPV6 ? 128 : 32;
	if (!parse_addr_of(to.family, address, end, &to.prefix)) {
		diag_say(r->options.diag, DIAG_ERROR, "--local: '%.80s' is "
			 "no address; expected one such as 192.0.2.1 or 2001:db8::1",
			 address);
		return false;
	}
	r->routes.given = true;
	return routes_add(&r->routes, &to);
}

/* "ip route show table all" prints one family alone, and without a route no packet
 * of the other would go anywhere. */
static bool routes_serve(struct rules *r)
{
	for (unsigned int i = 0; i < 2; i++) {
		bool any = false;

		for (uint32_t k = 0; k < r->routes.n; k++)
			any |= (r->routes.route[k].family == CT_L3_IPV6) == i;
		if (!r->set[i].loaded || any ||
		    r->options.path != RULES_PATH_ROUTES)
			continue;
		diag_say(r->options.diag, DIAG_ERROR, "there are rules for %s and no "
			 "route of it; 'ip %sroute show table all' prints them",
			 i ? "IPv6" : "IPv4", i ? "-6 " : "");
		return false;
	}
	return true;
}

bool rules_ready(struct rules *r)
{
	if (r->failed)
		return false;
	if ((r->set[0].loaded || r->set[1].loaded) && !r->routes.given &&
	    r->options.path == RULES_PATH_ROUTES) {
		diag_say(r->options.diag, DIAG_ERROR, "which way packets go is not "
			 "known: give the routes (--routes FILE), the firewall's "
			 "addresses (--local ADDR), or one way for all packets "
			 "(--hook forward, input or output)");
		return false;
	}
	sets_ready(r->sets);
	return routes_serve(r) && ruleset_ready(r, &r->set[0]) &&
	       ruleset_ready(r, &r->set[1]);
}

const struct rules_iface *rules_iface(struct rules *r, const char *name)
{
	return ifaces_get(&r->ifaces, name);
}

const char *rules_iface_name(const struct rules_iface *i)
{
	return i->name;
}

uint32_t rules_iface_number(const struct rules_iface *i)
{
	return i ? i->number : 0;
}

uint32_t rules_needs(const struct rules *r, enum ct_l3 family)
{
	return r->set[family == CT_L3_IPV6].needs;
}

const char *rules_chain_name(const struct rules *r, enum ct_l3 family,
			     const struct rules_ref *ref)
{
	return r->set[family == CT_L3_IPV6].chain[ref->chain].name;
}

const char *rules_rule_text(const struct rules *r, enum ct_l3 family,
			    const struct rules_ref *ref)
{
	const struct ruleset *s = &r->set[family == CT_L3_IPV6];

	return s->rule[s->chain[ref->chain].first + ref->number - 1].text;
}

bool rules_want_mac(const struct rules *r)
{
	return r->wants_mac;
}

bool rules_has(const struct rules *r, enum ct_l3 family)
{
	return r->set[family == CT_L3_IPV6].loaded;
}

enum rules_place rules_place(struct rules *r, enum ct_l3 family,
			     const union ct_addr *a,
			     const struct rules_iface **dev)
{
	const struct route *to = r->routes.n ? way_to(r, family, a) : NULL;

	*dev = to ? to->dev : NULL;
	if (!to)
		return RULES_PLACE_UNKNOWN;
	return to->type == ROUTE_LOCAL ? RULES_PLACE_LOCAL : RULES_PLACE_AWAY;
}
