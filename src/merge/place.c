/* SPDX-License-Identifier: GPL-2.0-only */
#include "merge/place.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool read_number(const char *s, uint32_t *number)
{
	char *end, again[24];
	unsigned long n;

	*number = 0;
	if (strcmp(s, "policy") == 0)
		return true;
	n = strtoul(s, &end, 10);
	snprintf(again, sizeof(again), "%lu", n);
	*number = (uint32_t)n;
	return *end == '\0' && n > 0 && n <= UINT32_MAX && strcmp(s, again) == 0;
}

bool place_read(struct rule_place *p, char storage[PLACE_SIZE], const char *text)
{
	char *chain, *number;

	/* The report does not escape it. */
	if (strlen(text) >= PLACE_SIZE || strpbrk(text, "\"\\"))
		return false;
	strcpy(storage, text);
	chain = strchr(storage, ':');
	number = chain ? strrchr(chain + 1, ':') : NULL;
	if (!number)
		return false;
	*chain++ = *number++ = '\0';
	p->table = storage;
	p->chain = chain;
	return *storage && *chain && read_number(number, &p->number);
}
