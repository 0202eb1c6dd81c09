/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * connection.h - a connection record (-C) as the values that it was made of.
 */
#ifndef MERGE_CONNECTION_H
#define MERGE_CONNECTION_H 1

#include "merge/record.h"
#include "merge/place.h"
#include "report/connection_view.h"

struct merged_connection {
	struct connection_view view;	/* its helper's name is the record's ... */
	char place[2][PLACE_SIZE];	/* ... and places of rules are here */
	const char *file;		/* the record's, or NULL */
};

/* False, after a message, if it is no such record. */
bool merged_connection_read(struct merged_connection *c, const struct record *r);

#endif
