/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * engine.h - struct ct, the engine, and the way from an engine and a number to
 * what belongs to an entry.
 */
#ifndef CONNTRACK_ENGINE_H
#define CONNTRACK_ENGINE_H 1

#include "conntrack/table/hash.h"
#include "conntrack/table/table.h"
#include "ctreplay/conntrack.h"
#include "ctreplay/firewall.h"
#include "ctreplay/kernel.h"

struct gre_keys;	/* helper/gre_key.c */

#define HELPER_PORT_WORDS 16u

/* The expectations, whose places are in table.expect. */
struct expect_table {
	uint32_t capacity, made;	/* places, and how many were ever used */
	uint32_t free;		/* chain of those that are free again */
	uint32_t count;
	uint32_t *bucket;	/* NULL until the first expectation */
	uint64_t last_id;
};

/* ct.slow: why packets may not take the fast path. */
#define SLOW_ALWAYS	0x1u	/* counters or bounds are kept */
#define SLOW_PENDING	0x2u	/* the current packet waits for ct_confirm() */
#define SLOW_ENDED	0x4u	/* the current packet ended its connection, which is
				 * freed before the next packet */

struct ct {
	/* ct_prepare() reads these in another thread: they never change. */
	struct ct_config cfg;
	struct hash_key hash_key;	/* from cfg */
	bool sends_updates;	/* on_event gets CT_EVENT_UPDATE */
	bool check_sums;	/* transport checksums are verified */
	uint32_t tcp_timeout[CT_TCP_STATES];	/* seconds; from cfg */
	ct_time tcp_fast_life[2];	/* from these; see tcp_choose_life() */
	uint8_t reason_variant[CT_REASON_COUNT];	/* which text; see reason.h */
	uint64_t helper_ports[HELPER_PORT_WORDS];	/* a bit for each port with
				 * a helper; several ports share a bit */
	bool helpers_by_rule;	/* there are rules that give helpers */
	bool helpers_by_port;	/* sysctl helper, in kernels that have it */

	/*
	 * From here on members change: not in a line that other threads read.
	 */
	_Alignas(CACHE_LINE) ct_time now;

	/* The last packet that did not take the fast path. */
	const struct ct_packet *pkt;
	uint32_t current;	/* its connection, or ENTRY_NONE */
	uint8_t dir;		/* enum ct_dir */
	uint8_t ctstate;	/* enum ct_ctstate */
	uint8_t slow;		/* SLOW_...; 0: the fast path is open */
	bool zones;		/* a template had a zone: connections may be in one */

	struct table table;
	struct expect_table expect;
	struct gre_keys *gre_keys;	/* call ids of PPTP; NULL until the first */

	uint64_t last_id;
	struct ct_stats stats;

	/* Of the packet at hand, if a template is for it: zone.c. */
	struct ct_template tmpl;
	struct ct_packet templated;	/* with what the template says */

	bool half_loaded;	/* the state that was loaded has failed: only to destroy */
};

/* Whether the kernel that the engine behaves as has the behaviour. */
static inline bool kernel_has(const struct ct *ct, enum ct_behaviour b)
{
	return ct_kernel_has(&ct->cfg.kernel, b);
}

static inline struct ct_entry *entry_get(const struct ct *ct, uint32_t number)
{
	return table_entry(&ct->table, number);
}

static inline struct entry_rest *entry_rest(const struct ct *ct, uint32_t number)
{
	return table_rest(&ct->table, number);
}

static inline struct ct_ext *entry_ext(const struct ct *ct, uint32_t number)
{
	return table_ext(&ct->table, number);
}

/*
 * The entry, which may be new and not in the table yet, expires at 'expires'.
 */
static inline void entry_set_expiry(struct ct *ct, uint32_t number,
				    struct ct_entry *e, ct_time expires)
{
	timer_set(&ct->table, number, &e->timer, expires, ct->now);
}

#endif
