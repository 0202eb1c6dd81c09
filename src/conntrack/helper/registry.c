/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * registry.c - the list of helpers, and the ports on which they listen.
 */
#include "conntrack/helper/helper.h"

#include <string.h>

/* One name may stand for several helpers: SIP uses TCP and UDP. */
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
	if (i >= CT_HELPERS || cfg->nhelpers >= CT_HELPER_RULES)
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

/* A rule for the well-known port of one of a name's helpers is for that helper
 * alone, as 1720 is for H.323's Q.931.  On any other port both listen. */
static bool listens(const struct ct_helper *h, const struct ct_helper *other,
		    const struct ct_tuple *t, uint16_t port)
{
	if (h->protonum != t->protonum || t->dport != port ||
	    (h->l3num != HELPER_ALL_L3 && h->l3num != t->l3num))
		return false;
	return h->port == port || !other || other->port != port;
}

static const struct ct_helper *by_name(const char *name, uint8_t l3num,
				       uint8_t protonum)
{
	for (unsigned int i = 0; i < CT_HELPERS; i++)
		for (unsigned int v = 0; v < VARIANTS; v++) {
			const struct ct_helper *h = helpers[i].variant[v];

			if (h && h->port && h->protonum == protonum &&
			    strcmp(h->name, name) == 0 &&
			    (h->l3num == HELPER_ALL_L3 || h->l3num == l3num))
				return h;
		}
	return NULL;
}

bool ct_helper_known(const char *name, enum ct_l3 l3num, uint8_t protonum)
{
	return by_name(name, (uint8_t)l3num, protonum) != NULL;
}

bool helper_by_template(struct ct *ct, uint32_t number)
{
	const struct ct_entry *e = entry_get(ct, number);
	const struct ct_helper *h = by_name(ct->tmpl.helper, e->l3num, e->protonum);
	struct ct_ext *ext;

	if (!h || e->status & CT_STATUS_EXPECTED)
		return true;
	ext = ext_get(ct, number);
	if (ext)
		ext->helper = h;
	return ext != NULL;
}

static uint64_t port_bit(uint16_t port)
{
	return 1ull << port % 64;
}

static void mark_port(struct ct *ct, uint16_t port)
{
	ct->helper_ports[port / 64 % HELPER_PORT_WORDS] |= port_bit(port);
}

void helper_ports_init(struct ct *ct)
{
	ct->helpers_by_rule = ct->cfg.nhelpers > 0;
	for (uint32_t i = 0; i < ct->cfg.nhelpers; i++)
		mark_port(ct, ct->cfg.helper[i].port);
	ct->helpers_by_port = ct->cfg.sysctl.helper &&
			      !kernel_has(ct, CT_HAS_HELPER_BY_RULE);
	for (unsigned int i = 0; ct->helpers_by_port && i < CT_HELPERS; i++) {
		uint16_t ports[4];
		unsigned int n = ct_helper_ports(i, ports);

		while (n > 0)
			mark_port(ct, ports[--n]);
	}
}

/* __nf_ct_helper_find(): the well-known ports of all helpers. */
static const struct ct_helper *helper_by_port(const struct ct_tuple *t)
{
	for (unsigned int i = 0; i < CT_HELPERS; i++)
		for (unsigned int v = 0; v < VARIANTS; v++) {
			const struct ct_helper *h = helpers[i].variant[v];

			if (h && h->protonum == t->protonum &&
			    h->port == t->dport &&
			    (h->l3num == HELPER_ALL_L3 || h->l3num == t->l3num))
				return h;
		}
	return NULL;
}

const struct ct_helper *helper_for(const struct ct *ct, const struct ct_entry *e)
{
	struct ct_tuple t;

	if (e->protonum != CT_L4_TCP && e->protonum != CT_L4_UDP)
		return NULL;
	/* The common case: no rule for this port. */
	if (likely(!(ct->helper_ports[e->dport / 64 % HELPER_PORT_WORDS] &
		     port_bit(e->dport))))
		return NULL;
	t = entry_tuple(e);
	for (uint32_t i = 0; i < ct->cfg.nhelpers; i++) {
		const struct ct_helper_rule *rule = &ct->cfg.helper[i];
		const struct ct_helper *const *v = helpers[rule->helper].variant;

		if (listens(v[0], v[1], &t, rule->port))
			return v[0];
		if (v[1] && listens(v[1], v[0], &t, rule->port))
			return v[1];
	}
	if (ct->helpers_by_port && !(e->status & CT_STATUS_EXPECTED))
		return helper_by_port(&t);
	return NULL;
}
