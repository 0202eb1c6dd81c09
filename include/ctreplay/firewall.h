/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * firewall.h - what the rules of a firewall have to do with connections: zones
 * and helpers that rules in raw give them, marks, and views that rules ask for.
 */
#ifndef CTREPLAY_FIREWALL_H
#define CTREPLAY_FIREWALL_H 1

#include "ctreplay/conntrack.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ct_template.zone_dirs */
#define CT_ZONE_ORIGINAL	0x1u
#define CT_ZONE_REPLY		0x2u
#define CT_ZONE_BOTH		0x3u

/*
 * What a rule asks of connection tracking before it sees the packet: the target
 * CT in table raw.  A zone is part of a connection's identity, in both directions
 * or in one; in the other one the connection is then in zone 0.
 */
struct ct_template {
	bool notrack;		/* the packet is UNTRACKED */
	uint8_t zone_dirs;	/* CT_ZONE_...; of no meaning with zone 0 */
	uint16_t zone;
	/* The helper of the connection if the packet opens one that no other
	 * connection expected, by its name in the kernel, or NULL. */
	const char *helper;
};

/* ct_track() of a packet that a template is for; NULL: none is.  '*tmpl' is used
 * during the call only. */
bool ct_track_as(struct ct *ct, const struct ct_packet *pkt,
		 const struct ct_template *tmpl, struct ct_verdict *v);

/* Whether a template may name this helper for a protocol: "ftp" for TCP, "RAS"
 * for UDP, ...  'l3num' is the family of the rule. */
bool ct_helper_known(const char *name, enum ct_l3 l3num, uint8_t protonum);

/*
 * The mark of the connection that ct_current() would show.  False where the packet
 * has none, or there is no memory.  An entry that is in the table then waits for
 * ct_confirm(), which sends its UPDATE.
 */
bool ct_set_mark(struct ct *ct, const struct ct_packet *pkt,
		 const struct ct_verdict *v, uint32_t mark);

/* A firewall has reset that connection: TCP's state becomes CLOSE.
 * nf_conntrack_tcp_set_closing(). */
void ct_set_closing(struct ct *ct, const struct ct_packet *pkt,
		    const struct ct_verdict *v);

/* The helper of the connection that expected that connection; NULL: nobody did,
 * or it has none.  Static storage. */
const char *ct_master_helper(const struct ct *ct, const struct ct_packet *pkt,
			     const struct ct_verdict *v);

/* ct_lookup() for a packet with that zone in both directions. */
bool ct_lookup_zone(const struct ct *ct, const struct ct_tuple *tuple,
		    uint16_t zone, enum ct_dir *dir, struct ct_record *record);

#ifdef __cplusplus
}
#endif

#endif
