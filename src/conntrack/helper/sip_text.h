/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sip_text.h - a SIP message as text: its characters, lines, numbers and
 * addresses.  All places are offsets from the beginning of the message.
 */
#ifndef CONNTRACK_SIP_TEXT_H
#define CONNTRACK_SIP_TEXT_H 1

#include <stdbool.h>
#include <stdint.h>

#include "ctreplay/packet.h"
#include "base/bytes.h"

#define SIP_NOWHERE UINT32_MAX

struct sip_text {
	const struct bytes *packet;
	uint32_t start;		/* of the message, in the packet */
	uint32_t len;		/* of the message */
	uint8_t  l3num;		/* family that its addresses should be of */
};

/* The kernel looks past a message's end in places, and then sees the next one
 * in the segment; beyond the packet there is NUL here. */
static inline uint8_t sip_char(const struct sip_text *t, uint32_t pos)
{
	uint8_t c = 0;

	bytes_u8(t->packet, t->start + pos, &c);
	return c;
}

static inline bool sip_is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static inline bool sip_is_line_end(uint8_t c)
{
	return c == '\r' || c == '\n';
}

static inline bool sip_is_blank(uint8_t c)
{
	return c == ' ' || c == '\t';
}

/* A letter of Latin-1, as isalpha() of the kernel has it. */
bool sip_is_alpha(uint8_t c);
/* Whether 'word' is at 'pos', in whatever case; 'word' is in lower case. */
bool sip_is(const struct sip_text *t, uint32_t pos, const char *word);
/* The same in this very case. */
bool sip_is_exactly(const struct sip_text *t, uint32_t pos, const char *word);
/* As sip_is(), and all of it within the message. */
bool sip_has(const struct sip_text *t, uint32_t pos, const char *word);

/* Where the next line begins that ends at or after 'pos', or SIP_NOWHERE. */
uint32_t sip_next_line(const struct sip_text *t, uint32_t pos);

/* How many digits the number at 'pos' has; 0 where there is none or it needs
 * more than 32 bits, and its value then is 0. */
uint32_t sip_number(const struct sip_text *t, uint32_t pos, uint32_t *value);
/* Reads the address at 'pos'; where it ends, or SIP_NOWHERE. */
uint32_t sip_address(const struct sip_text *t, uint32_t pos,
		     union ct_addr *addr);

#endif
