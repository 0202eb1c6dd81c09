/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * run.h - the lanes of --explain over one reading of the captures.
 */
#ifndef REPLAY_EXPLAIN_RUN_H
#define REPLAY_EXPLAIN_RUN_H 1

#include "replay/console.h"
#include "replay/dedup.h"
#include "replay/explain/lane.h"
#include "replay/explain/ledger.h"
#include "replay/explain/variants.h"
#include "replay/printer.h"
#include "replay/reader.h"

/* Of all tables together. */
#ifndef EXPLAIN_BYTES	/* smaller in tests */
#define EXPLAIN_BYTES	((size_t)1 << 30)
#endif

struct run {
	const struct settings *settings;	/* 'explain' is the frame */
	const struct firewall_files *files;	/* or NULL: no firewall */
	struct frame_reader reader;
	struct batch batch;
	struct dedup dedup;
	bool copy[FRAME_BATCH_FRAMES];	/* --dedup leaves it out */

	/* As the command line says.  The second one stays behind: it does not track the
	 * frame, and so has what was before. */
	struct lane *lane, *behind;
	struct ledger ledger;
	struct variant *variant;	/* VARIANTS_MAX of them */
	struct lane *other[VARIANTS_MAX];	/* NULL: given up */
	size_t nvariants;

	bool no_memory;
	bool there;		/* the frame is: */
	uint32_t frame;		/* its index in the batch */
	ct_time start;		/* the first frame's time */
};

/* 'about': the settings to try (variants.h); 0: none.  False: no memory, and
 * run_free() must still be called. */
bool run_init(struct run *r, const struct settings *settings,
	      const struct firewall_files *files, struct printer *printer,
	      struct progress *progress, unsigned int about);
void run_free(struct run *r);

/* Reads up to the frame and tracks it, after 'behind' has come to its time.  False:
 * the captures cannot be read, after a message. */
bool run_frames(struct run *r);

#endif
