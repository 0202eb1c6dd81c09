/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * facts.h - the two values that the kernel compared, and found to disagree.
 */
#ifndef REPLAY_EXPLAIN_FACTS_H
#define REPLAY_EXPLAIN_FACTS_H 1

#include "report/explain_view.h"

/*
 * Finds them for the first reason of the verdict in 'view'.  'pkt' is its packet, or
 * NULL if its bytes are gone.
 */
void facts_find(struct explain_view *view, const struct ct_packet *pkt);

#endif
