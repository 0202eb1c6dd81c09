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
	void (*table_heading)(struct report *r, struct ct *ct, size_t shown);
	void (*table_columns)(struct report *r);
	void (*record)(struct report *r, const struct ct_record *rec);
	void (*event)(struct report *r, const struct ct_event *ev);
	void (*connection)(struct report *r, const struct connection_view *c);
	void (*top)(struct report *r, const struct top_view *v);
	void (*expect_heading)(struct report *r);
	void (*expect)(struct report *r, const struct ct_expect_record *x);
	void (*expect_event)(struct report *r, const struct ct_expect_event *ev);
};

static const struct format formats[] = {
	[REPORT_TEXT] = {
		.packet = text_packet,
		.frame = text_frame,
		.table_heading = text_table_heading,
		.table_columns = text_table_columns,
		.record = text_record,
		.event = text_event,
		.connection = text_connection,
		.top = text_top,
		.expect_heading = text_expect_heading,
		.expect = text_expect,
		.expect_event = text_expect_event,
	},
	[REPORT_JSON] = {
		.packet = json_packet,
		.frame = json_frame,
		.record = json_record,
		.event = json_event,
		.connection = json_connection_view,
		.top = json_top,
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
		.connection = csv_connection,
		.expect = csv_expect,
	},
	/* A timeline has neither a table nor a list of expectations. */
	[REPORT_TIMESKETCH] = {
		.packet = timesketch_packet,
		.event = timesketch_event,
		.expect_event = timesketch_expect_event,
	},
};

char *put_moment(char *p, struct report *r, ct_time time, enum time_style style)
{
	if (r->time_given && r->time_style != TIME_DELTA)
		style = r->time_style;
	switch (style) {
	case TIME_ISO:
		return put_time_iso(p, time, &r->iso_time);
	case TIME_EPOCH:
		return put_micros(p, time, &r->event_time);
	case TIME_RELATIVE:
	case TIME_DELTA:
		break;
	}
	/* --at may ask for a time before the first frame. */
	if (time < r->start)
		return put_seconds(put_char(p, '-'), r->start - time, 6);
	return put_seconds(p, time - r->start, 6);
}

void out_moment(struct report *r, ct_time time, enum time_style style)
{
	out_reserve(&r->out);
	out_end(&r->out, put_moment(r->out.buf + r->out.len, r, time, style));
}

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

/* A list that is being printed. */
struct listing {
	struct report *report;
	const struct report_filter *filter;	/* NULL: all */
	size_t shown;
};

static bool is_listed(const struct listing *l, uint64_t id)
{
	return !l->filter || l->filter->has(l->filter->arg, id);
}

/* For ct_table(); false stops it. */
static bool count_record(void *arg, const struct ct_record *rec)
{
	struct listing *l = arg;

	l->shown += is_listed(l, rec->id);
	return true;
}

static bool print_record(void *arg, const struct ct_record *rec)
{
	const struct listing *l = arg;
	struct report *r = l->report;

	if (is_listed(l, rec->id))
		formats[r->format].record(r, rec);
	return !r->out.error;
}

bool report_table(struct report *r, struct ct *ct, bool snapshot,
		  const struct report_filter *filter)
{
	const struct format *f = &formats[r->format];
	struct listing l = { r, filter, filter ? 0 : ct_count(ct) };

	r->snapshot = snapshot;
	if (f->table_heading && (r->headings || snapshot)) {
		if (filter && ct_table(ct, count_record, &l) != 0)
			return false;
		f->table_heading(r, ct, l.shown);
	}
	if (f->table_columns)
		f->table_columns(r);
	return !f->record || ct_table(ct, print_record, &l) == 0;
}

void report_event(struct report *r, const struct ct_event *ev)
{
	formats[r->format].event(r, ev);
}

void report_expect(struct report *r, const struct ct_expect_record *x)
{
	formats[r->format].expect(r, x);
}

void report_connection(struct report *r, const struct connection_view *c)
{
	if (formats[r->format].connection)
		formats[r->format].connection(r, c);
}

void report_top(struct report *r, const struct top_view *v)
{
	if (formats[r->format].top)
		formats[r->format].top(r, v);
}

static bool print_expect(void *arg, const struct ct_expect_record *x)
{
	const struct listing *l = arg;
	struct report *r = l->report;

	if (is_listed(l, x->master))
		formats[r->format].expect(r, x);
	return !r->out.error;
}

bool report_expectations(struct report *r, struct ct *ct,
			 const struct report_filter *filter)
{
	const struct format *f = &formats[r->format];
	struct listing l = { r, filter, 0 };

	if (f->expect_heading && r->headings)
		f->expect_heading(r);
	return !f->expect || ct_expectations(ct, print_expect, &l) == 0;
}

void report_expect_event(struct report *r, const struct ct_expect_event *ev)
{
	if (formats[r->format].expect_event)
		formats[r->format].expect_event(r, ev);
}

void report_notes(struct report *r, const struct note *note, size_t n)
{
	for (size_t i = 0; i < n && r->format == REPORT_JSON; i++)
		json_note(r, &note[i]);
}
