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

/* A segment, and how the kernel reads it. */
struct irc {
	struct help *h;
	struct text t;
	bool newline_behind;	/* one may stand right behind what is read */
	bool saturates;		/* numbers beyond 64 bits stay the largest one */
};

/*
 * The decimal number at '*pos', which moves past it; 0 if there is none.
 * simple_strtoul(): of a number beyond 64 bits old kernels keep the lower bits.
 */
static uint64_t number(const struct irc *irc, uint32_t *pos)
{
	const uint64_t most = UINT64_MAX;
	uint64_t v = 0;
	bool over = false;

	for (; text_is_digit(text_char(&irc->t, *pos)); ++*pos) {
		uint8_t digit = text_char(&irc->t, *pos) - '0';

		over = over || v > most / 10 ||
		       (v == most / 10 && digit > most % 10);
		v = v * 10 + digit;
	}
	return over && irc->saturates ? most : v;
}

/* Whether the line that begins at 'pos' ends in what is read. */
static bool ends_line(const struct irc *irc, uint32_t pos)
{
	const struct text *t = &irc->t;
	uint8_t behind = 0;

	for (; pos < t->len; pos++)
		if (text_char(t, pos) == '\n')
			return true;
	/* A byte of the segment, but none that belongs to the buffer. */
	bytes_u8(t->packet, t->start + t->len, &behind);
	return irc->newline_behind && pos == t->len && behind == '\n';
}

/*
 * "name address port"; parse_dcc().  The kernel looks for the end of the name
 * only as far as "AAAAAAAA P^A\n" still fits behind it, less one character, and
 * the line must end in this segment.
 */
static bool read_dcc(const struct irc *irc, uint32_t pos, struct dcc *dcc)
{
	const struct text *t = &irc->t;

	while (text_char(t, pos++) != ' ')
		if (pos + 12 > t->len)
			return false;
	if (!ends_line(irc, pos))
		return false;
	dcc->ip = (uint32_t)number(irc, &pos);
	while (text_char(t, pos) == ' ')
		pos++;
	dcc->port = (uint16_t)number(irc, &pos);
	return true;
}

/* Accepts only the client's own address.  With any other, it could open a path
 * through a firewall to a third host.  Old kernels take the server's, too. */
static bool is_own(const struct irc *irc, const struct ct_tuple *client,
		   const struct dcc *dcc)
{
	bool server = !kernel_has(irc->h->ct, CT_HAS_IRC_OWN_ADDRESS) &&
		      load_be32(client->dst.b) == dcc->ip;

	return (server || load_be32(client->src.b) == dcc->ip) && dcc->port;
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
 * The place after the next "^ADCC " that a message consists of, or anywhere in
 * the data in kernels that do not look for messages; TEXT_NOWHERE.
 */
static uint32_t find_dcc(const struct irc *irc, uint32_t pos)
{
	bool message = kernel_has(irc->h->ct, CT_HAS_IRC_AFTER_PRIVMSG);
	/* The shortest request: 24 characters, and " :" before it. */
	uint32_t least = message ? 26 : 24;

	for (; pos + least < irc->t.len; pos++) {
		if (message && !text_has(&irc->t, pos, " :", 2))
			continue;
		if (message)
			pos += 2;
		if (text_has(&irc->t, pos, "\001DCC ", 5))
			return pos + 5;
		/* Other text than a request is the message. */
		if (message)
			break;
	}
	return TEXT_NOWHERE;
}

enum answer { REFUSED, ACCEPTED, STOPPED };

/* The request whose name is at 'pos'. */
static enum answer read_request(const struct irc *irc, uint32_t pos,
				enum help_result *result)
{
	union ct_addr named = { { 0 } };
	struct ct_tuple client;
	struct dcc dcc;

	help_tuple(irc->h, CT_DIR_ORIGINAL, &client);
	if (read_dcc(irc, pos, &dcc)) {
		if (is_own(irc, &client, &dcc)) {
			*result = expect_dcc(irc->h, &client, dcc.port);
			return ACCEPTED;
		}
		named.w[0] = htonl(dcc.ip);
		if (dcc.port)
			help_other_address(irc->h, &named, &client.src);
	}
	return kernel_has(irc->h->ct, CT_HAS_IRC_STOP_AFTER_BAD) ? STOPPED : REFUSED;
}

/*
 * Tries the keywords one after the other.  As in the kernel, those behind one
 * whose request was refused are looked for right behind that keyword; '*pos'
 * moves there.
 */
static enum answer read_keywords(const struct irc *irc, uint32_t *pos,
				 enum help_result *result)
{
	for (size_t i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++) {
		enum answer answer;

		if (!text_has(&irc->t, *pos, keywords[i].word, keywords[i].len))
			continue;
		*pos += keywords[i].len;
		answer = read_request(irc, *pos, result);
		if (answer != REFUSED)
			return answer;
	}
	return REFUSED;
}

static void irc_init(struct irc *irc, struct help *h, const struct text *t)
{
	*irc = (struct irc){
		.h = h, .t = *t,
		.saturates = kernel_has(h->ct, CT_HAS_IRC_NUMBER_SATURATES),
	};
	if (kernel_has(h->ct, CT_HAS_IRC_4095) && t->len > SEARCHED) {
		irc->t.len = SEARCHED;
		irc->newline_behind = !kernel_has(h->ct, CT_HAS_IRC_END);
	}
}

static enum help_result irc_help(struct help *h)
{
	enum help_result result = HELP_ACCEPT;
	struct text t = { .packet = &h->bytes };
	enum answer answer = REFUSED;
	struct irc irc;
	uint32_t pos = 0;

	if (h->dir != CT_DIR_ORIGINAL || h->ctstate != CT_ESTABLISHED ||
	    !help_tcp_payload(h, &t.start, &t.len))
		return HELP_ACCEPT;
	irc_init(&irc, h, &t);
	if (kernel_has(h->ct, CT_HAS_IRC_AFTER_PRIVMSG))
		pos = find_message(&irc.t);
	while (pos != TEXT_NOWHERE && answer == REFUSED) {
		pos = find_dcc(&irc, pos);
		if (pos != TEXT_NOWHERE)
			answer = read_keywords(&irc, &pos, &result);
	}
	return result;
}

const struct ct_helper helper_irc = {
	.name = "irc", .protonum = CT_L4_TCP, .l3num = CT_L3_IPV4, .port = 6667,
	.policy = policy, .help = irc_help,
};
