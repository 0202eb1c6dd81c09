/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ftp.c - FTP (RFC 959, RFC 1123, RFC 2428): the client says where it waits for
 * the data connection (PORT, EPRT), or the server does (the replies 227 and
 * 229). nf_conntrack_ftp.c, with its parameter "loose" off.
 *
 * The helper reads a command only at the beginning of a line, so that text in a
 * file or a message cannot pose as one: it keeps the sequence numbers after the
 * last segments that ended a line, and a segment must begin at one of them.
 */
#include "conntrack/helper/helper.h"
#include "conntrack/helper/sip_text.h"
#include "conntrack/helper/text.h"

#define FTP_PICKUP	0x1u	/* the next segment counts as a line's beginning */

/* The end of the data connection that was announced. */
struct place {
	union ct_addr addr;
	uint16_t port;
	uint8_t  l3num;		/* of the control connection */
	bool	 strict;	/* numbers that are too large cannot be read */
};

/* Reads an end at 'pos'; returns the length of its text, 0 if it cannot be
 * read. */
typedef uint32_t read_place(const struct text *t, uint32_t pos, struct place *p);

static const struct expect_policy policy[] = { { 1, 300, "" } };

/*
 * Reads 'n' decimal numbers, separated by 'sep' and followed by 'term', or by
 * any character if 'term' is 0; returns the length of the text, or 0.  A number
 * may be empty, and only its lower 32 bits count: try_number().  A strict kernel
 * wants octets.
 */
static uint32_t numbers(const struct text *t, uint32_t pos, uint32_t *v,
			uint32_t n, uint8_t sep, uint8_t term, bool strict)
{
	uint32_t i = 0;

	memset(v, 0, n * sizeof(*v));
	for (uint32_t at = pos; at < t->len && i < n; at++) {
		uint8_t c = text_char(t, at);

		if (text_is_digit(c)) {
			v[i] = v[i] * 10 + (c - '0');
			if (strict && v[i] > 255)
				return 0;
		} else if (c == sep)
			i++;
		else if ((c == term || !term) && i == n - 1)
			return at - pos;
		else
			return 0;
	}
	return 0;
}

/* As in the kernel, a number above 255 changes the octets before it. */
static void set_ipv4(struct place *p, const uint32_t v[4])
{
	uint32_t a = v[0] << 24 | v[1] << 16 | v[2] << 8 | v[3];
	uint8_t octets[4] = { (uint8_t)(a >> 24), (uint8_t)(a >> 16),
			      (uint8_t)(a >> 8), (uint8_t)a };

	memcpy(&p->addr, octets, sizeof(octets));
}

static uint32_t six_numbers(const struct text *t, uint32_t pos, struct place *p,
			    uint8_t term)
{
	uint32_t v[6], len = numbers(t, pos, v, 6, ',', term, p->strict);

	if (!len)
		return 0;
	set_ipv4(p, v);
	p->port = (uint16_t)(v[4] << 8 | v[5]);
	return len;
}

static uint32_t read_port(const struct text *t, uint32_t pos, struct place *p)
{
	return six_numbers(t, pos, p, '\r');
}

/* RFC 1123 section 4.1.2.6: the numbers may be in parentheses or not, so they
 * begin with the first digit. */
static uint32_t read_227(const struct text *t, uint32_t pos, struct place *p)
{
	while (pos < t->len && !text_is_digit(text_char(t, pos)))
		pos++;
	return six_numbers(t, pos, p, 0);
}

/* Reads the port and the delimiter after it; returns where they end, or 0. */
static uint32_t delimited_port(const struct text *t, uint32_t pos, uint8_t delim,
			       struct place *p)
{
	uint32_t port = 0;

	for (; pos < t->len; pos++) {
		uint8_t c = text_char(t, pos);

		if (c == delim) {
			p->port = (uint16_t)port;
			return port ? pos + 1 : 0;
		}
		if (!text_is_digit(c))
			return 0;
		port = port * 10 + (c - '0');
		if (port > UINT16_MAX && p->strict)
			return 0;
		port = (uint16_t)port;
	}
	return 0;
}

