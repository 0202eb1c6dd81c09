/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * helper.c - which helper listens where, and how it is called.
 */
#include "conntrack/helper/helper.h"

#include <stdlib.h>

#include "conntrack/tuple.h"

/* One name may stand for several trackers: SIP is spoken over TCP and UDP. */
#define VARIANTS 3u

static const struct {
	const char *name;
	const struct ct_helper *variant[VARIANTS];
} helpers[CT_HELPERS] = {
	{ "ftp",        { &helper_ftp } },
	{ "irc",        { &helper_irc } },
	{ "tftp",       { &helper_tftp } },
	{ "sip",        { &helper_sip_tcp, &helper_sip_udp } },
	{ "h323",       { &helper_h323_ras, &helper_h323_q931 } },
	{ "pptp",       { &helper_pptp } },
	{ "amanda",     { &helper_amanda } },
	{ "netbios-ns", { &helper_netbios_ns } },
	{ "snmp",       { &helper_snmp } },
	{ "sane",       { &helper_sane } },
};

const char *ct_helper_name(unsigned int i)
{
	return helpers[i].name;
}

unsigned int ct_helper_ports(unsigned int i, uint16_t ports[4])
{
	unsigned int n = 0;

	for (unsigned int v = 0; v < VARIANTS && helpers[i].variant[v]; v++) {
		uint16_t port = helpers[i].variant[v]->port;

		if (n == 0 || ports[n - 1] != port)
			ports[n++] = port;
	}
	return n;
}

bool ct_config_add_helper(struct ct_config *cfg, unsigned int i, uint16_t port)
{
	if (cfg->nhelpers == CT_HELPER_RULES)
		return false;
	cfg->helper[cfg->nhelpers++] = (struct ct_helper_rule){
		.helper = (uint8_t)i, .port = port,
	};
	return true;
}

void ct_config_all_helpers(struct ct_config *cfg)
{
	uint16_t ports[4];

	cfg->nhelpers = 0;
	for (unsigned int i = 0; i < CT_HELPERS; i++) {
		unsigned int n = ct_helper_ports(i, ports);

		for (unsigned int p = 0; p < n; p++)
			ct_config_add_helper(cfg, i, ports[p]);
	}
}

/* H.323's two protocols have a port each; a rule for 1720 is Q.931's alone.
 * On any other port both listen. */
static bool listens(const struct ct_helper *h, const struct ct_helper *other,
		    const struct ct_tuple *t, uint16_t port)
{
	if (h->protonum != t->protonum || t->dport != port ||
	    (h->l3num != HELPER_ALL_L3 && h->l3num != t->l3num))
		return false;
	return h->port == port || !other || other->port != port;
}

static uint64_t port_bit(uint16_t port)
{
	return 1ull << port % 64;
}

void helper_ports_init(struct ct *ct)
{
	for (uint32_t i = 0; i < ct->cfg.nhelpers; i++) {
		uint16_t port = ct->cfg.helper[i].port;

		ct->helper_ports[port / 64 % HELPER_PORT_WORDS] |= port_bit(port);
	}
}

const struct ct_helper *helper_for(const struct ct *ct, const struct ct_tuple *t)
{
	if (t->protonum != CT_L4_TCP && t->protonum != CT_L4_UDP)
		return NULL;
	/* So it is for most. */
	if (likely(!(ct->helper_ports[t->dport / 64 % HELPER_PORT_WORDS] &
		     port_bit(t->dport))))
		return NULL;
	for (uint32_t i = 0; i < ct->cfg.nhelpers; i++) {
		const struct ct_helper_rule *rule = &ct->cfg.helper[i];
		const struct ct_helper *const *v = helpers[rule->helper].variant;

		if (listens(v[0], v[1], t, rule->port))
			return v[0];
		if (v[1] && listens(v[1], v[0], t, rule->port))
			return v[1];
	}
	return NULL;
}

struct ct_ext *ext_get(struct ct *ct, uint32_t number)
{
	struct entry_rest *rest = entry_rest(ct, number);

	if (!rest->ext) {
		rest->ext = calloc(1, sizeof(*rest->ext));
		if (!rest->ext)
			return NULL;
		rest->ext->refs = 1;
		entry_get(ct, number)->status |= ENTRY_EXT;
	}
	return rest->ext;
}

void ext_put(struct ct_ext *ext)
{
	while (ext && --ext->refs == 0) {
		struct ct_ext *master = ext->master_ext;

		free(ext);
		ext = master;
	}
}

void ext_free(struct ct *ct, uint32_t number)
{
	struct ct_entry *e = entry_get(ct, number);
	struct ct_ext *ext = entry_ext(ct, number);

	if (!ext)
		return;
	if (ext->master_id && e->tuple.protonum == CT_L4_GRE) {
		const struct ct_entry *master = entry_get(ct, ext->master);

		/* The place may be another's by now. */
		if (master->id == ext->master_id &&
		    entry_ext(ct, ext->master) && entry_confirmed(master))
			gre_key_destroy(ct, entry_ext(ct, ext->master));
	}
	ext_put(ext);
	e->status &= (uint8_t)~ENTRY_EXT;
	entry_rest(ct, number)->ext = NULL;
}

static void help_note(struct help *h, enum ct_reason reason, uint32_t n)
{
	struct ct_verdict *v = h->v;
	struct ct_why *why;

	if (v->nwhy < sizeof(v->why) / sizeof(v->why[0])) {
		why = &v->why[v->nwhy++];
		*why = (struct ct_why){ .reason = (uint16_t)reason,
					.l3num = h->pkt->l3num };
		why->n[0] = n;
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
		.word = ct->ctstate,
		.v = v,
	};
	enum help_result result;

	/* nf_confirm() keeps ICMP errors away from helpers, but only those
	 * that travel in reply direction. */
	if (h.word == CT_RELATED && h.dir == CT_DIR_REPLY)
		return HELP_ACCEPT;
	result = h.ext->helper->help(&h);
	/* Last: what the helper itself found comes first. */
	if (h.bytes.cap < h.bytes.len)
		help_note(&h, CT_REASON_HELP_CUT, 0);
	return result;
}

enum help_result help_drop(struct help *h, enum ct_reason reason, uint32_t n)
{
	help_note(h, reason, n);
	return HELP_DROP;
}

void help_refresh(struct help *h, uint32_t seconds)
{
	entry_set_expiry(h->ct, h->number, h->entry,
			 h->ct->now + seconds * CT_NSEC_PER_SEC);
}

void help_tuple(const struct help *h, enum ct_dir dir, struct ct_tuple *t)
{
	if (dir == CT_DIR_ORIGINAL)
		*t = h->entry->tuple;
	else
		tuple_invert(t, &h->entry->tuple);
}

bool help_tcp_payload(const struct help *h, uint32_t *off, uint32_t *len)
{
	uint8_t header[20];

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
	*off = h->l4off + 8;
	if (*off >= h->bytes.len)
		return false;
	*len = h->bytes.len - *off;
	return true;
}
