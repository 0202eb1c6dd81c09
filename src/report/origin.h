/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * origin.h - where a frame comes from, for records of packets and frames.
 */
#ifndef REPORT_ORIGIN_H
#define REPORT_ORIGIN_H 1

#include <stdbool.h>
#include <stdint.h>

struct report;

struct origin {
	const char *file;
	uint64_t file_frame;	/* the frame's number in that file, from 1 */
	bool known;		/* the file says which interface it was */
	const char *interface;	/* its name, or NULL: 'number' is all there is */
	uint32_t number;
	bool late;		/* not the first interface of its section */
};

/* Each adds the members, or the columns, that the report shows. */
void json_origin(struct report *r);
void csv_origin(struct report *r);
/* The columns' names. */
void csv_origin_header(struct report *r);

#endif
