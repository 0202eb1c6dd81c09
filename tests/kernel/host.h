/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * host.h - a lab with a host in it: for what connection tracking does only to
 * packets of the machine's own sockets.
 *
 *	sockets -> output hook -> tap -> (the capture's other hosts) -> input hook
 *
 * What a capture's host sent goes out of a UDP socket of its port, and is taken
 * from the tap as it came out; what it got is written to the tap.
 */
#ifndef CHECK_KERNEL_HOST_H
#define CHECK_KERNEL_HOST_H 1

#include <stdbool.h>

#include "frames.h"

struct host {
	uint8_t address[4];
	unsigned int prefix;
	struct { uint16_t port; int fd; } sockets[64];
	unsigned int nsockets;
};

/* Reads "192.0.2.10/24"; NULL where it is none. */
struct host *host_new(const char *text);
void host_free(struct host *h);

/* For ip(8): the device that is the host's only one, with its address. */
char *host_link_commands(const struct host *h, const char *device);

/*
 * Leaves only IPv4 UDP datagrams from the host, or to it alone: what others ask
 * all is followed by ctreplay, which does not know who it is, and by no
 * kernel.  How many others there were.
 */
size_t host_filter(const struct host *h, struct frames *fs);

/*
 * Lets the host send or get 'f', which becomes what was sent.  How many other
 * frames came out of the tap.
 */
unsigned int host_pass(struct host *h, int tap, struct frame *f);

#endif
