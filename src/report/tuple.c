/* SPDX-License-Identifier: GPL-2.0-only */
#include "report/tuple.h"

#include "report/format.h"

char *put_addresses(char *p, const struct ct_tuple *t, bool full)
{
	char *(*put)(char *, const union ct_addr *, uint8_t) =
		full ? put_address_full : put_address;

	p = put(put_str(p, "src="), &t->src, t->l3num);
	p = put(put_str(p, " dst="), &t->dst, t->l3num);
	return put_char(p, ' ');
}

char *put_transport(char *p, const struct ct_tuple *t)
{
	switch (t->protonum) {
	case CT_L4_ICMP:
	case CT_L4_ICMPV6:
		p = put_member(p, "type=", t->icmp_type);
		p = put_member(p, "code=", t->icmp_code);
		return put_member(p, "id=", t->icmp_id);
	case CT_L4_TCP:
	case CT_L4_UDP:
	case CT_L4_UDPLITE:
	case CT_L4_SCTP:
	case CT_L4_DCCP:
		p = put_member(p, "sport=", t->sport);
		return put_member(p, "dport=", t->dport);
	case CT_L4_GRE:
		p = put_hex(put_str(p, "srckey=0x"), t->srckey);
		p = put_hex(put_str(p, " dstkey=0x"), t->dstkey);
		return put_char(p, ' ');
	}
	return p;
}
