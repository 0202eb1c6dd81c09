/* SPDX-License-Identifier: GPL-2.0-only */
/* IP over ATM. */
#include "capture/link/link_layer.h"

#define LLC_ISO		0xfefe03	/* routed ISO PDU: an NLPID follows */
#define LLC_SNAP	0xaaaa03

/* Padding in front of a bridged frame, RFC 2684 section 5.2. */
#define BRIDGED_PADDING	2u

static bool peek24(const struct link_cursor *c, uint32_t *v)
{
	uint8_t p[3];

	if (!bytes_copy(&c->b, c->off, p, sizeof(p)))
		return false;
	*v = (uint32_t)(p[0] << 16 | p[1] << 8 | p[2]);
	return true;
}

/* RFC 2684 section 5: an LLC header. */
enum link_class link_atm(struct link_cursor *c)
{
	uint32_t llc;

	if (!peek24(c, &llc))
		return LINK_SHORT;
	if (llc == LLC_ISO) {
		link_skip(c, 3);
		return link_nlpid(c);
	}
	if (llc == LLC_SNAP) {
		link_skip(c, 3);
		return link_snap_wan(c, BRIDGED_PADDING);
	}
	return link_llc(c);
}

/* Linux Classical IP (RFC 2225): the LLC header may be missing. */
enum link_class link_atm_clip(struct link_cursor *c)
{
	uint8_t first;

	if (!bytes_u8(&c->b, c->off, &first))
		return LINK_SHORT;
	return first == LLC_SNAP >> 16 ? link_atm(c) : link_raw(c);
}

#define SUNATM_LANE	1
#define SUNATM_LLC	2
#define LANE_HEADER	2u	/* the sender's LAN emulation client */

/* LINKTYPE_SUNATM: flags, virtual path, virtual channel (two bytes). */
enum link_class link_sunatm(struct link_cursor *c)
{
	uint8_t flags;

	if (!link_u8(c, &flags) || !link_skip(c, 3))
		return LINK_SHORT;
	switch (flags & 0xf) {
	case SUNATM_LANE:
		return link_skip(c, LANE_HEADER) ? link_ethernet(c) : LINK_SHORT;
	case SUNATM_LLC:
		return link_atm(c);
	}
	return LINK_OTHER;
}
