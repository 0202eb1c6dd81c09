/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * crc32c.h - SCTP's checksum (RFC 9260 appendix A).
 */
#ifndef PACKET_CRC32C_H
#define PACKET_CRC32C_H 1

#include <stdint.h>

/*
 * Continues 'crc' over 'n' bytes.  It begins with ffffffff, and the caller
 * inverts the last result.  Uses the processor's instruction, if it has one.
 */
uint32_t crc32c(uint32_t crc, const uint8_t *p, uint32_t n);

/* The same without that instruction. */
uint32_t crc32c_portable(uint32_t crc, const uint8_t *p, uint32_t n);

#endif
