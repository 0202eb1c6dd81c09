/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/pcapng_time.h"

#define NSEC	1000000000u
#define BINARY	0x80u

static void decimal(unsigned int digits, uint64_t ticks, uint64_t *sec,
		    uint32_t *nsec)
{
	uint64_t unit = 1;

	/* Digits beyond nanoseconds are dropped. */
	for (; digits > 9 && ticks; digits--)
		ticks /= 10;
	if (digits > 9)
		digits = 9;
	for (unsigned int i = 0; i < digits; i++)
		unit *= 10;
	*sec = ticks / unit;
	*nsec = (uint32_t)(ticks % unit * (NSEC / unit));
}

static void binary(unsigned int bits, uint64_t ticks, uint64_t *sec,
		   uint32_t *nsec)
{
	uint64_t fraction = ticks;

	*sec = 0;
	if (bits < 64) {
		*sec = ticks >> bits;
		fraction = bits ? ticks << (64 - bits) : 0;
	} else {
		fraction = ticks >> (bits - 64);
	}
	/* The upper 34 of the fraction's 64 bits are enough for nanoseconds,
	 * and their product with NSEC does not overflow. */
	*nsec = (uint32_t)(((fraction >> 30) * NSEC) >> 34);
}

void pcapng_time(uint8_t tsresol, int64_t offset, uint64_t ticks,
		 int64_t *sec, uint32_t *nsec)
{
	uint64_t whole;

	if (tsresol & BINARY)
		binary(tsresol & ~BINARY, ticks, &whole, nsec);
	else
		decimal(tsresol, ticks, &whole, nsec);
	if (whole > INT64_MAX)
		whole = INT64_MAX;
	if (__builtin_add_overflow((int64_t)whole, offset, sec))
		*sec = INT64_MAX;	/* 'whole' is not negative, so the sum is too large */
}

bool pcapng_time_is_fine(uint8_t tsresol)
{
	/* 10^-6 is 2^-6 times 5^-6, so the same limit holds for both bases. */
	return (tsresol & ~BINARY) > 6;
}
