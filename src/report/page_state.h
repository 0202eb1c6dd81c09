/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * page_state.h - the states of entries as the page of --report has them: one number for
 * each state of a protocol's tracker, and for the protocols without states whether an
 * entry is UNREPLIED, REPLIED or ASSURED.
 */
#ifndef REPORT_PAGE_STATE_H
#define REPORT_PAGE_STATE_H 1

#include "ctreplay/conntrack.h"

enum page_state_kind {
	PAGE_UDP, PAGE_UDPLITE, PAGE_ICMP, PAGE_ICMPV6, PAGE_GRE, PAGE_OTHER, PAGE_KINDS
};

/* 0 is no state. */
#define PAGE_STATE_TCP	1u
#define PAGE_STATE_SCTP	(PAGE_STATE_TCP + (unsigned int)CT_TCP_STATES)
#define PAGE_STATE_DCCP	(PAGE_STATE_SCTP + (unsigned int)CT_SCTP_STATES)
#define PAGE_STATE_KINDS (PAGE_STATE_DCCP + (unsigned int)CT_DCCP_STATES)
#define PAGE_STATES	(PAGE_STATE_KINDS + 3 * (unsigned int)PAGE_KINDS)

/* What the state of a tracker is added to; 0 for protocols without states. */
uint8_t page_state_base(uint8_t protonum);

/* The state of an entry. */
uint8_t page_state(const struct ct_record *rec);

/* "TCP ESTABLISHED", "UDP ASSURED", ...; "" for 0. */
#define PAGE_STATE_NAME 40u
void page_state_name(char to[PAGE_STATE_NAME], unsigned int state);

#endif
