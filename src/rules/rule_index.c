/* SPDX-License-Identifier: GPL-2.0-only */
#include "rules/rule_index.h"

#include <stdlib.h>
#include <string.h>

#include "rules/program.h"

/* A walk of fewer rules takes no longer than the bytes of the packet. */
#define INDEX_MIN	8u
/* Of all indexes of a family; chains that come later are walked rule by rule. */
#define INDEX_BYTES	(64u << 20)

/* --- what a rule asks for --- */

struct builder {
	const struct rules *r;
	struct rule_index *x;	/* NULL: which values are named is being found out */
	uint32_t column[ROWS];
	uint32_t n;		/* of the rule, in the chain */
	bool asked[ROWS];	/* by the rule in hand */
	bool used[ROWS];	/* by any */
	bool named[ROWS][ROW_VALUES];
};

static uint64_t *line_of(struct rule_index *x, uint32_t line)
{
	return x->bits + (size_t)line * x->words;
}

static void set_bit(uint64_t *bits, uint32_t n)
{
	bits[n / 64] |= 1ull << n % 64;
}

static void ask(struct builder *b, unsigned int row)
{
	b->used[row] = b->asked[row] = true;
}

static void take_value(struct builder *b, unsigned int row, uint32_t value)
{
	if (b->x)
		set_bit(line_of(b->x, b->x->column[b->column[row]].at[value]), b->n);
	else
		b->named[row][value] = true;
}

/* All values with these bits: those of the mask's other bits are counted down. */
static void ask_masked(struct builder *b, unsigned int row, uint8_t value, uint8_t mask)
{
	uint8_t other = (uint8_t)~mask, rest = other;

	if (!mask)
		return;
	ask(b, row);
	for (;; rest = (rest - 1) & other) {
		take_value(b, row, value | rest);
		if (!rest)
			break;
	}
}

static void ask_range(struct builder *b, unsigned int row, uint32_t lo, uint32_t hi)
{
	ask(b, row);
	for (; lo <= hi; lo++)
		take_value(b, row, lo);
}

static void ask_address(struct builder *b, unsigned int row, const union ct_addr *a,
			const union ct_addr *mask, unsigned int bytes)
{
	for (unsigned int i = 0; i < bytes; i++)
		ask_masked(b, row + i, a->b[i], mask->b[i]);
}

/* Which interfaces a rule takes is told by rule_index_learn(). */
static void ask_header(struct builder *b, const struct rule *rule, unsigned int bytes)
{
	uint8_t sure = rule->checks & (uint8_t)~rule->inverted;

	if (sure & CHECK_SRC)
		ask_address(b, ROW_SRC, &rule->src, &rule->smask, bytes);
	if (sure & CHECK_DST)
		ask_address(b, ROW_DST, &rule->dst, &rule->dmask, bytes);
	if (sure & CHECK_PROTO)
		ask_range(b, ROW_PROTO, rule->proto, rule->proto);
	if (rule->checks & CHECK_IN)
		ask(b, ROW_IN);
	if (rule->checks & CHECK_OUT)
		ask(b, ROW_OUT);
}

/* The upper byte of a port, and the lower one: of a range within one upper byte its
 * ends, else any. */
static void ask_ports(struct builder *b, unsigned int row, const struct rule_index_ports *p,
		      uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		bool one = p[i].lo >> 8 == p[i].hi >> 8;

		ask_range(b, row, p[i].lo >> 8, p[i].hi >> 8);
		ask_range(b, row + 1, one ? p[i].lo & 0xff : 0, one ? p[i].hi & 0xff : 0xff);
	}
}

/* Up to the first match that must be asked, whatever those behind it say. */
static void ask_matches(struct builder *b, const struct ruleset *s, const struct rule *rule)
{
	for (uint32_t i = 0; i < rule->nmatches; i++) {
		const struct match *m = &s->match[rule->first_match + i];
		struct rule_index_asks a = { .has_states = false };
		bool more = m->ops->narrow && m->ops->narrow(m->info, &a);

		if (a.has_states)
			ask(b, ROW_STATE);
		for (uint32_t v = 0; a.has_states && v < 32; v++)
			if (a.states >> v & 1)
				take_value(b, ROW_STATE, v);
		ask_ports(b, ROW_SPORT, a.ports[0], a.nports[0]);
		ask_ports(b, ROW_DPORT, a.ports[1], a.nports[1]);
		if (!more)
			break;
	}
}