/* RFC 2428: any printable character; a digit would be ambiguous. */
static bool is_delimiter(uint8_t c)
{
	return c >= 33 && c <= 126 && !text_is_digit(c);
}

/*
 * Reads an IPv6 address before 'delim'; returns its length, or 0.  As in the
 * kernel, NUL also ends the address, and so does a colon after an IPv4 address
 * at its end: in6_pton().
 */
static uint32_t ipv6_address(const struct text *t, uint32_t pos, uint8_t delim,
			     struct place *p)
{
	struct sip_text address = {
		.packet = t->packet, .start = t->start + pos, .l3num = CT_L3_IPV6,
	};
	union ct_addr read;
	uint32_t end;
	uint8_t c;

	while ((c = text_char(t, pos + address.len)) != delim && c)
		address.len++;
	end = sip_address(&address, 0, &read);
	if (end == SIP_NOWHERE ||
	    (end != address.len && text_char(t, pos + end) != ':'))
		return 0;
	p->addr = read;
	return end;
}

/* "|1|192.0.2.1|1025|", "|2|2001:db8::1|1025|" */
static uint32_t read_eprt(const struct text *t, uint32_t pos, struct place *p)
{
	uint8_t delim = text_char(t, pos);
	uint32_t v[4], len, end;

	if (t->len - pos <= 3 || !is_delimiter(delim) ||
	    text_char(t, pos + 2) != delim ||
	    text_char(t, pos + 1) != (p->l3num == CT_L3_IPV4 ? '1' : '2'))
		return 0;
	if (p->l3num == CT_L3_IPV4) {
		len = numbers(t, pos + 3, v, 4, '.', delim, p->strict);
		if (len)
			set_ipv4(p, v);
	} else {
		len = ipv6_address(t, pos + 3, delim, p);
	}
	if (!len)
		return 0;
	end = delimited_port(t, pos + 3 + len + 1, delim, p);
	return end ? end - pos : 0;
}

/* "|||1025|": the address is the server's own. */
static uint32_t read_229(const struct text *t, uint32_t pos, struct place *p)
{
	uint8_t delim = text_char(t, pos);
	uint32_t end;

	if (t->len - pos <= 3 || !is_delimiter(delim) ||
	    text_char(t, pos + 1) != delim || text_char(t, pos + 2) != delim)
		return 0;
	end = delimited_port(t, pos + 3, delim, p);
	return end ? end - pos : 0;
}

struct pattern {
	const char *word;
	uint8_t skip;		/* its argument follows this; 0: it follows at once */
	read_place *read;
};

#define WORD_LEN 4u

static const struct pattern patterns[2][2] = {
	[CT_DIR_ORIGINAL] = {
		{ "PORT", ' ', read_port },
		{ "EPRT", ' ', read_eprt },
	},
	[CT_DIR_REPLY] = {
		{ "227 ", 0,   read_227 },
		{ "229 ", '(', read_229 },
	},
};

const char *ct_ftp_pattern(uint32_t i)
{
	return patterns[i >> 1 & 1][i & 1].word;
}

enum match { NO_MATCH, PARTIAL, MATCH };

/* Text that begins like the pattern and cannot be read may be its first part,
 * with the rest in the next segment: find_pattern(). */
static enum match find(const struct text *t, const struct pattern *pat,
		       struct place *p)
{
	uint32_t pos = WORD_LEN;

	if (!text_has_nocase(t, 0, pat->word, t->len < WORD_LEN ? t->len : WORD_LEN))
		return NO_MATCH;
	if (t->len <= WORD_LEN)
		return PARTIAL;
	if (pat->skip) {
		while (pos < t->len && text_char(t, pos) != pat->skip)
			pos++;
		if (pos == t->len)
			return PARTIAL;
		pos++;
	}
	return pat->read(t, pos, p) ? MATCH : PARTIAL;
}

/* Accepts only the address of the host that announces it.  With any other, a
 * host could open a path through a firewall to a third one. */
