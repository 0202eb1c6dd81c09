/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * LOG, NFLOG, ULOG, TRACE, AUDIT, CHECKSUM, CLASSIFY: what changes no answer of a
 * later rule; CT and NOTRACK; and nat's targets, whose verdict counts.
 */
#include "ctreplay/firewall.h"
#include "rules/reader.h"

/* Reads an option of a list: names that end in '=' take a value. */
static enum took listed_option(struct reader *r, const char *opt,
			       const char *const *list)
{
	size_t n = strlen(opt);

	for (; *list; list++) {
		if (!strncmp(*list, opt, n) && is(*list + n, "="))
			return took(take(r) != NULL);
		if (is(*list, opt))
			return TOOK;
	}
	return NOT_MINE;
}

static enum target_verdict go_on(void *info, struct rules_context *c)
{
	(void)info;
	(void)c;
	return TARGET_CONTINUE;
}

#define PLAIN(name_, words_, ...) \
static enum took name_##_option(struct reader *r, void *info, const char *opt) \
{ \
	static const char *const words[] = words_; \
\
	(void)info; \
	return listed_option(r, opt, words); \
} \
const struct target_ops target_##name_ = { \
	.name = #name_, .option = name_##_option, __VA_ARGS__ \
}

#define WORDS(...) { __VA_ARGS__, NULL }

PLAIN(LOG, WORDS("--log-level=", "--log-prefix=", "--log-tcp-sequence",
		 "--log-tcp-options", "--log-ip-options", "--log-uid",
		 "--log-macdecode"), .act = go_on, .of_flow = true);
PLAIN(NFLOG, WORDS("--nflog-group=", "--nflog-prefix=", "--nflog-range=",
		   "--nflog-size=", "--nflog-threshold="), .act = go_on,
      .of_flow = true);
PLAIN(ULOG, WORDS("--ulog-nlgroup=", "--ulog-prefix=", "--ulog-cprange=",
		  "--ulog-qthreshold="), .act = go_on, .of_flow = true);
PLAIN(AUDIT, WORDS("--type="), .act = go_on, .of_flow = true);
PLAIN(CHECKSUM, WORDS("--checksum-fill"), .act = go_on, .of_flow = true,
      .tables = TABLE_BIT(RULES_MANGLE));
PLAIN(CLASSIFY, WORDS("--set-class="), .act = go_on, .of_flow = true,
      .hooks = HOOK_BIT(RULES_FORWARD) | HOOK_BIT(RULES_OUTPUT) |
	       HOOK_BIT(RULES_POSTROUTING));

/* xt_TRACE is raw's alone.  iptables-nft sets nft_meta's nftrace instead, in any table. */
static bool trace_finish(struct reader *r, void *info)
{
	(void)info;
	if (r->set->backend == RULES_BACKEND_NFT || r->table == RULES_RAW)
		return true;
	return refuse(r, "TRACE", "this target cannot be used in table %s",
		      rules_table_name(r->table));
}

const struct target_ops target_TRACE = {
	.name = "TRACE", .finish = trace_finish, .act = go_on, .of_flow = true,
};

/* nat: the rule counts, and ends the walk.  Addresses are not rewritten. */
static enum target_verdict translate(void *info, struct rules_context *c)
{
	(void)info;
	c->out_come->nat = true;
	return TARGET_ACCEPT;
}

#define NAT(name_, hooks_, ...) \
	PLAIN(name_, WORDS(__VA_ARGS__), .act = translate, \
	      .tables = TABLE_BIT(RULES_NAT), .hooks = hooks_, \
	      .needs = RULES_NEED_CONNTRACK)

#define DST_HOOKS (HOOK_BIT(RULES_PREROUTING) | HOOK_BIT(RULES_OUTPUT))

NAT(SNAT, HOOK_BIT(RULES_POSTROUTING) | HOOK_BIT(RULES_INPUT), "--to-source=",
    "--random", "--random-fully", "--persistent");
