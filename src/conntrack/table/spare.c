/* SPDX-License-Identifier: GPL-2.0-only */
#include "conntrack/table/spare.h"

#include <stdlib.h>
#include <string.h>

#include "conntrack/table/table.h"

#define PAGE	4096u
#define AT_WORK	1u	/* in 'wanted': a thread is getting it */

void spare_want(struct spare *s, size_t size)
{
	if (s->asked == size)
		return;
	s->asked = size;
	atomic_store(&s->wanted, size);
}

void *spare_take(struct spare *s, size_t size)
{
	void *memory;

	s->asked = 0;
	/* In this order: a thread at work that is too late finds out, below. */
	atomic_store(&s->wanted, 0);
	memory = atomic_exchange(&s->memory, NULL);
	if (!memory)
		return NULL;
	if (*(size_t *)memory != size) {
		free(memory);
		return NULL;
	}
	*(size_t *)memory = 0;
	return memory;
}

/* Writes to each page, so that the system provides it now. */
static void *get_ready(size_t size, bool zeros)
{
	char *memory = memory_get(size);

	if (!memory)
		return NULL;
	if (zeros)
		memset(memory, 0, size);
	else
		for (size_t at = 0; at < size; at += PAGE)
			((volatile char *)memory)[at] = 0;
	*(size_t *)(void *)memory = size;
	return memory;
}

void spare_provide(struct spare *s)
{
	size_t size = atomic_load_explicit(&s->wanted, memory_order_relaxed);
	size_t now = size | AT_WORK;
	void *memory;

	if (likely(!size) || size & AT_WORK ||
	    !atomic_compare_exchange_strong(&s->wanted, &size, now))
		return;
	memory = get_ready(size, s->zeros);
	if (memory)
		free(atomic_exchange(&s->memory, memory));
	/* What came too late stays if the same is wanted again. */
	if (!atomic_compare_exchange_strong(&s->wanted, &now, 0) &&
	    (now != size || !atomic_compare_exchange_strong(&s->wanted, &now, 0)))
		free(atomic_exchange(&s->memory, NULL));
}

void spare_free(struct spare *s)
{
	free(atomic_load(&s->memory));
}
