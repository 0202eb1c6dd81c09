/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * helper_amanda.c - Amanda, the network archiver: the machine that is backed
 * up answers with "CONNECT DATA port MESG port INDEX port", and maybe STATE,
 * where it waits for the server's connections.  nf_conntrack_amanda.c.
 */
#include "conntrack/helper/helper.h"
#include "conntrack/helper/text.h"

#define MASTER_TIMEOUT	300u	/* seconds: answers may take long */
#define PORT_DIGITS	5u

static const struct expect_policy policy[] = { { 4, 180, "" } };

static const struct {
	const char *word;
	uint32_t len;
} services[] = {
	{ "DATA ", 5 }, { "MESG ", 5 }, { "INDEX ", 6 }, { "STATE ", 6 },
};

/* The first 'word' from 'pos' on, whole in front of 'end'; behind it, or
 * TEXT_NOWHERE. */
static uint32_t behind(const struct text *t, uint32_t pos, uint32_t end,
		       const char *word, uint32_t n)
{
	for (; pos < end && n <= end - pos; pos++)
		if (text_has(t, pos, word, n))
			return pos + n;
	return TEXT_NOWHERE;
}

/* The port at 'pos' of a line that ends at 'end', or 0. */
static uint16_t read_port(const struct text *t, uint32_t pos, uint32_t end)
{
	struct text digits = *t;

	digits.len = end - pos < PORT_DIGITS ? end : pos + PORT_DIGITS;
	return (uint16_t)text_number(&digits, &pos);
}

static enum help_result amanda_help(struct help *h)
{
	struct text t = { .packet = &h->bytes };
	enum help_result result = HELP_ACCEPT;
	struct ct_tuple server;
	uint32_t line, end;

	if (h->dir != CT_DIR_REPLY)
		return HELP_ACCEPT;
	help_refresh(h, MASTER_TIMEOUT);
	if (!help_udp_payload(h, &t.start, &t.len))
		return HELP_ACCEPT;
	line = behind(&t, 0, t.len, "CONNECT ", 8);
	if (line == TEXT_NOWHERE)
		return HELP_ACCEPT;
	end = behind(&t, line, t.len, "\n", 1);
	if (end == TEXT_NOWHERE)
		return HELP_ACCEPT;
	end--;

	help_tuple(h, CT_DIR_ORIGINAL, &server);
	for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++) {
		uint32_t pos = behind(&t, line, end, services[i].word,
				      services[i].len);
		uint16_t port;

		if (pos == TEXT_NOWHERE)
			continue;
		port = read_port(&t, pos, end);
		if (!port)
			break;
		if (expect_related(h, &(struct expect_want){
					.l3num = server.l3num,
					.protonum = CT_L4_TCP,
					.src = &server.src, .dst = &server.dst,
					.dport = port }, 0, NULL) != EXPECT_OK &&
		    result == HELP_ACCEPT)
			result = help_drop(h, CT_REASON_HELP_NO_EXPECT, 0);
	}
	return result;
}

const struct ct_helper helper_amanda = {
	.name = "amanda", .protonum = CT_L4_UDP, .port = 10080,
	.policy = policy, .help = amanda_help,
};
