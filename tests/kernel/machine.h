/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * machine.h - the protocols that have states: the states and what moves them,
 * in the order of the kernel's tables.
 */
#ifndef CHECK_KERNEL_MACHINE_H
#define CHECK_KERNEL_MACHINE_H 1

#include "frames.h"

enum { MACHINES = 3, MACHINE_STATES = 10, MACHINE_ROWS = 12 };

/* A cell that no packet gets to; -1 stands for all. */
struct machine_hole {
	int state, row, dir;
	const char *why;
};

struct machine {
	const char *proto;	/* as ctreplay's JSON names it */
	const char *states[MACHINE_STATES];
	const char *rows[MACHINE_ROWS];
	const struct machine_hole *holes;
	size_t nstates, nrows, nholes;
	/* The row of a frame of this protocol, or -1. */
	int (*row)(const struct frame *f);
};

/* TCP's comes first. */
extern const struct machine machines[MACHINES];

/* The machine of the protocol, or NULL. */
const struct machine *machine_find(const char *proto);
/* The state of that name, or 0. */
int machine_state(const struct machine *m, const char *name);
/* Why no packet gets to the cell; NULL where one can. */
const char *machine_hole(const struct machine *m, int state, int row, int dir);

#endif
