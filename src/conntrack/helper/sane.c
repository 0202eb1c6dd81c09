/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * helper_sane.c - SANE's network protocol: the answer to a START says at which
 * port the scanner's server waits for the connection that fetches the image.
 * SANE Standard, section 5; nf_conntrack_sane.c.
 */
#include "conntrack/helper/helper.h"

#define REQUEST_LEN	8u	/* procedure, handle */
#define ANSWER_LEN	8u	/* status, port; more follows */
#define SANE_NET_START	7u
#define STATUS_GOOD	0u

static const struct expect_policy policy[] = { { 1, 300, "" } };

enum { NORMAL, START_REQUESTED };

/* A request in one segment of its own, or it is not seen. */
static void read_request(struct help *h, struct sane_info *info, uint32_t off,
			 uint32_t len)
{
	uint32_t procedure = 0;

	if (len != REQUEST_LEN)
		return;
	bytes_be32(&h->bytes, off, &procedure);
	info->state = procedure == SANE_NET_START ? START_REQUESTED : NORMAL;
}

static enum help_result read_answer(struct help *h, uint32_t off, uint32_t len)
{
	uint32_t status = 0, port = 0;
	struct ct_tuple client;

	if (len < ANSWER_LEN)
		return HELP_ACCEPT;
	bytes_be32(&h->bytes, off, &status);
	bytes_be32(&h->bytes, off + 4, &port);
	/* The port is a word of 32 bits. */
	if (status != STATUS_GOOD || port > UINT16_MAX)
		return HELP_ACCEPT;

	help_tuple(h, CT_DIR_ORIGINAL, &client);
	if (expect_related(h, &(struct expect_want){
				.l3num = client.l3num, .protonum = CT_L4_TCP,
				.src = &client.src, .dst = &client.dst,
				.dport = (uint16_t)port }, 0, NULL) != EXPECT_OK)
		return help_drop(h, CT_REASON_HELP_NO_EXPECT, 0);
	return HELP_ACCEPT;
}

static enum help_result sane_help(struct help *h)
{
	struct sane_info *info = &h->ext->data.sane;
	uint32_t off, len;

	if (h->word != CT_ESTABLISHED || !help_tcp_payload(h, &off, &len))
		return HELP_ACCEPT;
	if (h->dir == CT_DIR_ORIGINAL) {
		read_request(h, info, off, len);
		return HELP_ACCEPT;
	}
	if (info->state != START_REQUESTED)
		return HELP_ACCEPT;
	info->state = NORMAL;
	return read_answer(h, off, len);
}

const struct ct_helper helper_sane = {
	.name = "sane", .protonum = CT_L4_TCP, .port = 6566,
	.policy = policy, .help = sane_help,
};
