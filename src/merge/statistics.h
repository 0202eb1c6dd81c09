/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * statistics.h - adds up the statistics records (-s) of several runs.
 */
#ifndef MERGE_STATISTICS_H
#define MERGE_STATISTICS_H 1

#include "merge/record.h"
#include "report/report.h"

struct merged_rules;

/* Names that the engine does not list: what the link layer held, and notes. */
#define MERGED_NAMES	64u
#define MERGED_NAME_SIZE 41u

struct merged_name {
	char name[MERGED_NAME_SIZE];
	uint64_t count;
	uint64_t part;		/* the first file that has it ... */
	size_t place;		/* ... and which of the record's names it is there */
};

struct merged_names {
	size_t n;
	struct merged_name name[MERGED_NAMES];
};

struct merged_statistics {
	uint64_t records;		/* how many were added */
	struct statistics sum;		/* with 'stats' what report_statistics() takes */
	struct ct_stats stats;
	struct ct_kernel kernel;
	struct merged_names link, notes;
	struct named_count link_count[MERGED_NAMES];	/* these for the report */
	struct note note[MERGED_NAMES];
	struct merged_rules *rules;	/* owned; NULL: no record had a firewall */
};

/* False, after a message, if the record cannot be added. */
bool merged_statistics_add(struct merged_statistics *m, const struct record *r);

void merged_statistics_print(struct merged_statistics *m, struct report *r);
void merged_statistics_free(struct merged_statistics *m);

#endif