NAT(DNAT, DST_HOOKS, "--to-destination=", "--random", "--persistent");
NAT(MASQUERADE, HOOK_BIT(RULES_POSTROUTING), "--to-ports=", "--random",
    "--random-fully");
NAT(REDIRECT, DST_HOOKS, "--to-ports=", "--random", "--random-fully");
NAT(NETMAP, 0, "--to=");

struct ct_target { struct rules_template tmpl; };

static bool take_zone(struct reader *r, struct ct_target *m, uint8_t dirs)
{
	const char *s = take(r);
	uint64_t n;

	if (!s)
		return false;
	if (is(s, "mark"))
		return refuse(r, s, "zones by mark are not evaluated");
	if (!parse_u64(s, s + strlen(s), UINT16_MAX, &n))
		return refuse(r, s, "a zone is a number up to 65535");
	m->tmpl.zone_set = true;
	m->tmpl.zone = (uint16_t)n;
	m->tmpl.zone_dirs = dirs;
	return true;
}

static enum took ct_option(struct reader *r, void *info, const char *opt)
{
	struct ct_target *m = info;
	const char *s;

	if (is(opt, "--zone"))
		return took(take_zone(r, m, 3));
	if (is(opt, "--zone-orig"))
		return took(take_zone(r, m, 1));
	if (is(opt, "--zone-reply"))
		return took(take_zone(r, m, 2));
	if (is(opt, "--helper")) {
		s = take(r);
		m->tmpl.helper = s ? reader_text(r, s) : NULL;
		return took(m->tmpl.helper != NULL);
	}
	if (is(opt, "--timeout"))
		return took(refuse(r, opt, "policies of timeouts are not read"));
	if (is(opt, "--ctevents") || is(opt, "--expevents"))
		return took(take(r) != NULL);
	m->tmpl.notrack |= is(opt, "--notrack");
	return is(opt, "--notrack") ? TOOK : NOT_MINE;
}

/* xt_ct_set_helper(). */
static bool helper_there(struct reader *r, const char *name)
{
	const struct rule *rule = r->rule;

	if (!name)
		return true;
	if (!(rule->checks & CHECK_PROTO) || rule->inverted & INV_PROTO)
		return refuse(r, name, "--helper needs -p for its protocol");
	return ct_helper_known(name, (enum ct_l3)r->family, rule->proto) ||
	       refuse(r, name, "no helper of this name is known for the protocol");
}

/* xt_ct_tg_check(): to leave packets untracked does not start the tracking. */
static bool ct_finish(struct reader *r, void *info)
{
	const struct ct_target *m = info;

	if (!helper_there(r, m->tmpl.helper))
		return false;
	if (!m->tmpl.notrack)
		r->set->needs |= RULES_NEED_CONNTRACK;
	return true;
}

/* xt_ct_target(): a packet that has been marked already is left alone. */
static void use_template(struct rules_context *c, const struct rules_template *t)
{
	if (c->tracked || c->marked || c->tmpl.notrack || c->tmpl.zone_set || c->tmpl.helper)
		return;
	c->tmpl = *t;
	if (t->notrack) {
		c->untracked = true;
		c->ctstate = CT_UNTRACKED;
	}
}

static enum target_verdict ct_act(void *info, struct rules_context *c)
{
	use_template(c, &((struct ct_target *)info)->tmpl);
	return TARGET_CONTINUE;
}

const struct target_ops target_CT = {
	.name = "CT", .size = sizeof(struct ct_target),
	.tables = TABLE_BIT(RULES_RAW), .option = ct_option,
	.finish = ct_finish, .act = ct_act,
};

static enum target_verdict notrack_act(void *info, struct rules_context *c)
{
	static const struct rules_template notrack = { .notrack = true };

	(void)info;
	use_template(c, &notrack);
	return TARGET_CONTINUE;
}

const struct target_ops target_NOTRACK = {
	.name = "NOTRACK", .tables = TABLE_BIT(RULES_RAW), .act = notrack_act,
};
