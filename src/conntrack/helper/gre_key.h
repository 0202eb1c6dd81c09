/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * gre_key.h - the call ids of PPTP, which are the keys of GRE version 1.
 */
#ifndef CONNTRACK_HELPER_GRE_KEY_H
#define CONNTRACK_HELPER_GRE_KEY_H 1

#include "conntrack/expect.h"

/* The source key of a packet whose tuple lacks only that, or 0;
 * gre_keymap_lookup(). */
uint16_t gre_key_lookup(const struct ct *ct, const struct ct_tuple *t);
/*
 * Remembers the keys of a call of 'master', whose helper is PPTP's: of its GRE
 * tuples in both directions.  False if it has another call already, or there is
 * no memory.  nf_ct_gre_keymap_add().
 */
bool gre_keys_add(struct ct *ct, struct ct_ext *master,
		  const struct ct_tuple tuple[2]);
/* Forgets the keys of a call; nf_ct_gre_keymap_destroy().  Only if the helper
 * of 'master' is PPTP's. */
void gre_key_destroy(struct ct *ct, struct ct_ext *master);
void gre_keys_free(struct ct *ct);

/* PPTP's expectfn (pptp.c). */
expect_fn pptp_expected;

#endif
