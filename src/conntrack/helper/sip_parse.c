/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sip_parse.c - header lines, Contacts and session descriptions.
 *
 * Answers to ct_sip_get_header(), ct_sip_walk_headers(), ct_sip_parse_param()
 * and ct_sip_get_sdp_header() of nf_conntrack_sip.c.  What they overlook is
 * overlooked here: that a header ends where a body begins, that a name has an
 * end, and whatever follows a header that is not as it should be.
 */
#include "conntrack/helper/sip_parse.h"

#include <string.h>

#define SIP_PORT 5060u

const struct sip_header
	sip_cseq = { "cseq", NULL },
	sip_expires = { "expires", NULL },
	sip_content_length = { "content-length", "l" };
static const struct sip_header sip_contact = { "contact", "m" };

/* Result of a look for one header. */
enum found {
	FOUND,
	BROKEN,		/* there is one, but it cannot be read */
	MISSING,
};

/*
 * From the end of a line to the text of the next, if that one continues it:
 * begins with a blank (RFC 3261, 7.3.1).  Else SIP_NOWHERE.
 */
static uint32_t continued(const struct sip_text *t, uint32_t pos,
			  uint32_t limit)
{
	if (++pos >= limit)
		return SIP_NOWHERE;
	if (sip_char(t, pos - 1) == '\r' && sip_char(t, pos) == '\n' &&
	    ++pos >= limit)
		return SIP_NOWHERE;
	if (!sip_is_blank(sip_char(t, pos)))
		return SIP_NOWHERE;
	while (pos < limit && sip_is_blank(sip_char(t, pos)))
		pos++;
	return pos;
}

/* Over blanks and one line end that is followed by a continuation. */
static uint32_t skip_blanks(const struct sip_text *t, uint32_t pos)
{
	while (pos < t->len && sip_is_blank(sip_char(t, pos)))
		pos++;
	if (pos < t->len && sip_is_line_end(sip_char(t, pos)))
		return continued(t, pos, t->len);
	return pos;
}

/*
 * Where 'word' is in the header's value from 'pos' on; ct_sip_header_search().
 * The last place before 'limit' and the first character of a continuation are
 * not looked at.
 */
static uint32_t search(const struct sip_text *t, uint32_t pos, uint32_t limit,
		       const char *word)
{
	uint32_t n = (uint32_t)strlen(word);

	for (limit = limit > n ? limit - n : 0; pos < limit; pos++) {
		if (sip_is_line_end(sip_char(t, pos))) {
			pos = continued(t, pos, limit);
			if (pos == SIP_NOWHERE)
				break;
		} else if (sip_is(t, pos, word)) {
			return pos;
		}
	}
	return SIP_NOWHERE;
}

/* Over the header's name at 'pos'; 'pos' itself where it is another's. */
static uint32_t skip_name(const struct sip_text *t, uint32_t pos,
			  const struct sip_header *header)
{
	if (sip_has(t, pos, header->name))
		return pos + (uint32_t)strlen(header->name);
	if (header->compact && t->len - pos > 1 &&
	    sip_is(t, pos, header->compact) &&
	    !sip_is_alpha(sip_char(t, pos + 1)))
		return pos + 1;
	return pos;
}

/* Where the value of the next such header behind '*pos' begins. */
static bool find_header(const struct sip_text *t,
			const struct sip_header *header, uint32_t *pos)
{
	uint32_t line = *pos, value;

	while ((line = sip_next_line(t, line)) != SIP_NOWHERE) {
		value = line;
		if (!sip_is_blank(sip_char(t, line)))
			value = skip_name(t, line, header);
		if (value != line)
			break;
		line++;
	}
	if (line == SIP_NOWHERE)
		return false;
	/* Another header whose name only begins like this ends the search. */
	value = skip_blanks(t, value);
	if (value == SIP_NOWHERE || sip_char(t, value) != ':' ||
	    ++value >= t->len)
		return false;
	*pos = skip_blanks(t, value);
	return *pos != SIP_NOWHERE;
}

