/* SPDX-License-Identifier: GPL-2.0-only */
/* craft.h - makes correct packets, which the walk then damages. */
#ifndef CHECK_KERNEL_CRAFT_H
#define CHECK_KERNEL_CRAFT_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct addr {
	uint8_t family;		/* 4 or 6 */
	uint8_t b[16];
};

enum { CRAFT_MAX = 4096 };

/* A packet under construction: transport bytes first, then IP around them. */
struct craft {
	uint8_t b[CRAFT_MAX];
	size_t len;
};

void craft_put(struct craft *c, const void *data, size_t len);
void craft_put8(struct craft *c, uint32_t v);
void craft_put16(struct craft *c, uint32_t v);
void craft_put32(struct craft *c, uint32_t v);
void craft_fill(struct craft *c, uint8_t v, size_t len);

/* Adds the 16-bit words of 'len' bytes to 'sum', in host order (RFC 1071). */
uint32_t craft_sum(uint32_t sum, const uint8_t *p, size_t len);
uint16_t craft_fold(uint32_t sum);
/* The checksum of a transport segment with its pseudo-header. */
uint16_t craft_l4_sum(const struct addr *src, const struct addr *dst,
		      uint8_t proto, const uint8_t *p, size_t len);
/* CRC32c, as SCTP uses it. */
uint32_t craft_crc32c(const uint8_t *p, size_t len);

/* The fields of the IP header. */
struct ip_shape {
	const uint8_t *options;	/* IPv4, a multiple of 4 bytes */
	size_t options_len;
	uint8_t ttl;		/* 0: 64 */
	uint16_t id;
	uint16_t frag;		/* IPv4: flags and offset, as in the header */
};

/* Makes 'out' an IP packet whose payload is the 'len' bytes at 'p'. */
void craft_ip(struct craft *out, const struct addr *src,
	      const struct addr *dst, uint8_t proto, const uint8_t *p,
	      size_t len, const struct ip_shape *shape);
/* Recomputes the header checksum of an IPv4 packet. */
void craft_ip_resum(struct craft *c);

bool addr_equal(const struct addr *a, const struct addr *b);

#endif
