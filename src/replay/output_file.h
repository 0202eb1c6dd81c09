/* SPDX-License-Identifier: GPL-2.0-only */
/* output_file.h - opens a file that gets its name when it is whole, where it can. */
#ifndef REPLAY_OUTPUT_FILE_H
#define REPLAY_OUTPUT_FILE_H 1

#include "base/whole_file.h"
#include "capture/write.h"

/* What the output is, which tells what it may replace: "--report *.pcap" names a capture
 * that nobody wants to lose. */
enum output_kind {
	OUTPUT_PAGE,		/* no capture */
	OUTPUT_PCAPNG,		/* pcapng files alone, of all captures */
};

/* Before the sandbox is entered.  'w' has something to finish if the file is one of
 * whole_file.h.  False as writer_file_open(). */
bool output_file_open(struct writer_file *f, struct whole_file *w, const char *path,
		      enum output_kind kind, const struct stop *stop,
		      const struct diag *diag);

/* "cannot write FILE: ...", and what became of it; 'replaces' is w->finisher > 0. */
void output_file_say_failure(const char *path, int error, bool replaces,
			     const struct diag *diag);

#endif
