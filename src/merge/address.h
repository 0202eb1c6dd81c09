/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * address.h - a member of a record that is an IPv4 or IPv6 address.
 */
#ifndef MERGE_ADDRESS_H
#define MERGE_ADDRESS_H 1

#include "ctreplay/packet.h"
#include "merge/record.h"

/* False, after a message, unless it is an address; of the family '*l3num', which becomes
 * known if it is 0. */
bool address_read(const struct record *r, const char *name, union ct_addr *a,
		  uint8_t *l3num);

#endif
