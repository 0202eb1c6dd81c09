/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * hashlimit.h - what the reader of hashlimit's options (hashlimit_options.c) and the
 * match itself (match_hashlimit.c) share.
 */
#ifndef RULES_HASHLIMIT_H
#define RULES_HASHLIMIT_H 1

#include "rules/clock.h"
#include "rules/reader.h"

#define HL_CREDITS_PER_TICK	(1ull << 39)	/* CREDITS_PER_JIFFY at 250 Hz */
#define HL_SCALE		1000000ull	/* XT_HASHLIMIT_SCALE_v2 */

#define MODE_DIP	0x01u
#define MODE_DPT	0x02u
#define MODE_SIP	0x04u
#define MODE_SPT	0x08u

struct hl_config {
	uint8_t  mode, src_bits, dst_bits;
	bool	 bytes, rate_match;
	uint64_t avg, burst;
	uint32_t max, gc_ms, expire_ms;
	uint32_t interval;	/* of rate_match, in seconds */
};

struct hl_table;

struct hashlimit {
	struct hl_config cfg;
	struct hl_table *table;
	const char *name;
	uint32_t unit;		/* seconds of the rate's */
	uint64_t burst;
	bool	 rate_set, above, burst_set, burst_bytes, expire_set;
};

/* user2credits(). */
static inline uint64_t hl_credits(uint64_t user)
{
	return user * (RULES_HZ * HL_CREDITS_PER_TICK / HL_SCALE);
}

/* cost_to_bytes() of libxt_hashlimit.c. */
static inline uint64_t hl_cost_to_bytes(uint64_t cost)
{
	return ((cost ? UINT32_MAX / cost : UINT32_MAX) - 1) << 4;
}

void hashlimit_init(void *info);
enum took hashlimit_option(struct reader *r, void *info, const char *opt);
bool hashlimit_finish(struct reader *r, void *info);

#endif
