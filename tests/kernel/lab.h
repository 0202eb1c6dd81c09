/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * lab.h - a network namespace that is nothing but a wire with a firewall on it.
 *
 *	first tap -> bridge -> second tap
 *
 * What is written to the first tap runs through the bridge's netfilter hooks
 * (br_netfilter) as forwarded IPv4 or IPv6: defragmentation, connection
 * tracking, a rule for each state and direction that logs it, confirmation.
 * All of it happens within write(2).  There is no address, no route and no
 * uplink, so any packet will do, and nothing of the machine's own is touched.
 *
 * With setup->host a host lives there instead, at the only tap; host.h.
 */
#ifndef CHECK_KERNEL_LAB_H
#define CHECK_KERNEL_LAB_H 1

#include "host.h"
#include "verdict.h"

/* The largest packet that passes: the tap's largest MTU. */
#define LAB_MTU 65521u

struct lab {
	int in, out;		/* the taps */
	int log;		/* what rules and trackers log */
	int events;		/* connection events, or -1 */
	struct host *host;	/* or NULL */
	unsigned int strays;	/* frames that nobody sent */
};

/*
 * Leaves for a new namespace and sets it up.  Ends the program, with skip()
 * where something is missing on this machine.
 */
void lab_open(struct lab *lab, const struct setup *setup);
/* Lets go of the namespace; the process stays in its empty shell. */
void lab_close(struct lab *lab);

/* Forgets all connections. */
void lab_flush(struct lab *lab);
/* Verifies checksums from now on, or does not. */
void lab_checksum(const struct setup *setup);

/*
 * Sets nf_conntrack_*, ipfrag_* or a setting of the first namespace; sysctl.h
 * has the syntax.
 */
void lab_sysctl(const char *name_and_value);

#endif
