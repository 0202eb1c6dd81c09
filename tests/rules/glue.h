/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * glue.h - an engine as src/rules wants it, for tests.
 *
 * Marks are kept here, by the connection's id; whatever else the engine's public
 * interface does not offer is taken out of its own structures.
 */
#ifndef TESTS_RULES_GLUE_H
#define TESTS_RULES_GLUE_H 1

#include "ctreplay/reassembly.h"
#include "rules/rules.h"

struct glue {
	struct ct *ct;
	struct ct_reassembly *reassembly;
	struct rules_engine engine;
	uint32_t number;	/* entry of the packet in hand */
	uint64_t id;
	struct ct_record dead;	/* the last that ended */
	uint32_t *mark;		/* by id */
	size_t	 marks;
};

/* An engine for rulesets that need 'needs'; false: no memory. */
bool glue_open(struct glue *g, uint32_t needs);
void glue_close(struct glue *g);

#endif
