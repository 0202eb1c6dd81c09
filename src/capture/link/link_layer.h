/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * link_layer.h - what the decoders of the link layers share.
 *
 * A decoder gets a cursor at its header, moves it behind the header and calls the
 * next decoder, until one finds the network layer.  No decoder is ever called
 * again by those it calls, so that a frame cannot make them recurse.
 */
#ifndef CAPTURE_LINK_LAYER_H
#define CAPTURE_LINK_LAYER_H 1

#include "capture/link/link.h"
#include "base/bytes.h"

/*
 * Invariant: off <= b.len <= end.  The view ends with the captured bytes (cap ==
 * len), so that a header cut by the snap length does not read as zeros.
 */
struct link_cursor {
	struct bytes b;
	uint32_t off;		/* of the next byte */
	uint32_t end;		/* of the bytes on the wire */
	struct link_payload *p;	/* set when the packet is found */
};

/* Ethernet's header: two addresses of six bytes, the type. */
#define ETHER_TYPE	12u
#define ETHER_HEADER	14u
#define ETHERTYPE_IPV4	0x0800
#define ETHERTYPE_IPV6	0x86dd
#define ETHERTYPE_ARP	0x0806
#define ETHERTYPE_RARP	0x8035

/* Each moves the cursor on; beyond the captured bytes it fails and the cursor
 * stays. */
static inline bool link_skip(struct link_cursor *c, uint32_t n)
{
	if (!bytes_has(&c->b, c->off, n))
		return false;
	c->off += n;
	return true;
}

static inline bool link_u8(struct link_cursor *c, uint8_t *v)
{
	return bytes_u8(&c->b, c->off, v) && link_skip(c, 1);
}

static inline bool link_be16(struct link_cursor *c, uint16_t *v)
{
	return bytes_be16(&c->b, c->off, v) && link_skip(c, 2);
}

static inline bool link_le16(struct link_cursor *c, uint16_t *v)
{
	if (!link_be16(c, v))
		return false;
	*v = __builtin_bswap16(*v);
	return true;
}

static inline bool link_be32(struct link_cursor *c, uint32_t *v)
{
	return bytes_be32(&c->b, c->off, v) && link_skip(c, 4);
}

static inline bool link_le32(struct link_cursor *c, uint32_t *v)
{
	if (!link_be32(c, v))
		return false;
	*v = __builtin_bswap32(*v);
	return true;
}

/* Ends the frame 'n' bytes after the cursor, if it has more. */
void link_limit(struct link_cursor *c, uint32_t n);

/* Removes a trailer of 'n' bytes (a frame check sequence) from the frame. */
void link_drop_tail(struct link_cursor *c, uint32_t n);

/* Sets the payload: the packet begins at the cursor. */
static inline enum link_class link_found(struct link_cursor *c,
					 enum link_class class)
{
	c->p->data = c->b.p + c->off;
	c->p->caplen = c->b.len - c->off;
	c->p->wirelen = c->end - c->off;
	return class;
}

/* link.c: IP without a type; the packet's version decides. */
enum link_class link_raw(struct link_cursor *c);
/* An address family (AF_...) in either byte order decides. */
enum link_class link_family(struct link_cursor *c, uint32_t family);
/* A frame of another link type, in a header that names it. */
enum link_class link_inner(struct link_cursor *c, int dlt);

/* ether.c */
enum link_class link_ethernet(struct link_cursor *c);
/* 'n' bytes are between the addresses and the type. */
enum link_class link_ethernet_tagged(struct link_cursor *c, uint32_t n);
enum link_class link_ethertype(struct link_cursor *c, uint16_t type);
enum link_class link_llc(struct link_cursor *c);
/* A SNAP header on a wide area link, where it may also announce a bridged Ethernet
 * frame behind 'padding' bytes (RFC 2427 section 4.2, RFC 2684 section 5.2). */
enum link_class link_snap_wan(struct link_cursor *c, uint32_t padding);
enum link_class link_mpls(struct link_cursor *c);

/* ppp.c */
enum link_class link_ppp(struct link_cursor *c);
enum link_class link_ppp_serial(struct link_cursor *c);
enum link_class link_ppp_pppd(struct link_cursor *c);
enum link_class link_ppp_bsdos(struct link_cursor *c);
enum link_class link_pppoe(struct link_cursor *c);
enum link_class link_hdlc(struct link_cursor *c);

/* switch_tag.c */
enum link_class link_dsa(struct link_cursor *c);
enum link_class link_edsa(struct link_cursor *c);
enum link_class link_brcm(struct link_cursor *c);
enum link_class link_brcm_prepend(struct link_cursor *c);

/* frelay.c */
enum link_class link_nlpid(struct link_cursor *c);
enum link_class link_frelay(struct link_cursor *c);
enum link_class link_frelay_dir(struct link_cursor *c);
enum link_class link_mfr(struct link_cursor *c);

/* atm.c */
enum link_class link_atm(struct link_cursor *c);
enum link_class link_atm_clip(struct link_cursor *c);
enum link_class link_sunatm(struct link_cursor *c);

/* lan.c */
enum link_class link_fddi(struct link_cursor *c);
enum link_class link_token_ring(struct link_cursor *c);
enum link_class link_arcnet_linux(struct link_cursor *c);
enum link_class link_ieee1394(struct link_cursor *c);
enum link_class link_ip_over_fc(struct link_cursor *c);
enum link_class link_ipoib(struct link_cursor *c);

/* pseudo.c */
enum link_class link_pflog(struct link_cursor *c);
enum link_class link_enc(struct link_cursor *c);
enum link_class link_slip(struct link_cursor *c);
enum link_class link_ipnet(struct link_cursor *c);
enum link_class link_pktap(struct link_cursor *c);
enum link_class link_netanalyzer(struct link_cursor *c);
enum link_class link_netanalyzer_transparent(struct link_cursor *c);
enum link_class link_epon(struct link_cursor *c);
enum link_class link_symantec(struct link_cursor *c);
enum link_class link_erf(struct link_cursor *c);
enum link_class link_tzsp(struct link_cursor *c);

/* wifi.c */
enum link_class link_wifi(struct link_cursor *c);
enum link_class link_radiotap(struct link_cursor *c);
enum link_class link_ppi(struct link_cursor *c);
enum link_class link_avs(struct link_cursor *c);
enum link_class link_prism(struct link_cursor *c);

#endif
