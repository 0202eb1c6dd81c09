/* SPDX-License-Identifier: GPL-2.0-only */
/* base64.h - RFC 4648, section 4. */
#ifndef REPORT_BASE64_H
#define REPORT_BASE64_H 1

#include <stddef.h>
#include <stdint.h>

/* The characters of 'n' bytes. */
#define BASE64_SIZE(n)	(((size_t)(n) + 2) / 3 * 4)

/* Writes them at 'p', without a null character; returns the position behind. */
char *put_base64(char *p, const uint8_t *from, size_t n);

#endif
