/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * broadcast.c - NetBIOS name service (RFC 1002) and SNMP (RFC 3417): any host
 * of the subnet may reply to a request that was broadcast, from the service's
 * port. nf_conntrack_broadcast_help() of the kernel's nf_conntrack_broadcast.c.
 *
 * The kernel follows only requests of its own sockets, and takes the subnet
 * from the interface: the destination must be configured there as a broadcast
 * address, so 255.255.255.255 and the old form with a host part of zeros do not
 * count.  A capture has no interfaces, so the configuration gives the prefix
 * length, and requests of any host are followed.
 *
 * The sender of a broadcast receives a copy of it, which passes the kernel's
 * hooks first.  So the connection is confirmed already, with its protocol's
 * timeout, when the helper sees the packet itself.
 */
#include "conntrack/helper/helper.h"

/* Shorter subnets have no broadcast address (RFC 3021). */
#define PREFIX_MAX 30u

static const struct expect_policy netbios_policy[] = { { 1, 3, "" } };
static const struct expect_policy snmp_policy[] = { { 1, 30, "" } };

/* Whether the packet is a broadcast to the sender's subnet; sets its mask. */
static bool is_broadcast(const struct ct_packet *pkt, uint32_t prefix,
		   union ct_addr *mask)
{
	*mask = (union ct_addr){ 0 };
	if (prefix == 0 || prefix > PREFIX_MAX)
		return false;
	for (uint32_t i = 0; i < 4; i++) {
		uint32_t bits = prefix > i * 8 ? prefix - i * 8 : 0;

		mask->b[i] = (uint8_t)(0xff00u >> (bits < 8 ? bits : 8));
		if (pkt->dst.b[i] != (uint8_t)(pkt->src.b[i] | ~mask->b[i]))
			return false;
	}
	return true;
}

/* The expectation is permanent, and another request renews it.  The connection
 * gets the same timeout. */
static enum help_result broadcast_help(struct help *h, uint32_t prefix)
{
	const struct ct_helper *helper = h->ext->helper;
	struct ct_tuple reply;
	const uint16_t *sport;
	union ct_addr mask;

	if (h->dir != CT_DIR_ORIGINAL || !is_broadcast(h->pkt, prefix, &mask))
		return HELP_ACCEPT;
	help_tuple(h, CT_DIR_REPLY, &reply);
	sport = kernel_has(h->ct, CT_HAS_BROADCAST_SOURCE_PORT) ? &reply.sport :
		/* The well-known one, whichever was asked. */ &helper->port;
	expect_related(h, &(struct expect_want){
				.l3num = reply.l3num, .protonum = reply.protonum,
				.src = &reply.src, .src_mask = &mask,
				.dst = &reply.dst,
				.sport = sport, .dport = reply.dport,
				.flags = EXPECT_PERMANENT }, 0, NULL);
	help_refresh(h, helper->policy[0].timeout);
	return HELP_ACCEPT;
}

static enum help_result netbios_ns_help(struct help *h)
{
	return broadcast_help(h, h->ct->cfg.netbios_prefix);
}

static enum help_result snmp_help(struct help *h)
{
	return broadcast_help(h, h->ct->cfg.snmp_prefix);
}

const struct ct_helper helper_netbios_ns = {
	.name = "netbios-ns", .protonum = CT_L4_UDP, .l3num = CT_L3_IPV4,
	.port = 137, .policy = netbios_policy, .help = netbios_ns_help,
	.late = true,
};

const struct ct_helper helper_snmp = {
	.name = "snmp", .protonum = CT_L4_UDP, .l3num = CT_L3_IPV4,
	.port = 161, .policy = snmp_policy, .help = snmp_help, .late = true,
};
