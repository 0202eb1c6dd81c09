/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ipv4.h - the checksum and the addresses of an IPv4 header, inline.
 */
#ifndef PACKET_IPV4_H
#define PACKET_IPV4_H 1

#include "base/bytes.h"
#include "packet/checksum.h"
#include "packet/ip.h"

/* In memory order, which does not matter to the sum (RFC 1071 section 2(B)). */
static inline uint64_t ipv4_word(const uint8_t *p)
{
	uint32_t w;

	memcpy(&w, p, sizeof(w));
	return w;
}

/* Verifies the checksum of a header of 'ihl' bytes, nearly always the
 * minimum. */
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
