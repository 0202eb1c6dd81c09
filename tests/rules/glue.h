/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * glue.h - an engine as src/rules wants it, for tests: made of the engine's public
 * interface alone.
 */
#ifndef TESTS_RULES_GLUE_H
#define TESTS_RULES_GLUE_H 1

#include "ctreplay/reassembly.h"
#include "rules/rules.h"

struct glue {
	struct ct *ct;
	struct ct_reassembly *reassembly;
	struct rules_engine engine;
	const struct ct_packet *pkt;	/* in hand */
	const struct ct_verdict *v;	/* on it */
};

/* An engine for rulesets that need 'needs'; false: no memory. */
bool glue_open(struct glue *g, uint32_t needs);
void glue_close(struct glue *g);

#endif
