/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * shortage.h - memory that runs out when told to.
 *
 * Stands in for malloc(3) and its kin: for the program, the libraries that it
 * uses and the C library alike.  Under AddressSanitizer, which does the same,
 * for the program alone, which is then linked with --wrap for each of them.
 */
#ifndef HOSTILE_SHORTAGE_H
#define HOSTILE_SHORTAGE_H 1

#include <stdbool.h>

/* Counts allocations from now on, and refuses the one numbered 'at' (0: none),
 * with 'lasting' also all that follow. */
void shortage_begin(unsigned long at, bool lasting);
/* In between nothing is counted and refused. */
void shortage_pause(bool pause);
/* Ends that; how many allocations were asked for. */
unsigned long shortage_end(void);
/* Whether one was refused. */
bool shortage_hit(void);
/* Pieces of memory that are in use: grows where some is lost. */
long shortage_in_use(void);

#endif
