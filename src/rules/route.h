/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * route.h - what "ip route show table all" says: the longest prefix wins.
 *
 * The kernel's usual rules are assumed: table local, then main, then default.
 * Routes of other tables are counted, and a note says so: which packets they are
 * for stands in "ip rule", which no file holds.
 */
#ifndef RULES_ROUTE_H
#define RULES_ROUTE_H 1

#include "rules/rules.h"

enum route_type {	/* as enum of linux/rtnetlink.h */
	ROUTE_UNSPEC, ROUTE_UNICAST, ROUTE_LOCAL, ROUTE_BROADCAST,
	ROUTE_ANYCAST, ROUTE_MULTICAST, ROUTE_BLACKHOLE, ROUTE_UNREACHABLE,
	ROUTE_PROHIBIT, ROUTE_THROW, ROUTE_TYPES
};

enum route_table { ROUTE_TABLE_LOCAL, ROUTE_TABLE_MAIN, ROUTE_TABLES };

struct route {
	union ct_addr prefix;
	uint8_t  family, table, type, plen;
	uint32_t metric, mtu;	/* mtu 0: none was named */
	const struct rules_iface *dev;	/* NULL: none was named */
	union ct_addr src;	/* preferred source */
	bool	 has_src;
	uint32_t next;		/* of the same slot: number + 1 */
};

struct routes {
	struct route *route;
	uint32_t n, room;
	uint32_t *slot;
	uint32_t slots;
	/* prefix lengths that there are, by family, table: a bit each */
	uint64_t lengths[2][ROUTE_TABLES][3];
	uint32_t others;	/* of tables that are not looked at */
	bool	 given;		/* a file was read */
};

struct reader;

void routes_free(struct routes *t);
bool routes_read(struct reader *r);
bool routes_add(struct routes *t, const struct route *route);
/* The route of the longest prefix, of least metric, in one table; NULL. */
const struct route *routes_find_in(const struct routes *t, unsigned int family,
				   unsigned int table, const union ct_addr *a);
/* In local, then in main. */
const struct route *routes_find(const struct routes *t, unsigned int family,
				const union ct_addr *a);
/* The address that this host would send from to 'a' by 'dev'; false: none known. */
bool routes_source(const struct routes *t, unsigned int family,
		   const union ct_addr *a, const struct rules_iface *dev,
		   union ct_addr *src);

#endif
