/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sip_parse.h - the few lines of SIP (RFC 3261) and SDP (RFC 8866) messages
 * that announce connections, read as the kernel reads them: it searches the
 * whole message for them and knows nothing of the grammar around them.
 */
#ifndef CONNTRACK_HELPER_SIP_PARSE_H
#define CONNTRACK_HELPER_SIP_PARSE_H 1

#include "conntrack/helper/sip_text.h"

/* A header whose value is a number. */
struct sip_header {
	const char *name;	/* in lower case */
	const char *compact;	/* its short form (RFC 3261, 7.3.3), or NULL */
};

extern const struct sip_header sip_cseq, sip_expires, sip_content_length;

/* The address and port of a Contact. */
struct sip_contact {
	union ct_addr addr;
	uint16_t port;
	bool bad_port;		/* it cannot be read: an error of the message */
	uint32_t params;	/* the place after address and port */
};

/* An iterator over the Contacts of a message; it begins as all zero. */
struct sip_walk {
	uint32_t pos;
	bool in_list;		/* 'pos' is after a Contact */
	uint32_t user_end;	/* where the last search for an '@' ended ... */
	bool no_host;		/* ... and no address follows it */
};

enum sdp_type { SDP_AUDIO, SDP_VIDEO, SDP_IMAGE };

struct sdp_media {
	enum sdp_type type;
	uint32_t port;		/* never 0 */
};

/* Finds the first such header; '*pos' is the place of its number. */
bool sip_find_number(const struct sip_text *t, const struct sip_header *header,
		     uint32_t *pos);
/* Finds the next Contact whose host is an address. */
bool sip_next_contact(const struct sip_text *t, struct sip_walk *walk,
		      struct sip_contact *contact);
/* Whether a Contact's parameters name 'protonum' as the transport, or none. */
bool sip_same_transport(const struct sip_text *t, uint32_t params,
			uint8_t protonum);
/* Reads a Contact's own expires=, if it has one; false if that is not a
 * number. */
bool sip_contact_expires(const struct sip_text *t, uint32_t params,
			 uint32_t *seconds);

/* Finds the session description; '*pos' is in its v= line. */
bool sdp_find(const struct sip_text *t, uint32_t *pos);
/* Reads the address of the c= line after 'pos' and before the next m= line. */
bool sdp_connection(const struct sip_text *t, uint32_t pos,
		    union ct_addr *addr);
/* Finds the next m= line after '*pos' that has a known type and a port; moves
 * '*pos' to it. */
bool sdp_next_media(const struct sip_text *t, uint32_t *pos,
		    struct sdp_media *media);

#endif
