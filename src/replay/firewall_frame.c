/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * firewall_frame.c - which way a frame took: the interface that its capture names,
 * what its link layer says, and else routes.
 */
#include <pcap/dlt.h>
#include <string.h>

#include "base/bytes.h"
#include "base/compiler.h"
#include "replay/firewall.h"

#define ETHER_SOURCE	6u
#define ETHER_HEADER	14u

/* LINKTYPE_LINUX_SLL and LINKTYPE_LINUX_SLL2: where the fields are. */
struct cooked { uint32_t type, hatype, halen, address, header; };

static const struct cooked sll = { 1, 2, 5, 6, 16 }, sll2 = { 10, 8, 11, 12, 20 };

#define ARPHRD_ETHER	1u
#define SLL2_IFINDEX	4u

static void read_ether(const struct frame *f, struct rules_frame *to)
{
	static const uint8_t all[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

	if (f->caplen < ETHER_HEADER)
		return;
	memcpy(to->mac, f->data + ETHER_SOURCE, sizeof(to->mac));
	to->has_mac = true;
	if (f->data[0] & 1)
		to->pkttype = memcmp(f->data, all, sizeof(all)) ?
			      RULES_PKT_MULTICAST : RULES_PKT_BROADCAST;
}

static void read_cooked(const struct frame *f, const struct cooked *at,
			struct rules_frame *to)
{
	const uint8_t *d = f->data;

	if (f->caplen < at->header || d[at->type] > RULES_PKT_OUTGOING)
		return;
	to->pkttype = d[at->type];
	if (load_be16(d + at->hatype) != ARPHRD_ETHER || d[at->halen] != 6 ||
	    to->pkttype == RULES_PKT_OUTGOING)
		return;
	memcpy(to->mac, d + at->address, sizeof(to->mac));
	to->has_mac = true;
}

/* LINKTYPE_LINUX_SLL2 has the number of the interface. */
static const struct rules_iface *numbered(const struct firewall *fw, const struct frame *f)
{
	return f->caplen < sll2.header ? NULL :
	       rules_link(fw->rules, load_be32(f->data + SLL2_IFINDEX));
}

/* Unless it is that of all. */
const struct rules_iface *firewall_find_interface(struct firewall *fw,
						  const struct frame *f)
{
	const char *name = f->interface->name;

	if (!name[0] || f->linktype == DLT_LINUX_SLL)
		return NULL;
	if (!fw->last_on || strcmp(rules_iface_name(fw->last_on), name) != 0)
		fw->last_on = rules_iface(fw->rules, name);
	return fw->last_on;
}

/* A frame that was captured as it left has its destination behind the interface, and
 * its source behind another. */
static bool left_by(struct firewall *fw, const struct ct_packet *pkt,
		    const struct rules_iface *i)
{
	const struct rules_iface *from, *to;

	return rules_place(fw->rules, (enum ct_l3)pkt->l3num, &pkt->dst, &to) ==
			RULES_PLACE_AWAY && to == i &&
	       rules_place(fw->rules, (enum ct_l3)pkt->l3num, &pkt->src, &from) ==
			RULES_PLACE_AWAY && from && from != i;
}

static void find_way(struct firewall *fw, const struct ct_packet *pkt,
		     struct rules_frame *to)
{
	const struct rules_iface *on = to->on, *dev;
	bool left;

	to->local = rules_place(fw->rules, (enum ct_l3)pkt->l3num, &pkt->src,
				&dev) == RULES_PLACE_LOCAL;
	left = to->pkttype == RULES_PKT_OUTGOING || to->local ||
	       (on && left_by(fw, pkt, on));
	to->in = fw->in ? fw->in : left ? NULL : on;
	to->out = fw->out ? fw->out : left ? on : NULL;
}

void firewall_plain_frame(struct firewall *fw, const struct frame *f,
			  const struct ct_packet *pkt, const struct rules_iface *on,
			  struct rules_frame *to)
{
	*to = (struct rules_frame){ .pkt = pkt, .now = ct_now(fw->ct), .on = on };
	if (fw->wants_mac)
		read_ether(f, to);
	find_way(fw, pkt, to);
}

void firewall_frame(struct firewall *fw, const struct frame *f,
		    const struct ct_packet *pkt, struct rules_frame *to)
{
	*to = (struct rules_frame){ .pkt = pkt, .now = ct_now(fw->ct) };
	if (likely(f->linktype == DLT_EN10MB))
		read_ether(f, to);
	else if (f->linktype == DLT_LINUX_SLL)
		read_cooked(f, &sll, to);
	else if (f->linktype == DLT_LINUX_SLL2)
		read_cooked(f, &sll2, to);
	to->on = f->linktype == DLT_LINUX_SLL2 ? numbered(fw, f) : firewall_interface(fw, f);
	find_way(fw, pkt, to);
	/* Rules ask how it came in. */
	if (to->pkttype == RULES_PKT_OUTGOING)
		to->pkttype = RULES_PKT_HOST;
}
