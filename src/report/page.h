/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * page.h - the page of --report: what it shows, as values, and how they are written.
 *
 * The file is the template (page_template.h) with one block of data in it:
 *
 *	base64 of a zlib stream (RFC 1950) of
 *		n, 32 bits, the lowest byte first
 *		n bytes of JSON, and zeros up to a multiple of 8 bytes
 *		columns (page_column.h), each at a multiple of 8 bytes
 *
 * The JSON's member "columns" has each column's type, its count of numbers and, from the
 * first column on, its offset and bytes.  What was captured is in that block alone, so
 * none of it can become markup.  docs/report.md lists the members and columns.
 */
#ifndef REPORT_PAGE_H
#define REPORT_PAGE_H 1

#include "report/explain_view.h"
#include "report/page_column.h"
#include "report/report.h"

struct page_host {
	union ct_addr addr;
	uint8_t l3num;
};

enum page_end { PAGE_ALIVE, PAGE_TIMED_OUT, PAGE_DESTROYED };

/* Times are nanoseconds since the start. */
struct page_connection {
	uint64_t id, master;
	union ct_addr src, dst;
	uint64_t first, last;	/* of its entry */
	struct ct_counter counter[2];
	uint64_t invalid;
	uint32_t dropped;
	uint32_t seen, trouble;	/* packets; those of them that are INVALID or dropped */
	uint32_t status;	/* CT_STATUS_... */
	uint16_t sport, dport;	/* ICMP: type and code, id */
	uint16_t segments;
	uint8_t l3num, protonum;
	uint8_t state;		/* the last one, as page_state() has it */
	uint8_t ended;		/* enum page_end */
};

/* A connection has a state from 'at' on. */
struct page_segment {
	uint64_t at;
	uint32_t connection;	/* its number among those of the page */
	uint8_t state;
};

/* A packet that is INVALID or dropped, with what decided.  Where a rule alone dropped it,
 * its row says all there is to say. */
struct page_told {
	uint64_t frame;
	uint8_t l3num;
	struct ct_verdict v;
	struct explain_comparison comparison;
};

struct page_limits {
	uint64_t packets_kept, packets_seen, connections_kept, connections_seen,
		 segments_kept, segments_seen, hosts_kept;
	uint64_t top_left;	/* connections that the tops do not count */
};

struct page_column {
	char name[64];
	const struct column *column;
};

/* Prints records, each a line of JSON. */
typedef bool page_records(void *arg, struct report *r);

struct page {
	const struct report *like;	/* how records are printed */
	const char *const *files;
	size_t nfiles;
	const struct ct_kernel *kernel;
	ct_time start, end;
	const char *ended_early;	/* why frames at the end are missing, or NULL */
	uint32_t max;			/* nf_conntrack_max */
	uint64_t bins, bin_width;	/* nanoseconds */
	struct page_limits limits;
	const struct page_host *hosts;
	size_t nhosts;
	const struct page_told *told;
	size_t ntold;
	uint64_t told_left;
	page_records *statistics, *notes, *tops, *rules;	/* rules NULL: none */
	void *arg;
	const struct page_column *columns;
	size_t ncolumns;
};

/* The JSON in memory. */
struct page_text {
	char *text;
	size_t n, capacity;
	bool records;		/* a newline ends a record: it becomes a comma */
};

/* page_json.c: false: no memory, and page_text_free() must still be called. */
bool page_json(struct page_text *to, const struct page *p);
void page_text_free(struct page_text *t);

/* Writes the whole file: 0, or errno. */
int page_write(int fd, const struct page *p);

#endif
