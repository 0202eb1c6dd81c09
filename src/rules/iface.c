/* SPDX-License-Identifier: GPL-2.0-only */
#include "rules/iface.h"

#include <stdlib.h>
#include <string.h>

bool ifaces_init(struct ifaces *t, struct arena *arena)
{
	*t = (struct ifaces){ .arena = arena };
	names_init(&t->names, arena);
	names_init(&t->patterns, arena);
	return ifaces_get(t, "") != NULL;
}

void ifaces_free(struct ifaces *t)
{
	for (uint32_t i = 0; i < t->n; i++)
		free(t->iface[i]->bits);
	free(t->iface);
	names_free(&t->names);
	names_free(&t->patterns);
}

/* A pattern ends in '+' where any longer name will do; "+" is any, none too. */
static bool pattern_fits(const char *pattern, const char *name)
{
	size_t n = strlen(pattern);

	if (n && pattern[n - 1] == '+')
		return !strncmp(pattern, name, n - 1);
	return !strcmp(pattern, name);
}

bool iface_learn(struct ifaces *t, struct rules_iface *i)
{
	uint32_t words = t->patterns.n / 64 + 1;

	if (words > i->nwords) {
		uint64_t *bits = realloc(i->bits, 2 * words * sizeof(*bits));

		if (!bits)
			return false;
		memset(bits + i->nwords, 0,
		       (2 * words - i->nwords) * sizeof(*bits));
		i->bits = bits;
		i->nwords = 2 * words;
	}
	for (; i->npatterns < t->patterns.n; i->npatterns++)
		if (pattern_fits(t->patterns.name[i->npatterns], i->name))
			i->bits[i->npatterns / 64] |= 1ull << i->npatterns % 64;
	return true;
}

static struct rules_iface *add(struct ifaces *t, const char *name)
{
	struct rules_iface *i;
	uint32_t number;

	if (strlen(name) > IFACE_NAME_MAX || t->n == IFACES_MAX)
		return NULL;
	if (t->n == t->room) {
		uint32_t room = t->room ? 2 * t->room : 8;
		struct rules_iface **p = realloc(t->iface, room * sizeof(*p));

		if (!p)
			return NULL;
		t->iface = p;
		t->room = room;
	}
	number = names_add(&t->names, name);
	i = number == NAME_NONE ? NULL : arena_alloc(t->arena, sizeof(*i));
	if (!i)
		return NULL;
	i->name = t->names.name[number];
	i->number = (uint16_t)number;
	t->iface[t->n++] = i;
	return iface_learn(t, i) ? i : NULL;
}

struct rules_iface *ifaces_get(struct ifaces *t, const char *name)
{
	uint32_t number = names_find(&t->names, name);

	if (number != NAME_NONE && number < t->n)
		return t->iface[number];
	return add(t, name);
}

uint32_t ifaces_pattern(struct ifaces *t, const char *text)
{
	uint32_t n = names_add(&t->patterns, text);

	if (n == NAME_NONE)
		return 0;
	for (uint32_t i = 0; i < t->n; i++)
		if (!iface_learn(t, t->iface[i]))
			return 0;
	return n + 1;
}
