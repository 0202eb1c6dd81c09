/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/explain/variants.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* Which values of a sysctl are tried, beside the one that it has. */
enum trial {
	TOGGLE,			/* 0 and 1 */
	EXTREMES,		/* the least and the greatest */
	GREATEST,
	ZERO,
	SECONDS,		/* one second, and the longest time */
};

struct candidate {
	const char *name;
	size_t member;		/* its offset in struct ct_sysctl */
	unsigned int about;
	enum trial trial;
};

#define SYSCTL(member, about, trial) \
	{ "nf_conntrack_" #member, offsetof(struct ct_sysctl, member), about, trial }
#define IPFRAG(member, trial) \
	{ "net.ipv4." #member, offsetof(struct ct_sysctl, member), ABOUT_FRAG4, trial }

/* Switches: most of the answers. */
static const struct candidate switches[] = {
	SYSCTL(tcp_be_liberal, ABOUT_FLOW, TOGGLE),
	SYSCTL(tcp_loose, ABOUT_FLOW, TOGGLE),
	SYSCTL(tcp_ignore_invalid_rst, ABOUT_FLOW, TOGGLE),
	SYSCTL(checksum, ABOUT_ALL, TOGGLE),
	SYSCTL(helper, ABOUT_ALL, TOGGLE),
};

static const struct candidate limits[] = {
	SYSCTL(max, ABOUT_ALL, GREATEST),
	SYSCTL(expect_max, ABOUT_ALL, GREATEST),
	SYSCTL(tcp_max_retrans, ABOUT_FLOW, EXTREMES),
	IPFRAG(ipfrag_high_thresh, GREATEST),
	IPFRAG(ipfrag_max_dist, ZERO),
	SYSCTL(frag6_high_thresh, ABOUT_FRAG6, GREATEST),
};

static const struct candidate timeouts[] = {
	SYSCTL(tcp_timeout_syn_sent, ABOUT_FLOW, SECONDS),
	SYSCTL(tcp_timeout_syn_recv, ABOUT_FLOW, SECONDS),
	SYSCTL(tcp_timeout_established, ABOUT_FLOW, SECONDS),
	SYSCTL(tcp_timeout_fin_wait, ABOUT_FLOW, SECONDS),
	SYSCTL(tcp_timeout_close_wait, ABOUT_FLOW, SECONDS),
	SYSCTL(tcp_timeout_last_ack, ABOUT_FLOW, SECONDS),
	SYSCTL(tcp_timeout_time_wait, ABOUT_FLOW, SECONDS),
	SYSCTL(tcp_timeout_close, ABOUT_FLOW, SECONDS),
	SYSCTL(tcp_timeout_max_retrans, ABOUT_FLOW, SECONDS),
	SYSCTL(tcp_timeout_unacknowledged, ABOUT_FLOW, SECONDS),
	SYSCTL(udp_timeout, ABOUT_FLOW, SECONDS),
	SYSCTL(udp_timeout_stream, ABOUT_FLOW, SECONDS),
	SYSCTL(icmp_timeout, ABOUT_ICMP, SECONDS),
	SYSCTL(icmpv6_timeout, ABOUT_ICMPV6, SECONDS),
	SYSCTL(gre_timeout, ABOUT_GRE, SECONDS),
	SYSCTL(gre_timeout_stream, ABOUT_GRE, SECONDS),
	SYSCTL(generic_timeout, ABOUT_GENERIC, SECONDS),
	SYSCTL(sctp_timeout_closed, ABOUT_SCTP, SECONDS),
	SYSCTL(sctp_timeout_cookie_wait, ABOUT_SCTP, SECONDS),
	SYSCTL(sctp_timeout_cookie_echoed, ABOUT_SCTP, SECONDS),
	SYSCTL(sctp_timeout_established, ABOUT_SCTP, SECONDS),
	SYSCTL(sctp_timeout_shutdown_sent, ABOUT_SCTP, SECONDS),
	SYSCTL(sctp_timeout_shutdown_recd, ABOUT_SCTP, SECONDS),
	SYSCTL(sctp_timeout_shutdown_ack_sent, ABOUT_SCTP, SECONDS),
	SYSCTL(sctp_timeout_heartbeat_sent, ABOUT_SCTP, SECONDS),
	SYSCTL(sctp_timeout_heartbeat_acked, ABOUT_SCTP, SECONDS),
	SYSCTL(dccp_timeout_request, ABOUT_DCCP, SECONDS),
	SYSCTL(dccp_timeout_respond, ABOUT_DCCP, SECONDS),
	SYSCTL(dccp_timeout_partopen, ABOUT_DCCP, SECONDS),
	SYSCTL(dccp_timeout_open, ABOUT_DCCP, SECONDS),
	SYSCTL(dccp_timeout_closereq, ABOUT_DCCP, SECONDS),
	SYSCTL(dccp_timeout_closing, ABOUT_DCCP, SECONDS),
	SYSCTL(dccp_timeout_timewait, ABOUT_DCCP, SECONDS),
	IPFRAG(ipfrag_time, SECONDS),
	SYSCTL(frag6_timeout, ABOUT_FRAG6, SECONDS),
};

struct list {
	struct variant *v;
	size_t n;
	const struct options *opt;
	unsigned int about;
};

/* What is written behind the last variant becomes one. */
static struct variant *place(struct list *l, unsigned int about)
{
	if (!(l->about & about) || l->n == VARIANTS_MAX)
		return NULL;
	l->v[l->n] = (struct variant){ .about = about };
	return &l->v[l->n];
}

/* Options that the command line takes; what it refuses is passed over. */
static void add_options(struct list *l, unsigned int about, const char *text)
{
	struct variant *v = place(l, about);

	if (!v)
		return;
	snprintf(v->text, sizeof(v->text), "%s", text);
	if (options_on_top(&v->config, l->opt, text))
		l->n++;
}

static void add_value(struct list *l, const struct candidate *c, uint32_t value)
{
	const char *sysctl = (const char *)&l->opt->config.sysctl;
	char text[sizeof(l->v->text)];
	size_t before = l->n;
	uint32_t now;

	memcpy(&now, sysctl + c->member, sizeof(now));
	if (now == value)
		return;
	snprintf(text, sizeof(text), "--sysctl %s=%u", c->name, value);
	add_options(l, c->about, text);
	if (l->n > before)
		l->v[before].table = c->member == offsetof(struct ct_sysctl, max);
}

static void add_sysctl(struct list *l, const struct candidate *c)
{
	uint32_t min = 0, max = CT_INT_MAX;

	ct_kernel_sysctl_limits(&l->opt->config.kernel, c->name, &min, &max);
	if (c->trial == TOGGLE || c->trial == ZERO || c->trial == EXTREMES)
		add_value(l, c, 0);
	if (c->trial == TOGGLE || c->trial == SECONDS)
		add_value(l, c, 1);
	if (c->trial == SECONDS || c->trial == EXTREMES || c->trial == GREATEST)
		add_value(l, c, max);
}

static void add_sysctls(struct list *l, const struct candidate *c, size_t n)
{
	for (size_t i = 0; i < n; i++)
		add_sysctl(l, &c[i]);
}

/* The run's own configuration, from which the caller takes 'option' away.  NULL: there
 * is no place for it. */
static struct variant *add_without(struct list *l, const char *option)
{
	struct variant *v = place(l, ABOUT_ALL);

	if (!v)
		return NULL;
	snprintf(v->text, sizeof(v->text), "without %s", option);
	v->config = l->opt->config;
	l->n++;
	return v;
}

static void add_helpers(struct list *l)
{
	struct variant *v;

	/* Those of a firewall listen where its rules say. */
	if (firewall_has_rules(&l->opt->firewall) && !l->opt->helpers_chosen)
		return;
	if (l->opt->config.nhelpers) {
		add_options(l, ABOUT_ALL, "--no-helpers");
		return;
	}
	v = add_without(l, "--no-helpers");
	if (v)
		ct_config_all_helpers(&v->config);
}

static void add_notrack(struct list *l)
{
	struct variant *v = l->opt->nnotrack ? add_without(l, "-N") : NULL;

	if (v)
		v->no_notrack = true;
}

static void add_checksums(struct list *l)
{
	static const char *const texts[] = {
		[CT_CHECKSUM_AUTO] = "-k auto", [CT_CHECKSUM_ALL] = "-k all",
		[CT_CHECKSUM_NONE] = "-k none",
	};

	for (unsigned int i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (l->opt->config.checksum != (enum ct_checksum_mode)i)
			add_options(l, ABOUT_ALL, texts[i]);
}

static void add_kernels(struct list *l)
{
	const struct ct_kernel *now = &l->opt->config.kernel;
	char name[CT_KERNEL_NAME_SIZE], text[sizeof(l->v->text)];
	struct ct_kernel k;

	for (size_t i = 0; i < ct_kernel_count(); i++) {
		ct_kernel_judged(&k, i);
		if (memcmp(&k, now, sizeof(k)) == 0)
			continue;
		ct_kernel_name(&k, name);
		snprintf(text, sizeof(text), "--kernel %s", name);
		add_options(l, ABOUT_ALL, text);
	}
}

#define ADD_SYSCTLS(list, array) \
	add_sysctls(list, array, sizeof(array) / sizeof((array)[0]))

size_t variants_list(struct variant v[VARIANTS_MAX], const struct options *o,
		     unsigned int about)
{
	struct list l = { .v = v, .opt = o, .about = about | ABOUT_ALL };

	ADD_SYSCTLS(&l, switches);
	add_checksums(&l);
	add_helpers(&l);
	add_notrack(&l);
	add_kernels(&l);
	ADD_SYSCTLS(&l, limits);
	ADD_SYSCTLS(&l, timeouts);
	return l.n;
}

unsigned int variants_about(uint8_t protonum, const struct ct_kernel *k)
{
	switch (protonum) {
	case CT_L4_TCP:
	case CT_L4_UDP:
	case CT_L4_UDPLITE:
		return ABOUT_FLOW;
	case CT_L4_SCTP:
		return ABOUT_SCTP;
	case CT_L4_ICMP:
		return ABOUT_ICMP;
	case CT_L4_ICMPV6:
		return ABOUT_ICMPV6;
	case CT_L4_GRE:
		return ABOUT_GRE | ABOUT_FLOW;	/* PPTP announces calls */
	case CT_L4_DCCP:
		return ct_kernel_has(k, CT_HAS_DCCP_GENERIC) ? ABOUT_GENERIC : ABOUT_DCCP;
	default:
		return ABOUT_GENERIC;
	}
}
