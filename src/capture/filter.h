/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * filter.h - filters in libpcap's language, for frames and for packets.
 */
#ifndef CAPTURE_FILTER_H
#define CAPTURE_FILTER_H 1

#include <stdbool.h>
#include <stdint.h>

#include "base/diag.h"

/* One expression, compiled for one link type. */
struct bpf_set;

/*
 * Compiles 'expr' for data of 'linktype' (DLT_RAW for IP packets).  NULL after a
 * message that begins with 'what', for example the option's name.  Names of
 * hosts and networks are never looked up; names of ports and protocols are
 * those in the machine's files.
 */
struct bpf_set *bpf_compile(const char *expr, int linktype, const char *what,
			    const struct diag *diag);

bool bpf_matches(const struct bpf_set *set, const uint8_t *data,
		 uint32_t caplen, uint32_t wirelen);

void bpf_set_free(struct bpf_set *set);	/* NULL is fine */

/* One expression, compiled for each link type when it is first needed. */
struct bpf_bank;

/* Keeps the pointers 'expr' and 'what'.  NULL: no memory. */
struct bpf_bank *bpf_bank_create(const char *expr, const char *what,
				 const struct diag *diag);

/*
 * The expression for frames of 'linktype'; NULL if it does not compile, with a
 * message the first time.  'swapped' is set if the capturing machine had the
 * other byte order, which DLT_NULL's address families have.  Valid until the
 * next call.
 */
const struct bpf_set *bpf_bank_get(struct bpf_bank *bank, int linktype,
				   bool swapped);

/* True if bpf_bank_get() has returned NULL because of a lack of memory. */
bool bpf_bank_lacks_memory(const struct bpf_bank *bank);

void bpf_bank_free(struct bpf_bank *bank);	/* NULL is fine */

#endif
