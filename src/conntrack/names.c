/* SPDX-License-Identifier: GPL-2.0-only */
/* names.c - names of codes, as the kernel and iptables(8) spell them. */
#include "conntrack/track.h"

const char *ct_ctstate_name(enum ct_ctstate s)
{
	static const char *const names[CT_CTSTATES] = {
		[CT_NEW]         = "NEW",
		[CT_ESTABLISHED] = "ESTABLISHED",
		[CT_RELATED]     = "RELATED",
		[CT_INVALID]     = "INVALID",
		[CT_UNTRACKED]   = "UNTRACKED",
		[CT_FRAGMENT]    = "FRAGMENT",
		[CT_DROP]        = "DROP",
	};

	return names[s];
}

const char *ct_end_name(enum ct_end end)
{
	static const char *const names[CT_ENDS] = {
		[CT_END_EXPIRED]    = "expired",
		[CT_END_REOPENED]   = "reopened",
		[CT_END_RESET]      = "reset",
		[CT_END_EARLY_DROP] = "early-drop",
		[CT_END_HELPER]     = "helper",
	};

	return names[end];
}

const char *ct_proto_name(uint8_t protonum)
{
	switch (protonum) {
	case CT_L4_ICMP:
		return "icmp";
	case CT_L4_TCP:
		return "tcp";
	case CT_L4_UDP:
		return "udp";
	case CT_L4_DCCP:
		return "dccp";
	case CT_L4_GRE:
		return "gre";
	case CT_L4_SCTP:
		return "sctp";
	case CT_L4_UDPLITE:
		return "udplite";
	case CT_L4_ICMPV6:
		return "icmpv6";
	}
	return "unknown";
}

bool ct_proto_is_generic(uint8_t protonum)
{
	return strcmp(ct_proto_name(protonum), "unknown") == 0;
}

const char *ct_proto_state_name(uint8_t protonum, uint8_t state)
{
	switch (protonum) {
	case CT_L4_TCP:
		return ct_proto_tcp.state_name(state);
	case CT_L4_SCTP:
		return ct_proto_sctp.state_name(state);
	case CT_L4_DCCP:
		return ct_proto_dccp.state_name(state);
	}
	return NULL;
}
