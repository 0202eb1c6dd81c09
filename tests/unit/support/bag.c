/* SPDX-License-Identifier: GPL-2.0-only */
#include "support/bag.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

bool bag_write(void *arg, const void *data, size_t n)
{
	struct bag *bag = arg;

	if (bag->room && bag->n + n > bag->room) {
		errno = ENOSPC;
		return false;
	}
	if (bag->n + n > bag->capacity) {
		size_t capacity = (bag->n + n) * 2;
		uint8_t *p = realloc(bag->p, capacity);

		if (!p)
			return false;
		bag->p = p;
		bag->capacity = capacity;
	}
	memcpy(bag->p + bag->n, data, n);
	bag->n += n;
	return true;
}

size_t bag_read(void *arg, void *data, size_t n)
{
	struct bag *bag = arg;

	if (n > bag->n - bag->at)
		n = bag->n - bag->at;
	if (n)
		memcpy(data, bag->p + bag->at, n);
	bag->at += n;
	return n;
}

void bag_free(struct bag *bag)
{
	free(bag->p);
	*bag = (struct bag){ .p = NULL };
}
