/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * selection.h - what is shown: --show, --conn, --frame and --ctstate.
 *
 * The engine tracks every packet whatever these say.  A packet is selected if it
 * meets all that are given.  A connection is selected once a packet of it is, and
 * with it its events, its entries in tables, and the expectations that it makes:
 * events that came earlier are held back until then (held_events.h).
 *
 * To --conn a connection belongs if it is named, or if one that belongs expected it.
 *
 * Belongs to the tracker.  Without these options 'active' is false, and nobody calls
 * the functions.
 */
#ifndef REPLAY_SELECTION_H
#define REPLAY_SELECTION_H 1

#include <stdbool.h>
#include <stdint.h>

#include "capture/filter.h"
#include "cli/options.h"
#include "ctreplay/conntrack.h"
#include "replay/held_events.h"
#include "replay/id_set.h"

/* Called for the events that were held back. */
typedef void selection_event_fn(void *arg, const struct ct_event *ev,
				const struct ct_expect_event *expect);

struct selection {
	bool active;
	bool no_memory;
	const struct options *opt;
	struct bpf_set *show;
	struct id_set selected;		/* connections that have a selected packet */
	struct id_set children;		/* that belong to --conn without being named */
	bool may_be_dropped;		/* the packet at hand is selected if it is
					 * dropped: only its state is another */
	uint64_t id, added;		/* the connection of the packet at hand; the one
					 * that it added to 'selected' */
	uint64_t packets, frames;	/* selected ones; frames without a packet */
	struct held_events *held;	/* NULL: no event has to wait */
	selection_event_fn *on_held;
	void *arg;
};

/* Compiles the filter.  'events': the engine's events are shown.  False after a
 * message; selection_free() must still be called. */
bool selection_init(struct selection *s, const struct options *o, bool events,
		    const struct diag *diag);
void selection_free(struct selection *s);

/*
 * Whether the packet is shown.  'ct' is at the packet, between ct_track() and
 * ct_confirm(); NULL for a fragment that does not reach the engine.  Calls
 * 'on_held' for the events that the packet's connection had before.
 */
bool selection_packet(struct selection *s, const struct ct *ct,
		      const struct ct_packet *pkt, const struct ct_verdict *v);

/*
 * Whether a packet that selection_packet() has not selected is shown after all:
 * --ctstate DROP stands for what a helper or a rule drops, too, whatever its state.
 * Before selection_settle(); 'v' is the packet's last verdict.
 */
bool selection_dropped(struct selection *s, const struct ct_verdict *v);

/*
 * The verdict on the packet is final, and all events of it were shown or held.
 * False if a selected packet must not be shown after all: the new connection that it was of does not
 * exist, since a helper dropped the packet.
 */
bool selection_settle(struct selection *s, const struct ct_verdict *v);

/* Whether a frame that is no packet is shown. */
bool selection_frame(struct selection *s, uint64_t number);

/* Whether the event is shown now. */
bool selection_event(struct selection *s, const struct ct_event *ev);
bool selection_expect_event(struct selection *s, const struct ct_expect_event *ev);

/* Whether what belongs to a connection is shown; 'arg' is the selection, as report.h
 * wants it. */
bool selection_has_connection(const void *arg, uint64_t id);

/*
 * At the end: says which frames and connections were asked for and are not there,
 * or that nothing was selected.  'frames' were read, and 'created' is the highest id.
 * False if something was not there.
 */
bool selection_check(const struct selection *s, uint64_t frames, uint64_t created,
		     const struct diag *diag);

#endif
