/* SPDX-License-Identifier: GPL-2.0-only */
/* report.c - passes each result on to the format that was asked for. */
#include "report/report.h"

#include "report/formats.h"

/* What a format does not have is NULL. */
struct format {
	void (*header)(struct report *r, enum report_section section);
	void (*packet)(struct report *r, const struct packet_view *pkt);
	void (*frame)(struct report *r, uint64_t number, ct_time time,
		      const char *class);
	void (*table_heading)(struct report *r, struct ct *ct);
	void (*record)(struct report *r, const struct ct_record *rec);
	void (*event)(struct report *r, const struct ct_event *ev);
	void (*expect_heading)(struct report *r);
	void (*expect)(struct report *r, const struct ct_expect_record *x);
	void (*expect_event)(struct report *r, const struct ct_expect_event *ev);
};

static const struct format formats[] = {
	[REPORT_TEXT] = {
		.packet = text_packet,
		.frame = text_frame,
		.table_heading = text_table_heading,
		.record = text_record,
		.event = text_event,
		.expect_heading = text_expect_heading,
		.expect = text_expect,
		.expect_event = text_expect_event,
	},
	[REPORT_JSON] = {
		.packet = json_packet,
		.frame = json_frame,
		.record = json_record,
		.event = json_event,
		.expect = json_expect,
		.expect_event = json_expect_event,
	},
	/* All rows of CSV have the same columns, so it has no row for a frame
	 * among packets, and none for an expectation among connections. */
	[REPORT_CSV] = {
		.header = csv_header,
		.packet = csv_packet,
		.record = csv_record,
		.event = csv_event,
		.expect = csv_expect,
	},
	/* A timeline has neither a table nor a list of expectations. */
	[REPORT_TIMESKETCH] = {
		.packet = timesketch_packet,
		.event = timesketch_event,
		.expect_event = timesketch_expect_event,
	},
};

void report_header(struct report *r, enum report_section section)
{
	if (formats[r->format].header)
		formats[r->format].header(r, section);
}

void report_packet(struct report *r, const struct packet_view *pkt)
{
	formats[r->format].packet(r, pkt);
}

void report_frame(struct report *r, uint64_t number, ct_time time,
		  const char *class)
{
	if (formats[r->format].frame)
		formats[r->format].frame(r, number, time, class);
}

void report_record(struct report *r, const struct ct_record *rec)
{
	formats[r->format].record(r, rec);
}

/* For ct_table(); false stops it. */
static bool print_record(void *arg, const struct ct_record *rec)
{
	struct report *r = arg;

	formats[r->format].record(r, rec);
	return !r->out.error;
}

bool report_table(struct report *r, struct ct *ct, bool snapshot)
{
	const struct format *f = &formats[r->format];

	r->snapshot = snapshot;
	if (f->table_heading && (r->headings || snapshot))
		f->table_heading(r, ct);
	return !f->record || ct_table(ct, print_record, r) == 0;
}

void report_event(struct report *r, const struct ct_event *ev)
{
	formats[r->format].event(r, ev);
}

void report_expect(struct report *r, const struct ct_expect_record *x)
{
	formats[r->format].expect(r, x);
}

static bool print_expect(void *arg, const struct ct_expect_record *x)
{
	struct report *r = arg;

	formats[r->format].expect(r, x);
	return !r->out.error;
}

bool report_expectations(struct report *r, struct ct *ct)
{
	const struct format *f = &formats[r->format];

	if (f->expect_heading && r->headings)
		f->expect_heading(r);
	return !f->expect || ct_expectations(ct, print_expect, r) == 0;
}

void report_expect_event(struct report *r, const struct ct_expect_event *ev)
{
	if (formats[r->format].expect_event)
		formats[r->format].expect_event(r, ev);
}
