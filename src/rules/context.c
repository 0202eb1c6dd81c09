/* SPDX-License-Identifier: GPL-2.0-only */
#include "rules/context.h"

#include "rules/program.h"

#define IPV4_HEADER	20u
#define IPV6_HEADER	40u

#define V6_HOP		0u
#define V6_ROUTING	43u
#define V6_FRAGMENT	44u
#define V6_AUTH		51u
#define V6_NONE		59u
#define V6_DEST		60u

static bool is_extension(uint8_t proto)
{
	return proto == V6_HOP || proto == V6_ROUTING || proto == V6_FRAGMENT ||
	       proto == V6_AUTH || proto == V6_NONE || proto == V6_DEST;
}

static uint32_t header_len(uint8_t proto, const uint8_t *h)
{
	if (proto == V6_FRAGMENT)
		return 8;
	if (proto == V6_AUTH)
		return (h[1] + 2u) * 4;
	return (h[1] + 1u) * 8;
}

/* ipv6_find_hdr() of the kernel's exthdrs_core.c. */
bool v6_find(const struct bytes *b, unsigned int target, struct v6_place *out)
{
	uint32_t off = IPV6_HEADER;
	uint8_t h[2], proto;
	uint16_t frag;

	*out = (struct v6_place){ 0 };
	if (!bytes_u8(b, 6, &proto))
		return false;
	for (;;) {
		if (proto == target ||
		    (target == V6_TRANSPORT && (!is_extension(proto) ||
						proto == V6_NONE))) {
			out->proto = proto;
			out->off = off;
			return true;
		}
		if (!is_extension(proto) || proto == V6_NONE ||
		    !bytes_copy(b, off, h, 2))
			return false;
		if (proto == V6_FRAGMENT) {
			if (!bytes_be16(b, off + 2, &frag))
				return false;
			if (frag & ~7u) {
				if (target != V6_TRANSPORT ||
				    (is_extension(h[0]) && h[0] != V6_NONE))
					return false;
				out->fragoff = frag >> 3;
				out->proto = h[0];
				out->off = off + 8;
				return true;
			}
		}
		off += header_len(proto, h);
		proto = h[0];
	}
}

static bool headers4(struct rules_context *c)
{
	const struct bytes *b = &c->b;
	uint8_t ihl;
	uint16_t frag;

	if (!bytes_u8(b, 0, &ihl) || !bytes_be16(b, 6, &frag) ||
	    !bytes_u8(b, 8, &c->ttl) || !bytes_u8(b, 9, &c->proto) ||
	    !bytes_copy(b, 12, c->src.b, 4) || !bytes_copy(b, 16, c->dst.b, 4))
		return false;
	c->thoff = (ihl & 15u) * 4;
	c->fragoff = frag & 0x1fff;
	c->l4proto = c->proto;
	c->l4off = c->thoff;
	return c->thoff >= IPV4_HEADER;
}

static bool headers6(struct rules_context *c)
{
	const struct bytes *b = &c->b;
	struct v6_place at;

	if (!bytes_u8(b, 7, &c->ttl) || !bytes_copy(b, 8, c->src.b, 16) ||
	    !bytes_copy(b, 24, c->dst.b, 16))
		return false;
	c->no_proto = !v6_find(b, V6_TRANSPORT, &at);
	c->no_l4 = c->no_proto || at.proto == V6_NONE;
	c->proto = c->l4proto = at.proto;
	c->thoff = c->l4off = at.off;
	c->fragoff = at.fragoff;
	/* __nft_set_pktinfo_ipv6() asks for IP6_FH_F_AUTH. */
	if (at.off != IPV6_HEADER && v6_find(b, V6_AUTH, &at) && at.proto == V6_AUTH &&
	    ruleset_of(c->rules, CT_L3_IPV6)->backend == RULES_BACKEND_NFT) {
		c->no_proto = false;
		c->proto = V6_AUTH;
		c->thoff = at.off;
	}
	return true;
}

bool context_headers(struct rules_context *c)
{
	c->src = c->dst = (union ct_addr){ 0 };
	c->ttl_stale = false;
	return c->family == CT_L3_IPV6 ? headers6(c) : headers4(c);
}

void context_header_changed(uint8_t *p, uint16_t before, uint16_t after)
{
	uint32_t s = load_be16(p + 10) + (uint32_t)before + (~after & 0xffffu);

	while (s >> 16)
		s = (s & 0xffff) + (s >> 16);
	p[10] = (uint8_t)(s >> 8);
	p[11] = (uint8_t)s;
}

/* A string or u32 rule may look at the checksum, so it follows. */
static void write_ttl(struct rules_context *c, uint8_t *p)
{
	uint16_t before = load_be16(p + 8);

	c->ttl_stale = false;
	if (c->family == CT_L3_IPV6) {
		p[7] = c->ttl;
		return;
	}
	p[8] = c->ttl;
	context_header_changed(p, before, load_be16(p + 8));
}

uint8_t *context_write(struct rules_context *c, uint32_t room)
{
	struct rules *r = c->rules;
	uint32_t total = c->b.len + room;

	if (total > PACKET_ROOM)
		return NULL;
	if (!c->own_copy) {
		memcpy(r->copy, c->b.p, c->b.cap);
		/* What was not captured reads as zero from now on as well. */
		memset(r->copy + c->b.cap, 0, c->b.len - c->b.cap);
		c->own_copy = true;
	}
	if (room)
		memset(r->copy + c->b.len, 0, room);
	c->b.p = r->copy;
	if (c->ttl_stale)
		write_ttl(c, r->copy);
	return r->copy;
}

const struct bytes *context_bytes(struct rules_context *c)
{
	if (c->ttl_stale)
		context_write(c, 0);
	return &c->b;
}

enum answer context_read(struct rules_context *c, uint32_t off, void *to,
			 uint32_t n)
{
	if (bytes_there(&c->b, off, n)) {
		memcpy(to, c->b.p + off, n);
		return ANSWER_YES;
	}
	return bytes_has(&c->b, off, n) ? ANSWER_UNKNOWN : ANSWER_NO;
}
