/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * helper_h323.h - what the helpers of RAS, Q.931 and H.245 share.
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

/* The address that was noted; false where it is not of the packet's family. */
bool h323_address(const struct help *h, const struct per_note *note,
		  struct h323_address *a);
/* The same if it is one where the packet's sender can be reached. */
bool h323_own_address(const struct help *h, const struct per_note *note,
		      struct h323_address *a);

/*
 * Expects connections from whom the packet is for; to the packet's sender
 * where 'want' names no destination.  False is a reason to drop the packet.
 */
bool h323_expect(struct help *h, struct expect_want *want);

#endif
