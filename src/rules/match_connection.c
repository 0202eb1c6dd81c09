/* SPDX-License-Identifier: GPL-2.0-only */
/* connmark, connbytes, helper: what the entry carries. */
#include "rules/reader.h"

struct mark { uint32_t value, mask; bool set, inverted; };

static enum took mark_option(struct reader *r, void *info, const char *opt)
{
	struct mark *m = info;

	if (!is(opt, "--mark"))
		return NOT_MINE;
	m->set = take_mark(r, &m->value, &m->mask);
	m->inverted = inverted(r);
	return took(m->set);
}

static bool mark_finish(struct reader *r, void *info)
{
	return ((struct mark *)info)->set || refuse(r, NULL, "--mark is missing");
}

static enum answer mark_match(void *info, struct rules_context *c)
{
	const struct mark *m = info;

	return answer(((c->mark & m->mask) == m->value) != m->inverted);
}

const struct match_ops match_mark = {
	.name = "mark", .size = sizeof(struct mark), .option = mark_option,
	.finish = mark_finish, .match = mark_match,
	.of_flow = match_is_of_flow,
};

static enum answer connmark_match(void *info, struct rules_context *c)
{
	const struct mark *m = info;
	const struct rules_conn *conn = context_conn(c);

	if (!conn)
		return ANSWER_NO;
	return answer(((conn->mark & m->mask) == m->value) != m->inverted);
}

const struct match_ops match_connmark = {
	.name = "connmark", .size = sizeof(struct mark), .option = mark_option,
	.finish = mark_finish, .match = connmark_match,
	.needs = RULES_NEED_CONNTRACK,
};

enum { BYTES_PACKETS, BYTES_BYTES, BYTES_AVERAGE };
enum { BYTES_ORIGINAL, BYTES_REPLY, BYTES_BOTH };

struct connbytes {
	uint64_t lo, hi;
	uint8_t  mode, dir;
	bool	 set, mode_set, dir_set, inverted;
};

static bool take_name(struct reader *r, const char *const *list, uint8_t *v)
{
	const char *s = take(r);
	int n = s ? name_in(list, s, strlen(s)) : 0;

	if (n < 0)
		return refuse(r, s, "%s does not know this word", r->option);
	*v = (uint8_t)n;
	return s != NULL;
}

static enum took connbytes_option(struct reader *r, void *info, const char *opt)
{
	static const char *const modes[] = { "packets", "bytes", "avgpkt", NULL };
	static const char *const dirs[] = { "original", "reply", "both", NULL };
	struct connbytes *m = info;

	if (is(opt, "--connbytes")) {
		m->set = take_range(r, UINT64_MAX, &m->lo, &m->hi);
		m->inverted = inverted(r);
		if (m->set && m->lo > m->hi)
			return took(refuse(r, opt, "the range ends before it begins"));
		return took(m->set);
	}
	if (is(opt, "--connbytes-mode")) {
		m->mode_set = true;
		return took(take_name(r, modes, &m->mode));
	}
	if (is(opt, "--connbytes-dir")) {
		m->dir_set = true;
		return took(take_name(r, dirs, &m->dir));
	}
	return NOT_MINE;
}

static bool connbytes_finish(struct reader *r, void *info)
{
	const struct connbytes *m = info;

	return (m->set && m->mode_set && m->dir_set) ||
	       refuse(r, "connbytes", "it wants --connbytes, --connbytes-mode "
		      "and --connbytes-dir");
}

/* connbytes_mt() of xt_connbytes.c. */
static enum answer connbytes_match(void *info, struct rules_context *c)
{
	const struct connbytes *m = info;
	const struct rules_conn *conn = context_conn(c);
	struct ct_counter n;
	uint64_t what;

	if (!conn)
		return ANSWER_NO;
	n = conn->counter[m->dir == BYTES_REPLY];
	if (m->dir == BYTES_BOTH) {
		n.packets += conn->counter[1].packets;
		n.bytes += conn->counter[1].bytes;
	}
	what = m->mode == BYTES_PACKETS ? n.packets : n.bytes;
	if (m->mode == BYTES_AVERAGE)
		what = n.packets ? n.bytes / n.packets : 0;
	return answer((what >= m->lo && what <= m->hi) != m->inverted);
}

const struct match_ops match_connbytes = {
	.name = "connbytes", .size = sizeof(struct connbytes),
	.needs = RULES_NEED_CONNTRACK | RULES_NEED_ACCT,
	.option = connbytes_option, .finish = connbytes_finish,
	.match = connbytes_match,
};

struct helper { const char *name; bool inverted; };

static enum took helper_option(struct reader *r, void *info, const char *opt)
{
	struct helper *m = info;
	const char *s;

	if (!is(opt, "--helper"))
		return NOT_MINE;
	s = take(r);
	m->inverted = inverted(r);
	m->name = s ? reader_text(r, s) : NULL;
	return took(m->name != NULL);
}

static bool helper_finish(struct reader *r, void *info)
{
	return ((struct helper *)info)->name ||
	       refuse(r, "helper", "--helper is missing");
}

/* helper_mt() of xt_helper.c: the helper is that of the master, and the rule's
 * name need only begin with it. */
static enum answer helper_match(void *info, struct rules_context *c)
{
	const struct helper *m = info;
	const struct rules_conn *conn = context_conn(c);
	const char *name = conn ? conn->master_helper : NULL;

	if (!name)
		return answer(m->inverted);
	return answer((!*m->name || !strncmp(name, m->name, strlen(name))) !=
		      m->inverted);
}

const struct match_ops match_helper = {
	.name = "helper", .size = sizeof(struct helper),
	.needs = RULES_NEED_CONNTRACK, .option = helper_option,
	.finish = helper_finish, .match = helper_match,
};
