/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pcapng_time.h - stamps in the units that an interface chose.
 */
#ifndef CAPTURE_PCAPNG_TIME_H
#define CAPTURE_PCAPNG_TIME_H 1

#include <stdbool.h>
#include <stdint.h>

/*
 * 'ticks' of the resolution 'tsresol' (if_tsresol: 10^-n, or 2^-n where the
 * highest bit is set), plus 'offset' seconds (if_tsoffset).  Whatever they
 * are, '*sec' is the nearest that 64 bits hold, and '*nsec' is below a second.
 */
void pcapng_time(uint8_t tsresol, int64_t offset, uint64_t ticks,
		 int64_t *sec, uint32_t *nsec);

/* Whether microseconds cannot tell all stamps of this resolution. */
bool pcapng_time_is_fine(uint8_t tsresol);

#endif
