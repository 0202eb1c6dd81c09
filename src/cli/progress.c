/* SPDX-License-Identifier: GPL-2.0-only */
#include "cli/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define NSEC		1000000000ull
#define EVERY		(NSEC / 5)
#define CLEAR_LINE	"\r\033[K"	/* ECMA-48: erase to the end of the line */

static uint64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * NSEC + (uint64_t)ts.tv_nsec;
}

void progress_begin(struct progress *p, int fd)
{
	p->fd = fd;
	p->shown = false;
	if (fd >= 0)
		p->start = p->last = now();
}

/* The line is no result: a failure to write it is ignored. */
static void put(const struct progress *p, const char *s, int n)
{
	if (n > 0 && write(p->fd, s, (size_t)n) < 0)
		return;
}

static double megabytes(uint64_t bytes)
{
	return (double)bytes / 1e6;
}

void progress_show(struct progress *p, uint64_t done, uint64_t total)
{
	char line[128];
	uint64_t t;
	double seconds, rate;
	int n;

	if (p->fd < 0)
		return;
	t = now();
	if (t - p->last < EVERY)
		return;
	p->last = t;
	seconds = (double)(t - p->start) / (double)NSEC;
	rate = (double)done / seconds;
	if (total)
		n = snprintf(line, sizeof(line), CLEAR_LINE
			     "%.1f MB of %.1f MB (%" PRIu64 " %%), %.1f MB/s, "
			     "%.0f s left", megabytes(done), megabytes(total),
			     done * 100 / total, rate / 1e6,
			     rate > 0 && total > done ?
			     (double)(total - done) / rate : 0.0);
	else
		n = snprintf(line, sizeof(line), CLEAR_LINE
			     "%.1f MB, %.1f MB/s", megabytes(done), rate / 1e6);
	put(p, line, n);
	p->shown = true;
}

void progress_clear(struct progress *p)
{
	if (atomic_exchange(&p->shown, false))
		put(p, CLEAR_LINE, sizeof(CLEAR_LINE) - 1);
}