bool sip_find_number(const struct sip_text *t, const struct sip_header *header,
		     uint32_t *pos)
{
	*pos = 0;
	return find_header(t, header, pos) && *pos < t->len &&
	       sip_is_digit(sip_char(t, *pos));
}

/* The port behind an address; sip_parse_port(). */
static bool read_port(const struct sip_text *t, uint32_t *pos, uint16_t *port)
{
	uint32_t n, v;

	*port = SIP_PORT;
	if (*pos >= t->len)
		return false;
	if (sip_char(t, *pos) != ':')
		return true;
	n = sip_number(t, *pos + 1, &v);
	*pos += 1 + n;
	*port = (uint16_t)v;
	return n > 0 && n <= 5 && *pos < t->len && v >= 1024 && v <= 65535;
}

/* Address and port of a URI; IPv6 in brackets. */
static bool read_host(const struct sip_text *t, uint32_t pos,
		      struct sip_contact *contact)
{
	bool brackets = t->l3num == CT_L3_IPV6;

	if (brackets && (pos >= t->len || sip_char(t, pos++) != '['))
		return false;
	pos = sip_address(t, pos, &contact->addr);
	if (pos == SIP_NOWHERE)
		return false;
	if (brackets && (pos >= t->len || sip_char(t, pos++) != ']'))
		return false;
	if (!read_port(t, &pos, &contact->port))
		return false;
	contact->params = pos;
	return true;
}

/* Where the next '@' is on this line, or where the line ends. */
static uint32_t find_user_end(const struct sip_text *t, uint32_t pos)
{
	for (; pos < t->len; pos++) {
		uint8_t c = sip_char(t, pos);

		if (c == '@' || sip_is_line_end(c))
			break;
	}
	return pos;
}

/*
 * Reads the URI behind "sip:"; skp_epaddr_len().  Many on one line may have
 * the same '@' before them, and none a host: that is found out once.
 */
static bool read_uri(const struct sip_text *t, struct sip_walk *walk,
		     uint32_t pos, struct sip_contact *contact)
{
	if (walk->user_end < pos) {
		walk->user_end = find_user_end(t, pos);
		walk->no_host = false;
	}
	if (walk->user_end >= t->len || sip_char(t, walk->user_end) != '@')
		return read_host(t, pos, contact);
	if (!walk->no_host)
		walk->no_host = !read_host(t, walk->user_end + 1, contact);
	return !walk->no_host;
}

/* The first Contact of the next header; ct_sip_get_header(). */
static enum found first_in_header(const struct sip_text *t,
				  struct sip_walk *walk,
				  struct sip_contact *contact)
{
	uint32_t uri;

	if (!find_header(t, &sip_contact, &walk->pos))
		return MISSING;
	uri = search(t, walk->pos, t->len, "sip:");
	if (uri == SIP_NOWHERE ||
	    !read_uri(t, walk, uri + 4, contact))
		return BROKEN;
	return FOUND;
}

/* The next one behind a comma; ct_sip_next_header(). */
static enum found next_in_header(const struct sip_text *t,
				 struct sip_walk *walk,
				 struct sip_contact *contact)
{
	uint32_t uri = search(t, walk->pos, t->len, ",");

	if (uri != SIP_NOWHERE)
		uri = search(t, uri, t->len, "sip:");
	if (uri == SIP_NOWHERE)
		return MISSING;
	walk->pos = uri + 4;
	if (!read_uri(t, walk, walk->pos, contact))
		return BROKEN;
	return FOUND;
}

bool sip_next_contact(const struct sip_text *t, struct sip_walk *walk,
		      struct sip_contact *contact)
{
	enum found found = MISSING;

