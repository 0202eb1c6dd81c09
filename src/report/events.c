/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * events.c - events of connections: as text what conntrack -E -o timestamp,id
 * prints of the kernel's messages, and as JSON.
 */
#include "base/compiler.h"
#include "report/record.h"

#include "report/color.h"
#include "report/formats.h"
#include "report/json.h"
#include "report/tuple.h"

const char *event_name(enum ct_event_type type)
{
	static const char *const names[] = { "NEW", "UPDATE", "DESTROY" };

	return names[type];
}

#define TAG(text) { text, sizeof(text) - 1 }

/* By color and type. */
static const struct out_text tags[2][3] = {
	{ TAG("]\t    [NEW] "), TAG("]\t [UPDATE] "), TAG("]\t[DESTROY] ") },
	{ TAG("]\t" COLOR_NEW "    [NEW] " COLOR_OFF),
	  TAG("]\t" COLOR_NOTE " [UPDATE] " COLOR_OFF),
	  TAG("]\t" COLOR_END "[DESTROY] " COLOR_OFF) },
};

/* put_record_protocol() in the style of conntrack(8). */
static char *put_event_protocol(char *p, struct report *r, const struct ct_event *ev)
{
	const struct ct_record *rec = &ev->record;
	const struct columns *c = &r->columns;
	const struct out_text *state;

	if (unlikely(!c->made))
		columns_make(&r->columns, COLUMNS_TEXT);
	p = put_text(p, &c->event_proto[rec->tuple[0].protonum]);
	if (event_has_timeout(ev))
		p = put_member(p, "", record_timeout(rec));
	if (!event_has_state(ev) || rec->generic)
		return p;
	state = columns_state_of(c, rec->tuple[0].protonum, rec->state);
	return state == &c->no_state ? p : put_char(put_text(p, state), ' ');
}

void text_event(struct report *r, const struct ct_event *ev)
{
	const struct record_style *s = &record_styles[TABLE_CONNTRACK];
	const struct ct_record *rec = &ev->record;
	bool destroy = ev->type == CT_EVENT_DESTROY;
	char *p = out_begin(&r->out);

	p = put_moment(put_char(p, '['), r, ev->when, TIME_EPOCH);
	p = put_text(p, &tags[r->color][ev->type]);
	p = put_event_protocol(p, r, ev);
	p = put_record_tuples(p, rec, s, r->acct && destroy);
	p = put_record_rules(p, rec, ev->type == CT_EVENT_UPDATE &&
			     ev->changed & CT_CHANGED_MARK, false);
	if (r->timestamp && destroy)
		p = put_member(p, "delta-time=", record_age(rec));
	if (!destroy)
		p = put_record_helper(p, rec);
	p = put_u64(put_str(p, "id="), rec->id);
	out_end(&r->out, put_char(p, '\n'));
}

void json_event(struct report *r, const struct ct_event *ev)
{
	struct out *o = &r->out;

	out_line(o);
	out_str(o, "{\"type\":\"event\"");
	json_str(o, "event", event_name(ev->type));
	json_time(o, "time", ev->when);
	json_connection(r, &ev->record, event_has_timeout(ev),
			event_has_state(ev));
	json_record_rules(o, &ev->record, ev->type == CT_EVENT_UPDATE &&
			  ev->changed & CT_CHANGED_MARK);
	json_str(o, "end", ct_end_name(ev->end));
	out_str(o, "}\n");
}
