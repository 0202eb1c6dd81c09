/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * offload.h - frames as a network card takes them from the host: not segmented yet,
 * without a checksum.  A tap with IFF_VNET_HDR takes them with the header of a
 * virtio card, which says what is left to do.
 */
#ifndef CHECK_KERNEL_OFFLOAD_H
#define CHECK_KERNEL_OFFLOAD_H 1

#include "frames.h"

#define OFFLOAD_HEADER	10u	/* struct virtio_net_hdr */

/* Writes the header for the frame: nothing is left to do of most. */
void offload_header(const struct frame *f, uint8_t header[OFFLOAD_HEADER]);

#endif
