/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * h323_per.h - a reader of the messages of H.225.0 and H.245 in ASN.1's aligned
 * packed encoding (ITU-T X.691), for the parts that announce connections.
 *
 * Constants describe the types (h323_h225.c, h323_h245.c).  per_read() follows
 * the description through the packet and notes the values that are marked, in
 * the order of the message.  The caller uses the notes only if the whole
 * message was read without a fault: a broken message announces nothing.
 */
#ifndef CONNTRACK_HELPER_H323_PER_H
#define CONNTRACK_HELPER_H323_PER_H 1

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

/* What is noted, and the meaning of 'value' in struct per_note. */
enum per_tag {
	PER_UNTAGGED,
	RAS_MESSAGE,		/* the number of the alternative */
	RAS_ADDRESS,		/* an address: its offset, as for all addresses */
	RAS_TIME_TO_LIVE,	/* seconds */
	H225_H245_ADDRESS,	/* where H.245 listens */
	H225_FORWARD_ADDRESS,	/* where the call goes instead */
	H225_FACILITY_REASON,	/* number of the alternative */
	H225_TUNNELLED,		/* H.245 messages follow; 0 */
	H245_CHANNEL,		/* an OpenLogicalChannel begins; 0 */
	H245_CHANNEL_ACK,	/* an OpenLogicalChannelAck begins; 0 */
	H245_T120_PROTOCOL,	/* number of the alternative */
	H245_MEDIA,		/* the address of RTP or RTCP */
	H245_SEPARATE_STACK,	/* the address of T.120 */
};

struct per_note {
	uint8_t  tag;		/* enum per_tag */
	uint8_t  len;		/* of an address: 4 or 16; its port follows it */
	uint32_t value;
};

/* Enough for thirty channels of fast start and four tunnelled messages. */
#define PER_NOTES 256u

struct per_notes {
	uint32_t n;
	struct per_note note[PER_NOTES];
};

enum per_kind {
	PER_NULL,		/* no bit */
	PER_BITS,		/* 'n' bits, not aligned */
	PER_ALIGNED,		/* 'n' octets, aligned */
	PER_WIDE,		/* INTEGER with more than 64K values: 'low' and
				 * what 1 to 4 octets add to it */
	PER_STRING,		/* 'low' and what a length as in 'n' adds to it:
				 * that many units of 'unit' bits */
	PER_SEQUENCE,
	PER_SEQUENCE_OF,	/* of field[0]; the first 'n' are noted */
	PER_CHOICE,
};

/* Lengths of a PER_STRING; other values of 'n' are a number of bits. */
#define PER_LENGTH_OCTET 0xf0u	/* one octet */
#define PER_LENGTH_WORD	 0xf1u	/* two octets */
#define PER_LENGTH	 0xf2u	/* X.691 10.9: one octet or two */

/* struct per_type, flags */
#define PER_EXT		0x1u	/* extensible: a bit says whether it is extended */
#define PER_REST_STOPS	0x2u	/* CHOICE: alternatives not described are PER_STOP */
#define PER_MARKED	0x4u	/* the value itself is noted, a CHOICE's number */

/* struct per_field, flags */
#define PER_OPTIONAL	0x1u
#define PER_OPEN	0x2u	/* an open type: its length precedes it */
#define PER_STOP	0x4u	/* reading ends here, without a fault */
#define PER_WANT	0x8u	/* it contains values to note */

struct per_type;

struct per_field {
	const struct per_type *type;
	uint8_t flags;
	uint8_t tag;		/* enum per_tag, for all values within */
};

struct per_type {
	uint8_t kind;		/* enum per_kind */
	uint8_t flags;
	uint8_t n;		/* SEQUENCE: bits of its preamble */
	uint8_t low, unit;
	uint8_t root;		/* components or alternatives before the "..." */
	uint8_t added;		/* and those after it that have a name */
	uint8_t nfields;	/* how many of all these are described */
	const struct per_field *field;
};

/* The length of an alternative after the "..." may be the message's last
 * octet. */
#define PER_QUIRK_LAST_OCTET 0x1u

/* Reads one value of 'type' from octets 'off' to 'end' of 'b', and adds notes
 * to '*notes'; 'tag' is the tag of the value itself.  False if the kernel finds
 * a fault in it. */
bool per_read(const struct bytes *b, uint32_t off, uint32_t end,
	      const struct per_type *type, enum per_tag tag,
	      unsigned int quirks, struct per_notes *notes);

/* h323_h225.c, h323_h245.c */
extern const struct per_type h225_ras_message, h225_user_information,
			     h245_message;

/* Alternatives of RasMessage that matter. */
enum {
	RAS_GATEKEEPER_CONFIRM	   = 1,
	RAS_REGISTRATION_REQUEST   = 3,
	RAS_REGISTRATION_CONFIRM   = 4,
	RAS_UNREGISTRATION_REQUEST = 6,
	RAS_ADMISSION_CONFIRM	   = 10,
	RAS_LOCATION_CONFIRM	   = 19,
};

#define H225_CALL_FORWARDED	1u	/* of FacilityReason */
#define H245_SEPARATE_LAN_STACK	10u	/* of DataProtocolCapability */

#endif
