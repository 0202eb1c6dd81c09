/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * collector.h - collects what the page of --report shows, and writes it at the end.
 *
 * Belongs to the tracker.  Its memory is bounded: packets are encoded as they come, up
 * to a number (packets.h), connections are kept by their trouble (lanes.h), and what
 * happened over time is counted in bins (bins.h).  Beyond that it needs 16 bytes for
 * each entry in the table.
 */
#ifndef REPLAY_PAGE_COLLECTOR_H
#define REPLAY_PAGE_COLLECTOR_H 1

#include "replay/firewall.h"
#include "replay/page/bins.h"
#include "replay/page/hosts.h"
#include "replay/page/lanes.h"
#include "replay/page/packets.h"
#include "replay/page/places.h"
#include "replay/page/told.h"
#include "replay/settings.h"
#include "replay/tops.h"

/* So many hosts that have no connection. */
#define HOSTS_KEPT	200000u
#define PAGE_TOP	20u	/* largest of each kind ... */
#define TOP_KEPT	(1u << 18)	/* ... of so many that are counted */

struct collector {
	const struct settings *settings;
	const struct ct *ct;
	bool started, closed;	/* the first frame has come; the last one was */
	ct_time start, end;
	struct bins bins;
	struct lanes lanes;
	struct packets packets;
	struct hosts hosts;
	struct told told;
	struct places places;
	const struct firewall *firewall;	/* or NULL */
	struct tops tops;
};

/* NULL: no memory. */
struct collector *collector_create(const struct settings *s);
void collector_free(struct collector *c);	/* NULL is fine */

/* These return false if there is no memory. */

/* A packet, after it was confirmed; 'rule' may be NULL. */
bool collector_packet(struct collector *c, const struct ct_packet *pkt,
		      const struct ct_verdict *v, const struct rule_view *rule,
		      ct_time now);
/* An event of the engine. */
bool collector_event(struct collector *c, const struct ct_event *ev);
/* An INVALID packet without a connection. */
bool collector_invalid(struct collector *c, const struct ct_packet *pkt);

/* The first frame's time, before anything else. */
void collector_start(struct collector *c, ct_time start);
/* What a connection counted: it has ended; or it is still there at the end. */
void collector_ended(struct collector *c, const struct connection_view *view);
void collector_open(struct collector *c, const struct connection_view *view);

/* The time of the last frame: what happens later is not shown. */
void collector_close(struct collector *c, ct_time end);

/* page/finish.c: writes the page to 'fd'; 0, or errno. */
struct page_parts {
	const struct report *like;
	page_records *statistics, *notes;
	void *arg;
	const char *ended_early;	/* as in struct page */
};
int collector_write(struct collector *c, int fd, const struct page_parts *parts);

#endif
