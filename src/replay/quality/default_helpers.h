/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * default_helpers.h - expectations of helpers that listen because nothing was said
 * about helpers, where the kernel needs a rule for each.
 *
 * Belongs to the tracker.
 */
#ifndef REPLAY_QUALITY_DEFAULT_HELPERS_H
#define REPLAY_QUALITY_DEFAULT_HELPERS_H 1

#include <stdint.h>
#include <string.h>

#include "ctreplay/conntrack.h"

struct default_helpers {
	uint64_t made[CT_HELPERS];	/* expectations, by helper */
};

/* The option's name: H.323's helpers have three names in the kernel, and one here. */
static inline const char *default_helpers_name(const char *helper)
{
	static const char *const h323[] = { "RAS", "Q.931", "H.245" };

	for (unsigned int i = 0; i < sizeof(h323) / sizeof(h323[0]); i++)
		if (strcmp(helper, h323[i]) == 0)
			return "h323";
	return helper;
}

static inline void default_helpers_expect(struct default_helpers *h,
					  const struct ct_expect_event *ev)
{
	const char *name = default_helpers_name(ev->record.helper);

	if (ev->type != CT_EVENT_NEW)
		return;
	for (unsigned int i = 0; i < CT_HELPERS; i++)
		if (strcmp(name, ct_helper_name(i)) == 0)
			h->made[i]++;
}

#endif
