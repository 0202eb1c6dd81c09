/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * owner, socket, cpu: what only the host knows.  Forwarded packets have no
 * socket, so of those the answer is known all the same.
 */
#include "rules/reader.h"

enum { OWNER_UID = 1, OWNER_GID = 2, OWNER_SOCKET = 4 };

struct owner { uint8_t asks, inverted; };

static enum took owner_option(struct reader *r, void *info, const char *opt)
{
	struct owner *m = info;
	uint8_t what;

	if (is(opt, "--uid-owner"))
		what = OWNER_UID;
	else if (is(opt, "--gid-owner"))
		what = OWNER_GID;
	else if (is(opt, "--socket-exists"))
		what = OWNER_SOCKET;
	else
		return is(opt, "--suppl-groups") ? TOOK : NOT_MINE;
	if (what != OWNER_SOCKET && !take(r))
		return TOOK_FAILED;
	m->asks |= what;
	m->inverted |= inverted(r) ? what : 0;
	return TOOK;
}

static bool owner_finish(struct reader *r, void *info)
{
	const struct owner *m = info;

	if (!m->asks)
		return refuse(r, "owner", "none of its options is given");
	/* POSTROUTING sees forwarded packets as well, whose answer is known. */
	if (r->set->chain[r->chain].hook == RULES_OUTPUT &&
	    !r->rules->options.unknown_ok && !r->rules->options.answer_local)
		return refuse(r, "owner", "a capture does not tell who sent a packet; "
			      "see --rules-unknown");
	return true;
}

/* owner_mt() of xt_owner.c. */
static enum answer owner_match(void *info, struct rules_context *c)
{
	const struct owner *m = info;
	uint8_t differs = m->asks ^ m->inverted;

	if (!c->local || (c->kernels && !c->socket))
		return answer(!differs);
	if (!c->kernels)
		return ANSWER_UNKNOWN;
	if (m->asks & m->inverted & OWNER_SOCKET)
		return ANSWER_NO;
	return answer(!(differs & (OWNER_UID | OWNER_GID)));
}

const struct match_ops match_owner = {
	.name = "owner", .size = sizeof(struct owner), .option = owner_option,
	.hooks = HOOK_BIT(RULES_OUTPUT) | HOOK_BIT(RULES_POSTROUTING),
	.finish = owner_finish, .match = owner_match,
};

static enum took socket_option(struct reader *r, void *info, const char *opt)
{
	(void)r;
	(void)info;
	return is(opt, "--transparent") || is(opt, "--nowildcard") ||
	       is(opt, "--restore-skmark") ? TOOK : NOT_MINE;
}

/* A packet that goes on to another host finds no socket here; one that stays
 * does, perhaps, but on a host without any. */
static enum answer socket_match(void *info, struct rules_context *c)
{
	(void)info;
	if (c->rules->options.answer_local || c->addr_dst != ROUTE_LOCAL)
		return ANSWER_NO;
	return ANSWER_UNKNOWN;
}

static bool socket_finish(struct reader *r, void *info)
{
	const struct rules_options *o = &r->rules->options;

	(void)info;
	return o->unknown_ok || o->answer_local ||
	       refuse(r, "socket", "a capture does not tell which sockets there "
		      "are; see --rules-unknown");
}

const struct match_ops match_socket = {
	.name = "socket", .option = socket_option, .finish = socket_finish,
	.needs = RULES_NEED_DEFRAG,
	.hooks = HOOK_BIT(RULES_PREROUTING) | HOOK_BIT(RULES_INPUT),
	.match = socket_match,
};

static enum took cpu_option(struct reader *r, void *info, const char *opt)
{
	(void)info;
	if (!is(opt, "--cpu"))
		return NOT_MINE;
	(void)inverted(r);
	return took(take(r) != NULL);
}

static bool cpu_finish(struct reader *r, void *info)
{
	(void)info;
	return r->rules->options.unknown_ok ||
	       refuse(r, "cpu", "a capture does not tell the processor; see "
		      "--rules-unknown");
}

static enum answer cpu_match(void *info, struct rules_context *c)
{
	(void)info;
	(void)c;
	return ANSWER_UNKNOWN;
}

const struct match_ops match_cpu = {
	.name = "cpu", .option = cpu_option, .finish = cpu_finish,
	.match = cpu_match,
};
