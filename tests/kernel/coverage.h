/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * coverage.h - where a walk has been: cells of the state tables of TCP, SCTP
 * and DCCP, and reasons, taken from ctreplay's lines about the frames that
 * were compared.
 */
#ifndef CHECK_KERNEL_COVERAGE_H
#define CHECK_KERNEL_COVERAGE_H 1

#include "frames.h"
#include "json.h"

struct coverage;

struct coverage *coverage_new(void);
void coverage_free(struct coverage *c);

/* A new run begins, of these frames: its connections are others. */
void coverage_restart(struct coverage *c, const struct frames *fs);
/* A replay_packet function; 'arg' is the struct coverage. */
void coverage_packet(void *arg, uint64_t number, const struct json *j);

/*
 * Prints all hits; returns the number of cells of TCP's table that can be
 * reached but were not.
 */
unsigned int coverage_print(const struct coverage *c);

#endif
