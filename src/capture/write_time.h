/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * write_time.h - time stamps of a pcapng file that is written.
 */
#ifndef CAPTURE_WRITE_TIME_H
#define CAPTURE_WRITE_TIME_H 1

#include "capture/capture.h"

/* Whether the interface keeps its resolution.  Nanoseconds hold a frame's time exactly,
 * and no finer unit or one of powers of two would. */
static inline bool keeps_unit(const struct frame_interface *i)
{
	return i && i->tsresol <= 9;
}

/* The frame's time in the units of its interface as it is written. */
uint64_t ticks_of_frame(const struct frame *f);

/* A stamp of the interface's file, as it is written. */
uint64_t ticks_of_stamp(const struct frame_interface *i, uint64_t stamp);

#endif
