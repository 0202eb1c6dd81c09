/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * link_layer.h - what the link layers' decoders share.
 *
 * A decoder gets a cursor at its header, steps over it and hands the cursor to
 * the next decoder, until one names the network layer.  None calls a decoder
 * that may call it back, so that a frame cannot make them recurse.
 */
#ifndef CAPTURE_LINK_LAYER_H
#define CAPTURE_LINK_LAYER_H 1

#include "capture/link/link.h"
#include "base/bytes.h"

/*
 * Always: off <= b.len <= end.  The view ends where the captured bytes do
 * (cap == len): a header that the snap length cut must not read as zeros.
 */
struct link_cursor {
	struct bytes b;
	uint32_t off;		/* the next byte to look at */
	uint32_t end;		/* where the bytes on the wire end */
	struct link_payload *p;	/* set once the packet is found */
};

/* Ethernet's header: two addresses of six bytes, the type. */
#define ETHER_TYPE	12u
#define ETHER_HEADER	14u
#define ETHERTYPE_IPV4	0x0800
#define ETHERTYPE_IPV6	0x86dd

/* Each steps on, and fails without doing so beyond the captured bytes. */
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

/* A header says that 'n' bytes follow; more than there are is ignored. */
void link_limit(struct link_cursor *c, uint32_t n);

/* Takes a trailer (a frame check sequence) of 'n' bytes off the wire's end. */
void link_drop_tail(struct link_cursor *c, uint32_t n);

/* The packet begins here. */
static inline enum link_class link_found(struct link_cursor *c,
					 enum link_class class)
{
	c->p->data = c->b.p + c->off;
	c->p->caplen = c->b.len - c->off;
	c->p->wirelen = c->end - c->off;
	return class;
}

/* link.c: no type anywhere, the packet's version must tell. */
enum link_class link_raw(struct link_cursor *c);

/* link_ether.c */
enum link_class link_ethernet(struct link_cursor *c);
enum link_class link_ethertype(struct link_cursor *c, uint16_t type);
enum link_class link_llc(struct link_cursor *c);
enum link_class link_mpls(struct link_cursor *c);

/* link_ppp.c */
enum link_class link_ppp(struct link_cursor *c);
enum link_class link_ppp_serial(struct link_cursor *c);
enum link_class link_ppp_pppd(struct link_cursor *c);
enum link_class link_pppoe(struct link_cursor *c);
enum link_class link_hdlc(struct link_cursor *c);

/* link_wifi.c */
enum link_class link_wifi(struct link_cursor *c);
enum link_class link_radiotap(struct link_cursor *c);
enum link_class link_ppi(struct link_cursor *c);
enum link_class link_avs(struct link_cursor *c);
enum link_class link_prism(struct link_cursor *c);

#endif