/* --- a chain's index --- */

static void add_rules(struct builder *b, struct ruleset *s, const struct chain *c)
{
	unsigned int bytes = s == &b->r->set[0] ? 4 : 16;

	for (b->n = 0; b->n < c->n; b->n++) {
		const struct rule *rule = &s->rule[c->first + b->n];

		memset(b->asked, 0, sizeof(b->asked));
		ask_header(b, rule, bytes);
		ask_matches(b, s, rule);
		for (uint32_t i = 0; b->x && i < b->x->ncolumns; i++)
			if (!b->asked[b->x->column[i].row])
				set_bit(line_of(b->x, b->x->column[i].others), b->n);
	}
}

/* The rules that do not ask take any value. */
static void add_others(struct rule_index *x, const struct rule_column *c, uint32_t value)
{
	const uint64_t *others = line_of(x, c->others);
	uint64_t *to = line_of(x, c->at[value]);

	for (uint32_t w = 0; to != others && w < x->words; w++)
		to[w] |= others[w];
}

static bool is_of_ifaces(unsigned int row)
{
	return row == ROW_IN || row == ROW_OUT;
}

/* Gives lines to a column's values; interfaces may come later.  Returns the next. */
static uint32_t give_lines(const struct builder *b, struct rule_column *c, unsigned int row,
			   uint32_t line)
{
	c->row = (uint8_t)row;
	c->others = line++;
	c->at[ROW_ANY] = line++;
	for (uint32_t v = 0; v < ROW_ANY; v++)
		c->at[v] = b->named[row][v] || is_of_ifaces(row) ? line++ : c->others;
	return line;
}

static struct rule_index *new_index(struct builder *b, uint32_t words, size_t *room)
{
	uint32_t n = 0, lines = 0;
	struct rule_index *x;
	size_t size;

	for (unsigned int row = 0; row < ROWS; row++)
		n += b->used[row];
	x = calloc(1, sizeof(*x) + n * sizeof(x->column[0]));
	if (!x)
		return NULL;
	x->words = words;
	for (unsigned int row = 0; row < ROWS; row++) {
		if (!b->used[row])
			continue;
		b->column[row] = x->ncolumns;
		lines = give_lines(b, &x->column[x->ncolumns++], row, lines);
	}
	size = (size_t)lines * words * sizeof(*x->bits);
	if (size + n * sizeof(x->column[0]) > *room)
		x->ncolumns = 0;
	if (!x->ncolumns)
		return x;
	*room -= size + n * sizeof(x->column[0]);
	x->bits = calloc(1, size);
	if (x->bits)
		return x;
	free(x);
	return NULL;
}

static void finish_column(struct rule_index *x, const struct rule_column *c, uint32_t n)
{
	uint64_t *any = line_of(x, c->at[ROW_ANY]);

	for (uint32_t v = 0; v < ROW_ANY && !is_of_ifaces(c->row); v++)
		add_others(x, c, v);
	memset(any, 0xff, x->words * sizeof(*any));
	if (n % 64)
		any[x->words - 1] = (1ull << n % 64) - 1;
}

/* An index without columns would say nothing: the chain has none then. */
static bool make_index(struct builder *b, struct ruleset *s, struct chain *c, size_t *room)
{
	struct rule_index *x;

	*b = (struct builder){ .r = b->r };
	add_rules(b, s, c);
	x = new_index(b, (c->n + 63) / 64, room);
	if (!x)
		return false;
	if (!x->ncolumns) {
		free(x);
		return true;
	}
	c->index = b->x = x;
	add_rules(b, s, c);
	for (uint32_t i = 0; i < x->ncolumns; i++)
		finish_column(x, &x->column[i], c->n);
	rule_index_learn(x, &s->rule[c->first], c->n, b->r);
	return true;
}

