/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/unpack_ahead.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/event_count.h"
#include "base/thread.h"

#define BLOCK_BYTES	(UNPACK_BUFFER_SIZE - UNPACK_BUFFER_USED)
#define BLOCKS		4u
#define THREADS_MAX	8	/* each has a megabyte */

struct block {
	uint8_t *buf;		/* the bytes are behind UNPACK_BUFFER_USED others */
	size_t size, n;
	ssize_t last;		/* what unpack_read() said behind them: above 0, 0, -1 */
};

struct unpack_ahead {
	struct unpack *u;
	pthread_t thread;
	/* Blocks from 'taken' to 'filled' are the reader's, the others the thread's. */
	struct event_count filled, taken;
	atomic_bool stop;	/* set before 'taken' advances the last time */

	/* The reader's. */
	uint64_t first;		/* the number of its first block */
	size_t given;		/* bytes of that */
	struct block block[BLOCKS];
};

static atomic_int threads;

static void fill(struct unpack *u, struct block *b)
{
	uint8_t *bytes = b->buf + UNPACK_BUFFER_USED;

	b->n = 0;
	do {
		b->last = unpack_read(u, bytes + b->n, BLOCK_BYTES - b->n);
		if (b->last > 0)
			b->n += (size_t)b->last;
	} while (b->last > 0 && b->n < BLOCK_BYTES);
}

/* False if the thread is to end.  Otherwise there is a block to fill, the 'n'th; with
 * several, the reader need not wake this thread for each. */
static bool wait_for_space(struct unpack_ahead *a, uint64_t n)
{
	if (n >= event_count_read(&a->taken) + BLOCKS)
		event_count_wait(&a->taken, n - BLOCKS / 2);
	return !atomic_load(&a->stop);
}

static void *unpack_blocks(void *arg)
{
	struct unpack_ahead *a = arg;
	ssize_t last = 1;

	pthread_setname_np(pthread_self(), "ctreplay:unpack");
	for (uint64_t n = 0; last > 0 && wait_for_space(a, n); n++) {
		struct block *b = &a->block[n % BLOCKS];

		fill(a->u, b);
		last = b->last;
		event_count_advance(&a->filled);
	}
	event_count_advance(&a->filled);	/* see first_block() */
	return NULL;
}

static void discard(struct unpack_ahead *a)
{
	event_count_destroy(&a->filled);
	event_count_destroy(&a->taken);
	for (unsigned int i = 0; i < BLOCKS; i++)
		free(a->block[i].buf);
	free(a);
	atomic_fetch_sub(&threads, 1);
}

static bool allocate(struct unpack_ahead *a)
{
	for (unsigned int i = 0; i < BLOCKS; i++) {
		a->block[i].buf = malloc(UNPACK_BUFFER_SIZE);
		a->block[i].size = UNPACK_BUFFER_SIZE;
		if (!a->block[i].buf)
			return false;
	}
	return true;
}

struct unpack_ahead *unpack_ahead_start(struct unpack *u)
{
	struct unpack_ahead *a = NULL;

	if (thread_processors() < 2)
		return NULL;
	if (atomic_fetch_add(&threads, 1) < THREADS_MAX)
		a = calloc(1, sizeof(*a));
	if (!a) {
		atomic_fetch_sub(&threads, 1);
		return NULL;
	}
	a->u = u;
	/* The reader has blocks left while the thread is woken. */
	event_count_init(&a->filled, 0);
	event_count_init(&a->taken, 0);
	if (allocate(a) && thread_start(&a->thread, unpack_blocks, a))
		return a;
	discard(a);
	return NULL;
}

/* The reader's first block, when there is one. */
static struct block *first_block(struct unpack_ahead *a)
{
	/* Waking is work for the other thread: it does it for every second block.  There
	 * is none behind the last one, but the count is as if there was. */
	if (event_count_read(&a->filled) <= a->first)
		event_count_wait(&a->filled, a->first + 2);
	return &a->block[a->first % BLOCKS];
}

static void take_block(struct unpack_ahead *a)
{
	a->first++;
	a->given = 0;
	event_count_advance(&a->taken);
}

/* The reader has all of its first block.  The last one stays, for what was said. */
static void drop_block(struct unpack_ahead *a, const struct block *b)
{
	a->given = b->n;
	if (b->last > 0)
		take_block(a);
}

ssize_t unpack_ahead_read(struct unpack_ahead *a, uint8_t *to, size_t n)
{
	struct block *b = first_block(a);

	if (a->given == b->n)
		return b->last;	/* only the last block has no bytes left here */
	if (n > b->n - a->given)
		n = b->n - a->given;
	memcpy(to, b->buf + UNPACK_BUFFER_USED + a->given, n);
	a->given += n;
	if (a->given == b->n)
		drop_block(a, b);
	return (ssize_t)n;
}

ssize_t unpack_ahead_append(struct unpack_ahead *a, struct unpack_buffer *own)
{
	struct block *b = first_block(a);
	size_t n = b->n - a->given, used = own->end - own->at;
	struct unpack_buffer new = { b->buf, b->size, UNPACK_BUFFER_USED + a->given - used,
				     UNPACK_BUFFER_USED + b->n };

	if (n == 0)
		return b->last;
	memcpy(new.bytes + new.at, own->bytes + own->at, used);
	b->buf = own->bytes;
	b->size = own->size;
	*own = new;
	drop_block(a, b);
	return (ssize_t)n;
}

void unpack_ahead_stop(struct unpack_ahead *a)
{
	if (!a)
		return;
	atomic_store(&a->stop, true);
	for (unsigned int i = 0; i < BLOCKS; i++)
		event_count_advance(&a->taken);
	pthread_join(a->thread, NULL);
	discard(a);
}
