/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * match.c - the lists of matches and targets: a line here is one of them.
 */
#include "rules/match.h"

#include <string.h>

#include "base/edit_distance.h"

#define MATCHES(X) \
	X(tcp) X(udp) X(udplite) X(icmp) X(icmp6) X(multiport) \
	X(state) X(conntrack) X(comment) X(limit) X(mark) X(connmark) \
	X(addrtype) X(mac) X(set) X(recent) X(hashlimit) X(connlimit) \
	X(owner) X(socket) X(cpu) X(string) X(length) X(iprange) X(physdev) \
	X(pkttype) X(policy) X(time) X(tos) X(dscp) X(ecn) X(ttl) X(hl) X(helper) \
	X(statistic) X(tcpmss) X(connbytes) X(quota) X(u32) X(rpfilter) \
	X(ipv6header) X(frag) X(hbh) X(dst) X(rt) \
	X(esp) X(ah4) X(ah6) X(sctp) X(dccp)

#define TARGETS(X) \
	X(reject4) X(reject6) X(LOG) X(NFLOG) X(ULOG) X(CT) X(NOTRACK) X(MARK) \
	X(CONNMARK) X(TCPMSS) X(CLASSIFY) X(TOS) X(DSCP) X(TTL) X(HL) X(SET) \
	X(TRACE) X(AUDIT) X(CHECKSUM) X(SNAT) X(DNAT) X(MASQUERADE) X(REDIRECT) \
	X(NETMAP)

#define DECLARE_MATCH(n)  extern const struct match_ops match_##n;
#define DECLARE_TARGET(n) extern const struct target_ops target_##n;
MATCHES(DECLARE_MATCH)
TARGETS(DECLARE_TARGET)

#define LIST_MATCH(n)  &match_##n,
#define LIST_TARGET(n) &target_##n,

static const struct match_ops *const matches[] = { MATCHES(LIST_MATCH) };
static const struct target_ops *const targets[] = { TARGETS(LIST_TARGET) };

#define NOT_MATCH_OF_KERNEL(n)	{ #n, "this match is not the kernel's own" },
#define NOT_TARGET_OF_KERNEL(n) { #n, "this target is not the kernel's own" },

/* xtables-addons, patch-o-matic, OpenWrt, and what Linux 2.4 had. */
#define MATCHES_OF_OTHERS(X) \
	X(geoip) X(psd) X(layer7) X(ndpi) X(account) X(condition) X(fuzzy) X(gradm) \
	X(iface) X(ipp2p) X(ipv4options) X(lscan) X(nth) X(pknock) X(quota2) \
	X(random) X(unclean) X(webstr) X(weburl)
#define TARGETS_OF_OTHERS(X) \
	X(ACCOUNT) X(BALANCE) X(CHAOS) X(DELUDE) X(DHCPMAC) X(DNETMAP) X(ECHO) \
	X(FLOWOFFLOAD) X(FULLCONENAT) X(IMQ) X(IPMARK) X(LOGMARK) X(MIRROR) X(NDPI) \
	X(PROTO) X(RAWDNAT) X(RAWSNAT) X(ROUTE) X(SAME) X(SYSRQ) X(TARPIT)

