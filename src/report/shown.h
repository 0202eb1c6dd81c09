/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * shown.h - the names of values that do not depend on the format.
 */
#ifndef REPORT_SHOWN_H
#define REPORT_SHOWN_H 1

#include "ctreplay/conntrack.h"

/* tcpdump's letters in tcpdump's order, or "none". */
#define TCP_FLAGS_SIZE 9u
void shown_tcp_flags(uint8_t flags, char out[TCP_FLAGS_SIZE]);
/* The name of an ICMP or ICMPv6 type, or NULL. */
const char *shown_icmp_type(uint8_t protonum, uint8_t type);
/* "original", "reply", or NULL for CT_DIR_NONE. */
const char *shown_dir(uint8_t dir);
/* "accept", "drop", or NULL for a fragment that waits for its datagram. */
const char *shown_verdict(const struct ct_verdict *v);

/* "ipv4" or "ipv6" */
static inline const char *shown_l3proto(uint8_t l3num)
{
	return l3num == CT_L3_IPV4 ? "ipv4" : "ipv6";
}

#endif
