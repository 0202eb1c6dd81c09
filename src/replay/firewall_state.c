/* SPDX-License-Identifier: GPL-2.0-only */
#include <string.h>

#include "base/state_io.h"
#include "replay/firewall.h"

STATE_COVERS(struct firewall_count, 16);
STATE_COVERS(struct rule_place, 24);

#define NAME_SIZE	256u

static void count_state(struct state_io *io, struct firewall_count *c)
{
	state_u64(io, &c->packets);
	state_u64(io, &c->first);
}

void firewall_state(struct firewall *fw, struct state_io *io)
{
	state_begin(io, STATE_TAG('F', 'I', 'R', 'E'));
	count_state(io, &fw->nat);
	count_state(io, &fw->unknown);
	count_state(io, &fw->follow);
	state_u64s(io, fw->verdict, RULE_VERDICTS);
	state_end(io);
	prevented_state(&fw->prevented, io);
	rules_state(fw->rules, io);
}

/* The table, from 1; 0: no rule. */
static uint8_t table_of(const struct rule_place *p)
{
	for (uint8_t i = 0; p->chain && i < RULES_TABLES; i++)
		if (strcmp(rules_table_name((enum rules_table)i), p->table) == 0)
			return i + 1;
	return 0;
}

/* By name: the texts are the ruleset's. */
void firewall_place_state(const struct firewall *fw, struct rule_place *p,
			  struct state_io *io)
{
	uint8_t table = io->save ? table_of(p) : 0;
	char name[NAME_SIZE] = "";
	uint16_t n;

	state_below8(io, &table, RULES_TABLES + 1);
	if (!table) {
		if (!io->save)
			*p = (struct rule_place){ .chain = NULL };
		return;
	}
	n = io->save ? (uint16_t)strnlen(p->chain, NAME_SIZE - 1) : 0;
	if (io->save)
		memcpy(name, p->chain, n);
	state_below16(io, &n, NAME_SIZE);
	state_bytes(io, name, n);
	state_u32(io, &p->number);
	if (io->save)
		return;
	name[n] = '\0';
	p->table = rules_table_name((enum rules_table)(table - 1));
	p->chain = rules_chain_text(fw->rules, (enum rules_table)(table - 1), name);
	if (!p->chain)
		state_fail(io, "a chain is not there");
}
