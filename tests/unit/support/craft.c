/* SPDX-License-Identifier: GPL-2.0-only */
#include "support/craft.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define MSS 1460u

union ct_addr craft_address(const char *text)
{
	union ct_addr a;

	memset(&a, 0, sizeof(a));
	if (inet_pton(strchr(text, ':') ? AF_INET6 : AF_INET, text, a.b) != 1)
		abort();
	return a;
}

void craft_bytes(struct craft *c, const void *p, uint32_t n)
{
	if (n > sizeof(c->b) - c->n)
		abort();
	memcpy(c->b + c->n, p, n);
	c->n += n;
}

void craft_u8(struct craft *c, uint8_t v)
{
	craft_bytes(c, &v, 1);
}

void craft_be16(struct craft *c, uint16_t v)
{
	craft_u8(c, (uint8_t)(v >> 8));
	craft_u8(c, (uint8_t)v);
}

void craft_be32(struct craft *c, uint32_t v)
{
	craft_be16(c, (uint16_t)(v >> 16));
	craft_be16(c, (uint16_t)v);
}

void craft_fill(struct craft *c, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		craft_u8(c, (uint8_t)('a' + i % 26));
}

void craft_set_be16(struct craft *c, uint32_t off, uint16_t v)
{
	c->b[off] = (uint8_t)(v >> 8);
	c->b[off + 1] = (uint8_t)v;
}

void craft_ip(struct craft *c, uint8_t l3num, const char *src, const char *dst,
	      uint8_t protonum)
{
	union ct_addr s = craft_address(src), d = craft_address(dst);
	static const uint8_t v4[12] = { 0x45, 0, 0, 0, 0x12, 0x34, 0x40, 0, 64 };
	static const uint8_t v6[8] = { 0x60, 0, 0, 0, 0, 0, 0, 64 };

	c->n = 0;
	c->l3num = l3num;
	c->protonum = protonum;
	if (l3num == CT_L3_IPV4) {
		craft_bytes(c, v4, sizeof(v4));
		c->b[9] = protonum;
		craft_bytes(c, s.b, 4);
		craft_bytes(c, d.b, 4);
	} else {
		craft_bytes(c, v6, sizeof(v6));
		c->b[6] = protonum;
		craft_bytes(c, s.b, 16);
		craft_bytes(c, d.b, 16);
	}
	c->l4off = c->n;
}

void craft_extension(struct craft *c, uint8_t type, uint32_t n)
{
	uint8_t pad[2048] = { c->protonum, (uint8_t)(n / 8 - 1) };
	uint32_t at = 2;

	if (c->l4off == 40) {
		c->b[6] = type;
	} else {
		/* The extension before is 8 bytes or says how long it is. */
		uint32_t off = 40;

		while (off + (c->b[off + 1] + 1u) * 8 < c->n)
			off += (c->b[off + 1] + 1u) * 8;
		c->b[off] = type;
	}
	while (at < n) {
		uint32_t room = n - at > 257 ? 257 : n - at;

		if (room == 1) {
			pad[at++] = 0;
			break;
		}
		pad[at] = 1;
		pad[at + 1] = (uint8_t)(room - 2);
		at += room;
	}
	craft_bytes(c, pad, n);
	c->l4off = c->n;
}

static uint16_t sum_words(uint32_t sum, const uint8_t *p, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		sum += i % 2 ? p[i] : (uint32_t)p[i] << 8;
		sum = (sum & 0xffff) + (sum >> 16);
	}
	return (uint16_t)((sum & 0xffff) + (sum >> 16));
}

void craft_end(struct craft *c)
{
	if (c->l3num == CT_L3_IPV6) {
		craft_set_be16(c, 4, (uint16_t)(c->n - 40));
		return;
	}
	craft_set_be16(c, 2, (uint16_t)c->n);
	craft_set_be16(c, 10, 0);
	craft_set_be16(c, 10, (uint16_t)~sum_words(0, c->b, (c->b[0] & 15u) * 4));
}

void craft_sum_as(struct craft *c, uint32_t field, uint32_t n, uint32_t protonum,
		  uint32_t len)
{
	uint32_t off = c->l3num == CT_L3_IPV4 ? 12 : 8;
	uint32_t size = c->l3num == CT_L3_IPV4 ? 8 : 32;
	uint16_t sum = 0;

	if (c->protonum != CT_L4_ICMP) {
		uint8_t numbers[8] = {
			(uint8_t)(len >> 24), (uint8_t)(len >> 16),
			(uint8_t)(len >> 8), (uint8_t)len,
			0, 0, 0, (uint8_t)protonum,
		};

		sum = sum_words(sum_words(0, c->b + off, size), numbers, 8);
	}
	craft_set_be16(c, c->l4off + field, 0);
	sum = (uint16_t)~sum_words(sum, c->b + c->l4off, n);
	/* UDP: none is sent as zero, which means "not made" (RFC 768). */
	if (sum == 0 && (protonum == CT_L4_UDP || protonum == CT_L4_UDPLITE))
		sum = 0xffff;
	craft_set_be16(c, c->l4off + field, sum);
}

