/* SPDX-License-Identifier: GPL-2.0-only */
/* comment, mac, pkttype, physdev, policy, owner, socket, cpu: what surrounds a packet. */
#include "rules/reader.h"

static enum took comment_option(struct reader *r, void *info, const char *opt)
{
	(void)info;
	return is(opt, "--comment") ? took(take(r) != NULL) : NOT_MINE;
}

const struct match_ops match_comment = {
	.name = "comment", .option = comment_option, .of_flow = match_is_of_flow,
	.of_state = match_is_of_flow,
	.narrow = match_asks_nothing,
};

struct mac { uint8_t mac[6]; bool set, inverted; };

static bool take_mac(struct reader *r, struct mac *m)
{
	const char *s = take(r);
	unsigned int n = 0;

	if (!s)
		return false;
	m->set = true;
	m->inverted = inverted(r);
	for (struct part p = first_part(s, ':'); p.s; next_part(&p, ':')) {
		char hex[5] = "0x";
		uint64_t v;

		if (n == 6 || p.end - p.s < 1 || p.end - p.s > 2)
			return refuse(r, s, "this is no Ethernet address");
		memcpy(hex + 2, p.s, (size_t)(p.end - p.s));
		if (!parse_u64(hex, hex + 2 + (p.end - p.s), 255, &v))
			return refuse(r, s, "this is no Ethernet address");
		m->mac[n++] = (uint8_t)v;
	}
	return n == 6 || refuse(r, s, "this is no Ethernet address");
}

static enum took mac_option(struct reader *r, void *info, const char *opt)
{
	return is(opt, "--mac-source") ? took(take_mac(r, info)) : NOT_MINE;
}

static bool mac_finish(struct reader *r, void *info)
{
	r->rules->wants_mac = true;
	return ((struct mac *)info)->set ||
	       refuse(r, "mac", "--mac-source is missing");
}

static enum answer mac_match(void *info, struct rules_context *c)
{
	const struct mac *m = info;

	/* mac_mt(): no Ethernet, no match, inverted or not. */
	if (!c->has_mac)
		return ANSWER_NO;
	return answer(!memcmp(c->mac, m->mac, 6) != m->inverted);
}

const struct match_ops match_mac = {
	.name = "mac", .size = sizeof(struct mac), .option = mac_option,
	.hooks = HOOK_BIT(RULES_PREROUTING) | HOOK_BIT(RULES_INPUT) |
		 HOOK_BIT(RULES_FORWARD),
	.finish = mac_finish, .match = mac_match,
};

struct pkttype { uint8_t type; bool set, inverted; };

static enum took pkttype_option(struct reader *r, void *info, const char *opt)
{
	static const char *const names[] = {
		"unicast", "broadcast", "multicast", NULL
	};
	struct pkttype *m = info;
	const char *s;
	int n;

	if (!is(opt, "--pkt-type"))
		return NOT_MINE;
	s = take(r);
	if (!s)
		return TOOK_FAILED;
	n = is(s, "host") ? 0 : name_in(names, s, strlen(s));
	if (n < 0)
		return took(refuse(r, s, "there are unicast, broadcast and multicast"));
	*m = (struct pkttype){ (uint8_t)n, true, inverted(r) };
	return TOOK;
}

static bool pkttype_finish(struct reader *r, void *info)
{
	return ((struct pkttype *)info)->set ||
	       refuse(r, "pkttype", "--pkt-type is missing");
}

static enum answer pkttype_match(void *info, struct rules_context *c)
{
	const struct pkttype *m = info;

	return answer((c->pkttype == m->type) != m->inverted);
}

const struct match_ops match_pkttype = {
	.name = "pkttype", .size = sizeof(struct pkttype),
	.option = pkttype_option, .finish = pkttype_finish,
	.match = pkttype_match,
	.of_flow = match_is_of_flow,
};

/* physdev asks for ports of a bridge.  Here packets are routed, so there is none,
 * and only options that are inverted match: physdev_mt(). */
struct physdev { uint8_t asks, inverted; };

static enum took physdev_option(struct reader *r, void *info, const char *opt)
{
	static const char *const names[] = {
		"--physdev-in", "--physdev-out", "--physdev-is-in",
		"--physdev-is-out", "--physdev-is-bridged", NULL
	};
	struct physdev *m = info;
	int n = name_in(names, opt, strlen(opt));

	if (n < 0)
		return NOT_MINE;
	if (n < 2 && !take(r))
		return TOOK_FAILED;
	m->asks |= (uint8_t)(1u << n);
	m->inverted |= inverted(r) ? (uint8_t)(1u << n) : 0;
	return TOOK;
}

static bool physdev_finish(struct reader *r, void *info)
{
	return ((struct physdev *)info)->asks ||
	       refuse(r, "physdev", "none of its options is given");
}

static enum answer physdev_match(void *info, struct rules_context *c)
{
	const struct physdev *m = info;

	(void)c;
	return answer(m->asks == m->inverted);
}

const struct match_ops match_physdev = {
	.name = "physdev", .size = sizeof(struct physdev),
	.option = physdev_option, .finish = physdev_finish,
	.match = physdev_match,
	.of_flow = match_is_of_flow,
};

/* policy: no packet of a capture is known to have come out of IPsec. */
struct policy { bool none, ipsec, dir; };

static bool take_policy(struct reader *r, struct policy *m)
{
	const char *s = take(r);

	if (!s)
		return false;
	m->none = is(s, "none");
	m->ipsec = is(s, "ipsec");
	return m->none || m->ipsec || refuse(r, s, "--pol wants none or ipsec");
}

static enum took policy_option(struct reader *r, void *info, const char *opt)
{
	static const char *const valued[] = {
		"--reqid", "--spi", "--proto", "--mode", "--tunnel-src",
		"--tunnel-dst", NULL
	};
	struct policy *m = info;

	if (is(opt, "--dir")) {
		m->dir = true;
		return took(take(r) != NULL);
	}
	if (is(opt, "--pol"))
		return took(take_policy(r, m));
	if (is(opt, "--strict") || is(opt, "--next"))
		return TOOK;
	if (name_in(valued, opt, strlen(opt)) < 0)
		return NOT_MINE;
	(void)inverted(r);
	return took(take(r) != NULL);
}

static bool policy_finish(struct reader *r, void *info)
{
	const struct policy *m = info;

	return (m->dir && (m->none || m->ipsec)) ||
	       refuse(r, "policy", "it wants --dir and --pol");
}

static enum answer policy_match(void *info, struct rules_context *c)
{
	(void)c;
	return answer(((struct policy *)info)->none);
}

const struct match_ops match_policy = {
	.name = "policy", .size = sizeof(struct policy),
	.option = policy_option, .finish = policy_finish, .match = policy_match,
	.of_flow = match_is_of_flow,
};
