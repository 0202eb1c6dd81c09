/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tops.h - joins the lists of --top of several runs.
 *
 * A key's connections, packets, bytes and INVALID packets are summed; its entries are
 * the most that it had in one of the runs, as "most_entries" of the statistics is that of
 * one.  No list is cut, so that the order in which files are merged does not matter.
 * What a run has left out, because it was below the N of its list, is not known: see
 * the manual.
 */
#ifndef MERGE_TOPS_H
#define MERGE_TOPS_H 1

#include "merge/record.h"
#include "report/report.h"

/* How many different keys a list may have. */
#define MERGED_KEYS_MAX	(1u << 20)

struct merged_top {
	struct top_view *view;	/* owned */
	size_t n, capacity;
};

struct merged_tops {
	struct merged_top top[TOP_KINDS];
	uint64_t last_part;	/* the number of the part that had one, from 1 */
	bool joined;		/* several parts had one */
};

/* False, after a message, if the record cannot be added. */
bool merged_tops_add(struct merged_tops *t, const struct record *r);

/* Whether there is a list. */
bool merged_tops_any(const struct merged_tops *t);

/* After the last record.  False, after a message, if a sum is too large. */
bool merged_tops_finish(struct merged_tops *t, const struct diag *diag);

/* Prints all lists, or if a member of 'wanted' is not 0, so many of those lists alone. */
void merged_tops_print(struct merged_tops *t, struct report *r,
		       const unsigned int wanted[TOP_KINDS]);

void merged_tops_free(struct merged_tops *t);

#endif
