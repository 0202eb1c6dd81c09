/* SPDX-License-Identifier: GPL-2.0-only */
/* crc32.h - the checksum of gzip (RFC 1952, section 8). */
#ifndef CAPTURE_CRC32_H
#define CAPTURE_CRC32_H 1

#include <stddef.h>
#include <stdint.h>

/* Makes tables, which the other functions need; before there are threads. */
void crc32_prepare(void);

/* The checksum of what had 'crc' (0: of nothing), and of 'n' more bytes. */
uint32_t crc32_add(uint32_t crc, const uint8_t *p, size_t n);

/* The same without special instructions: of few bytes, or on other processors. */
uint32_t crc32_portable(uint32_t crc, const uint8_t *p, size_t n);

#endif