	if (walk->in_list)
		do
			found = next_in_header(t, walk, contact);
		while (found == BROKEN);
	if (found == MISSING)
		do
			found = first_in_header(t, walk, contact);
		while (found == BROKEN);
	walk->in_list = found == FOUND;
	if (found == FOUND)
		walk->pos = contact->params;
	return found == FOUND;
}

/* Where the value of a Contact's parameter begins, or SIP_NOWHERE. */
static uint32_t find_param(const struct sip_text *t, uint32_t params,
			   const char *name)
{
	uint32_t limit = search(t, params, t->len, ","), pos;

	pos = search(t, params, limit == SIP_NOWHERE ? t->len : limit, name);
	return pos == SIP_NOWHERE ? pos : pos + (uint32_t)strlen(name);
}

bool sip_same_transport(const struct sip_text *t, uint32_t params,
			uint8_t protonum)
{
	uint32_t pos = find_param(t, params, "transport=");

	return pos == SIP_NOWHERE ||
	       sip_is(t, pos, protonum == CT_L4_TCP ? "tcp" : "udp");
}

bool sip_contact_expires(const struct sip_text *t, uint32_t params,
			 uint32_t *seconds)
{
	uint32_t pos = find_param(t, params, "expires=");

	return pos == SIP_NOWHERE || sip_number(t, pos, seconds) > 0;
}

/*
 * The value of the next line of 'type', but not behind one of type 'end' (0:
 * wherever it is).
 */
static bool sdp_find_line(const struct sip_text *t, uint32_t *pos,
			  const char *type, const char *end)
{
	uint32_t line = *pos;

	while ((line = sip_next_line(t, line)) != SIP_NOWHERE) {
		if (end && sip_has(t, line, end))
			return false;
		if (sip_has(t, line, type)) {
			*pos = line + (uint32_t)strlen(type);
			return true;
		}
		line++;
	}
	return false;
}

bool sdp_find(const struct sip_text *t, uint32_t *pos)
{
	*pos = 0;
	return sdp_find_line(t, pos, "v=", NULL) && *pos < t->len &&
	       sip_is_digit(sip_char(t, *pos));
}

bool sdp_connection(const struct sip_text *t, uint32_t pos,
		    union ct_addr *addr)
{
	const char *family = t->l3num == CT_L3_IPV4 ? "IN IP4 " : "IN IP6 ";
	uint32_t n = (uint32_t)strlen(family);

	if (!sdp_find_line(t, &pos, "c=", "m="))
		return false;
	for (; pos + n < t->len && !sip_is_line_end(sip_char(t, pos)); pos++)
		if (sip_is_exactly(t, pos, family))
			return sip_address(t, pos + n, addr) != SIP_NOWHERE;
	return false;
}

/* How long type and port at 'pos' are, 0 where they are none; media_len(). */
static uint32_t media_length(const struct sip_text *t, uint32_t pos)
{
	uint32_t end = pos;

	while (end < t->len && sip_is_alpha(sip_char(t, end)))
		end++;
	if (end >= t->len || sip_char(t, end++) != ' ')
		return 0;
	while (end < t->len && sip_is_digit(sip_char(t, end)))
		end++;
	return end - pos;
}

bool sdp_next_media(const struct sip_text *t, uint32_t *pos,
		    struct sdp_media *media)
{
	static const char types[][8] = {
		[SDP_AUDIO] = "audio ",
		[SDP_VIDEO] = "video ",
		[SDP_IMAGE] = "image ",
	};
	const unsigned int n = sizeof(types) / sizeof(types[0]);
	uint32_t length;

	while (sdp_find_line(t, pos, "m=", NULL)) {
		unsigned int i = 0;

		length = media_length(t, *pos);
		if (!length)
			return false;
		while (i < n && !sip_is_exactly(t, *pos, types[i]))
			i++;
		if (i == n) {
			*pos += length;
			continue;
		}
		*pos += (uint32_t)strlen(types[i]);
		media->type = (enum sdp_type)i;
		if (sip_number(t, *pos, &media->port) && media->port)
			return true;
	}
	return false;
}
