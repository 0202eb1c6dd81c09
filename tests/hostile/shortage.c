/* SPDX-License-Identifier: GPL-2.0-only */
#include "shortage.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __SANITIZE_ADDRESS__
#define OURS(name)	__wrap_##name
#define REAL(name)	__real_##name
#else
#define OURS(name)	name
#define REAL(name)	__libc_##name
#endif

void *REAL(malloc)(size_t size);
void *REAL(calloc)(size_t n, size_t size);
void *REAL(realloc)(void *p, size_t size);
void REAL(free)(void *p);
void *OURS(malloc)(size_t size);
void *OURS(calloc)(size_t n, size_t size);
void *OURS(realloc)(void *p, size_t size);
void *OURS(aligned_alloc)(size_t align, size_t size);
void OURS(free)(void *p);
#ifdef __SANITIZE_ADDRESS__
void *REAL(aligned_alloc)(size_t align, size_t size);
char *OURS(strdup)(const char *s);
#else
/* glibc's own name for it. */
void *__libc_memalign(size_t align, size_t size);
#define __libc_aligned_alloc __libc_memalign
#endif

#define CALLER __builtin_return_address(0)

static atomic_bool armed, paused, lasting, hit;
static atomic_ulong count, fail_at;
static atomic_long in_use;

void shortage_begin(unsigned long at, bool last)
{
	atomic_store(&count, 0);
	atomic_store(&fail_at, at);
	atomic_store(&lasting, last);
	atomic_store(&hit, false);
	atomic_store(&armed, true);
}

void shortage_pause(bool pause)
{
	atomic_store(&paused, pause);
}

unsigned long shortage_end(void)
{
	atomic_store(&armed, false);
	return atomic_load(&count);
}

bool shortage_hit(void)
{
	return atomic_load(&hit);
}

long shortage_in_use(void)
{
#ifdef __SANITIZE_ADDRESS__
	return 0;	/* the memory of libraries is unknown here; the sanitizer finds leaks */
#else
	return atomic_load(&in_use);
#endif
}

/*
 * Of the libraries only libpcap, those that decompress and the C library run short.
 */
static bool spared(const void *caller)
{
	Dl_info info;

	return dladdr(caller, &info) && info.dli_fname &&
	       strstr(info.dli_fname, "/lib") &&
	       !strstr(info.dli_fname, "/libc.so") &&
	       !strstr(info.dli_fname, "/libz.so") &&
	       !strstr(info.dli_fname, "/libzstd.so") &&
	       !strstr(info.dli_fname, "/liblzma.so") &&
	       !strstr(info.dli_fname, "/liblz4.so") &&
	       !strstr(info.dli_fname, "/libbz2.so") &&
	       !strstr(info.dli_fname, "/libpcap.so");
}

static bool refused(const void *caller)
{
	unsigned long n, at;

	if (!atomic_load(&armed) || atomic_load(&paused) ||
	    spared(caller))
		return false;
	n = atomic_fetch_add(&count, 1) + 1;
	at = atomic_load(&fail_at);
	if (!at || n < at || (n > at && !atomic_load(&lasting)))
		return false;
	atomic_store(&hit, true);
	errno = ENOMEM;
	return true;
}

static void *given(void *p)
{
	if (p)
		atomic_fetch_add(&in_use, 1);
	return p;
}

void *OURS(malloc)(size_t size)
{
	return refused(CALLER) ? NULL : given(REAL(malloc)(size));
}

void *OURS(calloc)(size_t n, size_t size)
{
	return refused(CALLER) ? NULL : given(REAL(calloc)(n, size));
}

void *OURS(realloc)(void *p, size_t size)
{
	void *to;

	if (refused(CALLER))
		return NULL;
	to = REAL(realloc)(p, size);
	return p ? to : given(to);
}

void *OURS(aligned_alloc)(size_t align, size_t size)
{
	return refused(CALLER) ? NULL : given(REAL(aligned_alloc)(align, size));
}

void OURS(free)(void *p)
{
	if (p)
		atomic_fetch_sub(&in_use, 1);
	REAL(free)(p);
}

#ifdef __SANITIZE_ADDRESS__
char *OURS(strdup)(const char *s)
{
	size_t n = strlen(s) + 1;
	char *to = OURS(malloc)(n);

	return to ? memcpy(to, s, n) : NULL;
}
#endif
