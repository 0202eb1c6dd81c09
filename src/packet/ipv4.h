/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ipv4.h - an IPv4 header's sum and addresses, to be inlined.
 */
#ifndef PACKET_IPV4_H
#define PACKET_IPV4_H 1

#include "base/bytes.h"
#include "packet/checksum.h"
#include "packet/ip.h"

/* As it stands in memory, which is all the same to the sum. */
static inline uint64_t ipv4_word(const uint8_t *p)
{
	uint32_t w;

	memcpy(&w, p, sizeof(w));
	return w;
}

/* The checksum over a header of 'ihl' bytes, nearly always the least there is. */
static inline bool ipv4_sum_good(const uint8_t *h, uint32_t ihl)
{
	uint64_t sum = ipv4_word(h) + ipv4_word(h + 4) + ipv4_word(h + 8) +
		       ipv4_word(h + 12) + ipv4_word(h + 16);

	if (ihl > IPV4_HEADER)
		sum = checksum_add(sum, h + IPV4_HEADER, ihl - IPV4_HEADER);
	return checksum_fold(sum) == 0xffff;
}

static inline void ipv4_address(union ct_addr *a, const uint8_t *p)
{
	memcpy(a->b, p, 4);
	a->w[1] = 0;
	a->d[1] = 0;
}

#endif
