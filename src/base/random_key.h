/* SPDX-License-Identifier: GPL-2.0-only */
/* random_key.h - keys of hashes, so that no capture can be made whose keys collide. */
#ifndef BASE_RANDOM_KEY_H
#define BASE_RANDOM_KEY_H 1

#include <stddef.h>
#include <string.h>
#include <sys/random.h>

/* Nothing that is printed may depend on the key: while the system has no random bytes yet,
 * it is one that is known. */
static inline void random_key(void *key, size_t n)
{
	if (getrandom(key, n, GRND_NONBLOCK) < 0)
		memset(key, 0x5a, n);
}

#endif
