/* SPDX-License-Identifier: GPL-2.0-only */
/* REJECT: the verdict is a drop, and the answer is noted for later. */
#include "rules/answers.h"
#include "rules/reader.h"

struct reject_name { const char *name; uint8_t type, code; };

#define RESET 255u	/* in place of an ICMP type */

static const struct reject_name names4[] = {
	{ "icmp-net-unreachable", 3, 0 }, { "net-unreach", 3, 0 },
	{ "icmp-host-unreachable", 3, 1 }, { "host-unreach", 3, 1 },
	{ "icmp-proto-unreachable", 3, 2 }, { "proto-unreach", 3, 2 },
	{ "icmp-port-unreachable", 3, 3 }, { "port-unreach", 3, 3 },
	{ "icmp-net-prohibited", 3, 9 }, { "net-prohib", 3, 9 },
	{ "icmp-host-prohibited", 3, 10 }, { "host-prohib", 3, 10 },
	{ "icmp-admin-prohibited", 3, 13 }, { "admin-prohib", 3, 13 },
	{ "tcp-reset", RESET, 0 }, { "tcp-rst", RESET, 0 },
}, names6[] = {
	{ "icmp6-no-route", 1, 0 }, { "no-route", 1, 0 },
	{ "icmp6-adm-prohibited", 1, 1 }, { "adm-prohibited", 1, 1 },
	{ "icmp6-addr-unreachable", 1, 3 }, { "addr-unreach", 1, 3 },
	{ "icmp6-port-unreachable", 1, 4 }, { "port-unreach", 1, 4 },
	{ "icmp6-policy-fail", 1, 5 }, { "policy-fail", 1, 5 },
	{ "icmp6-reject-route", 1, 6 }, { "reject-route", 1, 6 },
	{ "tcp-reset", RESET, 0 },
};

static bool take_with(struct reader *r, struct reply *m,
		      const struct reject_name *names, size_t n)
{
	const char *s = take(r);

	for (size_t i = 0; s && i < n; i++) {
		if (!is(s, names[i].name))
			continue;
		m->kind = names[i].type == RESET ? REPLY_RESET : REPLY_ICMP;
		m->type = names[i].type;
		m->code = names[i].code;
		return true;
	}
	return s && refuse(r, s, "no such answer of REJECT");
}

static enum took reject4_option(struct reader *r, void *info, const char *opt)
{
	return is(opt, "--reject-with") ?
		took(take_with(r, info, names4, RULES_COUNT(names4))) : NOT_MINE;
}

static enum took reject6_option(struct reader *r, void *info, const char *opt)
{
	return is(opt, "--reject-with") ?
		took(take_with(r, info, names6, RULES_COUNT(names6))) : NOT_MINE;
}

static void reject4_init(void *info)
{
	*(struct reply *)info = (struct reply){ REPLY_ICMP, 3, 3, true, true };
}

static void reject6_init(void *info)
{
	*(struct reply *)info = (struct reply){ REPLY_ICMP, 1, 4, true, true };
}

static bool reject_finish(struct reader *r, void *info)
{
	const struct reply *m = info;

	if (m->kind == REPLY_RESET && (!(r->rule->checks & CHECK_PROTO) ||
				       r->rule->proto != CT_L4_TCP ||
				       r->rule->inverted & INV_PROTO))
		return refuse(r, "tcp-reset", "it needs -p tcp");
	return true;
}

static enum target_verdict reject_act(void *info, struct rules_context *c)
{
	c->reply = info;
	return TARGET_DROP;
}

#define REJECT(family_, n) { \
	.name = "REJECT", .family = family_, .size = sizeof(struct reply), \
	.tables = TABLE_BIT(RULES_FILTER), .may_drop = true, \
	.hooks = HOOK_BIT(RULES_INPUT) | HOOK_BIT(RULES_FORWARD) | \
		 HOOK_BIT(RULES_OUTPUT), \
	.init = reject##n##_init, .option = reject##n##_option, \
	.finish = reject_finish, .act = reject_act }

const struct target_ops target_reject4 = REJECT(CT_L3_IPV4, 4);
const struct target_ops target_reject6 = REJECT(CT_L3_IPV6, 6);
