/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * statistics.c - everything that was counted (-s): one object of JSON with an
 * object for each group, or a row for each number.
 */
#include "report/formats.h"

#include <stdio.h>
#include <string.h>

#include "report/color.h"
#include "report/json.h"

#define WIDTH_GROUP 14
#define WIDTH_NAME  24

/* "group          name                     " */
static void begin_row(struct report *r, const char *group, const char *name)
{
	struct out *o = &r->out;

	out_line(o);
	out_str_left(o, group, WIDTH_GROUP);
	out_char(o, ' ');
	out_str_left(o, name, WIDTH_NAME);
	out_char(o, ' ');
}

/* Packets that a firewall would not let through, or that never came so far. */
static bool is_bad(const char *group, const char *name)
{
	return strcmp(group, "invalid") == 0 || strcmp(name, "INVALID") == 0 ||
	       strcmp(name, "DROP") == 0 || strcmp(name, "dropped-by-helpers") == 0 ||
	       strcmp(name, "refused") == 0;
}

/* A number: "group name count" as text or CSV, a member of the group as JSON.  People
 * want to see what there was, programs the same rows each time. */
static void row(struct report *r, const char *group, const char *name,
		uint64_t n, bool first)
{
	struct out *o = &r->out;

	if (r->format == REPORT_CSV) {
		csv_count(r, group, name, n);
		return;
	}
	if (r->format == REPORT_JSON) {
		if (!first)
			out_char(o, ',');
		out_char(o, '"');
		out_str(o, name);
		out_str(o, "\":");
		out_u64(o, n);
		return;
	}
	if (!n && !r->verbose)
		return;
	if (r->color && n && is_bad(group, name))
		out_str(o, COLOR_BAD);
	begin_row(r, group, name);
	out_u64(o, n);
	if (r->color && n && is_bad(group, name))
		out_str(o, COLOR_OFF);
	out_char(o, '\n');
}

/* A number that is there even if it is 0. */
static void total_row(struct report *r, const char *group, uint64_t n)
{
	if (r->format == REPORT_CSV) {
		csv_count(r, group, "read", n);
		return;
	}
	begin_row(r, group, "read");
	out_u64(&r->out, n);
	out_char(&r->out, '\n');
}

static void open_group(struct report *r, const char *name)
{
	if (r->format != REPORT_JSON)
		return;
	json_key(&r->out, name);
	out_char(&r->out, '{');
}

static void close_group(struct report *r)
{
	if (r->format == REPORT_JSON)
		out_char(&r->out, '}');
}

/* 'n' in 'duration' nanoseconds, a second; rounded. */
static uint64_t per_second(uint64_t n, uint64_t duration)
{
	return (uint64_t)((double)n * (double)CT_NSEC_PER_SEC / (double)duration + 0.5);
}

static void text_times(struct report *r, const struct statistics *s)
{
	struct out *o = &r->out;

	begin_row(r, "time", "first");
	out_time_iso(o, s->first);
	out_char(o, '\n');
	begin_row(r, "time", "last");
	out_time_iso(o, s->last);
	out_char(o, '\n');
	begin_row(r, "time", "duration");
	out_seconds(o, s->last - s->first, 6);
	out_str(o, " s\n");
}

/* When the capture was made, for how long, and how much came in a second. */
static void time_rows(struct report *r, const struct statistics *s)
{
	uint64_t duration = s->last - s->first;

	if (!s->frames)
		return;
	if (r->format == REPORT_TEXT)
		text_times(r, s);
	else
		csv_count(r, "time", "duration-ns", duration);
	if (!duration)
		return;
	row(r, "rate", "frames-per-second", per_second(s->frames, duration), true);
	row(r, "rate", "bytes-per-second", per_second(s->bytes, duration), false);
}

static void json_times(struct out *o, const struct statistics *s)
{
	uint64_t duration = s->last - s->first;
	bool rates = s->frames && duration;

	if (s->frames) {
		json_time(o, "first", s->first);
		json_time(o, "last", s->last);
	} else {
		json_str(o, "first", NULL);
		json_str(o, "last", NULL);
	}
	json_u64_or_null(o, "duration_ns", s->frames, duration);
	json_u64_or_null(o, "frames_per_second", rates,
			 rates ? per_second(s->frames, duration) : 0);
	json_u64_or_null(o, "bytes_per_second", rates,
			 rates ? per_second(s->bytes, duration) : 0);
}

/* Only those that occurred; one without a tracker is called by its number, as in the
 * lines of packets. */
static void protocol_rows(struct report *r, const struct statistics *s)
{
	bool first = true;
	char name[16];

	open_group(r, "packets_by_protocol");
	for (unsigned int i = 0; i < 256; i++) {
		if (!s->protocol[i])
			continue;
		snprintf(name, sizeof(name), "proto-%u", i);
		row(r, "protocol", ct_proto_is_generic((uint8_t)i) ? name :
		    ct_proto_name((uint8_t)i), s->protocol[i], first);
		first = false;
	}
	close_group(r);
}

static void frame_rows(struct report *r, const struct statistics *s)
{
	bool first = true;

	open_group(r, "frames_by_class");
	for (int i = 0; i < CT_PACKET_CLASSES; i++, first = false)
		row(r, "frames", ct_packet_class_name((enum ct_packet_class)i),
		    s->packet[i], first);
	for (size_t i = 0; i < s->nlink; i++)
		row(r, "frames", s->link[i].name, s->link[i].count, false);
	row(r, "frames", "filtered-out", s->filtered, false);
	close_group(r);
}

