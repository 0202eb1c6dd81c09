/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * shared.h - what rules share by name (hashlimit, recent), or keep for themselves
 * for as long as the rulesets live (connlimit).
 */
#ifndef RULES_SHARED_H
#define RULES_SHARED_H 1

#include <stdint.h>

struct rules;
struct state_io;

enum shared_kind { SHARED_HASHLIMIT, SHARED_RECENT, SHARED_CONNLIMIT };

struct shared {
	struct shared *next;
	uint8_t kind, family;
	char name[64];
	void (*free)(void *data);
	void (*state)(void *data, struct state_io *io);	/* rules_state.c */
	_Alignas(16) uint8_t data[];
};

/* The data of that kind, name and family; NULL. */
void *shared_find(struct rules *r, enum shared_kind kind, unsigned int family,
		  const char *name);
/* New, zeroed data; NULL: no memory. */
void *shared_add(struct rules *r, enum shared_kind kind, unsigned int family,
		 const char *name, uint32_t size, void (*free)(void *data),
		 void (*state)(void *data, struct state_io *io));
void shared_free(struct rules *r);

#endif