static const struct refusal {
	const char *name, *why;
} refused_matches[] = {
	{ "bpf", "programs of this match are not run" },
	{ "cgroup", "a capture does not tell the control group" },
	{ "cluster", "this match is not evaluated" },
	{ "connlabel", "labels of connections are not kept" },
	{ "devgroup", "a capture does not tell an interface's group" },
	{ "eui64", "this match is not evaluated" },
	{ "ipcomp", "this match is not evaluated" },
	{ "ipvs", "a capture does not tell what IPVS does" },
	{ "l2tp", "this match is not evaluated" },
	{ "nfacct", "its objects are not read" },
	{ "osf", "its fingerprints are not read" },
	{ "rateest", "rate estimators are not kept" },
	{ "realm", "a capture does not tell the realm" },
	{ "srh", "this match is not evaluated" },
	{ "mh", "this match is not evaluated" },
	MATCHES_OF_OTHERS(NOT_MATCH_OF_KERNEL)
}, refused_targets[] = {
	{ "CLUSTERIP", "this target is not evaluated" },
	{ "CONNSECMARK", "this target is not evaluated" },
	{ "DNPT", "addresses are not rewritten" },
	{ "ECN", "this target is not evaluated" },
	{ "HMARK", "its hash is not computed" },
	{ "IDLETIMER", "this target is not evaluated" },
	{ "LED", "this target is not evaluated" },
	{ "NFQUEUE", "what a program answers is not known" },
	{ "QUEUE", "what a program answers is not known" },
	{ "RATEEST", "rate estimators are not kept" },
	{ "SECMARK", "this target is not evaluated" },
	{ "SNPT", "addresses are not rewritten" },
	{ "SYNPROXY", "connections are not answered in the server's place" },
	{ "TCPOPTSTRIP", "this target is not evaluated" },
	{ "TEE", "packets are not doubled" },
	{ "TPROXY", "which socket a packet would be given to is not known" },
	TARGETS_OF_OTHERS(NOT_TARGET_OF_KERNEL)
};

bool match_is_of_flow(const void *info)
{
	(void)info;
	return true;
}

bool match_asks_nothing(const void *info, struct rule_index_asks *to)
{
	(void)info;
	(void)to;
	return true;
}

const struct match_ops *match_find(const char *name, unsigned int family)
{
	for (size_t i = 0; i < RULES_COUNT(matches); i++)
		if ((!matches[i]->family || matches[i]->family == family) &&
		    !strcmp(matches[i]->name, name))
			return matches[i];
	if (!strcmp(name, "icmpv6"))
		return match_find("icmp6", family);
	return NULL;
}

const struct target_ops *target_find(const char *name, unsigned int family)
{
	for (size_t i = 0; i < RULES_COUNT(targets); i++)
		if ((!targets[i]->family || targets[i]->family == family) &&
		    !strcmp(targets[i]->name, name))
			return targets[i];
	return NULL;
}

static const char *why_refused(const struct refusal *list, size_t n,
			       const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(list[i].name, name))
			return list[i].why;
	return NULL;
}

const char *match_refused(const char *name)
{
	return why_refused(refused_matches, RULES_COUNT(refused_matches), name);
}

const char *target_refused(const char *name)
{
	return why_refused(refused_targets, RULES_COUNT(refused_targets), name);
}

/* Keeps the nearer of *near, which has distance *best, and 'known'. */
static void keep_nearest(const char *name, const char *known, const char **near,
			 size_t *best)
{
	size_t d = edit_distance(name, known);

	if (d > edit_distance_limit(name) || d >= *best)
		return;
	*best = d;
	*near = known;
}

const char *match_nearest(const char *name, unsigned int family)
{
	const char *near = NULL;
	size_t best = SIZE_MAX;

	for (size_t i = 0; i < RULES_COUNT(matches); i++)
		if (!matches[i]->family || matches[i]->family == family)
			keep_nearest(name, matches[i]->name, &near, &best);
	return near;
}

const char *target_nearest(const char *name, unsigned int family)
{
	static const char *const verdicts[] = { "ACCEPT", "DROP", "RETURN" };
	const char *near = NULL;
	size_t best = SIZE_MAX;

	for (size_t i = 0; i < RULES_COUNT(verdicts); i++)
		keep_nearest(name, verdicts[i], &near, &best);
	for (size_t i = 0; i < RULES_COUNT(targets); i++)
		if (!targets[i]->family || targets[i]->family == family)
			keep_nearest(name, targets[i]->name, &near, &best);
	return near;
}

const struct match_ops *match_of_proto(uint8_t proto, unsigned int family)
{
	static const struct {
		uint8_t proto;
		const char *match;
	} list[] = {
		{ 6, "tcp" }, { 17, "udp" }, { 136, "udplite" }, { 1, "icmp" },
		{ 58, "icmp6" }, { 50, "esp" }, { 51, "ah" }, { 132, "sctp" },
		{ 33, "dccp" },
	};

	for (size_t i = 0; i < RULES_COUNT(list); i++)
		if (list[i].proto == proto)
			return match_find(list[i].match, family);
	return NULL;
}
