/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * crc32c.h - SCTP's checksum (RFC 9260 appendix A).
 */
#ifndef PACKET_CRC32C_H
#define PACKET_CRC32C_H 1

#include <stdint.h>

/*
 * Goes on with 'n' bytes from 'crc', which is ffffffff before the first; the
 * result is to be inverted at the end.  With the processor's own instruction,
 * where it has one.
 */
uint32_t crc32c(uint32_t crc, const uint8_t *p, uint32_t n);

/* The same without. */
uint32_t crc32c_portable(uint32_t crc, const uint8_t *p, uint32_t n);

#endif
