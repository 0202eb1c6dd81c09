/* SPDX-License-Identifier: GPL-2.0-only */
/* hosts.h - addresses, each of which gets a number in the order of their use. */
#ifndef REPLAY_PAGE_HOSTS_H
#define REPLAY_PAGE_HOSTS_H 1

#include <stdbool.h>

#include "replay/hash_index.h"
#include "replay/keyed_hash.h"
#include "report/page.h"

struct hosts {
	struct page_host *host;
	uint32_t n;
	struct hash_index index;
	struct keyed_hash hash;
};

void hosts_init(struct hosts *h);
void hosts_free(struct hosts *h);

/*
 * The number of the address plus 1, which is made if need be and there are fewer than
 * 'most'; 0: it has none.  False: no memory.
 */
bool hosts_find(struct hosts *h, const union ct_addr *a, uint8_t l3num, uint32_t most,
		uint32_t *number);

#endif
