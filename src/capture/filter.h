/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * filter.h - libpcap's filter language, for frames and for packets.
 */
#ifndef CAPTURE_FILTER_H
#define CAPTURE_FILTER_H 1

#include <stdbool.h>
#include <stdint.h>

#include "base/diag.h"

/* One expression, compiled for one link type. */
struct bpf_set;

/*
 * Compiles 'expr' for data of 'linktype' (DLT_RAW for IP packets).  'what'
 * begins the message where that fails, for example the option's name; NULL
 * then.  Names of hosts and networks are never looked up, those of ports and
 * protocols are found in the machine's files.
 */
struct bpf_set *bpf_compile(const char *expr, int linktype, const char *what,
			    const struct diag *diag);

bool bpf_matches(const struct bpf_set *set, const uint8_t *data,
		 uint32_t caplen, uint32_t wirelen);

void bpf_set_free(struct bpf_set *set);	/* NULL is fine */

/* One expression, compiled for each link type that comes along. */
struct bpf_bank;

/* 'expr' and 'what' are kept as pointers.  NULL: no memory. */
struct bpf_bank *bpf_bank_create(const char *expr, const char *what,
				 const struct diag *diag);

/*
 * The expression for frames of 'linktype'; NULL where it does not compile,
 * with a message the first time.  'swapped' where the capturing machine had
 * the other byte order, in which DLT_NULL holds its address families.  Good
 * until the next call.
 */
const struct bpf_set *bpf_bank_get(struct bpf_bank *bank, int linktype,
				   bool swapped);

/* Whether it is for want of memory that there was none, some time. */
bool bpf_bank_lacks_memory(const struct bpf_bank *bank);

void bpf_bank_free(struct bpf_bank *bank);	/* NULL is fine */

#endif
