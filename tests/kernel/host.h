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

/* Parses "192.0.2.10/24"; NULL if the text is invalid. */
struct host *host_new(const char *text);
void host_free(struct host *h);

/*
 * Commands for ip(8) that give 'device' the host's address and a default route.
 */
char *host_link_commands(const struct host *h, const char *device);

/*
 * Keeps only IPv4 UDP datagrams from the host or to its own address; returns
 * how many frames were removed. Broadcasts of other hosts go, because ctreplay
 * follows those of any host, the kernel only its own.
 */
size_t host_filter(const struct host *h, struct frames *fs);

/*
 * Sends 'f' from the host's socket, which replaces it by the frame that left
 * the tap, or writes it to the tap for the host. Returns how many other frames
 * came out.
 */
unsigned int host_pass(struct host *h, int tap, struct frame *f);

#endif
