/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * replay.h - ctreplay's side of a run, through its command line alone: what a
 * user would type and read.
 */
#ifndef CHECK_KERNEL_REPLAY_H
#define CHECK_KERNEL_REPLAY_H 1

#include "json.h"
#include "util.h"
#include "verdict.h"

/* Called for each "type":"packet" object; 'number' is the frame's, from 1. */
typedef void replay_packet(void *arg, uint64_t number, const struct json *j);

/*
 * Runs "ctreplay -o json -p" over the capture at 'path' and fills in 'v', one
 * verdict for each frame. 'fn' may be NULL. Returns NULL, or a message that the
 * caller frees.
 */
char *replay_packets(const struct setup *setup, const char *path,
		     struct verdict *v, size_t n, replay_packet *fn, void *arg);

/* What ctreplay prints besides packets; events without their times. */
struct sections {
	struct lines table, expect, events;
};

/*
 * The same for "ctreplay -t --table-style nf_conntrack", with -x where there
 * are helpers and -e where events are compared.
 */
char *replay_sections(const struct setup *setup, const char *path,
		      struct sections *s);

/*
 * Runs ctreplay with one or two more arguments; 'second' may be NULL. Returns
 * NULL, or a message that the caller frees.
 */
char *replay_try(const struct setup *setup, const char *first,
		 const char *second);

#endif
