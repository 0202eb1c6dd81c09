/* SPDX-License-Identifier: GPL-2.0-only */
#include "coverage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctreplay/reason.h"
#include "machine.h"
#include "util.h"

enum { DIRS = 2, END_LEN = 64 };

static const char *const codes[] = {
#define REASON(sym, code, origin, text) code,
	CT_REASONS(REASON)
#undef REASON
};

static const char *const texts[] = {
#define REASON(sym, code, origin, text) text,
	CT_REASONS(REASON)
#undef REASON
};

struct entry {
	char end[2][END_LEN];	/* "address port" of the original source, destination */
	int state;
	bool replied, gone;
};

struct coverage {
	uint64_t cell[MACHINES][DIRS][MACHINE_ROWS][MACHINE_STATES];
	uint64_t reason[ARRAY_SIZE(codes)];
	const struct frames *frames;
	struct entry *entry;	/* by id */
	size_t n;
};

struct coverage *coverage_new(void)
{
	struct coverage *c = xmalloc(sizeof(*c));

	memset(c, 0, sizeof(*c));
	return c;
}

void coverage_restart(struct coverage *c, const struct frames *fs)
{
	c->frames = fs;
	free(c->entry);
	c->entry = NULL;
	c->n = 0;
}

void coverage_free(struct coverage *c)
{
	coverage_restart(c, NULL);
	free(c);
}

/* Whether 'text' is 'format' with something for each placeholder. */
static bool is_text_of(const char *format, const char *text)
{
	while (*format && *format != '%') {
		if (*format++ != *text++)
			return false;
	}
	if (!*format)
		return !*text || !strncmp(text, "; ", 2);
	for (format += 2; *text; )
		if (is_text_of(format, ++text))
			return true;
	return false;
}

/*
 * The code is that of the first reason; a second one, which a few packets
 * have, is known by its words.
 */
static void count_reasons(struct coverage *c, const char *code,
			  const char *reason)
{
	const char *second = reason ? strstr(reason, "; ") : NULL;

	for (size_t i = 0; code && i < ARRAY_SIZE(codes); i++)
		c->reason[i] += !strcmp(codes[i], code);
	for (size_t i = 1; second && i < ARRAY_SIZE(codes); i++)
		if (is_text_of(texts[i], second + 2)) {
			c->reason[i]++;
			break;
		}
}

/* What the trackers' error checks refuse does not get as far as the table. */
static bool reached_table(const char *code)
{
	static const char *const before[] = {
		"tcp-short", "tcp-truncated", "tcp-checksum", "tcp-flags",
		"sctp-short", "sctp-crc", "sctp-chunks", "sctp-no-chunk",
		"no-tuple", "no-transport", "notrack", "table-full"
	};

	for (size_t i = 0; code && i < ARRAY_SIZE(before); i++)
		if (!strcmp(code, before[i]))
			return false;
	return true;
}

static void name_ends(const struct json *j, char end[2][END_LEN])
{
	const char *src = json_get(j, "src"), *dst = json_get(j, "dst");

	snprintf(end[0], END_LEN, "%s %u", src ? src : "",
		 (unsigned int)json_number(j, "sport"));
	snprintf(end[1], END_LEN, "%s %u", dst ? dst : "",
		 (unsigned int)json_number(j, "dport"));
}

/* A connection that this SYN ended by reopening it. */
static void count_reopened(struct coverage *c, char end[2][END_LEN], int index)
{
	uint64_t (*cell)[MACHINE_ROWS][MACHINE_STATES] = c->cell[0];

	for (size_t i = 0; i < c->n; i++) {
		struct entry *e = &c->entry[i];
		bool forth = !strcmp(e->end[0], end[0]) &&
			     !strcmp(e->end[1], end[1]);
		bool back = !strcmp(e->end[0], end[1]) &&
			    !strcmp(e->end[1], end[0]);

		if (e->gone || e->state < 7 || (!forth && !back))
			continue;
		cell[forth ? 0 : 1][index][e->state]++;
		e->gone = true;
	}
}

static struct entry *entry_of(struct coverage *c, uint64_t id)
{
	if (id >= c->n) {
		c->entry = xrealloc(c->entry, (id + 1) * sizeof(*c->entry));
		memset(c->entry + c->n, 0, (id + 1 - c->n) * sizeof(*c->entry));
		for (size_t i = c->n; i <= id; i++)
			c->entry[i].gone = true;
		c->n = id + 1;
	}
	return &c->entry[id];
}

