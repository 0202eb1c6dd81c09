/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * xxh64.h - the checksum XXH64 of the xxHash specification: finds damage, at the
 * speed of memory.  It does not protect from a person who damages a file on purpose.
 */
#ifndef BASE_XXH64_H
#define BASE_XXH64_H 1

#include <stddef.h>
#include <stdint.h>

uint64_t xxh64(const void *data, size_t n, uint64_t seed);

#endif
