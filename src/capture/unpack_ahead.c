/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/unpack_ahead.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/thread.h"

#define BLOCK_BYTES	(256u * 1024)
#define BLOCKS		4u
#define THREADS_MAX	8	/* each has a megabyte */

struct block {
	uint8_t *bytes;
	size_t n;
	ssize_t last;		/* what unpack_read() said behind them: above 0, 0, -1 */
};

struct unpack_ahead {
	struct unpack *u;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	/* Protected by the lock.  Blocks from 'taken' to 'filled' are the reader's, the
	 * others the thread's. */
	uint64_t filled, taken;
	bool stop;

	size_t given;		/* bytes of the reader's first block */
	struct block block[BLOCKS];
	uint8_t bytes[BLOCKS][BLOCK_BYTES];
};

static atomic_int threads;

static void fill(struct unpack *u, struct block *b)
{
	b->n = 0;
	do {
		b->last = unpack_read(u, b->bytes + b->n, BLOCK_BYTES - b->n);
		if (b->last > 0)
			b->n += (size_t)b->last;
	} while (b->last > 0 && b->n < BLOCK_BYTES);
}

static void *unpack_blocks(void *arg)
{
	struct unpack_ahead *a = arg;
	struct block *b;

	pthread_setname_np(pthread_self(), "ctreplay:unpack");
	pthread_mutex_lock(&a->lock);
	do {
		while (a->filled == a->taken + BLOCKS && !a->stop)
			pthread_cond_wait(&a->changed, &a->lock);
		if (a->stop)
			break;
		b = &a->block[a->filled % BLOCKS];
		pthread_mutex_unlock(&a->lock);
		fill(a->u, b);
		pthread_mutex_lock(&a->lock);
		a->filled++;
		pthread_cond_signal(&a->changed);
	} while (b->last > 0);
	pthread_mutex_unlock(&a->lock);
	return NULL;
}

static void discard(struct unpack_ahead *a)
{
	pthread_cond_destroy(&a->changed);
	pthread_mutex_destroy(&a->lock);
	free(a);
	atomic_fetch_sub(&threads, 1);
}

struct unpack_ahead *unpack_ahead_start(struct unpack *u)
{
	struct unpack_ahead *a = NULL;

	if (thread_processors() < 2)
		return NULL;
	if (atomic_fetch_add(&threads, 1) < THREADS_MAX)
		a = malloc(sizeof(*a));
	if (!a) {
		atomic_fetch_sub(&threads, 1);
		return NULL;
	}
	memset(a, 0, offsetof(struct unpack_ahead, bytes));
	a->u = u;
	for (unsigned int i = 0; i < BLOCKS; i++)
		a->block[i].bytes = a->bytes[i];
	pthread_mutex_init(&a->lock, NULL);
	pthread_cond_init(&a->changed, NULL);
	if (thread_start(&a->thread, unpack_blocks, a))
		return a;
	discard(a);
	return NULL;
}

/* The reader's first block, when there is one. */
static struct block *first_block(struct unpack_ahead *a)
{
	pthread_mutex_lock(&a->lock);
	while (a->filled == a->taken)
		pthread_cond_wait(&a->changed, &a->lock);
	pthread_mutex_unlock(&a->lock);
	return &a->block[a->taken % BLOCKS];
}

static void take_block(struct unpack_ahead *a)
{
	pthread_mutex_lock(&a->lock);
	a->taken++;
	a->given = 0;
	pthread_cond_signal(&a->changed);
	pthread_mutex_unlock(&a->lock);
}

ssize_t unpack_ahead_read(struct unpack_ahead *a, uint8_t *to, size_t n)
{
	struct block *b = first_block(a);

	if (a->given == b->n)
		return b->last;	/* only the last block has no bytes left here */
	if (n > b->n - a->given)
		n = b->n - a->given;
	memcpy(to, b->bytes + a->given, n);
	a->given += n;
	if (a->given == b->n && b->last > 0)
		take_block(a);
	return (ssize_t)n;
}

void unpack_ahead_stop(struct unpack_ahead *a)
{
	if (!a)
		return;
	pthread_mutex_lock(&a->lock);
	a->stop = true;
	pthread_cond_signal(&a->changed);
	pthread_mutex_unlock(&a->lock);
	pthread_join(a->thread, NULL);
	discard(a);
}
