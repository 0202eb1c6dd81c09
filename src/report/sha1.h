/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sha1.h - the hash of FIPS 180-4, section 6.1.  Community IDs are made with it;
 * for anything that an attacker should not forge it is too weak.
 */
#ifndef REPORT_SHA1_H
#define REPORT_SHA1_H 1

#include <stddef.h>
#include <stdint.h>

#define SHA1_SIZE 20u

/* The digest of 'n' bytes. */
void sha1(const void *data, size_t n, uint8_t digest[SHA1_SIZE]);

/* The same without the instructions that some processors have for it. */
void sha1_portable(const void *data, size_t n, uint8_t digest[SHA1_SIZE]);

#endif
