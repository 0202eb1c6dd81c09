/* SPDX-License-Identifier: GPL-2.0-only */
#include "report/page_state.h"

#include <stdio.h>

/* The highest base first: page_state_name() takes the first that is not above. */
static const struct {
	uint8_t protonum, base;
	const char *name;
} trackers[] = {
	{ CT_L4_DCCP, PAGE_STATE_DCCP, "DCCP" },
	{ CT_L4_SCTP, PAGE_STATE_SCTP, "SCTP" },
	{ CT_L4_TCP, PAGE_STATE_TCP, "TCP" },
};

#define TRACKERS (sizeof(trackers) / sizeof(trackers[0]))

uint8_t page_state_base(uint8_t protonum)
{
	for (size_t i = 0; i < TRACKERS; i++)
		if (trackers[i].protonum == protonum)
			return trackers[i].base;
	return 0;
}

static enum page_state_kind kind_of(uint8_t protonum)
{
	switch (protonum) {
	case CT_L4_UDP:
		return PAGE_UDP;
	case CT_L4_UDPLITE:
		return PAGE_UDPLITE;
	case CT_L4_ICMP:
		return PAGE_ICMP;
	case CT_L4_ICMPV6:
		return PAGE_ICMPV6;
	case CT_L4_GRE:
		return PAGE_GRE;
	default:
		return PAGE_OTHER;
	}
}

uint8_t page_state(const struct ct_record *rec)
{
	uint8_t protonum = rec->tuple[0].protonum;
	uint8_t base = rec->generic ? 0 : page_state_base(protonum);
	unsigned int kind = rec->generic ? PAGE_OTHER : kind_of(protonum);

	if (base)
		return (uint8_t)(base + rec->state);
	return (uint8_t)(PAGE_STATE_KINDS + 3 * kind +
			 (rec->status & CT_STATUS_ASSURED ? 2 :
			  rec->status & CT_STATUS_SEEN_REPLY ? 1 : 0));
}

void page_state_name(char to[PAGE_STATE_NAME], unsigned int state)
{
	static const char *const kinds[PAGE_KINDS] = {
		[PAGE_UDP] = "UDP", [PAGE_UDPLITE] = "UDP-Lite", [PAGE_ICMP] = "ICMP",
		[PAGE_ICMPV6] = "ICMPv6", [PAGE_GRE] = "GRE", [PAGE_OTHER] = "OTHER",
	};
	static const char *const words[] = { "UNREPLIED", "REPLIED", "ASSURED" };
	const char *name;

	to[0] = '\0';
	if (state >= PAGE_STATE_KINDS) {
		state -= PAGE_STATE_KINDS;
		snprintf(to, PAGE_STATE_NAME, "%s %s", kinds[state / 3], words[state % 3]);
		return;
	}
	for (size_t i = 0; state && i < TRACKERS; i++) {
		if (state < trackers[i].base)
			continue;
		name = ct_proto_state_name(trackers[i].protonum,
					   (uint8_t)(state - trackers[i].base));
		snprintf(to, PAGE_STATE_NAME, "%s %.20s", trackers[i].name,
			 name ? name : "NONE");
		return;
	}
}
