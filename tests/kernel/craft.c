/* SPDX-License-Identifier: GPL-2.0-only */
#include "craft.h"

#include <string.h>

#include "util.h"

void craft_put(struct craft *c, const void *data, size_t len)
{
	if (len > CRAFT_MAX - c->len)
		die("a crafted packet is too long");
	if (len)
		memcpy(c->b + c->len, data, len);
	c->len += len;
}

void craft_put8(struct craft *c, uint32_t v)
{
	uint8_t b = (uint8_t)v;

	craft_put(c, &b, 1);
}

void craft_put16(struct craft *c, uint32_t v)
{
	uint8_t b[2];

	put16(b, v);
	craft_put(c, b, 2);
}

void craft_put32(struct craft *c, uint32_t v)
{
	uint8_t b[4];

	put32(b, v);
	craft_put(c, b, 4);
}

void craft_fill(struct craft *c, uint8_t v, size_t len)
{
	while (len--)
		craft_put(c, &v, 1);
}

uint32_t craft_sum(uint32_t sum, const uint8_t *p, size_t len)
{
	for (; len > 1; p += 2, len -= 2)
		sum += get16(p);
	if (len)
		sum += (uint32_t)p[0] << 8;
	return sum;
}

uint16_t craft_fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

uint16_t craft_l4_sum(const struct addr *src, const struct addr *dst,
		      uint8_t proto, const uint8_t *p, size_t len)
{
	size_t n = src->family == 4 ? 4 : 16;
	uint32_t sum = craft_sum(0, src->b, n);

	sum = craft_sum(sum, dst->b, n);
	sum += proto + (uint32_t)len;
	return craft_fold(craft_sum(sum, p, len));
}

uint32_t craft_crc32c(const uint8_t *p, size_t len)
{
	uint32_t crc = 0xffffffff;

	while (len--) {
		crc ^= *p++;
		for (unsigned int k = 0; k < 8; k++)
			crc = crc & 1 ? crc >> 1 ^ 0x82f63b78 : crc >> 1;
	}
	return ~crc;
}

static void put_ip4(struct craft *out, const struct addr *src,
		    const struct addr *dst, uint8_t proto, size_t len,
		    const struct ip_shape *s)
{
	size_t hl = 20 + s->options_len;

	craft_put8(out, 0x40 | (uint32_t)(hl / 4));
	craft_put8(out, 0);
	craft_put16(out, (uint32_t)(hl + len));
	craft_put16(out, s->id);
	craft_put16(out, s->frag);
	craft_put8(out, s->ttl ? s->ttl : 64);
	craft_put8(out, proto);
	craft_put16(out, 0);
	craft_put(out, src->b, 4);
	craft_put(out, dst->b, 4);
	craft_put(out, s->options, s->options_len);
	craft_ip_resum(out);
}

void craft_ip(struct craft *out, const struct addr *src,
	      const struct addr *dst, uint8_t proto, const uint8_t *p,
	      size_t len, const struct ip_shape *shape)
{
	static const struct ip_shape plain;
	const struct ip_shape *s = shape ? shape : &plain;

	out->len = 0;
	if (src->family == 4) {
		put_ip4(out, src, dst, proto, len, s);
	} else {
		craft_put32(out, 0x60000000);
		craft_put16(out, (uint32_t)len);
		craft_put8(out, proto);
		craft_put8(out, s->ttl ? s->ttl : 64);
		craft_put(out, src->b, 16);
		craft_put(out, dst->b, 16);
	}
	craft_put(out, p, len);
}

void craft_ip_resum(struct craft *c)
{
	size_t hl = 4u * (c->b[0] & 15u);

	put16(c->b + 10, 0);
	put16(c->b + 10, craft_fold(craft_sum(0, c->b, hl)));
}

bool addr_equal(const struct addr *a, const struct addr *b)
{
	return a->family == b->family &&
	       !memcmp(a->b, b->b, a->family == 4 ? 4 : 16);
}
