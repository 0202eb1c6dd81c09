/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/page/places.h"

#include <stdlib.h>
#include <string.h>

#define CAPACITY_MIN 64u

struct listing {
	struct places *places;
	uint8_t l3num;
};

static int compare(const void *a, const void *b)
{
	const struct place_number *x = a, *y = b;
	int order;

	if (x->l3num != y->l3num)
		return x->l3num < y->l3num ? -1 : 1;
	order = strcmp(x->place.table, y->place.table);
	if (!order)
		order = strcmp(x->place.chain, y->place.chain);
	if (order)
		return order;
	return (x->place.number > y->place.number) - (x->place.number < y->place.number);
}

static bool grow(struct places *p)
{
	size_t capacity = p->capacity ? 2 * p->capacity : CAPACITY_MIN;
	struct place_number *place = realloc(p->place, capacity * sizeof(*place));

	if (!place)
		return false;
	p->place = place;
	p->capacity = capacity;
	return true;
}

static void add(void *arg, const struct rules_entry *e)
{
	const struct listing *l = arg;
	struct places *p = l->places;

	p->failed = p->failed || (p->n == p->capacity && !grow(p));
	if (p->failed)
		return;
	p->place[p->n] = (struct place_number){
		.l3num = l->l3num, .place = { e->table, e->chain, e->number },
		.number = (uint32_t)p->n + 1,
	};
	p->n++;
}

bool places_init(struct places *p, const struct firewall *fw)
{
	static const enum ct_l3 family[2] = { CT_L3_IPV4, CT_L3_IPV6 };

	*p = (struct places){ .place = NULL };
	for (unsigned int i = 0; i < 2; i++) {
		struct listing l = { p, (uint8_t)family[i] };

		if (fw->has[i])
			rules_each(fw->rules, family[i], add, &l);
	}
	if (p->n)
		qsort(p->place, p->n, sizeof(*p->place), compare);
	return !p->failed;
}

void places_free(struct places *p)
{
	free(p->place);
}

/* Names are compared by their text once, and then found by their address: a ruleset
 * stays where it is. */
static struct place_number *recent_of(struct places *p, const struct rule_place *place)
{
	size_t hash = (uintptr_t)place->chain >> 4 ^ place->number;

	return &p->recent[hash & (PLACES_RECENT - 1)];
}

uint32_t places_find(struct places *p, uint8_t l3num, const struct rule_place *place)
{
	const struct place_number *found;
	struct place_number *recent, key = { l3num, *place, 0 };

	if (!place->chain)
		return 0;
	recent = recent_of(p, place);
	if (recent->l3num == l3num && recent->place.table == place->table &&
	    recent->place.chain == place->chain && recent->place.number == place->number)
		return recent->number;
	found = p->n ? bsearch(&key, p->place, p->n, sizeof(key), compare) : NULL;
	key.number = found ? found->number : 0;
	*recent = key;
	return key.number;
}