/* Only the reasons that occurred, since there are many. */
static void reason_rows(struct report *r, const char *json_name,
			const char *group, const uint64_t counts[])
{
	bool first = true;

	open_group(r, json_name);
	for (int i = 0; i < CT_REASON_COUNT; i++) {
		if (!counts[i])
			continue;
		row(r, group, ct_reason_code((enum ct_reason)i), counts[i], first);
		first = false;
	}
	close_group(r);
}

static void most_entries(struct report *r, const struct ct_stats *stats)
{
	struct out *o = &r->out;

	if (r->format == REPORT_JSON) {
		json_u64(o, "most_entries", stats->most);
		json_key(o, "most_entries_at");
		if (!stats->most) {
			out_str(o, "null");
			return;
		}
		out_char(o, '"');
		out_time_iso(o, stats->most_when);
		out_char(o, '"');
		return;
	}
	if (r->format == REPORT_CSV) {
		csv_count(r, "entries", "most-at-once", stats->most);
		return;
	}
	if (!stats->most && !r->verbose)
		return;
	begin_row(r, "entries", "most-at-once");
	out_u64(o, stats->most);
	if (stats->most) {
		out_str(o, " at ");
		out_moment(r, stats->most_when, TIME_RELATIVE);
	}
	out_char(o, '\n');
}

static void entry_rows(struct report *r, const struct ct_stats *stats)
{
	open_group(r, "entries");
	row(r, "entries", "created", stats->created, true);
	row(r, "entries", "destroyed", stats->destroyed, false);
	row(r, "entries", "early-dropped", stats->early_dropped, false);
	row(r, "entries", "refused", stats->refused, false);
	close_group(r);
	if (r->format != REPORT_JSON)
		most_entries(r, stats);
	open_group(r, "expectations");
	row(r, "expectations", "made", stats->expected, true);
	row(r, "expectations", "met", stats->met, false);
	close_group(r);
	if (r->format == REPORT_JSON)
		most_entries(r, stats);
}

static void json_kernel(struct out *o, const struct ct_kernel *k)
{
	char name[CT_KERNEL_NAME_SIZE];

	ct_kernel_name(k, name);
	json_str(o, "kernel", name);
}

static void note_rows(struct report *r, const struct statistics *s)
{
	open_group(r, "notes");
	for (size_t i = 0; i < s->nnotes; i++)
		row(r, "notes", s->note[i].code, s->note[i].count, i == 0);
	close_group(r);
}

/* Which rules have not matched: in lines of their own, or as texts of an array. */
static void unused_rules(struct report *r, const struct rule_statistics *s)
{
	struct out *o = &r->out;
	char place[120];

	if (r->format == REPORT_JSON)
		out_str(o, ",\"rules_never_matched\":[");
	for (size_t i = 0; i < s->nunused && r->format != REPORT_CSV; i++) {
		const struct rule_count *c = &s->unused[i];

		snprintf(place, sizeof(place), "%s:%s:%u", c->place.table,
			 c->place.chain, c->place.number);
		if (r->format == REPORT_JSON) {
			out_str(o, i ? ",\"" : "\"");
			out_str(o, c->l3num == CT_L3_IPV6 ? "ipv6 " : "ipv4 ");
			out_str(o, place);
			out_char(o, '"');
			continue;
		}
		begin_row(r, c->l3num == CT_L3_IPV6 ? "never-matched6" :
			     "never-matched", place);
		report_rules_text(r, c->text, strlen(c->text));
		out_char(o, '\n');
	}
	if (r->format == REPORT_JSON)
		out_char(o, ']');
}

static void rule_rows(struct report *r, const struct rule_statistics *s)
{
	if (!s)
		return;
	open_group(r, "packets_by_rule_verdict");
	row(r, "rules", "accept", s->verdict[RULE_VERDICT_ACCEPT], true);
	row(r, "rules", "drop", s->verdict[RULE_VERDICT_DROP], false);
	row(r, "rules", "reject", s->verdict[RULE_VERDICT_REJECT], false);
	close_group(r);
	open_group(r, "rules");
	row(r, "rules", "read", s->rules, true);
	row(r, "rules", "never-matched", s->nunused, false);
	close_group(r);
	unused_rules(r, s);
}

void report_statistics(struct report *r, const struct statistics *s,
		       const struct ct_stats *stats)
{
	struct out *o = &r->out;
	bool json = r->format == REPORT_JSON;

	out_line(o);
	if (json) {
		out_str(o, "{\"type\":\"statistics\"");
		json_u64(o, "frames", s->frames);
		json_u64(o, "bytes", s->bytes);
		json_u64(o, "cut", s->cut);
		json_u64(o, "dropped_by_helpers", s->helper_dropped);
		json_kernel(o, s->kernel);
		json_times(o, s);
	} else {
		if (r->headings && r->format == REPORT_TEXT)
			out_str(o, "# statistics\n");
		total_row(r, "frames", s->frames);
		total_row(r, "bytes", s->bytes);
		time_rows(r, s);
	}
	frame_rows(r, s);
	open_group(r, "packets_by_ctstate");
	for (int i = 0; i < CT_CTSTATES; i++)
		row(r, "packets", ct_ctstate_name((enum ct_ctstate)i),
		    s->ctstate[i], i == 0);
	close_group(r);
	if (!json) {
		row(r, "packets", "cut", s->cut, true);
		row(r, "packets", "dropped-by-helpers", s->helper_dropped,
		    true);
	}
	protocol_rows(r, s);
	reason_rows(r, "invalid_by_reason", "invalid", s->invalid);
	reason_rows(r, "noted_by_reason", "noted", s->noted);
	entry_rows(r, stats);
	note_rows(r, s);
	rule_rows(r, s->rules);
	if (json)
		out_str(o, "}\n");
}
