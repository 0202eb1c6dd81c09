/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/dedup.h"

#include <stdlib.h>
#include <string.h>

#include "base/random_key.h"

#define SETS_LOG2	16u	/* with four packets each: 4 MiB */

/* What is masked lies within these bytes, except behind long extension headers. */
#define HEAD_BYTES	128u

#define TCP_CHECKSUM	16u
#define UDP_CHECKSUM	6u

bool dedup_init(struct dedup *d, uint64_t window)
{
	*d = (struct dedup){ .window = window };
	if (!window)
		return true;
	random_key(d->key, sizeof(d->key));
	d->set = calloc(1u << SETS_LOG2, sizeof(*d->set));
	return d->set != NULL;
}

void dedup_free(struct dedup *d)
{
	free(d->set);
}

static inline uint64_t multiply(uint64_t a, uint64_t b)
{
	__uint128_t product = (__uint128_t)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* Each 16 bytes are multiplied with what came before, under the key. */
static uint64_t hash_bytes(const struct dedup *d, uint64_t h, const uint8_t *p,
			   uint32_t n)
{
	uint64_t word[2];

	for (; n >= sizeof(word); n -= sizeof(word), p += sizeof(word)) {
		memcpy(word, p, sizeof(word));
		h = multiply(word[0] ^ d->key[0] ^ h, word[1] ^ d->key[1]);
	}
	memset(word, 0, sizeof(word));
	memcpy(word, p, n);
	return multiply(word[0] ^ d->key[2] ^ h, word[1] ^ d->key[3] ^ n);
}

/* Clears what may differ between copies; 'n' bytes of the packet are at 'h'. */
static void mask_head(uint8_t *h, uint32_t n, const struct ct_packet *pkt)
{
	uint32_t sum = pkt->l4off + (pkt->protonum == CT_L4_TCP ? TCP_CHECKSUM :
								  UDP_CHECKSUM);

	if (pkt->l3num == CT_L3_IPV4) {
		h[1] = 0;			/* DS field and ECN */
		h[8] = 0;			/* TTL */
		h[10] = h[11] = 0;		/* header checksum */
	} else {
		h[0] &= 0xf0;			/* traffic class */
		h[1] &= 0x0f;
		h[7] = 0;			/* hop limit */
	}
	if (pkt->flags & (CT_PACKET_FRAGMENT | CT_PACKET_NO_L4))
		return;
	if ((pkt->protonum == CT_L4_TCP || pkt->protonum == CT_L4_UDP) &&
	    n >= 2 && sum <= n - 2)
		h[sum] = h[sum + 1] = 0;
}

uint64_t dedup_hash(const struct dedup *d, const struct ct_packet *pkt)
{
	uint8_t head[HEAD_BYTES] = { 0 };
	uint32_t n = pkt->caplen < HEAD_BYTES ? pkt->caplen : HEAD_BYTES;
	uint64_t h;

	memcpy(head, pkt->data, n);
	mask_head(head, n, pkt);
	h = hash_bytes(d, pkt->len ^ (uint64_t)pkt->l3num << 32, head, HEAD_BYTES);
	if (pkt->caplen > n)
		h = hash_bytes(d, h, pkt->data + n, pkt->caplen - n);
	return h ? h : 1;	/* an empty place has 0 */
}

static inline bool is_within(const struct dedup *d, uint64_t a, uint64_t b)
{
	return (a > b ? a - b : b - a) <= d->window;
}

bool dedup_is_copy(struct dedup *d, uint64_t hash, uint64_t time)
{
	struct dedup_slot *set = d->set[hash >> (64 - SETS_LOG2)];
	struct dedup_slot *oldest = set;

	for (unsigned int i = 0; i < DEDUP_WAYS; i++) {
		if (set[i].hash == hash) {
			if (is_within(d, set[i].time, time))
				return true;
			oldest = &set[i];	/* its time is over */
			break;
		}
		if (set[i].time < oldest->time)
			oldest = &set[i];
	}
	if (oldest->hash && oldest->hash != hash && is_within(d, oldest->time, time))
		d->forgotten++;
	*oldest = (struct dedup_slot){ hash, time };
	return false;
}

void dedup_state(struct dedup *d, struct state_io *io)
{
	struct dedup_slot *slot = d->set ? d->set[0] : NULL;
	uint32_t n = d->set ? DEDUP_WAYS << SETS_LOG2 : 0, at = 0;

	state_begin(io, STATE_TAG('D', 'D', 'U', 'P'));
	state_u64(io, &d->forgotten);
	state_u64s(io, d->key, sizeof(d->key) / sizeof(d->key[0]));
	for (uint32_t i = 0; io->save && i < n; i++) {
		if (!slot[i].hash)
			continue;
		state_u32(io, &i);
		state_u64(io, &slot[i].hash);
		state_u64(io, &slot[i].time);
	}
	while (!io->save && state_more(io)) {
		state_below32(io, &at, n);
		if (state_failed(io))
			break;
		state_u64(io, &slot[at].hash);
		state_u64(io, &slot[at].time);
	}
	state_end(io);
}
