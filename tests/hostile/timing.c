/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * timing.c - changes the timing of threads at random; to be preloaded.
 *
 * TIMING=SEED: before a lock is taken, after one is released, before and after
 * a signal, and around read(2) and write(2), a thread sometimes sleeps for some
 * microseconds or a whole millisecond.  TIMING=none: no thread can be created.
 * PROCESSORS=N: the process sees this number of processors.
 */
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static atomic_uint_fast64_t state;

__attribute__((constructor))
static void seed(void)
{
	const char *text = getenv("TIMING");

	atomic_store(&state, text ? strtoull(text, NULL, 10) * 0x9e3779b97f4a7c15u : 0);
}

static void perhaps_sleep(void)
{
	uint64_t z = atomic_fetch_add(&state, 0x9e3779b97f4a7c15u);
	struct timespec t = { 0, 0 };

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	z ^= z >> 31;
	if (z % 4)
		return;
	t.tv_nsec = z % 64 ? (long)(z >> 32) % 50000 : 1000000;
	nanosleep(&t, NULL);
}

/* dlsym(3) returns a function as an object pointer. */
#define NEXT(name, variable)						\
	do {								\
		if (!(variable)) {					\
			void *sym = dlsym(RTLD_NEXT, name);		\
			memcpy(&(variable), &sym, sizeof(sym));		\
		}							\
	} while (0)

int pthread_create(pthread_t *thread, const pthread_attr_t *attr,
		   void *(*start)(void *), void *arg)
{
	static int (*next)(pthread_t *, const pthread_attr_t *,
			   void *(*)(void *), void *);
	const char *text = getenv("TIMING");

	if (text && strcmp(text, "none") == 0)
		return EAGAIN;
	NEXT("pthread_create", next);
	perhaps_sleep();
	return next(thread, attr, start, arg);
}

int pthread_mutex_lock(pthread_mutex_t *m)
{
	static int (*next)(pthread_mutex_t *);

	NEXT("pthread_mutex_lock", next);
	perhaps_sleep();
	return next(m);
}

int pthread_mutex_unlock(pthread_mutex_t *m)
{
	static int (*next)(pthread_mutex_t *);
	int result;

	NEXT("pthread_mutex_unlock", next);
	result = next(m);
	perhaps_sleep();
	return result;
}

int pthread_cond_signal(pthread_cond_t *c)
{
	static int (*next)(pthread_cond_t *);

	NEXT("pthread_cond_signal", next);
	perhaps_sleep();
	return next(c);
}

ssize_t read(int fd, void *buf, size_t n)
{
	static ssize_t (*next)(int, void *, size_t);

	NEXT("read", next);
	perhaps_sleep();
	return next(fd, buf, n);
}

ssize_t write(int fd, const void *buf, size_t n)
{
	static ssize_t (*next)(int, const void *, size_t);

	NEXT("write", next);
	perhaps_sleep();
	return next(fd, buf, n);
}

int sched_getaffinity(pid_t pid, size_t size, cpu_set_t *set)
{
	static int (*next)(pid_t, size_t, cpu_set_t *);
	const char *text = getenv("PROCESSORS");

	NEXT("sched_getaffinity", next);
	if (!text)
		return next(pid, size, set);
	CPU_ZERO_S(size, set);
	for (int i = 0; i < atoi(text); i++)
		CPU_SET_S(i, size, set);
	return 0;
}