static void begin_entry(struct entry *e, const struct machine *m,
			const struct json *j, char end[2][END_LEN])
{
	memcpy(e->end, end, sizeof(e->end));
	e->gone = e->replied = false;
	e->state = machine_state(m, json_get(j, "state"));
}

/* A reset kills a TCP entry that has seen no reply. */
static void note_reset(struct entry *e, const struct json *j, int row,
		       bool reply)
{
	enum { RST = 4 };

	if (reply && row != RST)
		e->replied = true;
	else if (row == RST && !e->replied && !json_get(j, "reason"))
		e->gone = true;
}

static void count_cell(struct coverage *c, const struct machine *m,
		       const struct json *j, int row)
{
	uint64_t (*cell)[MACHINE_ROWS][MACHINE_STATES] = c->cell[m - machines];
	const char *word = json_get(j, "ctstate");
	uint64_t id = json_number(j, "id");
	bool is_tcp = m == machines, reply;
	char end[2][END_LEN];
	struct entry *e;

	name_ends(j, end);
	if (!id) {
		cell[0][row][0]++;
		return;
	}
	e = entry_of(c, id);
	if (e->gone) {
		if (is_tcp)
			count_reopened(c, end, row);
		cell[0][row][0]++;
		begin_entry(e, m, j, end);
		return;
	}
	reply = strcmp(e->end[0], end[0]) || strcmp(e->end[1], end[1]);
	cell[reply][row][e->state]++;
	e->state = machine_state(m, json_get(j, "state"));
	if (is_tcp && !(word && !strcmp(word, "INVALID")))
		note_reset(e, j, row, reply);
}

void coverage_packet(void *arg, uint64_t number, const struct json *j)
{
	struct coverage *c = arg;
	const char *proto = json_get(j, "proto");
	const char *code = json_get(j, "reason_code");
	const struct machine *m = proto ? machine_find(proto) : NULL;
	int row;

	count_reasons(c, code, json_get(j, "reason"));
	if (!m || number > c->frames->n || !reached_table(code))
		return;
	row = m->row(&c->frames->v[number - 1]);
	if (row >= 0)
		count_cell(c, m, j, row);
}

static unsigned int print_direction(const struct coverage *c,
				    const struct machine *m, int dir)
{
	const uint64_t (*cell)[MACHINE_STATES] = c->cell[m - machines][dir];
	unsigned int missed = 0;

	printf("%-14s", dir ? "reply" : "original");
	for (size_t s = 0; s < m->nstates; s++)
		printf(" %11.11s", m->states[s]);
	putchar('\n');
	for (size_t i = 0; i < m->nrows; i++) {
		printf("%-14s", m->rows[i]);
		for (size_t s = 0; s < m->nstates; s++) {
			bool can = !machine_hole(m, (int)s, (int)i, dir);

			if (cell[i][s] || can)
				printf(" %11llu", (unsigned long long)cell[i][s]);
			else
				printf(" %11s", "-");
			missed += can && !cell[i][s];
		}
		putchar('\n');
	}
	return missed;
}

static unsigned int print_machine(const struct coverage *c,
				  const struct machine *m)
{
	unsigned int missed;

	printf("hits by %s state before the packet, kind of packet and direction:\n",
	       m->proto);
	missed = print_direction(c, m, 0) + print_direction(c, m, 1);
	for (size_t i = 0; i < m->nholes; i++)
		printf("- cannot be reached: %s\n", m->holes[i].why);
	return missed;
}

static bool any_hit(const struct coverage *c, size_t machine)
{
	static const uint64_t none[DIRS][MACHINE_ROWS][MACHINE_STATES];

	return memcmp(c->cell[machine], none, sizeof(none)) != 0;
}

unsigned int coverage_print(const struct coverage *c)
{
	unsigned int missed = print_machine(c, &machines[0]);

	for (size_t i = 1; i < MACHINES; i++)
		if (any_hit(c, i))
			print_machine(c, &machines[i]);
	printf("hits by reason:\n");
	for (size_t i = 1; i < ARRAY_SIZE(codes); i++)
		printf("  %10llu  %s\n", (unsigned long long)c->reason[i],
		       codes[i]);
	return missed;
}
