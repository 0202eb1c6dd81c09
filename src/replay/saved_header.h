/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * saved_header.h - the lines at the beginning of a state's file:
 *
 *	ctreplay-state 1
 *	program 0.2.0
 *	files 24
 *	last capture-23.pcap
 *	frames 1041882
 *	clock 1764543599.999874000
 *	output 77411902
 *	set kernel 6.18.35
 *	set filter tcp
 *	...
 *	(an empty line)
 *
 * What is behind "set" must be the same when the state is loaded.  The engine's settings
 * are in its own part.
 */
#ifndef REPLAY_SAVED_HEADER_H
#define REPLAY_SAVED_HEADER_H 1

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/state_io.h"
#include "cli/options.h"

#define SAVED_MAGIC	"ctreplay-state "
#define SAVED_VERSION	1u

struct saved_header {
	char *text;		/* allocated */
	size_t n;
	uint64_t files, frames;
	uint64_t output;	/* or PRINTER_NO_FILE */
	uint64_t firewall;	/* the sum of its rules; 0: there is none */
	ct_time clock;
	const char *last;
};

/* Makes 'text'; false: no memory. */
bool saved_header_make(struct saved_header *h, const struct options *o);
/* Reads up to the empty line; 'firewall' is that of this run; 'text' and 'files' are
 * set.  False, and 'io' says why, if it is no state or one of other settings. */
bool saved_header_read(struct saved_header *h, FILE *f, const struct options *o,
		       struct state_io *io);
void saved_header_free(struct saved_header *h);

#endif
