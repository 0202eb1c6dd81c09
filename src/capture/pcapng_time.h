/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pcapng_time.h - converts time stamps from an interface's units.
 */
#ifndef CAPTURE_PCAPNG_TIME_H
#define CAPTURE_PCAPNG_TIME_H 1

#include <stdbool.h>
#include <stdint.h>

/*
 * Converts 'ticks' of the resolution 'tsresol' (if_tsresol: 10^-n seconds, or
 * 2^-n if the highest bit is set), and adds 'offset' seconds (if_tsoffset).
 * '*sec' is the nearest value that 64 bits hold, and '*nsec' is below a second.
 */
void pcapng_time(uint8_t tsresol, int64_t offset, uint64_t ticks,
		 int64_t *sec, uint32_t *nsec);

/* True if microseconds cannot express all stamps of this resolution. */
bool pcapng_time_is_fine(uint8_t tsresol);

#endif
