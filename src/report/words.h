/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * words.h - addresses, times and reasons as text.
 */
#ifndef REPORT_WORDS_H
#define REPORT_WORDS_H 1

#include "ctreplay/conntrack.h"
#include "report/out.h"

/* IPv4 dotted; IPv6 by RFC 5952. */
void words_address(struct out *o, const union ct_addr *a, uint8_t l3num);
/* IPv6 with all its digits, as the kernel's %pI6 prints it. */
void words_address_full(struct out *o, const union ct_addr *a, uint8_t l3num);

/* An IPv4 or IPv6 address as a string, for messages. */
#define WORDS_ADDRESS_ROOM 46u
void words_address_string(char out[WORDS_ADDRESS_ROOM], const union ct_addr *a,
			  uint8_t l3num);

/* "2001-09-09T01:46:40.119804000Z" */
void words_time_iso(struct out *o, ct_time t);
/* Seconds with 'decimals' (at most 9) of their fraction, cut, not rounded. */
void words_seconds(struct out *o, uint64_t nanoseconds, unsigned int decimals);

/* A reason's text with its numbers; several are joined by "; ". */
void words_why(struct out *o, const struct ct_verdict *v);

#endif
