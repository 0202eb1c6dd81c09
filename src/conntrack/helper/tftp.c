/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * helper_tftp.c - TFTP (RFC 1350): the transfer comes from a port of the
 * server's own choice to the port that asked.  nf_conntrack_tftp.c.
 */
#include "conntrack/helper/helper.h"

enum { TFTP_READ = 1, TFTP_WRITE = 2 };

static const struct expect_policy policy[] = { { 1, 300, "" } };

static enum help_result tftp_help(struct help *h)
{
	struct ct_tuple reply;
	uint16_t opcode;

	if (!bytes_be16(&h->bytes, h->l4off + 8, &opcode) ||
	    (opcode != TFTP_READ && opcode != TFTP_WRITE))
		return HELP_ACCEPT;

	help_tuple(h, CT_DIR_REPLY, &reply);
	if (expect_related(h, &(struct expect_want){
				.l3num = reply.l3num, .protonum = CT_L4_UDP,
				.src = &reply.src, .dst = &reply.dst,
				.dport = reply.dport }, 0, NULL) != EXPECT_OK)
		return help_drop(h, CT_REASON_HELP_NO_EXPECT, 0);
	return HELP_ACCEPT;
}

const struct ct_helper helper_tftp = {
	.name = "tftp", .protonum = CT_L4_UDP, .port = 69,
	.policy = policy, .help = tftp_help,
};
