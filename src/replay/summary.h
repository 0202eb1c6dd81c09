/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * summary.h - messages about the replay as a whole.
 */
#ifndef REPLAY_SUMMARY_H
#define REPLAY_SUMMARY_H 1

#include "replay/settings.h"
#include "replay/tracker.h"

/* No capture could be opened: a FILE may be meant as a filter, or as the length that
 * -s takes, as with tcpdump.  'missing' is what missing_hint() says. */
void summary_hint_operand(const struct settings *s, const char *missing);

/* Memory ran out. */
void summary_no_memory(const struct tracker *t);

/* 'what' could not be written: 'error' is errno.  A closed pipe is not mentioned: its
 * reader has seen enough. */
void summary_write_error(const struct settings *s, const char *what, int error);

/* The packets of --fail-on, if there are any. */
void summary_fail_on(const struct tracker *t);

/*
 * "frame 35", or "frame 35 (frame 12 of b.pcap)" if there are several files, of
 * which none has that number for it.
 */
#define FRAME_TEXT_SIZE 400u
const char *summary_frame(const struct settings *s, uint64_t number,
			  char to[FRAME_TEXT_SIZE]);

/* What explains surprising results: the notes that the tracker has made. */
void summary_notes(const struct tracker *t);

#endif
