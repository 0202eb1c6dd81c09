/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ctnl.h - the kernel's connection table through ctnetlink: emptying it, and
 * its events as conntrack(8) prints them with "-E -o timestamp,id".
 */
#ifndef CHECK_KERNEL_CTNL_H
#define CHECK_KERNEL_CTNL_H 1

#include "verdict.h"

/* Empties the tables of connections and expectations; -1 with errno set. */
int ctnl_flush(void);

/* Opens a socket that gets all events; -1 with errno set. */
int ctnl_events_open(void);

/*
 * Adds the events since the last call to 'v', one a line.  Times are left out
 * and the kernel's ids, which are hashes, stand as they are: whoever compares
 * maps them to the order in which they first appear.
 */
int ctnl_events_drain(int fd, struct verdict *v);

/* What a helper did so far, by the kernel's events. */
struct helper_count {
	char name[16];
	uint64_t made, met;	/* expectations; connections that met one */
};

/* The counts since the program began; '*n' of them. */
const struct helper_count *ctnl_helper_counts(size_t *n);

#endif
