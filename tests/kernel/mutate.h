/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * mutate.h - walks made from captures: sessions that helpers understand,
 * damaged at random from a seed.
 */
#ifndef CHECK_KERNEL_MUTATE_H
#define CHECK_KERNEL_MUTATE_H 1

#include "frames.h"
#include "rng.h"

/*
 * Appends about 'n' frames to 'out': whole sessions from 'captures', in which
 * some packets are lost, duplicated, late, cut, split into two segments, or
 * have another length, address or port in their payload.
 */
void mutate_make(struct frames *out, uint64_t seed, size_t n,
		 const struct frames *captures, size_t ncaptures);

#endif
