/* SPDX-License-Identifier: GPL-2.0-only */
#include "base/thread.h"

#include <limits.h>
#include <sched.h>
#include <signal.h>

#define STACK_BYTES	(512u * 1024)

unsigned int thread_processors(void)
{
#ifdef CTREPLAY_THREADS	/* in tests */
	return CTREPLAY_THREADS;
#else
	cpu_set_t set;

	return sched_getaffinity(0, sizeof(set), &set) == 0 ?
	       (unsigned int)CPU_COUNT(&set) : UINT_MAX;
#endif
}

bool thread_start(pthread_t *id, void *(*run)(void *), void *arg)
{
	pthread_attr_t attr;
	sigset_t all, old;
	bool ok;

	if (pthread_attr_init(&attr) != 0)
		return false;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	ok = pthread_attr_setstacksize(&attr, STACK_BYTES) == 0 &&
	     pthread_create(id, &attr, run, arg) == 0;
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	pthread_attr_destroy(&attr);
	return ok;
}