void craft_sum(struct craft *c, uint32_t field)
{
	craft_sum_as(c, field, c->n - c->l4off, c->protonum, c->n - c->l4off);
}

static uint8_t flag_bits(const char *letters)
{
	uint8_t bits = 0;

	for (; *letters; letters++) {
		static const char all[] = "FSRP.UEW";
		const char *at = strchr(all, *letters);

		if (!at)
			abort();
		bits |= (uint8_t)(1u << (at - all));
	}
	return bits;
}

static void option_blocks(struct craft *c, const char *list)
{
	uint32_t start = c->n;

	craft_u8(c, 5);
	craft_u8(c, 0);
	for (;;) {
		char *end;

		craft_be32(c, (uint32_t)strtoul(list, &end, 10));
		craft_be32(c, (uint32_t)strtoul(end + 1, &end, 10));
		if (*end != ',')
			break;
		list = end + 1;
	}
	c->b[start + 1] = (uint8_t)(c->n - start);
}

static void option_hex(struct craft *c, const char *hex)
{
	for (; hex[0] && hex[1]; hex += 2) {
		char byte[3] = { hex[0], hex[1] };

		craft_u8(c, (uint8_t)strtoul(byte, NULL, 16));
	}
}

static void option(struct craft *c, const char *word)
{
	static const uint8_t ts[10] = { 8, 10, 0, 0, 0, 1, 0, 0, 0, 0 };

	if (strcmp(word, "mss") == 0) {
		craft_u8(c, 2);
		craft_u8(c, 4);
		craft_be16(c, MSS);
	} else if (strcmp(word, "nop") == 0) {
		craft_u8(c, 1);
	} else if (strcmp(word, "end") == 0) {
		craft_u8(c, 0);
	} else if (strcmp(word, "sackok") == 0) {
		craft_u8(c, 4);
		craft_u8(c, 2);
	} else if (strcmp(word, "ts") == 0) {
		craft_bytes(c, ts, sizeof(ts));
	} else if (strncmp(word, "ws=", 3) == 0) {
		craft_u8(c, 3);
		craft_u8(c, 3);
		craft_u8(c, (uint8_t)strtoul(word + 3, NULL, 10));
	} else if (strncmp(word, "sack=", 5) == 0) {
		option_blocks(c, word + 5);
	} else if (strncmp(word, "x=", 2) == 0) {
		option_hex(c, word + 2);
	} else {
		abort();
	}
}

void craft_tcp_header(struct craft *c, const struct craft_tcp *t)
{
	uint32_t start = c->n;
	char words[200] = "", *save = NULL;

	craft_be16(c, t->sport);
	craft_be16(c, t->dport);
	craft_be32(c, t->seq);
	craft_be32(c, t->ack);
	craft_u8(c, 0);
	craft_u8(c, flag_bits(t->flags));
	craft_be16(c, t->win);
	craft_be32(c, 0);
	if (t->opts)
		strncpy(words, t->opts, sizeof(words) - 1);
	for (char *w = strtok_r(words, " ", &save); w; w = strtok_r(NULL, " ", &save))
		option(c, w);
	while ((c->n - start) % 4)
		craft_u8(c, 0);
	c->b[start + 12] = (uint8_t)((c->n - start) / 4 << 4);
}

void craft_tcp(struct craft *c, uint8_t l3num, const char *src, const char *dst,
	       const struct craft_tcp *t)
{
	craft_ip(c, l3num, src, dst, CT_L4_TCP);
	craft_tcp_header(c, t);
	craft_fill(c, t->len);
	craft_end(c);
	craft_sum(c, 16);
}

void craft_udp(struct craft *c, uint8_t l3num, const char *src, const char *dst,
	       uint16_t sport, uint16_t dport, uint32_t len)
{
	craft_ip(c, l3num, src, dst, CT_L4_UDP);
	craft_be16(c, sport);
	craft_be16(c, dport);
	craft_be16(c, (uint16_t)(8 + len));
	craft_be16(c, 0);
	craft_fill(c, len);
	craft_end(c);
	craft_sum(c, 6);
}

void craft_icmp(struct craft *c, uint8_t l3num, const char *src, const char *dst,
		uint8_t type, uint8_t code, uint16_t id, uint32_t len)
{
	craft_ip(c, l3num, src, dst,
		 l3num == CT_L3_IPV4 ? CT_L4_ICMP : CT_L4_ICMPV6);
	craft_u8(c, type);
	craft_u8(c, code);
	craft_be16(c, 0);
	craft_be16(c, id);
	craft_be16(c, 1);
	craft_fill(c, len);
	craft_end(c);
	craft_sum(c, 2);
}

void craft_icmp_error(struct craft *c, const char *src, const char *dst,
		      uint8_t type, uint8_t code, const struct craft *quoted,
		      uint32_t n)
{
	craft_ip(c, quoted->l3num, src, dst,
		 quoted->l3num == CT_L3_IPV4 ? CT_L4_ICMP : CT_L4_ICMPV6);
	craft_u8(c, type);
	craft_u8(c, code);
	craft_be16(c, 0);
	craft_be32(c, 0);
	craft_bytes(c, quoted->b, n < quoted->n ? n : quoted->n);
	craft_end(c);
	craft_sum(c, 2);
}
