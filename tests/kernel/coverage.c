/* SPDX-License-Identifier: GPL-2.0-only */
#include "coverage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctreplay/reason.h"
#include "util.h"

enum { STATES = 10, INDEXES = 6, DIRS = 2, END_LEN = 64 };

/* The order of the kernel's enum tcp_conntrack. */
static const char *const states[STATES] = {
	"NONE", "SYN_SENT", "SYN_RECV", "ESTABLISHED", "FIN_WAIT",
	"CLOSE_WAIT", "LAST_ACK", "TIME_WAIT", "CLOSE", "SYN_SENT2"
};

static const char *const indexes[INDEXES] = {
	"SYN", "SYN/ACK", "FIN", "ACK", "RST", "none"
};

/*
 * Cells that no packet gets to.  -1 stands for all.
 */
static const struct {
	int state, index, dir;
	const char *why;
} unreachable[] = {
	{ -1, 5, -1, "no valid combination of flags lacks SYN, RST and ACK: refused before the table is read" },
	{ 0, -1, 1, "the first packet of a connection makes its original direction" },
};

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
	uint64_t cell[DIRS][INDEXES][STATES];
	uint64_t reason[ARRAY_SIZE(codes)];
	struct entry *entry;	/* by id */
	size_t n;
};

struct coverage *coverage_new(void)
{
	struct coverage *c = xmalloc(sizeof(*c));

	memset(c, 0, sizeof(*c));
	return c;
}

void coverage_restart(struct coverage *c)
{
	free(c->entry);
	c->entry = NULL;
	c->n = 0;
}

void coverage_free(struct coverage *c)
{
	coverage_restart(c);
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

static int state_number(const char *name)
{
	for (int i = 0; i < STATES; i++)
		if (name && !strcmp(name, states[i]))
			return i;
	return 0;
}

static int index_of(const char *flags)
{
	bool ack = strchr(flags, '.');

	if (strchr(flags, 'R'))
		return 4;
	if (strchr(flags, 'S'))
		return ack ? 1 : 0;
	if (strchr(flags, 'F'))
		return 2;
	return ack ? 3 : 5;
}

/* Packets that tcp_error() refuses do not get as far as the table. */
static bool reached_table(const char *code)
{
	static const char *const before[] = {
		"tcp-short", "tcp-truncated", "tcp-checksum", "tcp-flags",
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
	for (size_t i = 0; i < c->n; i++) {
		struct entry *e = &c->entry[i];
		bool forth = !strcmp(e->end[0], end[0]) &&
			     !strcmp(e->end[1], end[1]);
		bool back = !strcmp(e->end[0], end[1]) &&
			    !strcmp(e->end[1], end[0]);

		if (e->gone || e->state < 7 || (!forth && !back))
			continue;
		c->cell[forth ? 0 : 1][index][e->state]++;
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

static void count_cell(struct coverage *c, const struct json *j,
		       const char *flags)
{
	const char *word = json_get(j, "ctstate");
	uint64_t id = json_number(j, "id");
	int index = index_of(flags);
	bool invalid = word && !strcmp(word, "INVALID"), reply;
	char end[2][END_LEN];
	struct entry *e;

	name_ends(j, end);
	if (!id) {
		c->cell[0][index][0]++;
		return;
	}
	e = entry_of(c, id);
	if (e->gone) {
		count_reopened(c, end, index);
		c->cell[0][index][0]++;
		memcpy(e->end, end, sizeof(e->end));
		e->gone = e->replied = false;
		e->state = state_number(json_get(j, "state"));
		return;
	}
	reply = strcmp(e->end[0], end[0]) || strcmp(e->end[1], end[1]);
	c->cell[reply][index][e->state]++;
	e->state = state_number(json_get(j, "state"));
	if (invalid)
		return;
	/* An entry that has seen no reply goes with a reset. */
	if (reply && index != 4)
		e->replied = true;
	else if (index == 4 && !e->replied && !json_get(j, "reason"))
		e->gone = true;
}

void coverage_packet(void *arg, uint64_t number, const struct json *j)
{
	struct coverage *c = arg;
	const char *proto = json_get(j, "proto"), *flags = json_get(j, "flags");
	const char *code = json_get(j, "reason_code");

	(void)number;
	count_reasons(c, code, json_get(j, "reason"));
	if (proto && flags && !strcmp(proto, "tcp") && reached_table(code))
		count_cell(c, j, flags);
}

static const char *why_unreachable(int state, int index, int dir)
{
	for (size_t i = 0; i < ARRAY_SIZE(unreachable); i++)
		if ((unreachable[i].state < 0 || unreachable[i].state == state) &&
		    (unreachable[i].index < 0 || unreachable[i].index == index) &&
		    (unreachable[i].dir < 0 || unreachable[i].dir == dir))
			return unreachable[i].why;
	return NULL;
}

static unsigned int print_direction(const struct coverage *c, int dir)
{
	unsigned int missed = 0;

	printf("%-8s", dir ? "reply" : "original");
	for (int s = 0; s < STATES; s++)
		printf(" %11s", states[s]);
	putchar('\n');
	for (int i = 0; i < INDEXES; i++) {
		printf("%-8s", indexes[i]);
		for (int s = 0; s < STATES; s++) {
			uint64_t hits = c->cell[dir][i][s];
			bool can = !why_unreachable(s, i, dir);

			if (hits || can)
				printf(" %11llu", (unsigned long long)hits);
			else
				printf(" %11s", "-");
			missed += can && !hits;
		}
		putchar('\n');
	}
	return missed;
}

unsigned int coverage_print(const struct coverage *c)
{
	unsigned int missed;

	printf("hits by TCP state before the packet, flags and direction:\n");
	missed = print_direction(c, 0) + print_direction(c, 1);
	for (size_t i = 0; i < ARRAY_SIZE(unreachable); i++)
		printf("- cannot be reached: %s\n", unreachable[i].why);
	printf("hits by reason:\n");
	for (size_t i = 1; i < ARRAY_SIZE(codes); i++)
		printf("  %10llu  %s\n", (unsigned long long)c->reason[i],
		       codes[i]);
	return missed;
}