static enum help_result expect_data(struct help *h, const struct ct_tuple *from,
				    const struct place *p)
{
	if (memcmp(&p->addr, &from->src, sizeof(p->addr)) != 0) {
		help_other_address(h, &p->addr, &from->src);
		return HELP_ACCEPT;
	}
	if (expect_related(h, &(struct expect_want){
				.l3num = from->l3num, .protonum = CT_L4_TCP,
				.src = &from->dst, .dst = &from->src,
				.dport = p->port }, 0, NULL) != EXPECT_OK)
		return help_drop(h, CT_REASON_HELP_NO_EXPECT, 0);
	return HELP_ACCEPT;
}

/* For a segment that begins a line.  '*partial': the cause of a drop is a
 * partial match. */
static enum help_result read_line(struct help *h, const struct text *t,
				  bool *partial)
{
	enum match match = NO_MATCH;
	struct ct_tuple from;
	struct place p;
	uint32_t i;

	help_tuple(h, h->dir, &from);
	p = (struct place){
		.addr = from.src, .l3num = from.l3num,
		.strict = kernel_has(h->ct, CT_HAS_FTP_STRICT_NUMBERS),
	};
	for (i = 0; i < 2; i++) {
		match = find(t, &patterns[h->dir][i], &p);
		if (match != NO_MATCH)
			break;
	}
	*partial = match == PARTIAL;
	if (match == PARTIAL)
		return help_drop(h, CT_REASON_HELP_FTP_PARTIAL,
				 (uint32_t)h->dir * 2 + i);
	return match == MATCH ? expect_data(h, &from, &p) : HELP_ACCEPT;
}

/* find_nl_seq(), and the flag that conntrackd(8) sets for the connections of
 * another machine, whose lines were not seen here. */
static bool begins_line(struct ftp_info *info, enum ct_dir dir, uint32_t seq)
{
	for (uint32_t i = 0; i < info->seq_aft_nl_num[dir]; i++)
		if (info->seq_aft_nl[dir][i] == seq)
			return true;
	if (!(info->flags[dir] & FTP_PICKUP))
		return false;
	info->flags[dir] &= (uint16_t)~FTP_PICKUP;
	return true;
}

static bool after(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) > 0;
}

/* A line ended before 'seq'; update_nl_seq(). */
static void end_line(struct ftp_info *info, enum ct_dir dir, uint32_t seq)
{
	uint32_t *known = info->seq_aft_nl[dir], oldest;

	for (uint32_t i = 0; i < info->seq_aft_nl_num[dir]; i++)
		if (known[i] == seq)
			return;
	if (info->seq_aft_nl_num[dir] < FTP_NEWLINES) {
		known[info->seq_aft_nl_num[dir]++] = seq;
		return;
	}
	oldest = after(known[1], known[0]) ? 0 : 1;
	if (after(seq, known[oldest]))
		known[oldest] = seq;
}

static enum help_result ftp_help(struct help *h)
{
	struct ftp_info *info = &h->ext->data.ftp;
	struct text t = { .packet = &h->bytes };
	enum help_result result = HELP_ACCEPT;
	bool partial = false;
	uint32_t seq = 0;

	if (h->ctstate != CT_ESTABLISHED ||
	    !help_tcp_payload(h, &t.start, &t.len) ||
	    !bytes_be32(&h->bytes, h->l4off + 4, &seq))
		return HELP_ACCEPT;

	if (begins_line(info, h->dir, seq))
		result = read_line(h, &t, &partial);
	/* "234 AUTH TLS successful" (RFC 4217 section 4) */
	if (h->dir == CT_DIR_REPLY && text_has(&t, 0, "234 ", 4))
		help_tls(h);
	if (!partial && text_char(&t, t.len - 1) == '\n')
		end_line(info, h->dir, seq + t.len);
	return result;
}

const struct ct_helper helper_ftp = {
	.name = "ftp", .protonum = CT_L4_TCP, .port = 21,
	.policy = policy, .help = ftp_help,
};
