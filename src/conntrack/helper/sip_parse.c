/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sip_parse.c - header lines, Contacts and session descriptions.
 *
 * Follows ct_sip_get_header(), ct_sip_walk_headers(), ct_sip_parse_param() and
 * ct_sip_get_sdp_header() of nf_conntrack_sip.c.  They do not notice where the
 * headers end and the body begins, nor where a header's name ends, and find
 * nothing after a broken header; nor do the functions here.
 */
#include "conntrack/helper/sip_parse.h"

#include <string.h>

#define SIP_PORT 5060u

const struct sip_header
	sip_cseq = { "cseq", NULL },
	sip_expires = { "expires", NULL },
	sip_content_length = { "content-length", "l" };
static const struct sip_header sip_contact = { "contact", "m" };

/* The result of a search for a header. */
enum found {
	FOUND,
	BROKEN,		/* found, but it cannot be read */
	MISSING,
};

/*
 * From the end of a line to the text of the next line, if that continues the
 * first: it begins with a blank (RFC 3261 section 7.3.1).  Otherwise
 * SIP_NOWHERE.
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

/* Skips blanks, and one line end if a continuation follows it. */
static uint32_t skip_blanks(const struct sip_text *t, uint32_t pos)
{
	while (pos < t->len && sip_is_blank(sip_char(t, pos)))
		pos++;
	if (pos < t->len && sip_is_line_end(sip_char(t, pos)))
		return continued(t, pos, t->len);
	return pos;
}

/*
 * The place of 'word' in the header's value, from 'pos' on; as in the kernel's
 * ct_sip_header_search(), not at the last possible place before 'limit' nor at
 * the first character of a continuation.
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

/* The place after the header's name at 'pos'; 'pos' itself if it is another
 * name. */
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

/* Finds the next such header after '*pos', which moves to its value. */
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
	/* A header whose name only begins like this one ends the search. */
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

/* Reads the port after an address; sip_parse_port(). */
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

/* Before there was sip_parse_port(), any digits after the address belonged to
 * it, and only ct_sip_parse_header_uri() looked at the port. */
static void read_loose_port(const struct sip_text *t, uint32_t *pos,
			    struct sip_contact *contact)
{
	uint64_t v;

	contact->port = SIP_PORT;
	if (sip_char(t, *pos) != ':')
		return;
	*pos += 1 + sip_strtoul(t, *pos + 1, 10, &v);
	contact->bad_port = (uint32_t)v < 1024 || (uint32_t)v > 65535;
	contact->port = (uint16_t)v;
}

/* Reads the address, IPv6 in brackets, and the port of a URI. */
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
	contact->bad_port = false;
	if (t->quirks & SIP_QUIRK_STRTOUL)
		read_loose_port(t, &pos, contact);
	else if (!read_port(t, &pos, &contact->port))
		return false;
	contact->params = pos;
	return true;
}

/* The place of the next '@' on this line, or of the line's end. */
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
 * Reads the URI after "sip:"; skp_epaddr_len().  Many URIs on one line may
 * share the next '@', which no host follows: 'walk' remembers that, so that a
 * hostile line costs linear time.
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

/* ct_sip_walk_headers() took the place of a Contact that cannot be read as a
 * distance from where it began to search. */
static void jump(const struct sip_text *t, struct sip_walk *walk, uint32_t from)
{
	if (t->quirks & SIP_QUIRK_JUMP)
		walk->pos += from;
}

/* The first Contact of the next header; ct_sip_get_header(). */
static enum found first_in_header(const struct sip_text *t,
				  struct sip_walk *walk,
				  struct sip_contact *contact)
{
	uint32_t from = walk->pos, uri;

	if (!find_header(t, &sip_contact, &walk->pos))
		return MISSING;
	uri = search(t, walk->pos, t->len, "sip:");
	if (uri != SIP_NOWHERE && read_uri(t, walk, uri + 4, contact))
		return FOUND;
	jump(t, walk, from);
	return BROKEN;
}

/* The next Contact after a comma; ct_sip_next_header(). */
static enum found next_in_header(const struct sip_text *t,
				 struct sip_walk *walk,
				 struct sip_contact *contact)
{
	uint32_t from = walk->pos, uri = search(t, from, t->len, ",");

	if (uri != SIP_NOWHERE)
		uri = search(t, uri, t->len, "sip:");
	if (uri == SIP_NOWHERE)
		return MISSING;
	walk->pos = uri + 4;
	if (read_uri(t, walk, walk->pos, contact))
		return FOUND;
	jump(t, walk, from);
	return BROKEN;
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

/* The place of the value of a Contact's parameter, or SIP_NOWHERE. */
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

	return pos == SIP_NOWHERE || sip_param_number(t, pos, seconds) > 0 ||
	       (t->quirks & SIP_QUIRK_NO_NUMBER);
}

/*
 * Moves '*pos' to the value of the next line that begins with 'type'; stops at
 * a line that begins with 'end', unless that is NULL.
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

/* The length of the type and port at 'pos', or 0; media_len(). */
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
