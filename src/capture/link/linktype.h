/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * linktype.h - numbers of link types, in files and in this program.
 *
 * A file contains LINKTYPE_... numbers; libpcap's functions and struct frame have
 * DLT_... numbers.  Some differ, and not in the same way on all systems.  libpcap
 * translates them, but only when it reads or writes a file header, so it gets
 * one in memory.
 */
#ifndef CAPTURE_LINKTYPE_H
#define CAPTURE_LINKTYPE_H 1

#include <pcap/pcap.h>
#include <stdbool.h>
#include <stdint.h>

#include "capture/capture.h"

#define SNAPLEN_MAX	262144	/* libpcap's largest for network traffic */

/* Each returns the number itself if libpcap has no other, and -1 without memory. */
int linktype_to_dlt(uint16_t linktype);
int linktype_from_dlt(int dlt);

/*
 * A capture without frames, for pcap_compile(3PCAP).  'swapped': it comes from a
 * machine of the other byte order.  NULL: no memory.
 */
pcap_t *linktype_pcap(int dlt, bool swapped);

/* Adds a link type, or all that another summary has. */
void summary_add(struct capture_summary *s, int dlt);
void summary_merge(struct capture_summary *s, const struct capture_summary *other);

#endif
