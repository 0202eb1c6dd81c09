/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * linktype.h - the numbers of link types: in files, and in this program.
 *
 * A file holds LINKTYPE_..., libpcap's functions and struct frame DLT_....
 * They differ for some types, and on some systems.  libpcap knows how, but
 * tells it only of files: so it gets to see the header of one, in memory.
 */
#ifndef CAPTURE_LINKTYPE_H
#define CAPTURE_LINKTYPE_H 1

#include <pcap/pcap.h>
#include <stdbool.h>
#include <stdint.h>

#include "capture/capture.h"

#define SNAPLEN_MAX	262144	/* libpcap's largest for network traffic */

/* Either gives the number itself where libpcap knows no other, and -1 where
 * there is no memory to ask it. */
int linktype_to_dlt(uint16_t linktype);
int linktype_from_dlt(int dlt);

/*
 * A capture of no frames, for pcap_compile(3PCAP); 'swapped' where it comes
 * from a machine of the other byte order.  NULL: no memory.
 */
pcap_t *linktype_pcap(int dlt, bool swapped);

/* Adds one, and all of another summary. */
void summary_add(struct capture_summary *s, int dlt);
void summary_merge(struct capture_summary *s, const struct capture_summary *other);

#endif
