/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/write_time.h"

#include "capture/pcapng_time.h"

#define NSEC		1000000000

/* The time in units of the interface; one that it cannot express becomes its first. */
uint64_t ticks_of_frame(const struct frame *f)
{
	const struct frame_interface *i = f->interface;
	__int128 time = f->time;
	int64_t unit = NSEC;

	if (!i || !i->section || !keeps_unit(i))
		return f->time;
	for (unsigned int k = 0; k < i->tsresol; k++)
		unit /= 10;
	time = (time - (__int128)i->tsoffset * NSEC) / unit;
	return time < 0 || time > (__int128)UINT64_MAX ? 0 : (uint64_t)time;
}

uint64_t ticks_of_stamp(const struct frame_interface *i, uint64_t stamp)
{
	int64_t sec;
	uint32_t nsec;
	__int128 time;

	if (keeps_unit(i))
		return stamp;
	pcapng_time(i->tsresol, i->tsoffset, stamp, &sec, &nsec);
	time = (__int128)sec * NSEC + nsec;
	return time < 0 || time > (__int128)UINT64_MAX ? 0 : (uint64_t)time;
}
