/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * merge.h - adds up what several runs printed (--merge).
 *
 * It reads what -s, -C and --top print with -o json, with the notes, and prints the same
 * kinds of records.  Merging one file gives that file, and merging results of merges
 * gives what merging all at once does, byte for byte.
 *
 *	line.h		a file's lines, bounded
 *	record.h	a line as a record of known members
 *	statistics.h	sums, and the largest table; rules.h for a firewall
 *	tops.h		the lists of --top
 *	connection.h	a connection, for its place in time and for text
 *	notes.h		notes
 *	part.h		a file, of which the above is found in order
 */
#ifndef MERGE_MERGE_H
#define MERGE_MERGE_H 1

#include "base/diag.h"
#include "base/stop.h"
#include "cli/options.h"

enum merge_result {
	MERGE_DONE,
	MERGE_USAGE,		/* a file cannot be read or is given twice, or there was no
				 * memory to begin; after a message */
	MERGE_DAMAGED,		/* a file cannot be merged, output failed, or there was
				 * no memory; after a message */
	MERGE_STOPPED,		/* 'stop' was set */
};

/*
 * Merges the files of 'opt' and prints to standard output.  With SANDBOX_AUTO the process
 * loses, for good, all rights but those that this needs.
 */
enum merge_result merge(const struct options *opt, const struct diag *diag,
			const struct stop *stop);

struct report;

/* The same to a report that the caller has made, and flushes, without a sandbox. */
enum merge_result merge_files(const struct options *opt, struct report *r,
			      const struct diag *diag, const struct stop *stop);

#endif
