/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * craft.h - makes packets for the unit tests.
 *
 *	craft_ip(&c, CT_L3_IPV4, "192.0.2.1", "198.51.100.1", CT_L4_UDP);
 *	craft_be16(&c, 53);
 *	...
 *	craft_end(&c);			lengths and the IPv4 checksum
 *	craft_sum(&c, 6);		the transport checksum, after craft_end()
 *
 * Checksums are computed here as RFC 1071 describes them, one word at a time, and
 * share no code with the code under test.
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

/* 'text' is an IPv4 or IPv6 address. */
union ct_addr craft_address(const char *text);

/* Begins a packet: an IPv4 header of 20 bytes, or IPv6's 40. */
void craft_ip(struct craft *c, uint8_t l3num, const char *src, const char *dst,
	      uint8_t protonum);
void craft_u8(struct craft *c, uint8_t v);
void craft_be16(struct craft *c, uint16_t v);
void craft_be32(struct craft *c, uint32_t v);
void craft_bytes(struct craft *c, const void *p, uint32_t n);
/* Appends 'n' letters that are not all the same. */
void craft_fill(struct craft *c, uint32_t n);
/* IPv6: appends an extension header of 'n' bytes of PadN options before the
 * protocol of craft_ip(). */
void craft_extension(struct craft *c, uint8_t type, uint32_t n);
/* Overwrites two bytes at 'off' of the packet. */
void craft_set_be16(struct craft *c, uint32_t off, uint16_t v);
/* Sets the total or payload length, and the checksum of an IPv4 header. */
void craft_end(struct craft *c);
/* Sets the transport checksum at 'field' of the transport header. */
void craft_sum(struct craft *c, uint32_t field);
/* The same over 'n' bytes, with this 'protonum' and 'len' in the pseudo-header. */
void craft_sum_as(struct craft *c, uint32_t field, uint32_t n, uint32_t protonum,
		  uint32_t len);

/* A TCP segment. */
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
/* A whole packet with correct checksums.  The tests may then change its bytes:
 * 'l4off' tells where. */
void craft_tcp(struct craft *c, uint8_t l3num, const char *src, const char *dst,
	       const struct craft_tcp *t);
/* A UDP datagram with correct length and checksum. */
void craft_udp(struct craft *c, uint8_t l3num, const char *src, const char *dst,
	       uint16_t sport, uint16_t dport, uint32_t len);
/* An ICMP message with an identifier, such as an echo, and 'len' bytes of data. */
void craft_icmp(struct craft *c, uint8_t l3num, const char *src, const char *dst,
		uint8_t type, uint8_t code, uint16_t id, uint32_t len);
/* An ICMP error that quotes the first 'n' bytes of 'quoted'. */
void craft_icmp_error(struct craft *c, const char *src, const char *dst,
		      uint8_t type, uint8_t code, const struct craft *quoted,
		      uint32_t n);

#endif
