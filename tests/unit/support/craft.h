/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * craft.h - packets made by hand, for the unit tests.
 *
 *	craft_ip(&c, CT_L3_IPV4, "192.0.2.1", "198.51.100.1", CT_L4_UDP);
 *	craft_be16(&c, 53);
 *	...
 *	craft_end(&c);			lengths and the IPv4 checksum
 *	craft_sum(&c, 6);		the transport checksum, after craft_end()
 *
 * Checksums are made here by the book (RFC 1071, one word after the other)
 * and share nothing with the code under test.
 */
#ifndef CRAFT_H
#define CRAFT_H 1

#include <stdint.h>

#include "ctreplay/packet.h"

struct craft {
	uint32_t n;		/* bytes so far */
	uint32_t l4off;		/* where the transport header begins */
	uint8_t  l3num, protonum;
	uint8_t  b[66000];
};

/* 'text' is a dotted or colon address; both fill a union ct_addr. */
union ct_addr craft_address(const char *text);

/* Begins a packet: an IPv4 header of 20 bytes, or IPv6's 40. */
void craft_ip(struct craft *c, uint8_t l3num, const char *src, const char *dst,
	      uint8_t protonum);
void craft_u8(struct craft *c, uint8_t v);
void craft_be16(struct craft *c, uint16_t v);
void craft_be32(struct craft *c, uint32_t v);
void craft_bytes(struct craft *c, const void *p, uint32_t n);
/* 'n' bytes that are not all alike. */
void craft_fill(struct craft *c, uint32_t n);
/* IPv6: an extension header of 'n' bytes with all of its options PadN; what
 * follows is 'protonum'. */
void craft_extension(struct craft *c, uint8_t type, uint32_t n);
/* Overwrites at 'off' of the packet. */
void craft_set_be16(struct craft *c, uint32_t off, uint16_t v);
/* Total or payload length, and the IPv4 header's checksum. */
void craft_end(struct craft *c);
/* The transport checksum at 'field' of the transport header. */
void craft_sum(struct craft *c, uint32_t field);
/* The same over 'n' bytes, with 'protonum' and 'len' in the pseudo-header. */
void craft_sum_as(struct craft *c, uint32_t field, uint32_t n, uint32_t protonum,
		  uint32_t len);

/* A TCP segment, as one would note it. */
struct craft_tcp {
	uint16_t sport, dport;
	uint32_t seq, ack;
	const char *flags;	/* tcpdump's letters: "S", "S.", "FP.", "" */
	uint16_t win;
	uint16_t len;		/* of data */
	/*
	 * Words: "mss", "nop", "end", "sackok", "ts", "ws=N", "sack=L:R" (more
	 * blocks follow with ",L:R"), "x=HEX".  Padded with "end" to 4 bytes;
	 * NULL for none.
	 */
	const char *opts;
};

void craft_tcp_header(struct craft *c, const struct craft_tcp *t);
/* A whole packet with right checksums; 'l4off' etc. are set for later damage. */
void craft_tcp(struct craft *c, uint8_t l3num, const char *src, const char *dst,
	       const struct craft_tcp *t);
/* A UDP datagram with right length and checksum. */
void craft_udp(struct craft *c, uint8_t l3num, const char *src, const char *dst,
	       uint16_t sport, uint16_t dport, uint32_t len);
/* An echo or another message with an identifier and 'len' bytes of data. */
void craft_icmp(struct craft *c, uint8_t l3num, const char *src, const char *dst,
		uint8_t type, uint8_t code, uint16_t id, uint32_t len);
/* An error of 'type' and 'code' that quotes the first 'n' bytes of 'quoted'. */
void craft_icmp_error(struct craft *c, const char *src, const char *dst,
		      uint8_t type, uint8_t code, const struct craft *quoted,
		      uint32_t n);

#endif
