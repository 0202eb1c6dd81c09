/* SPDX-License-Identifier: GPL-2.0-only */
/* inject.h - sends frames through the lab and collects what the kernel says. */
#ifndef CHECK_KERNEL_INJECT_H
#define CHECK_KERNEL_INJECT_H 1

#include "frames.h"
#include "lab.h"
#include "util.h"
#include "verdict.h"

/* The kernel's side of a run. */
struct kernel_run {
	struct verdict *verdicts;	/* one a frame */
	size_t n;
	struct lines table;		/* /proc/net/nf_conntrack after the last */
	struct lines expect;		/* /proc/net/nf_conntrack_expect */
	struct lines events;		/* all of them, in order */
	size_t late;			/* the first of those after the last frame */
	/* Seconds between the last frame and the end of the reading. */
	uint64_t table_lag, expect_lag;
	unsigned int strays;		/* frames that came out and that the harness did not send */
};

/*
 * Sends one frame, sets f->sent, and adds what the kernel says about it to 'v'.
 */
void inject_one(struct lab *lab, struct frame *f, struct verdict *v);

/*
 * Sends all frames with gaps of up to setup->max_gap, then reads the tables.
 * The times of injection increase strictly.
 */
void inject_all(struct lab *lab, const struct setup *setup, struct frames *fs,
		struct kernel_run *run);
void kernel_run_free(struct kernel_run *run);

#endif
