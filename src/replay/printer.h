/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * printer.h - the last stages: records become lines, and lines output.
 *
 * Any number of threads format, each its own batch into the batch's own report.
 * Only one writes: the thread whose batch's number is the ticket that is served.
 */
#ifndef REPLAY_PRINTER_H
#define REPLAY_PRINTER_H 1

#include <stdbool.h>

#include "replay/batch.h"
#include "replay/settings.h"
#include "replay/ticket.h"
#include "report/report.h"

/* What a batch's lines need to know of those before. */
struct printed {
	int error;		/* of writing: errno, or 0 */
	bool any;		/* with TIME_DELTA: a line was printed, ... */
	ct_time last;		/* ... and this is its time */
};

struct printer {
	const struct settings *settings;
	struct ticket turn;		/* batches write in the order of their numbers */
	struct printed printed;		/* of the thread whose ticket is served */
	/* The first batch's, also used for what is printed before all batches and after
	 * them.  The reports of the other batches are copies. */
	struct report report;
};

void printer_init(struct printer *p, const struct settings *settings);
void printer_destroy(struct printer *p);

/* A report like the printer's, with no lines in it; NULL: no memory. */
struct report *printer_copy_report(const struct printer *p);

/* CSV's header line. */
void printer_header(struct printer *p);

/* Of the frame with this number in the batch, whose record comes next. */
void printer_set_origin(const struct batch *b, uint64_t number);

/* The batch's records become lines, and there are no records any more. */
void printer_format(struct batch *b);

/*
 * All of a formatted batch is written, and the next ticket is served.  False when
 * output has failed, in this batch or before it.
 */
bool printer_print(struct batch *b);

/*
 * Returns when the batch may write.  'arg' is the batch: a struct out calls this
 * before it writes.
 */
void printer_take_output(void *arg);

/* All batches are printed: 'b', the first batch, may be used for more. */
void printer_resume(struct printer *p, struct batch *b);

/*
 * Writes what is left and closes standard output; 0, or errno.  If 'length' is not NULL,
 * a regular file is on the disk then, and '*length' is how long it is, or
 * PRINTER_NO_FILE.
 */
#define PRINTER_NO_FILE UINT64_MAX
int printer_finish(struct printer *p, uint64_t *length);

#endif
