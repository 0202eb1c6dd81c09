/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * irc.c - IRC's direct connections (DCC): with "PRIVMSG nick :^ADCC SEND file
 * address port^A" a client says where it waits for another client's connection.
 * nf_conntrack_irc.c.
 */
#include <arpa/inet.h>

#include "conntrack/helper/helper.h"
#include "conntrack/helper/text.h"

#define SEARCHED	4095u	/* bytes of a segment, at most */

static const struct expect_policy policy[] = { { 8, 300, "" } };

static const struct {
	const char *word;
	uint32_t len;
} keywords[] = {
	{ "SEND ", 5 }, { "CHAT ", 5 }, { "MOVE ", 5 }, { "TSEND ", 6 },
	{ "SCHAT ", 6 },
};

struct dcc {
	uint32_t ip;
	uint16_t port;
};

/*
 * "name address port"; parse_dcc().  The kernel looks for the end of the name
 * only as far as "AAAAAAAA P^A\n" still fits behind it, less one character, and
 * the line must end in this segment.
 */
static bool read_dcc(const struct text *t, uint32_t pos, struct dcc *dcc)
{
	uint32_t newline;

	while (text_char(t, pos++) != ' ')
		if (pos + 12 > t->len)
			return false;
	for (newline = pos; text_char(t, newline) != '\n'; newline++)
		if (newline >= t->len)
			return false;
	dcc->ip = (uint32_t)text_number(t, &pos);
	while (text_char(t, pos) == ' ')
		pos++;
	dcc->port = (uint16_t)text_number(t, &pos);
	return true;
}

/* Accepts only the client's own address.  With any other, it could open a path
 * through a firewall to a third host. */
static bool is_own(const struct ct_tuple *client, const struct dcc *dcc)
{
	return load_be32(client->src.b) == dcc->ip && dcc->port;
}

static enum help_result expect_dcc(struct help *h, const struct ct_tuple *client,
				   uint16_t port)
{
	if (expect_related(h, &(struct expect_want){
				.l3num = client->l3num, .protonum = CT_L4_TCP,
				.dst = &client->src, .dport = port },
			   0, NULL) != EXPECT_OK)
		return help_drop(h, CT_REASON_HELP_NO_EXPECT, 0);
	return HELP_ACCEPT;
}

/* The length of the keyword at 'pos', or 0. */
static uint32_t keyword(const struct text *t, uint32_t pos)
{
	for (size_t i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++)
		if (text_has(t, pos, keywords[i].word, keywords[i].len))
			return keywords[i].len;
	return 0;
}

/* The place after PRIVMSG, the only command that is read, or TEXT_NOWHERE. */
static uint32_t find_message(const struct text *t)
{
	uint32_t pos = 0;

	for (; pos + 10 < t->len; pos++) {
		uint8_t c = text_char(t, pos);

		if (c != ' ' && c != '\r' && c != '\n')
			break;
	}
	if (pos + 10 >= t->len)
		return pos;
	return text_has_nocase(t, pos, "PRIVMSG ", 8) ? pos + 8 : TEXT_NOWHERE;
}

/*
 * The place of a request's name, or TEXT_NOWHERE.  Other text after " :" may be
 * part of the message, so the search continues after it.
 */
static uint32_t find_request(const struct text *t, uint32_t pos)
{
	uint32_t len;

	/* The shortest request has 26 characters, counted from its " :". */
	while (pos + 26 < t->len) {
		if (!text_has(t, pos, " :", 2)) {
			pos++;
			continue;
		}
		pos += 2;
		if (!text_has(t, pos, "\001DCC ", 5))
			break;
		pos += 5;
		len = keyword(t, pos);
		if (len)
			return pos + len;
	}
	return TEXT_NOWHERE;
}

static enum help_result irc_help(struct help *h)
{
	struct text t = { .packet = &h->bytes };
	union ct_addr named = { { 0 } };
	struct ct_tuple client;
	struct dcc dcc;
	uint32_t pos;

	if (h->dir != CT_DIR_ORIGINAL || h->ctstate != CT_ESTABLISHED ||
	    !help_tcp_payload(h, &t.start, &t.len))
		return HELP_ACCEPT;
	if (t.len > SEARCHED)
		t.len = SEARCHED;
	pos = find_message(&t);
	if (pos != TEXT_NOWHERE)
		pos = find_request(&t, pos);
	if (pos == TEXT_NOWHERE || !read_dcc(&t, pos, &dcc))
		return HELP_ACCEPT;

	help_tuple(h, CT_DIR_ORIGINAL, &client);
	if (is_own(&client, &dcc))
		return expect_dcc(h, &client, dcc.port);
	if (dcc.port) {
		named.w[0] = htonl(dcc.ip);
		help_other_address(h, &named, &client.src);
	}
	return HELP_ACCEPT;
}

const struct ct_helper helper_irc = {
	.name = "irc", .protonum = CT_L4_TCP, .l3num = CT_L3_IPV4, .port = 6667,
	.policy = policy, .help = irc_help,
};
