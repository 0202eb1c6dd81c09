/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * compiler.h - what the hot paths tell the compiler and the processor's cache.
 */
#ifndef BASE_COMPILER_H
#define BASE_COMPILER_H 1

#include <stdbool.h>
#include <stdint.h>

#define likely(x)	__builtin_expect(!!(x), 1)
#define unlikely(x)	__builtin_expect(!!(x), 0)
#define always_inline	inline __attribute__((always_inline))
#define noinline	__attribute__((noinline))

#define CACHE_LINE 64u

/*
 * 'condition' as a number whose origin the compiler cannot see, so that it
 * computes with the number instead of making a branch.  For conditions that
 * the processor cannot predict, such as those that depend on a packet's
 * direction.
 */
static inline uint32_t opaque(bool condition)
{
	uint32_t n = condition;

	__asm__("" : "+r"(n));
	return n;
}

/* A byte that the compiler loads by itself, not together with its neighbours. */
static inline uint8_t separate(uint8_t byte)
{
	__asm__("" : "+r"(byte));
	return byte;
}

/*
 * Prefetches the cache line at 'p'.  gcc removes calls of a function that
 * contains nothing but __builtin_prefetch(), because it sees no effect; the
 * empty assembler statement keeps them.
 */
static inline void fetch(const void *p)
{
	__builtin_prefetch(p);
	__asm__ volatile("");
}

/*
 * Prefetches a line that will be written: if another processor wrote to it
 * last, one exchange between the caches is enough instead of two.
 */
static inline void fetch_to_write(const void *p)
{
#ifdef __x86_64__
	/* The compiler uses PREFETCHW only for some -march values; every 64-bit
	 * processor executes it. */
	__asm__ volatile("prefetchw %0" : : "m"(*(const char *)p));
#else
	__builtin_prefetch(p, 1);
	__asm__ volatile("");
#endif
}

#endif
