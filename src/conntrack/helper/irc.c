/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * helper_irc.c - IRC's direct connections (DCC): "PRIVMSG nick :^ADCC SEND
 * file address port^A" of a client says where it waits for another's
 * connection.  nf_conntrack_irc.c.
 */
#include "conntrack/helper/helper.h"
#include "conntrack/helper/text.h"

#define SEARCHED	4095u	/* of a segment, at most */

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
 * "nick address port"; parse_dcc().  The name takes one character less than
 * would leave room for "AAAAAAAA P^A\n", and the line must end in this segment.
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

/* Another's address could be anybody's, and the expectation a hole for it. */
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

/* How long the keyword at 'pos' is, or 0. */
static uint32_t keyword(const struct text *t, uint32_t pos)
{
	for (size_t i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++)
		if (text_has(t, pos, keywords[i].word, keywords[i].len))
			return keywords[i].len;
	return 0;
}

/* Where a message's line begins, or TEXT_NOWHERE: only PRIVMSG is read. */
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
 * Where a request's name begins, or TEXT_NOWHERE.  What is none may be part of
 * the message, so the search goes on behind it.
 */
static uint32_t find_request(const struct text *t, uint32_t pos)
{
	uint32_t len;

	/* The shortest takes 26 characters from its " :" on. */
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
	struct ct_tuple client;
	struct dcc dcc;
	uint32_t pos;

	if (h->dir != CT_DIR_ORIGINAL || h->word != CT_ESTABLISHED ||
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
	return is_own(&client, &dcc) ? expect_dcc(h, &client, dcc.port) :
				       HELP_ACCEPT;
}

const struct ct_helper helper_irc = {
	.name = "irc", .protonum = CT_L4_TCP, .l3num = CT_L3_IPV4, .port = 6667,
	.policy = policy, .help = irc_help,
};
