/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * h323_ras.c - H.323's registration, admission and status (ITU-T H.225.0, UDP
 * port 1719): with these, gatekeepers and endpoints announce where calls are
 * signalled.  ras_help() of nf_conntrack_h323_main.c, with the defaults of its
 * module: gkrouted_only=1, default_rrq_ttl=300.
 */
#include "conntrack/helper/h323.h"
#include "conntrack/track.h"

#define DEFAULT_TIME_TO_LIVE 300u	/* seconds */
#define UNREGISTRATION_TIME   30u	/* for the reply to arrive */

#define PAYLOAD_MAX 65535u

static const struct per_note *find_note(const struct per_notes *notes,
					enum per_tag tag)
{
	for (uint32_t i = 0; i < notes->n; i++)
		if (notes->note[i].tag == tag)
			return &notes->note[i];
	return NULL;
}

/* process_gcf(): the gatekeeper gives another address for requests. */
static bool gatekeeper_confirm(struct help *h, const struct per_notes *notes)
{
	const struct per_note *note = find_note(notes, RAS_ADDRESS);
	struct h323_address a;
	struct ct_tuple from;

	if (!note || !h323_address(h, note, &a))
		return true;
	help_tuple(h, h->dir, &from);
	if (a.port == from.sport && memcmp(&a.addr, &from.src, sizeof(a.addr)) == 0)
		return true;
	/* Otherwise each could announce the next, without end. */
	if (h->entry->status & CT_STATUS_EXPECTED)
		return true;
	return h323_expect(h, &(struct expect_want){
				.protonum = CT_L4_UDP, .dst = &a.addr,
				.dport = a.port, .assign = &helper_h323_ras });
}

/* process_rrq(): the gatekeeper can call the endpoint at the first of these
 * addresses that is the endpoint's own. */
static bool registration_request(struct help *h, const struct per_notes *notes)
{
	struct h323_info *info = &h->ext->data.h323;
	const struct per_note *ttl = find_note(notes, RAS_TIME_TO_LIVE);
	struct h323_address a;

	for (uint32_t i = 0; i < notes->n; i++) {
		if (notes->note[i].tag != RAS_ADDRESS ||
		    !h323_own_address(h, &notes->note[i], &a))
			continue;
		if (!h323_expect(h, &(struct expect_want){
					.protonum = CT_L4_TCP, .dport = a.port,
					.flags = EXPECT_PERMANENT,
					.assign = &helper_h323_q931 }))
			return false;
		break;
	}
	info->timeout = ttl ? ttl->value : DEFAULT_TIME_TO_LIVE;
	return true;
}

/*
 * The kernel counts jiffies in 32 bits: the product may wrap, and if it is
 * negative as a signed number, the time is over already.
 */
static ct_time jiffies_to_time(uint32_t jiffies)
{
	return jiffies * (CT_NSEC_PER_SEC / KERNEL_HZ);
}

/*
 * process_rcf(): the registration lasts as long as the gatekeeper says.  The
 * expectation of calls should last as long, but find_expect() looks for one
 * without a source address, and with gkrouted_only each has the gatekeeper's.
 */
static bool registration_confirm(struct help *h, const struct per_notes *notes)
{
	struct h323_info *info = &h->ext->data.h323;
	const struct per_note *ttl = find_note(notes, RAS_TIME_TO_LIVE);
	uint32_t jiffies;

	if (ttl)
		info->timeout = ttl->value;
	jiffies = info->timeout * KERNEL_HZ;
	if (info->timeout)
		entry_set_expiry(h->ct, h->number, h->entry, h->ct->now +
			 ((int32_t)jiffies > 0 ? jiffies_to_time(jiffies) : 0));
	return true;
}

/* process_urq() */
static bool unregistration_request(struct help *h)
{
	expect_remove_all(h->ct, h->ext);
	help_refresh(h, UNREGISTRATION_TIME);
	return true;
}

/* process_acf(), process_lcf(): the address for call signalling.  An endpoint
 * that asked for permission to answer a call gets its own address. */
static bool call_confirm(struct help *h, const struct per_notes *notes, bool admission)
{
	const struct per_note *note = find_note(notes, RAS_ADDRESS);
	struct h323_address a;
	struct ct_tuple from;

	if (!note || !h323_address(h, note, &a))
		return true;
	help_tuple(h, h->dir, &from);
	if (admission && memcmp(&a.addr, &from.dst, sizeof(a.addr)) == 0)
		return true;
	return h323_expect(h, &(struct expect_want){
				.protonum = CT_L4_TCP, .dst = &a.addr,
				.dport = a.port, .flags = EXPECT_PERMANENT,
				.assign = &helper_h323_q931 });
}

static bool process(struct help *h, const struct per_notes *notes)
{
	const struct per_note *message = find_note(notes, RAS_MESSAGE);

	if (!message)
		return true;
	switch (message->value) {
	case RAS_GATEKEEPER_CONFIRM:
		return gatekeeper_confirm(h, notes);
	case RAS_REGISTRATION_REQUEST:
		return registration_request(h, notes);
	case RAS_REGISTRATION_CONFIRM:
		return registration_confirm(h, notes);
	case RAS_UNREGISTRATION_REQUEST:
		return unregistration_request(h);
	case RAS_ADMISSION_CONFIRM:
		return call_confirm(h, notes, true);
	case RAS_LOCATION_CONFIRM:
		return call_confirm(h, notes, false);
	}
	return true;
}

static enum help_result ras_help(struct help *h)
{
	struct per_notes notes = { .n = 0 };
	uint32_t off, len;

	if (!help_udp_payload(h, &off, &len))
		return HELP_ACCEPT;
	if (len > PAYLOAD_MAX)
		len = PAYLOAD_MAX;
	if (per_read(&h->bytes, off, off + len, &h225_ras_message, RAS_MESSAGE,
		     h323_quirks(h), &notes) && !process(h, &notes))
		return help_drop(h, CT_REASON_HELP_H323_RAS, 0);
	return HELP_ACCEPT;
}

static const struct expect_policy policy[] = { { 32, H323_EXPECT_TIMEOUT, "" } };

const struct ct_helper helper_h323_ras = {
	.name = "RAS", .protonum = CT_L4_UDP, .port = 1719,
	.policy = policy, .help = ras_help,
};
