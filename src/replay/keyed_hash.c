/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/keyed_hash.h"

#include <string.h>
#include <sys/random.h>

void keyed_hash_init(struct keyed_hash *k)
{
	if (getrandom(k->secret, sizeof(k->secret), GRND_NONBLOCK) < 0)
		memset(k->secret, 0x5a, sizeof(k->secret));
}
