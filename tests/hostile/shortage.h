/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * shortage.h - makes memory run out at a chosen allocation.
 *
 * Replaces malloc(3) and the functions around it for the program, its libraries
 * and the C library.  AddressSanitizer replaces them itself; with it, only the
 * program's own allocations are counted, which is then linked with --wrap for
 * each function.
 */
#ifndef HOSTILE_SHORTAGE_H
#define HOSTILE_SHORTAGE_H 1

#include <stdbool.h>

/* Counts allocations from now on, and refuses the one numbered 'at' (0: none),
 * with 'lasting' also all that follow. */
void shortage_begin(unsigned long at, bool lasting);
/* Between these two, allocations are neither counted nor refused. */
void shortage_pause(bool pause);
/* Ends the count; returns the number of allocations. */
unsigned long shortage_end(void);
/* Whether an allocation was refused. */
bool shortage_hit(void);
/* The number of allocations in use: a leak makes it grow. */
long shortage_in_use(void);

#endif
