/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * filter.h - libpcap's filter language, for frames and for packets.
 */
#ifndef CAPTURE_FILTER_H
#define CAPTURE_FILTER_H 1

#include <pcap/pcap.h>
#include <stdbool.h>
#include <stdint.h>

#include "diag.h"

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

/*
 * The same for the frames of an open capture.  Not the same code: DLT_NULL's
 * address families are in the byte order of the machine that captured.
 */
struct bpf_set *bpf_compile_for(pcap_t *p, const char *expr, const char *what,
				const struct diag *diag);

bool bpf_matches(const struct bpf_set *set, const uint8_t *data,
		 uint32_t caplen, uint32_t wirelen);

void bpf_set_free(struct bpf_set *set);	/* NULL is fine */

#endif
