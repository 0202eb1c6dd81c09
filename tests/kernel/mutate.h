/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * mutate.h - walks made of captures: sessions that helpers understand, spoilt
 * in ways that only a seed knows.
 */
#ifndef CHECK_KERNEL_MUTATE_H
#define CHECK_KERNEL_MUTATE_H 1

#include "frames.h"
#include "rng.h"

/*
 * Appends about 'n' frames to 'out': whole sessions of 'captures', some of
 * whose packets are lost, doubled, late, cut, split over two segments, or lie
 * about a length, an address or a port in their payload.
 */
void mutate_make(struct frames *out, uint64_t seed, size_t n,
		 const struct frames *captures, size_t ncaptures);

#endif
