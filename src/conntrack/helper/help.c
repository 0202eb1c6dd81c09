/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * help.c - the call of a helper, and the functions that helpers share.
 */
#include "conntrack/helper/helper.h"

#include "conntrack/tuple.h"

#define TCP_HEADER	20u
#define UDP_HEADER	8u

static void help_note(struct help *h, enum ct_reason reason, uint32_t n)
{
	struct ct_verdict *v = h->v;
	struct ct_why *why;

	if (v->nwhy < sizeof(v->why) / sizeof(v->why[0])) {
		why = &v->why[v->nwhy++];
		*why = (struct ct_why){ .reason = (uint16_t)reason,
					.variant = h->ct->reason_variant[reason],
					.l3num = h->pkt->l3num };
		why->n[0] = n;
	}
}

/* What the helper read and did not take, unless there is a reason already: the
 * kernel is silent about it. */
static void note_not_taken(struct help *h)
{
	struct ct_verdict *v = h->v;

	if (h->not_taken == CT_REASON_NONE || v->nwhy)
		return;
	help_note(h, h->not_taken, 0);
	if (h->not_taken == CT_REASON_HELP_OTHER_ADDR) {
		v->why[0].addr[0] = h->named;
		v->why[0].addr[1] = h->own;
	}
}

enum help_result helper_run(struct ct *ct, struct ct_verdict *v)
{
	struct help h = {
		.ct = ct,
		.entry = entry_get(ct, ct->current),
		.ext = entry_ext(ct, ct->current),
		.number = ct->current,
		.pkt = ct->pkt,
		.bytes = { ct->pkt->data, ct->pkt->caplen, ct->pkt->len },
		.l4off = ct->pkt->l4off,
		.dir = ct->dir,
		.ctstate = ct->ctstate,
		.v = v,
	};
	enum help_result result;

	/* nf_confirm() does not call helpers for ICMP errors, but only for
	 * those in reply direction. */
	if (h.ctstate == CT_RELATED && h.dir == CT_DIR_REPLY)
		return HELP_ACCEPT;
	result = h.ext->helper->help(&h);
	if (result == HELP_ACCEPT)
		note_not_taken(&h);
	/* Behind the reasons that the helper gave. */
	if (h.bytes.cap < h.bytes.len)
		help_note(&h, CT_REASON_HELP_CUT, 0);
	return result;
}

enum help_result help_drop(struct help *h, enum ct_reason reason, uint32_t n)
{
	help_note(h, reason, n);
	return HELP_DROP;
}

void help_other_address(struct help *h, const union ct_addr *named,
			const union ct_addr *own)
{
	h->not_taken = CT_REASON_HELP_OTHER_ADDR;
	h->named = *named;
	h->own = *own;
}

void help_tls(struct help *h)
{
	h->not_taken = CT_REASON_HELP_TLS;
}

void help_refresh(struct help *h, uint32_t seconds)
{
	entry_set_expiry(h->ct, h->number, h->entry,
			 h->ct->now + seconds * CT_NSEC_PER_SEC);
}

void help_tuple(const struct help *h, enum ct_dir dir, struct ct_tuple *t)
{
	struct ct_tuple original = entry_tuple(h->entry);

	if (dir == CT_DIR_ORIGINAL)
		*t = original;
	else
		tuple_invert(t, &original);
}

bool help_tcp_payload(const struct help *h, uint32_t *off, uint32_t *len)
{
	uint8_t header[TCP_HEADER];

	if (!bytes_copy(&h->bytes, h->l4off, header, sizeof(header)))
		return false;
	*off = h->l4off + (header[12] >> 4) * 4u;
	if (*off >= h->bytes.len)
		return false;
	*len = h->bytes.len - *off;
	return true;
}

bool help_udp_payload(const struct help *h, uint32_t *off, uint32_t *len)
{
	*off = h->l4off + UDP_HEADER;
	if (*off >= h->bytes.len)
		return false;
	*len = h->bytes.len - *off;
	return true;
}
