/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/printer.h"

#include <errno.h>
#include <pcap/dlt.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/compiler.h"
#include "report/difference.h"

static void init_report(struct report *r, const struct options *o)
{
	out_init(&r->out, STDOUT_FILENO);
	r->format = o->format;
	r->table_style = o->table_style;
	r->time_style = o->time_style;
	r->time_given = o->time_given;
	r->ids = o->show_ids;
	r->verbose = o->verbose;
	r->acct = o->config.sysctl.acct;
	r->timestamp = o->config.sysctl.timestamp;
	r->side[0].acct = o->config.sysctl.acct;
	r->side[0].timestamp = o->config.sysctl.timestamp;
	r->side[1].acct = o->second.config.sysctl.acct;
	r->side[1].timestamp = o->second.config.sysctl.timestamp;
	r->headings = o->packets + o->table + o->events + o->connections +
		      options_has_top(o) + o->expectations + o->stats +
		      o->rule_counters +
		      (o->nat > 0) > 1;
	r->color = options_color(o);
}

void printer_init(struct printer *p, const struct settings *settings)
{
	p->settings = settings;
	ticket_init(&p->turn, EVENT_COUNT_SPIN_NS);
	init_report(&p->report, settings->opt);
	/* Without memory for it the lines are the same. */
	if (options_show_community(settings->opt))
		p->report.community.table = community_table_create();
}

void printer_destroy(struct printer *p)
{
	ticket_destroy(&p->turn);
	community_table_free(p->report.community.table);
}

struct report *printer_copy_report(const struct printer *p)
{
	struct report *r = malloc(sizeof(*r));

	if (r)
		report_copy(r, &p->report);
	return r;
}

void printer_header(struct printer *p)
{
	const struct options *o = p->settings->opt;

	report_header(&p->report, o->packets ? SECTION_PACKETS :
		      o->events ? SECTION_EVENTS :
		      o->connections ? SECTION_CONNECTIONS :
		      o->expectations ? SECTION_EXPECT :
		      o->stats ? SECTION_STATS : SECTION_TABLE);
}

noinline void printer_set_origin(const struct batch *b, uint64_t number)
{
	const struct frame *f = frame_batch_get(b->frames, 0);
	struct origin *o = &b->report->origin;
	size_t i;

	i = (size_t)(number - f->number);	/* a batch has no gaps */
	*o = (struct origin){ .file_frame = frame_batch_file_frame(b->frames, i) };
	if (!f[i].interface)
		return;
	o->file = f[i].interface->file;
	o->known = frame_interface_number(&f[i], &o->number);
	/* The name would be that of "any". */
	o->interface = f[i].linktype == DLT_LINUX_SLL2 ? NULL : f[i].interface->name;
	o->late = f[i].interface->number > 0;
}

static always_inline void set_origin(const struct batch *b, uint64_t number)
{
	if (b->printer->settings->origins)
		printer_set_origin(b, number);
}

static always_inline void format_verdict(const struct batch *b,
					 const struct verdict_record *r,
					 const struct rule_view *rule)
{
	const struct parsed_frame *p = &b->parsed[r->frame];
	struct packet_view view;

	packet_view_set(&view, r->time, &p->pkt);
	view.summary = p->summary;
	/* Nothing else of the verdict is read when there is no reason. */
	view.v.id = r->id;
	view.v.slot = r->slot;
	view.v.ctstate = r->ctstate;
	view.v.dir = r->dir;
	view.v.proto = r->proto;
	view.v.state = r->state;
	view.v.dropped = view.v.windowed = false;
	view.v.nwhy = 0;
	if (rule) {
		view.rule = *rule;
		if (rule->npath)
			view.rule.path = records_at(&b->records, rule->path_at);
	}
	set_origin(b, view.number);
	report_packet(b->report, &view);
}

static noinline void format_ruled(const struct batch *b, const struct ruled_record *r)
{
	format_verdict(b, &r->verdict, &r->rule);
}

/* The path of the rules is behind the packet: the buffer may have moved since. */
static void format_packet(const struct batch *b, const struct packet_view *packet)
{
	struct packet_view view;

	set_origin(b, packet->number);
	if (packet->rule.verdict && packet->rule.npath) {
		view = *packet;
		view.rule.path = records_at(&b->records, packet->rule.path_at);
		report_packet(b->report, &view);
	} else {
		report_packet(b->report, packet);
	}
}

