/* SPDX-License-Identifier: GPL-2.0-only */
#include "rules/names.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_SLOTS 64u

void names_init(struct names *t, struct arena *arena)
{
	*t = (struct names){ .arena = arena };
}

void names_free(struct names *t)
{
	free(t->name);
	free(t->slot);
	*t = (struct names){ 0 };
}

/* FNV-1a.  The number of names is bounded by the arena, and a ruleset that is
 * made to collide only slows its own loading. */
static uint32_t hash(const char *s)
{
	uint32_t h = 2166136261u;

	while (*s)
		h = (h ^ (uint8_t)*s++) * 16777619u;
	return h;
}

static uint32_t probe(const struct names *t, const char *name)
{
	uint32_t i = hash(name) & (t->slots - 1);

	while (t->slot[i] && strcmp(t->name[t->slot[i] - 1], name))
		i = (i + 1) & (t->slots - 1);
	return i;
}

uint32_t names_find(const struct names *t, const char *name)
{
	uint32_t number = t->slots ? t->slot[probe(t, name)] : 0;

	return number ? number - 1 : NAME_NONE;
}

static bool grow(struct names *t)
{
	uint32_t slots = t->slots ? 2 * t->slots : FIRST_SLOTS;
	const char **name = realloc(t->name, slots / 2 * sizeof(*name));
	uint32_t *slot = calloc(slots, sizeof(*slot));

	if (name) {
		t->name = name;
		t->room = slots / 2;
	}
	if (!name || !slot) {
		free(slot);
		return false;
	}
	free(t->slot);
	t->slot = slot;
	t->slots = slots;
	for (uint32_t i = 0; i < t->n; i++)
		slot[probe(t, name[i])] = i + 1;
	return true;
}

uint32_t names_add(struct names *t, const char *name)
{
	uint32_t found = names_find(t, name);
	char *copy;

	if (found != NAME_NONE)
		return found;
	if (2 * (t->n + 1) > t->slots && !grow(t))
		return NAME_NONE;
	copy = arena_text(t->arena, name, strlen(name));
	if (!copy)
		return NAME_NONE;
	t->name[t->n] = copy;
	t->slot[probe(t, copy)] = t->n + 1;
	return t->n++;
}
