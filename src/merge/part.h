/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * part.h - one of the files that are merged.
 *
 * A part stops at each of its connections, until that is printed: so the connections of
 * all files come in order of time, and only one of each is in memory.  What else it finds
 * goes into the sums at once.
 */
#ifndef MERGE_PART_H
#define MERGE_PART_H 1

#include "base/stop.h"
#include "merge/connection.h"
#include "merge/line.h"
#include "merge/notes.h"
#include "merge/statistics.h"
#include "merge/tops.h"

/* What all parts add to. */
struct merged {
	struct merged_statistics statistics;
	struct merged_tops tops;
	struct merged_notes notes;
	bool connections;	/* there was one */
};

/* Ended connections come before those that are open, and each kind in order of time.  A
 * connection that a file has behind a later one takes that one's place in time, so
 * that no file changes its order, whatever it is merged with. */
struct part_key {
	bool open;
	ct_time time;		/* of the end; of an open one, when it was first seen */
};

struct part {
	const char *name;
	uint64_t number;	/* from 1, in the order of the command line */
	bool several;		/* there are other files: records are named after it */
	bool text;		/* notes are kept as messages */
	int fd;			/* -1: closed */
	struct line_reader reader;
	bool has_statistics;
	/* The connection at which it stands. */
	const char *line;
	size_t len;
	struct record record;
	struct merged_connection connection;
	struct part_key key;
};

enum part_result {
	PART_CONNECTION,	/* it stands at one */
	PART_END,
	PART_ABSENT,		/* it cannot be opened or read; after a message */
	PART_BAD,		/* it cannot be merged; after a message */
	PART_STOPPED,
};

/* Opens the file, but reads nothing. */
bool part_open(struct part *p, const struct stop *stop, const struct diag *diag);

/* Goes on to the next connection, or to the end of the file, which closes it. */
enum part_result part_next(struct part *p, struct merged *m, const struct diag *diag);

void part_close(struct part *p);

/* Whether the connection of 'a' comes before that of 'b'. */
bool part_before(const struct part *a, const struct part *b);

/* The file after which a record is named, or NULL if it has a name already. */
const char *part_file(const struct part *p, const struct record *r);

#endif
