/* SPDX-License-Identifier: GPL-2.0-only */
#include "packet/ip.h"

#include "ctreplay/packet.h"

bool ipv6_skip_extensions(const struct bytes *b, uint32_t off, uint8_t nexthdr,
			  struct ipv6_chain *chain)
{
	uint32_t n = 0;

	chain->fragment = chain->is_long = false;
	while (ipv6_is_extension(nexthdr)) {
		uint8_t ext[2];

		chain->off = off;
		chain->protonum = nexthdr;
		if (nexthdr == IPV6_EXT_FRAGMENT)
			chain->fragment = true;
		if (nexthdr == IPV6_EXT_NONE || !bytes_copy(b, off, ext, 2))
			return false;
		if (++n > IPV6_EXTENSIONS_MOST)
			chain->is_long = true;
		if (nexthdr == IPV6_EXT_FRAGMENT) {
			uint16_t frag_off;

			/* A later fragment has no transport header: its data
			 * would be taken for one. */
			if (!bytes_be16(b, off + 2, &frag_off) ||
			    (frag_off & ~7u))
				return false;
		}
		off += ipv6_extension_length(nexthdr, ext[1]);
		nexthdr = ext[0];
	}
	chain->off = off;
	chain->protonum = nexthdr;
	return true;
}

static bool ipv4_transport(const struct bytes *b, uint32_t off,
			   uint32_t *l4off, uint8_t *protonum)
{
	uint8_t h[IPV4_HEADER];

	if (!bytes_copy(b, off, h, sizeof(h)) ||
	    (load_be16(h + 6) & IPV4_OFFSET_MASK))
		return false;
	*l4off = off + (h[0] & 0xfu) * 4;
	*protonum = h[9];
	return *l4off <= b->len;
}

bool ip_transport(const struct bytes *b, uint32_t off, uint8_t l3num,
		  bool limited, uint32_t *l4off, uint8_t *protonum)
{
	struct ipv6_chain chain;
	uint8_t nexthdr;

	if (l3num == CT_L3_IPV4)
		return ipv4_transport(b, off, l4off, protonum);
	if (!bytes_u8(b, off + 6, &nexthdr) ||
	    !ipv6_skip_extensions(b, off + IPV6_HEADER, nexthdr, &chain) ||
	    (limited && chain.is_long))
		return false;
	*l4off = chain.off;
	*protonum = chain.protonum;
	return true;
}
