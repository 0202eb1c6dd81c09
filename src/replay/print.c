/* SPDX-License-Identifier: GPL-2.0-only */
/* print.c - the third stage: records become lines. */
#include "replay/run.h"

static void print_record(struct report *r, enum record_kind kind,
			 const void *record)
{
	const struct frame_view *f;

	switch (kind) {
	case RECORD_PACKET:
		report_packet(r, record);
		break;
	case RECORD_FRAME:
		f = record;
		report_frame(r, f->number, f->time, f->class);
		break;
	case RECORD_EVENT:
		report_event(r, record);
		break;
	case RECORD_EXPECT:
		report_expect_event(r, record);
		break;
	}
}

void print_page(struct run *run, struct page *page)
{
	enum record_kind kind;
	const void *record;
	size_t at = 0;

	while ((record = page_next(page, &at, &kind)))
		print_record(&run->report, kind, record);
	if (page->flush)
		out_flush(&run->report.out);
	page->used = 0;
	page->flush = false;
	if (run->report.out.error)
		atomic_store(&run->give_up, true);
}

void print_table(struct run *run, bool snapshot)
{
	if (!report_table(&run->report, run->ct, snapshot))
		run->no_memory = true;
}
