/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * settings.h - what all stages of a replay read and none writes, so that every
 * thread may use it without a lock.
 */
#ifndef REPLAY_SETTINGS_H
#define REPLAY_SETTINGS_H 1

#include <stdbool.h>

#include "base/diag.h"
#include "base/stop.h"
#include "capture/capture.h"
#include "cli/options.h"
#include "replay/notrack.h"

struct firewall;

struct settings {
	const struct options *opt;
	const struct diag *diag;	/* removes the progress line, then shows */
	const struct stop *stop;	/* only its signal handler writes it */
	struct notrack notrack;
	struct notrack notrack_second;	/* what the second engine has besides */
	bool packet_lines;		/* packets are printed ... */
	bool few_lines;			/* ... but few of them: the tracker summarises these */
	const struct capture *capture;	/* for messages after the last frame */
	bool origins;			/* records may show where a frame comes from */
	struct firewall *firewall[2];	/* of each engine, or NULL; only the tracker
					 * uses them while threads run */
	bool acct[2];			/* each engine counts */
};

/* Sets 'capture' and 'origins', and what a report is to name of the frames' origin:
 * file and interface where there are several, as far as the first frames tell. */
void settings_choose_origins(struct settings *s, const struct capture *capture,
			     bool *files, bool *interfaces);

#endif
