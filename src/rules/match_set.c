/* SPDX-License-Identifier: GPL-2.0-only */
/* set and SET: xt_set.c of the kernel. */
#include "rules/sets.h"

struct set_match {
	struct ip_set *set;
	struct set_query query;
	bool given, inverted;
};

/* "src,dst,dst". */
static bool parse_dirs(struct reader *r, const char *s, struct set_query *q)
{
	for (struct part p = first_part(s, ','); p.s; next_part(&p, ',')) {
		if (q->ndims == 6)
			return refuse(r, s, "more than 6 directions");
		if (part_is(&p, "src"))
			q->src |= (uint8_t)(1u << q->ndims);
		else if (!part_is(&p, "dst"))
			return refuse(r, s, "directions are src and dst");
		q->ndims++;
	}
	return true;
}

/* The line of an element of a set, or of its members, that is not evaluated; 0: none. */
static uint32_t wildcard_line(const struct sets *t, const struct ip_set *s)
{
	uint32_t line = s->wildcard_line;

	for (uint32_t i = 0; i < s->nmembers && !line; i++)
		line = t->set[s->member[i]]->wildcard_line;
	return line;
}

static bool take_set(struct reader *r, struct ip_set **set, struct set_query *q)
{
	const char *name = take(r), *dirs = name ? take(r) : NULL;
	uint32_t line;

	if (!dirs || !parse_dirs(r, dirs, q))
		return false;
	*set = sets_find(r->rules->sets, name);
	line = *set ? wildcard_line(r->rules->sets, *set) : 0;
	if (*set && !line)
		return true;
	*set = NULL;
	if (line && !r->rules->options.unknown_ok)
		return refuse(r, name, "the set's 'wildcard' in line %u of the sets is not "
			      "evaluated; see --rules-unknown", line);
	if (r->rules->options.unknown_ok) {
		reader_warn(r, "'%.80s': its elements are not known", name);
		return true;
	}
	return refuse(r, name, "no such set; give what 'ipset save' prints "
		      "(--ipsets FILE)");
}

static int counter_option(const char *opt, bool *bytes)
{
	static const char *const ops[] = { "", "eq", "ne", "lt", "gt", NULL };

	*bytes = !strncmp(opt, "--bytes-", 8);
	if (*bytes)
		return name_in(ops, opt + 8, strlen(opt + 8));
	if (!strncmp(opt, "--packets-", 10))
		return name_in(ops, opt + 10, strlen(opt + 10));
	return -1;
}

static bool take_counter(struct reader *r, struct set_query *q, int op, bool bytes)
{
	uint64_t *v = bytes ? &q->bytes.value : &q->packets.value;

	if (!take_u64(r, UINT64_MAX, v))
		return false;
	if (op == SET_OP_EQ && inverted(r))
		op = SET_OP_NE;
	*(bytes ? &q->bytes.op : &q->packets.op) = (uint8_t)op;
	q->match_counters = true;
	return true;
}

static enum took set_option(struct reader *r, void *info, const char *opt)
{
	struct set_match *m = info;
	bool bytes;
	int op;

	if (is(opt, "--match-set") || is(opt, "--set")) {
		if (m->given)
			return took(refuse(r, opt, "the rule names a set already"));
		m->given = true;
		m->inverted = inverted(r);
		if (!take_set(r, &m->set, &m->query))
			return TOOK_FAILED;
		m->inverted = inverted(r);
		return TOOK;
	}
	if (is(opt, "--return-nomatch")) {
		m->query.return_nomatch = true;
		return TOOK;
	}
	if (is(opt, "--update-counters")) {
		m->query.skip_counters = inverted(r);
		return TOOK;
	}
	if (is(opt, "--update-subcounters")) {
		m->query.skip_subcounters = inverted(r);
		return TOOK;
	}
	op = counter_option(opt, &bytes);
	return op < 1 ? NOT_MINE : took(take_counter(r, &m->query, op, bytes));
}

static bool set_finish(struct reader *r, void *info)
{
	return ((struct set_match *)info)->given ||
	       refuse(r, "set", "--match-set is missing");
}

static enum answer set_match(void *info, struct rules_context *c)
{
	const struct set_match *m = info;

	if (!m->set)
		return ANSWER_UNKNOWN;
	return answer((set_test(c->rules->sets, m->set, c, &m->query) > 0) !=
		      m->inverted);
}

static bool set_of_flow(const void *info)
{
	const struct set_match *m = info;

	return m->set && m->set->constant;
}

const struct match_ops match_set = {
	.name = "set", .size = sizeof(struct set_match), .option = set_option,
	.finish = set_finish, .match = set_match, .of_flow = set_of_flow,
};

struct set_target {
	struct { struct ip_set *set; struct set_query query; bool given; } add, del;
	bool exist;
	int64_t timeout;	/* -1: the set's */
};

static void target_init(void *info)
{
	((struct set_target *)info)->timeout = -1;
}

static bool take_changing(struct reader *r, struct ip_set **set, struct set_query *q)
{
	if (!take_set(r, set, q))
		return false;
	if (*set)
		(*set)->changes = true;
	return true;
}

/* mtype_add(): to make room, only an element of the new one's hash bucket goes,
 * and the seed of the hash is the live set's. */
static bool take_add_set(struct reader *r, struct set_target *m)
{
	static const char why[] =
		"which element of a full set 'forceadd' drops is not known";

	m->add.given = true;
	if (!take_changing(r, &m->add.set, &m->add.query))
		return false;
	if (!m->add.set || !m->add.set->forceadd)
		return true;
	if (!r->rules->options.unknown_ok)
		return refuse(r, m->add.set->name, "%s; see --rules-unknown",
			      why);
	reader_warn(r, "'%.80s': %s; when full, it takes no more",
		    m->add.set->name, why);
	return true;
}

static enum took target_option(struct reader *r, void *info, const char *opt)
{
	struct set_target *m = info;
	uint64_t n;

	if (is(opt, "--add-set"))
		return took(take_add_set(r, m));
	if (is(opt, "--del-set")) {
		m->del.given = true;
		return took(take_changing(r, &m->del.set, &m->del.query));
	}
	if (is(opt, "--map-set") || is(opt, "--map-mark") ||
	    is(opt, "--map-prio") || is(opt, "--map-queue"))
		return took(refuse(r, opt, "maps of sets are not evaluated"));
	if (is(opt, "--timeout")) {
		if (!take_u64(r, UINT32_MAX, &n))
			return TOOK_FAILED;
		m->timeout = (int64_t)n;
		return TOOK;
	}
	m->exist |= is(opt, "--exist");
	return is(opt, "--exist") ? TOOK : NOT_MINE;
}

static bool target_finish(struct reader *r, void *info)
{
	const struct set_target *m = info;

	return m->add.given || m->del.given ||
	       refuse(r, "SET", "--add-set or --del-set is missing");
}

static enum target_verdict target_act(void *info, struct rules_context *c)
{
	const struct set_target *m = info;

	if (m->add.set)
		set_change(c->rules->sets, m->add.set, c, &m->add.query, true,
			   m->exist, m->timeout);
	if (m->del.set)
		set_change(c->rules->sets, m->del.set, c, &m->del.query, false,
			   false, -1);
	return TARGET_CONTINUE;
}

const struct target_ops target_SET = {
	.name = "SET", .size = sizeof(struct set_target), .init = target_init,
	.option = target_option, .finish = target_finish, .act = target_act,
};
