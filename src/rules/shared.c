/* SPDX-License-Identifier: GPL-2.0-only */
#include "rules/shared.h"

#include <stdio.h>
#include <stdlib.h>

#include "rules/program.h"

void *shared_find(struct rules *r, enum shared_kind kind, unsigned int family,
		  const char *name)
{
	for (struct shared *s = r->shared; s; s = s->next)
		if (s->kind == kind && s->family == family &&
		    !strcmp(s->name, name))
			return s->data;
	return NULL;
}

void *shared_add(struct rules *r, enum shared_kind kind, unsigned int family,
		 const char *name, uint32_t size, void (*free_data)(void *data),
		 void (*state)(void *data, struct state_io *io))
{
	struct shared *s = calloc(1, sizeof(*s) + size);

	if (!s)
		return NULL;
	s->kind = (uint8_t)kind;
	s->family = (uint8_t)family;
	snprintf(s->name, sizeof(s->name), "%s", name);
	s->free = free_data;
	s->state = state;
	s->next = r->shared;
	r->shared = s;
	return s->data;
}

void shared_free(struct rules *r)
{
	while (r->shared) {
		struct shared *s = r->shared;

		r->shared = s->next;
		s->free(s->data);
		free(s);
	}
}
