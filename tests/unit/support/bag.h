/* SPDX-License-Identifier: GPL-2.0-only */
/* bag.h - bytes in memory, to save a state to and load it from. */
#ifndef BAG_H
#define BAG_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bag {
	uint8_t *p;
	size_t n, capacity;
	size_t at;		/* read so far */
	size_t room;		/* bytes that may be written; 0: no limit */
};

bool bag_write(void *bag, const void *data, size_t n);
size_t bag_read(void *bag, void *data, size_t n);
void bag_free(struct bag *bag);

#endif
