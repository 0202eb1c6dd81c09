/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ctnl.h - ctnetlink: empties the connection table, and prints events as
 * conntrack(8) does with "-E -o timestamp,id".
 */
#ifndef CHECK_KERNEL_CTNL_H
#define CHECK_KERNEL_CTNL_H 1

#include "verdict.h"

/* Empties the tables of connections and expectations; -1 with errno set. */
int ctnl_flush(void);

/* Opens a socket that gets all events; -1 with errno set. */
int ctnl_events_open(void);

/*
 * Adds the events since the last call to 'v', one a line, without times. The
 * ids are the kernel's, which are hashes; events_numbered() replaces them.
 */
int ctnl_events_drain(int fd, struct verdict *v);

/* What a helper has done so far, by the kernel's events. */
struct helper_count {
	char name[16];
	uint64_t made, met;	/* expectations; connections that matched one */
};

/* The counts since the program started; '*n' of them. */
const struct helper_count *ctnl_helper_counts(size_t *n);

#endif