bool rule_index_ready(struct rules *r, struct ruleset *s)
{
	size_t room = INDEX_BYTES;
	struct builder *b = malloc(sizeof(*b));
	bool ok = b != NULL;

	if (b)
		b->r = r;
	for (uint32_t i = 0; ok && i < s->nchains; i++)
		if (s->chain[i].n >= INDEX_MIN)
			ok = make_index(b, s, &s->chain[i], &room);
	free(b);
	return ok;
}

void rule_index_free(struct ruleset *s)
{
	for (uint32_t i = 0; i < s->nchains; i++) {
		if (s->chain[i].index)
			free(s->chain[i].index->bits);
		free(s->chain[i].index);
		s->chain[i].index = NULL;
	}
}

static void learn_column(struct rule_index *x, const struct rule_column *c, uint32_t first,
			 const struct rule *rule, uint32_t n, const struct rules *r)
{
	const bool out = c->row == ROW_OUT;
	const uint8_t check = out ? CHECK_OUT : CHECK_IN, inv = out ? INV_OUT : INV_IN;

	for (uint32_t i = first; i < x->ifaces; i++) {
		uint64_t *to = line_of(x, c->at[i]);

		for (uint32_t k = 0; k < n; k++)
			if (rule[k].checks & check &&
			    iface_matches(r->ifaces.iface[i], out ? rule[k].out : rule[k].in) !=
			    !!(rule[k].inverted & inv))
				set_bit(to, k);
		add_others(x, c, i);
	}
}

void rule_index_learn(struct rule_index *x, const struct rule *rule, uint32_t n,
		      const struct rules *r)
{
	uint32_t first = x->ifaces;

	x->ifaces = r->ifaces.n < ROW_ANY ? r->ifaces.n : ROW_ANY;
	for (uint32_t i = 0; i < x->ncolumns; i++)
		if (is_of_ifaces(x->column[i].row))
			learn_column(x, &x->column[i], first, rule, n, r);
}

/* --- a packet --- */

static void set_port(struct rule_index_key *key, unsigned int row, const uint8_t *port)
{
	key->row[row] = port[0];
	key->row[row + 1] = port[1];
}

/* TCP and UDP whose header is there say it all.  Matches of ports look into the headers
 * of UDP-Lite, SCTP and DCCP as well, and may drop a packet without one. */
static bool is_whole(const struct rules_context *c)
{
	switch (c->proto) {
	case CT_L4_TCP:
		return !c->fragoff && bytes_there(&c->b, c->thoff, 20);
	case CT_L4_UDP:
		return !c->fragoff && bytes_there(&c->b, c->thoff, 8);
	case CT_L4_UDPLITE:
	case CT_L4_SCTP:
	case CT_L4_DCCP:
		return false;
	}
	return true;
}

static uint16_t iface_row(const struct rules_iface *i)
{
	return i->number < ROW_ANY ? i->number : ROW_ANY;
}

void rule_index_forget(struct rule_index_key *key)
{
	for (unsigned int i = 0; i < ROWS; i++)
		if (i != ROW_STATE && i != ROW_IN && i != ROW_OUT)
			key->row[i] = ROW_ANY;
}

void rule_index_key(struct rule_index_key *key, const struct rules_context *c)
{
	unsigned int bytes = c->family == CT_L3_IPV4 ? 4 : 16;
	bool whole = is_whole(c);

	for (unsigned int i = 0; i < bytes; i++) {
		key->row[ROW_SRC + i] = c->src.b[i];
		key->row[ROW_DST + i] = c->dst.b[i];
	}
	key->row[ROW_PROTO] = c->proto;
	key->row[ROW_STATE] = whole ? c->ctstate : ROW_ANY;
	key->row[ROW_IN] = iface_row(c->in);
	key->row[ROW_OUT] = iface_row(c->out);
	if (whole && (c->proto == CT_L4_TCP || c->proto == CT_L4_UDP)) {
		set_port(key, ROW_SPORT, c->b.p + c->thoff);
		set_port(key, ROW_DPORT, c->b.p + c->thoff + 2);
		return;
	}
	for (unsigned int i = ROW_SPORT; i < ROWS; i++)
		key->row[i] = ROW_ANY;
}