static void format_difference(const struct batch *b, const struct difference *d)
{
	if (d->kind == DIFFERENCE_PACKET)
		set_origin(b, d->side[d->there[0] ? 0 : 1].packet.number);
	report_difference(b->report, d);
}

static void format_record(const struct batch *b, enum record_kind kind,
			  const void *record)
{
	struct report *r = b->report;
	const struct frame_record *f;

	switch (kind) {
	case RECORD_NONE:
	case RECORD_VERDICT:	/* printer_format() has done it */
		break;
	case RECORD_RULED:
		format_ruled(b, record);
		break;
	case RECORD_PACKET:
		format_packet(b, record);
		break;
	case RECORD_FRAME:
		f = record;
		set_origin(b, f->number);
		report_frame(r, f->number, f->time, f->class);
		break;
	case RECORD_EVENT:
		report_event(r, record);
		break;
	case RECORD_EXPECT:
		report_expect_event(r, record);
		break;
	case RECORD_DIFFERENCE:
		format_difference(b, record);
		break;
	case RECORD_CONNECTION:
		report_connection(r, record);
		break;
	}
}

static void own_output(struct printer *p, struct batch *b)
{
	b->owns_output = true;
	b->report->out.error = p->printed.error;
	b->report->any_printed = p->printed.any;
	b->report->last_printed = p->printed.last;
}

void printer_take_output(void *arg)
{
	struct batch *b = arg;

	if (b->owns_output)
		return;
	ticket_wait(&b->printer->turn, b->number);
	own_output(b->printer, b);
}

/* How many lines ahead the IDs of their connections are prefetched. */
#define AHEAD 8u

/* Looks at the record at '*at', whose line comes soon. */
static inline void prefetch_id(const struct batch *b, size_t *at)
{
	struct community_table *table = b->report->community.table;
	enum record_kind kind;
	const void *record = records_next(&b->records, at, &kind);

	if (!record)
		return;
	if (likely(kind == RECORD_VERDICT))
		community_table_prefetch(table, ((const struct verdict_record *)record)->slot);
	else if (kind == RECORD_EVENT)
		community_table_prefetch(table, ((const struct ct_event *)record)->record.slot);
}

void printer_format(struct batch *b)
{
	const bool ids = b->report->community.table;
	enum record_kind kind;
	const void *record;
	size_t at = 0, ahead = 0;

	/* A line shows the time since the line before it. */
	if (b->report->time_style == TIME_DELTA)
		printer_take_output(b);
	for (unsigned int i = 0; ids && i < AHEAD; i++)
		prefetch_id(b, &ahead);
	while ((record = records_next(&b->records, &at, &kind))) {
		if (ids)
			prefetch_id(b, &ahead);
		if (likely(kind == RECORD_VERDICT))
			format_verdict(b, record, NULL);
		else
			format_record(b, kind, record);
	}
	b->records.used = 0;
}

bool printer_print(struct batch *b)
{
	const struct report *r = b->report;
	struct printer *p = b->printer;

	out_flush(&b->report->out);
	printer_take_output(b);		/* an empty report writes nothing */
	p->printed = (struct printed){ r->out.error, r->any_printed, r->last_printed };
	b->owns_output = false;
	ticket_advance(&p->turn);
	return !r->out.error;
}

void printer_resume(struct printer *p, struct batch *b)
{
	own_output(p, b);
}

/* The length of standard output, once it is on the disk. */
static int sync_output(uint64_t *length)
{
	struct stat st;

	*length = PRINTER_NO_FILE;
	if (fstat(STDOUT_FILENO, &st) < 0 || !S_ISREG(st.st_mode))
		return 0;
	*length = (uint64_t)st.st_size;
	return fsync(STDOUT_FILENO) < 0 && errno != EINVAL && errno != EROFS ? errno : 0;
}

int printer_finish(struct printer *p, uint64_t *length)
{
	struct out *o = &p->report.out;

	out_flush(o);
	if (!o->error && length)
		o->error = sync_output(length);
	if (!o->error && close(STDOUT_FILENO) != 0)
		o->error = errno;
	return o->error;
}
