/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rules_desk.h - one ruleset, one packet, and an engine that says what the test wants.
 */
#ifndef TESTS_UNIT_SUPPORT_RULES_DESK_H
#define TESTS_UNIT_SUPPORT_RULES_DESK_H 1

#include "rules/rules.h"

struct desk {
	struct rules *r;
	char said[2048];	/* what the readers told */
	struct rules_engine engine;
	struct rules_frame frame;
	struct rules_outcome out;
	struct ct_packet pkt;
	/* the engine's word */
	uint8_t ctstate, ctdir;
	bool	has_conn;
	struct rules_conn conn;
	uint32_t mark;		/* last set */
	unsigned int tracked, confirmed, dropped;
	bool	notrack;
};

/* An empty desk with these options; routes for 192.0.2.0/24 (lan0) and
 * 198.51.100.0/24 (wan0), and the same of IPv6. */
void desk_open(struct desk *d, const struct rules_options *options);
void desk_close(struct desk *d);
/* Reads a ruleset of a family and makes it ready; false: refused. */
bool desk_load(struct desk *d, enum ct_l3 family, const char *text);
/* Lets a packet through, one second after the one before. */
const struct rules_outcome *desk_run(struct desk *d, const uint8_t *data,
				     size_t len);
/* Whether one rule of mangle PREROUTING matches the packet; -1: refused. */
int desk_match(const char *rule, const uint8_t *data, size_t len);
/* Packets counted by rule number 'n' of a chain, from 1; 0: the policy. */
uint64_t desk_count(struct desk *d, enum ct_l3 family, const char *table,
		    const char *chain, unsigned int n);

/* Packets.  They return the length. */
size_t desk_tcp(uint8_t *p, uint16_t sport, uint16_t dport, uint8_t flags,
		const char *options, size_t noptions, const char *data);
size_t desk_udp(uint8_t *p, uint16_t sport, uint16_t dport, const char *data);
size_t desk_icmp(uint8_t *p, uint8_t type, uint8_t code);
size_t desk_udp6(uint8_t *p, uint16_t sport, uint16_t dport);

#endif
