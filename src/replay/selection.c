/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/selection.h"

#include <inttypes.h>
#include <pcap/dlt.h>
#include <stdio.h>
#include <string.h>

/* About 80 MB of events of connections that may still be selected. */
#define HELD_EVENTS_MAX (256u * 1024)

bool selection_init(struct selection *s, const struct options *o, bool events,
		    const struct diag *diag)
{
	s->opt = o;
	s->active = o->show || o->conns.n || o->frames.n || o->some_states;
	if (!s->active)
		return true;
	if (o->show) {
		s->show = bpf_compile(o->show, DLT_RAW, "--show", diag);
		if (!s->show)
			return false;
	}
	/* With --conn alone the first packet decides. */
	if (events && (o->show || o->frames.n || o->some_states)) {
		s->held = held_events_create(HELD_EVENTS_MAX);
		if (!s->held) {
			diag_say(diag, DIAG_ERROR, "out of memory");
			return false;
		}
	}
	return true;
}

void selection_free(struct selection *s)
{
	bpf_set_free(s->show);
	id_set_free(&s->selected);
	id_set_free(&s->children);
	held_events_free(s->held);
}

static bool is_wanted(const struct selection *s, uint64_t id)
{
	return ranges_contain(&s->opt->conns, id) || id_set_has(&s->children, id);
}

/* Whether the packet's connection belongs to --conn.  The first packet of an expected
 * connection is RELATED, and tells whose child it is. */
static bool is_in_wanted(struct selection *s, const struct ct *ct,
			 const struct ct_packet *pkt, const struct ct_verdict *v)
{
	struct ct_record record;

	if (!v->id)
		return false;
	if (is_wanted(s, v->id))
		return true;
	if (!ct || v->ctstate != CT_RELATED || !ct_current(ct, pkt, v, &record) ||
	    !record.master || !is_wanted(s, record.master))
		return false;
	if (!id_set_add(&s->children, v->id))
		s->no_memory = true;
	return true;
}

/* From here on the connection's events are shown. */
static void select_connection(struct selection *s, uint64_t id)
{
	if (!id_set_add(&s->selected, id)) {
		s->no_memory = true;
		return;
	}
	s->added = id;
	if (s->held)
		held_events_release(s->held, id, s->on_held, s->arg);
}

static void select_packet(struct selection *s, const struct ct_verdict *v)
{
	s->packets++;
	s->id = v->id;
	if (v->id && !id_set_has(&s->selected, v->id))
		select_connection(s, v->id);
}

bool selection_packet(struct selection *s, const struct ct *ct,
		      const struct ct_packet *pkt, const struct ct_verdict *v)
{
	const struct options *o = s->opt;

	/* Whose child a connection is must be known, whether or not this packet is
	 * shown. */
	s->may_be_dropped = false;
	if (o->conns.n && !is_in_wanted(s, ct, pkt, v))
		return false;
	if ((!o->states[v->ctstate] && !o->states[CT_DROP]) ||
	    (o->frames.n && !ranges_contain(&o->frames, pkt->number)) ||
	    (s->show && !bpf_matches(s->show, pkt->data, pkt->caplen, pkt->len)))
		return false;
	s->may_be_dropped = !o->states[v->ctstate];
	if (!s->may_be_dropped)
		select_packet(s, v);
	return !s->may_be_dropped;
}

bool selection_dropped(struct selection *s, const struct ct_verdict *v)
{
	bool selected = s->may_be_dropped;

	s->may_be_dropped = false;
	if (selected)
		select_packet(s, v);
	return selected;
}

bool selection_settle(struct selection *s, const struct ct_verdict *v)
{
	bool gone = s->id && s->id != v->id;

	/* A new connection that was dropped leaves its id to the next one. */
	if (gone && s->added == s->id) {
		id_set_remove(&s->selected, s->id);
		id_set_remove(&s->children, s->id);
	}
	gone = gone && s->opt->conns.n;
	s->packets -= gone;
	s->id = s->added = 0;
	if (s->held)
		held_events_forget_ended(s->held);
	return !gone;
}

bool selection_frame(struct selection *s, uint64_t number)
{
	const struct options *o = s->opt;

	if (o->show || o->conns.n || o->some_states ||
	    !ranges_contain(&o->frames, number))
		return false;
	s->frames++;
	return true;
}

/* Whether an event is to wait; 'id' is its connection. */
static bool may_be_selected(const struct selection *s, uint64_t id)
{
	return s->held && (!s->opt->conns.n || is_wanted(s, id));
}

bool selection_event(struct selection *s, const struct ct_event *ev)
{
	uint64_t id = ev->record.id;

	if (id_set_has(&s->selected, id))
		return true;
	if (may_be_selected(s, id) && !held_events_add(s->held, ev))
		s->no_memory = true;
	return false;
}

bool selection_expect_event(struct selection *s, const struct ct_expect_event *ev)
{
	uint64_t id = ev->record.master;

	if (id_set_has(&s->selected, id))
		return true;
	if (may_be_selected(s, id) && !held_events_add_expect(s->held, ev))
		s->no_memory = true;
	return false;
}

bool selection_has_connection(const void *arg, uint64_t id)
{
	const struct selection *s = arg;

	return id_set_has(&s->selected, id);
}

/* Says that number 'n' of 'what' does not exist; those up to 'max' do. */
static void say_absent(const struct diag *diag, const char *option,
		       const char *what, uint64_t n, uint64_t max)
{
	if (max == 0)
		diag_say(diag, DIAG_ERROR, "%s: there is no %s %" PRIu64
			 ", and no other", option, what, n);
	else
		diag_say(diag, DIAG_ERROR, "%s: there is no %s %" PRIu64
			 "; the last one is %" PRIu64, option, what, n, max);
}

/* "--show, --frame and --ctstate" */
static void list_criteria(const struct options *o, char *to, size_t size)
{
	const char *names[4];
	size_t n = 0, used = 0;

	if (o->show)
		names[n++] = "--show";
	if (o->conns.n)
		names[n++] = "--conn";
	if (o->frames.n)
		names[n++] = "--frame";
	if (o->some_states)
		names[n++] = "--ctstate";
	for (size_t i = 0; i < n; i++)
		used += (size_t)snprintf(to + used, size - used, "%s%s",
					 i == 0 ? "" : i + 1 < n ? ", " : " and ",
					 names[i]);
}

static void say_empty(const struct selection *s, const struct diag *diag)
{
	char criteria[64];

	if (s->packets)
		return;
	list_criteria(s->opt, criteria, sizeof(criteria));
	if (!s->frames)
		diag_say(diag, DIAG_NOTE, "no packet is selected by %s", criteria);
	else if (!s->opt->verbose)
		diag_say(diag, DIAG_NOTE, "no packet is in the frames that %s selects; "
			 "-v shows what they hold", criteria);
}

bool selection_check(const struct selection *s, uint64_t frames, uint64_t created,
		     const struct diag *diag)
{
	const struct options *o = s->opt;
	uint64_t frame = ranges_first_above(&o->frames, frames);
	uint64_t conn = ranges_first_above(&o->conns, created);

	if (s->held && held_events_lost(s->held))
		diag_say(diag, DIAG_WARNING, "%" PRIu64 " events are not kept: their "
			 "connections were not selected in time",
			 held_events_lost(s->held));
	if (frame)
		say_absent(diag, "--frame", "frame", frame, frames);
	if (conn)
		say_absent(diag, "--conn", "connection", conn, created);
	if (frame || conn)
		return false;
	say_empty(s, diag);
	return true;
}
