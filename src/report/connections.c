/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * connections.c - a line for each connection (-C): in text, a line of conntrack(8)
 * with the counters, and behind it what only a replay knows.
 */
#include "report/connection_view.h"

#include "report/formats.h"
#include "report/json.h"
#include "report/record.h"

/* The states that a packet of a connection can have. */
static const enum ct_ctstate counted[] = {
	CT_NEW, CT_ESTABLISHED, CT_RELATED, CT_INVALID,
};

#define COUNTED (sizeof(counted) / sizeof(counted[0]))

static char *put_stamp(char *p, struct report *r, const char *what, ct_time time)
{
	p = put_str(p, what);
	switch (r->time_style) {
	case TIME_RELATIVE:
	case TIME_DELTA:
		return put_micros(p, time - r->start, &r->packet_time);
	case TIME_EPOCH:
		return put_micros(p, time, &r->packet_time);
	case TIME_ISO:
		return put_time_iso(p, time, &r->iso_time);
	}
	return p;
}

static bool same_place(const struct rule_place *a, const struct rule_place *b)
{
	return a->table == b->table && a->chain == b->chain && a->number == b->number;
}

/* The last rule that dropped a packet of it, and the first where that was another. */
static char *put_drops(char *p, const struct connection_view *c)
{
	p = put_u64(put_str(p, " DROP="), c->drops.packets);
	if (!same_place(&c->drops.first, &c->drops.last))
		p = put_place(put_str(p, " first-rule="), &c->drops.first);
	return put_place(put_str(p, " rule="), &c->drops.last);
}

void text_connection(struct report *r, const struct connection_view *c)
{
	const struct record_style *s = &record_styles[TABLE_CONNTRACK];
	const struct ct_record *rec = &c->record;
	bool open = connection_is_open(c);
	char *p = out_begin(&r->out);

	p = put_str(p, "[CONNECTION] ");
	p = put_record_protocol(p, rec, s, open, true);
	p = put_record_tuples(p, rec, s, true);
	p = put_record_helper(p, rec);
	p = put_str(p, "id=");
	p = rec->id ? put_u64(p, rec->id) : put_char(p, '-');
	if (rec->master)
		p = put_u64(put_str(p, " master="), rec->master);
	p = put_stamp(p, r, " first=", rec->first_seen);
	p = put_stamp(p, r, " last=", rec->last_seen);
	for (size_t i = 0; i < COUNTED; i++) {
		if (!c->ctstate[counted[i]])
			continue;
		p = put_str(put_char(p, ' '), ct_ctstate_name(counted[i]));
		p = put_u64(put_char(p, '='), c->ctstate[counted[i]]);
	}
	if (c->drops.packets)
		p = put_drops(p, c);
	p = put_str(put_str(p, " end="), open ? "-" : connection_end_name(c));
	out_end(&r->out, put_char(p, '\n'));
}

void json_connection_view(struct report *r, const struct connection_view *c)
{
	static const char *const keys[COUNTED] = {
		"new", "established", "related", "invalid",
	};
	bool open = connection_is_open(c), acct = r->acct;
	struct out *o = &r->out;

	out_line(o);
	out_str(o, "{\"type\":\"connection\"");
	r->acct = true;
	json_connection(r, &c->record, open, true);
	r->acct = acct;
	for (size_t i = 0; i < COUNTED; i++)
		json_u64(o, keys[i], c->ctstate[counted[i]]);
	if (r->rules) {
		json_u64(o, "rules_dropped", c->drops.packets);
		json_place(o, "rules_dropped_first", &c->drops.first);
		json_place(o, "rules_dropped_last", &c->drops.last);
	}
	json_str(o, "end", open ? NULL : connection_end_name(c));
	if (open)
		json_str(o, "ended", NULL);
	else
		json_time(o, "ended", c->when);
	out_str(o, "}\n");
}
