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

/* The largest packet that passes, which is the largest MTU of a tap. */
#define LAB_MTU 65521u

struct lab {
	int in, out;		/* the taps */
	int log;		/* the NFLOG socket of rules and trackers */
	int events;		/* connection events, or -1 */
	struct host *host;	/* or NULL */
	bool card;		/* frames get a header for the card */
	unsigned int strays;	/* frames that came out and that the harness did not send */
};

/*
 * Enters a new network namespace and sets it up. Ends the program with skip()
 * if this machine lacks something.
 */
void lab_open(struct lab *lab, const struct setup *setup);
/* Frees the namespace: the process moves to an empty one. */
void lab_close(struct lab *lab);

/* Deletes all connections and expectations. */
void lab_flush(struct lab *lab);
/* Switches the verification of checksums on or off. */
void lab_checksum(const struct setup *setup);

/*
 * Sets nf_conntrack_*, ipfrag_* or a setting of the first namespace; sysctl.h
 * has the syntax.
 */
void lab_sysctl(const char *name_and_value);

#endif
