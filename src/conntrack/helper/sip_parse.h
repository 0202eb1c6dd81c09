/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sip_parse.h - the few lines of SIP (RFC 3261) and SDP (RFC 8866) messages
 * that tell of connections to come, read as the kernel does: it looks for
 * them anywhere in the message and knows nothing of the grammar around them.
 */
#ifndef CONNTRACK_SIP_PARSE_H
#define CONNTRACK_SIP_PARSE_H 1

#include "conntrack/helper/sip_text.h"

/* A header line that says a number. */
struct sip_header {
	const char *name;	/* in lower case */
	const char *compact;	/* its short form (RFC 3261, 7.3.3), or NULL */
};

extern const struct sip_header sip_cseq, sip_expires, sip_content_length;

/* Where a Contact leads. */
struct sip_contact {
	union ct_addr addr;
	uint16_t port;
	uint32_t params;	/* behind address and port */
};

/* A walk over the Contacts of a message; begins as all zero. */
struct sip_walk {
	uint32_t pos;
	bool in_list;		/* 'pos' is behind one that was found */
	uint32_t user_end;	/* where the search for an '@' ended last */
	bool no_host;		/* and there is no address behind it */
};

enum sdp_type { SDP_AUDIO, SDP_VIDEO, SDP_IMAGE };

struct sdp_media {
	enum sdp_type type;
	uint32_t port;		/* never 0 */
};

/* Where the number of the first such header begins. */
bool sip_find_number(const struct sip_text *t, const struct sip_header *header,
		     uint32_t *pos);
/* The next Contact that has an address for a host. */
bool sip_next_contact(const struct sip_text *t, struct sip_walk *walk,
		      struct sip_contact *contact);
/* Whether a Contact's parameters ask for no other transport than 'protonum'. */
bool sip_same_transport(const struct sip_text *t, uint32_t params,
			uint8_t protonum);
/* A Contact's own expires=, if it has one; false where that is no number. */
bool sip_contact_expires(const struct sip_text *t, uint32_t params,
			 uint32_t *seconds);

/* Where the session description begins, at its v= line. */
bool sdp_find(const struct sip_text *t, uint32_t *pos);
/* The address of the c= line behind 'pos' and before the next m= line. */
bool sdp_connection(const struct sip_text *t, uint32_t pos,
		    union ct_addr *addr);
/* The next m= line behind '*pos' that is of a known type and has a port;
 * '*pos' moves on to it. */
bool sdp_next_media(const struct sip_text *t, uint32_t *pos,
		    struct sdp_media *media);

#endif
