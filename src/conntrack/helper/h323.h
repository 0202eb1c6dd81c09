/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * h323.h - functions that the helpers of RAS, Q.931 and H.245 share.
 */
#ifndef CONNTRACK_HELPER_H323_H
#define CONNTRACK_HELPER_H323_H 1

#include "conntrack/helper/helper.h"
#include "conntrack/helper/h323_per.h"

#define H323_EXPECT_TIMEOUT 240u	/* seconds, for all three */

struct h323_address {
	union ct_addr addr;
	uint16_t port;
};

/* How the kernel reads messages: PER_QUIRK_... */
static inline unsigned int h323_quirks(const struct help *h)
{
	return kernel_has(h->ct, CT_HAS_H323_CHOICE_LENGTH) ?
	       0 : PER_QUIRK_LAST_OCTET;
}

/* Reads the address of a note; false if it is not of the packet's family. */
bool h323_address(const struct help *h, const struct per_note *note,
		  struct h323_address *a);
/* The same; false also if it is not the packet's sender's, or has no port. */
bool h323_own_address(const struct help *h, const struct per_note *note,
		      struct h323_address *a);

/*
 * Expects connections from the packet's receiver, to the packet's sender unless
 * 'want' names another destination.  If it returns false, the caller drops the
 * packet.
 */
bool h323_expect(struct help *h, struct expect_want *want);

#endif
