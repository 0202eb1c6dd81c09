/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rule_index.h - which rules of a chain a packet may match.
 *
 * A packet's addresses, protocol, ports, interfaces and state are rows of bytes.  For
 * each byte that a rule of the chain asks for, the index has a column: for each value
 * the rules that take it, a bit each.  The bits that are left of all columns are the
 * rules to look at, 64 in a few instructions.  The others would have said no, and
 * nothing that remembers being asked would have been asked.
 */
#ifndef RULES_RULE_INDEX_H
#define RULES_RULE_INDEX_H 1

#include <stdbool.h>
#include <stdint.h>

#include "rules/context.h"

struct rule;
struct rules;
struct ruleset;

/* What of a packet each row is of. */
enum { ROW_SRC, ROW_DST = 16, ROW_PROTO = 32, ROW_STATE, ROW_IN, ROW_OUT,
       ROW_SPORT, ROW_DPORT = ROW_SPORT + 2, ROWS = ROW_DPORT + 2 };

/* In place of a byte: it is not known, and any rule may match. */
#define ROW_ANY		256u
#define ROW_VALUES	(ROW_ANY + 1)

struct rule_index_key { uint16_t row[ROWS]; };

/* A byte that a rule of the chain asks for. */
struct rule_column {
	uint8_t	 row;		/* of the key */
	uint32_t at[ROW_VALUES];	/* the line of bits of each value */
	uint32_t others;	/* ... of values that no rule names */
};

struct rule_index {
	uint32_t words;		/* of a line, which has a bit a rule */
	uint32_t ifaces;	/* so many are in the columns of ROW_IN and ROW_OUT */
	uint32_t ncolumns;
	uint64_t *bits;
	struct rule_column column[];
};

/* Ports that a match asks for; several are an "or". */
struct rule_index_ports { uint16_t lo, hi; };
#define INDEX_PORTS 16u

/* What a match asks of a packet whose header is whole. */
struct rule_index_asks {
	bool	 has_states;
	uint32_t states;	/* 1 << enum ct_ctstate */
	uint32_t nports[2];	/* source, destination */
	struct rule_index_ports ports[2][INDEX_PORTS];
};

/* Makes the indexes of long chains; false: no memory. */
bool rule_index_ready(struct rules *r, struct ruleset *s);
void rule_index_free(struct ruleset *s);

/* The packet's bytes, as they are now. */
void rule_index_key(struct rule_index_key *key, const struct rules_context *c);
/* ... of any connection. */
void rule_index_forget(struct rule_index_key *key);
/* Interfaces came to be known after the rules. */
void rule_index_learn(struct rule_index *x, const struct rule *rule, uint32_t n,
		 const struct rules *r);

static inline void rule_index_ask_ports(struct rule_index_asks *to, unsigned int side,
					uint16_t lo, uint16_t hi)
{
	to->ports[side][to->nports[side]++] = (struct rule_index_ports){ lo, hi };
}

static inline uint64_t rule_index_word(const struct rule_index *x,
				       const struct rule_index_key *key, uint32_t word)
{
	const uint64_t *bits = x->bits + word;
	uint64_t left = UINT64_MAX;

	for (uint32_t i = 0; i < x->ncolumns; i++) {
		const struct rule_column *c = &x->column[i];

		left &= bits[c->at[key->row[c->row]] * (size_t)x->words];
	}
	return left;
}

/* The next of 'n' rules from 'at' on that may match; 'n': none. */
static inline uint32_t rule_index_next(const struct rule_index *x,
				       const struct rule_index_key *key, uint32_t at,
				       uint32_t n)
{
	uint32_t word = at / 64;
	uint64_t left;

	if (at >= n)
		return n;
	left = rule_index_word(x, key, word) & UINT64_MAX << at % 64;
	while (!left) {
		if (++word == x->words)
			return n;
		left = rule_index_word(x, key, word);
	}
	return word * 64 + (uint32_t)__builtin_ctzll(left);
}

#endif
