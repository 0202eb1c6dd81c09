/* SPDX-License-Identifier: GPL-2.0-only */
/* xxh64.c - names and steps are those of the specification (xxHash fast digest
 * algorithm, version 0.1.1). */
#include "base/xxh64.h"

#include "base/little.h"

#define PRIME1	0x9e3779b185ebca87u
#define PRIME2	0xc2b2ae3d27d4eb4fu
#define PRIME3	0x165667b19e3779f9u
#define PRIME4	0x85ebca77c2b2ae63u
#define PRIME5	0x27d4eb2f165667c5u

#define LANES	4u
#define STRIPE	(LANES * 8u)

static uint64_t rotate(uint64_t v, unsigned int by)
{
	return v << by | v >> (64 - by);
}

static uint64_t take_lane(uint64_t acc, uint64_t lane)
{
	return rotate(acc + lane * PRIME2, 31) * PRIME1;
}

/* Steps 2 and 3: whole stripes. */
static uint64_t take_stripes(const uint8_t *p, size_t stripes, uint64_t seed)
{
	uint64_t acc[LANES] = { seed + PRIME1 + PRIME2, seed + PRIME2, seed,
				seed - PRIME1 };
	uint64_t sum;

	for (; stripes; stripes--, p += STRIPE)
		for (unsigned int i = 0; i < LANES; i++)
			acc[i] = take_lane(acc[i], load_le64(p + 8 * i));
	sum = rotate(acc[0], 1) + rotate(acc[1], 7) + rotate(acc[2], 12) +
	      rotate(acc[3], 18);
	for (unsigned int i = 0; i < LANES; i++)
		sum = (sum ^ take_lane(0, acc[i])) * PRIME1 + PRIME4;
	return sum;
}

/* Steps 5 and 6: less than a stripe, and the final mix. */
static uint64_t take_rest(const uint8_t *p, size_t n, uint64_t acc)
{
	for (; n >= 8; n -= 8, p += 8)
		acc = rotate(acc ^ take_lane(0, load_le64(p)), 27) * PRIME1 + PRIME4;
	for (; n >= 4; n -= 4, p += 4)
		acc = rotate(acc ^ load_le32(p) * PRIME1, 23) * PRIME2 + PRIME3;
	for (; n; n--, p++)
		acc = rotate(acc ^ *p * PRIME5, 11) * PRIME1;
	acc = (acc ^ acc >> 33) * PRIME2;
	acc = (acc ^ acc >> 29) * PRIME3;
	return acc ^ acc >> 32;
}

uint64_t xxh64(const void *data, size_t n, uint64_t seed)
{
	const uint8_t *p = data;
	size_t stripes = n / STRIPE;
	uint64_t acc = stripes ? take_stripes(p, stripes, seed) : seed + PRIME5;

	return take_rest(p + stripes * STRIPE, n % STRIPE, acc + n);
}
