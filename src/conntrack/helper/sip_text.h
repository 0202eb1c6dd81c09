/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sip_text.h - a SIP message as text: its characters, lines, numbers and
 * addresses.  All places are offsets from the beginning of the message.
 */
#ifndef CONNTRACK_HELPER_SIP_TEXT_H
#define CONNTRACK_HELPER_SIP_TEXT_H 1

#include <stdbool.h>
#include <stdint.h>

#include "ctreplay/packet.h"
#include "base/bytes.h"

#define SIP_NOWHERE UINT32_MAX

struct sip_text {
	const struct bytes *packet;
	uint32_t start;		/* of the message, in the packet */
	uint32_t len;		/* of the message */
	uint8_t  l3num;		/* the family of its addresses */
	uint8_t  quirks;	/* SIP_QUIRK_... */
};

/* simple_strtoul() reads numbers, and a header with a bad port is there. */
#define SIP_QUIRK_STRTOUL	0x1u
/* Behind a Contact that cannot be read, headers are jumped over. */
#define SIP_QUIRK_JUMP		0x2u
/* An expires= without a number is 0. */
#define SIP_QUIRK_NO_NUMBER	0x4u

/* The kernel reads past a message's end in places, and then sees the next
 * message of the segment; so does this.  Beyond the packet, characters read as
 * NUL. */
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

/* A letter of Latin-1, as the kernel's isalpha(). */
bool sip_is_alpha(uint8_t c);
/* Whether 'word', which is in lower case, is at 'pos' in any case. */
bool sip_is(const struct sip_text *t, uint32_t pos, const char *word);
/* The same in exactly this case. */
bool sip_is_exactly(const struct sip_text *t, uint32_t pos, const char *word);
/* The same as sip_is(), and the word must lie within the message. */
bool sip_has(const struct sip_text *t, uint32_t pos, const char *word);

/* The place after the first line end at or after 'pos', or SIP_NOWHERE. */
uint32_t sip_next_line(const struct sip_text *t, uint32_t pos);

/*
 * Reads the number at 'pos'; returns how many digits it has.  0, and the value
 * is 0, if there is none or it needs more than 32 bits.  With
 * SIP_QUIRK_STRTOUL, only the lower 32 bits of a larger number count, and its
 * digits may go on behind the message.
 */
uint32_t sip_number(const struct sip_text *t, uint32_t pos, uint32_t *value);
/* The same of a header's parameter: with the quirk, "0x" begins a hexadecimal
 * number and "0" an octal one. */
uint32_t sip_param_number(const struct sip_text *t, uint32_t pos,
			  uint32_t *value);
/* simple_strtoul() itself, with its lower 64 bits; 'base' may be 0. */
uint32_t sip_strtoul(const struct sip_text *t, uint32_t pos, unsigned int base,
		     uint64_t *value);
/* Reads the address at 'pos'; returns where it ends, or SIP_NOWHERE. */
uint32_t sip_address(const struct sip_text *t, uint32_t pos,
		     union ct_addr *addr);

#endif
