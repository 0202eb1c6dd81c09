/* SPDX-License-Identifier: GPL-2.0-only */
/* page_file.h - the file of --report. */
#ifndef REPLAY_PAGE_FILE_H
#define REPLAY_PAGE_FILE_H 1

#include "replay/output_file.h"
#include "replay/settings.h"

struct tracker;

struct page_file {
	struct writer_file file;	/* path NULL: it is not open */
	struct whole_file whole;
};

/* Loads what it needs, before the sandbox is entered.  False after a message. */
bool page_file_prepare(const struct diag *diag);
/* Opens it, also before.  False as writer_file_open(). */
bool page_file_open(struct page_file *f, const char *path, const struct stop *stop,
		    const struct diag *diag);
/* Empties it, unless it is one of the inputs.  False after a message. */
bool page_file_begin(struct page_file *f, const struct settings *settings,
		     const struct capture *c);
void page_file_free(struct page_file *f);	/* one of zeros is fine */

/* Writes what the tracker has collected; 'ended_early' is that of struct page.  False
 * after a message, with nothing of it left under its name. */
bool page_file_finish(struct page_file *f, struct tracker *t, const char *ended_early);

#endif
