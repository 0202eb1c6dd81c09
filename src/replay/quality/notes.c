/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/quality/notes.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "report/format.h"

/* The note on copies needs this many, and one in COPIES_PART of the packets that were
 * watched. */
#define COPIES_MIN	3u
#define COPIES_PART	20u
#define REWRITTEN_PART	10u
/* If fewer than one frame in IP_PART holds IP, the capture is of something else. */
#define IP_PART		10u

#define PLURAL(n)	((n) == 1 ? "" : "s")

/* Adds a note; NULL if there is nothing to say. */
__attribute__((format(printf, 5, 6)))
static struct note *add(struct notes *to, const char *code, uint64_t count,
			uint64_t first, const char *text, ...)
{
	struct note *n;
	va_list ap;

	if (!count || to->n == NOTES_MAX)
		return NULL;
	n = &to->note[to->n++];
	*n = (struct note){ .code = code, .count = count, .first = first };
	va_start(ap, text);
	vsnprintf(n->text, sizeof(n->text), text, ap);
	va_end(ap);
	return n;
}

static void advise(struct note *n, const char *advice)
{
	if (n)
		n->advice = advice;
}

static uint64_t all_invalid(const struct notes_from *from)
{
	return from->tally->counts.ctstate[CT_INVALID];
}

static void explain(struct note *n, const struct notes_from *from, uint64_t invalid)
{
	if (!n)
		return;
	n->explains = true;
	n->all_invalid = all_invalid(from);
	n->invalid = invalid < n->all_invalid ? invalid : n->all_invalid;
}

/* What the program that captured the packets says of itself. */
static void capture_note(struct notes *to, const struct notes_from *from)
{
	uint64_t lost = from->quality->lost;

	advise(add(to, "capture-lost", lost, 0, "%" PRIu64 " packet%s lost while the "
		   "capture was made, as its interface statistics say: the network "
		   "carried %s", lost, lost == 1 ? " was" : "s were",
		   lost == 1 ? "it" : "them"),
	       "do not judge the network by what is missing; record again with a "
	       "larger buffer (-B) or less per packet (-s 128)");
}

/* Frames whose segments the network carried and the replay does not track. */
static uint64_t untracked_frames(const struct notes_from *from)
{
	return from->tally->link[LINK_COMPRESSED] + from->tally->link[LINK_ENCRYPTED] +
	       from->quality->no_length6.count;
}

static void lost_note(struct notes *to, const struct notes_from *from)
{
	const struct flow_count *lost = &from->quality->flows.fault[FLOW_LOST];
	uint64_t frames = untracked_frames(from);
	struct note *n;

	n = add(to, "lost-segments", lost->count, lost->first,
		"%" PRIu64 " gap%s in TCP data that was acknowledged: the %s lacks "
		"segments that the network carried", lost->count,
		PLURAL(lost->count), frames ? "replay" : "capture");
	explain(n, from, lost->invalid);
	advise(n, frames ?
		  "the segments may be in frames that cannot be tracked, which -s "
		  "counts; do not judge the network by it" :
		  "do not judge the network by it; record again with a larger "
		  "buffer (tcpdump -B) or less per packet (-s 128)");
}

/* What connections lack. */
static void flow_notes(struct notes *to, const struct notes_from *from)
{
	const struct flow_count *f = from->quality->flows.fault;
	struct note *n;

	lost_note(to, from);
	n = add(to, "one-direction", f[FLOW_ONE_WAY].count, f[FLOW_ONE_WAY].first,
		"%" PRIu64 " TCP connection%s with packets in one direction only, "
		"though there were answers", f[FLOW_ONE_WAY].count,
		PLURAL(f[FLOW_ONE_WAY].count));
	explain(n, from, f[FLOW_ONE_WAY].invalid);
	advise(n, "record where both directions pass, and look at the filter, the "
		  "mirror port, and routes that differ per direction");
	n = add(to, "picked-up", f[FLOW_PICKED_UP].count, f[FLOW_PICKED_UP].first,
		"%" PRIu64 " TCP connection%s picked up in mid-stream",
		f[FLOW_PICKED_UP].count, PLURAL(f[FLOW_PICKED_UP].count));
	explain(n, from, f[FLOW_PICKED_UP].invalid);
	advise(n, "the beginning is not in the capture, or the entry had ended before");
}

static void list_interfaces(const struct copies *c, char *to, size_t size)
{
	size_t n = 0;

	to[0] = '\0';
	if (c->interfaces < 2)
		return;
	for (unsigned int i = 0; i < c->interfaces && n < size; i++)
		n += (size_t)snprintf(to + n, size - n, "%s%" PRIu32,
				      i ? ", " : ", of interfaces ",
				      c->interface[i] - 1);
}

static void copy_notes(struct notes *to, const struct notes_from *from)
{
	const struct copies *c = &from->quality->copies;
	char interfaces[128];
	struct note *n = NULL;

	list_interfaces(c, interfaces, sizeof(interfaces));
	if (c->count >= COPIES_MIN && c->count >= c->watched / COPIES_PART)
		n = add(to, "copies", c->count, c->first, "%" PRIu64 " packets are "
			"copies of one less than 2 ms before%s: each counts again",
			c->count, interfaces);
	explain(n, from, from->quality->copies_invalid);
	advise(n, c->interfaces > 1 ?
		  "replay one interface (--interface)" :
		  "leave copies out (--dedup), or record on one interface, or one "
		  "direction of a mirror port");
	n = NULL;
	if (c->rewritten >= COPIES_MIN && c->rewritten >= c->watched / REWRITTEN_PART)
		n = add(to, "rewritten", c->rewritten, c->rewritten_first,
			"%" PRIu64 " packets are there again with other addresses, "
			"ports or sequence numbers: these are both sides of a "
			"device that rewrites them", c->rewritten);
	explain(n, from, from->quality->flows.fault[FLOW_REWRITTEN].invalid);
	advise(n, "replay one side of the device");
}

/* Without --decap: at least half of the packets are in tunnels, so that the states
 * are those of tunnels. */
static void tunnel_note(struct notes *to, const struct notes_from *from)
{
	const struct tally *tally = from->tally;
	uint64_t all = tally->counts.packet[CT_PACKET_OK], n = 0;
	char list[80] = "";

	for (unsigned int i = 0; i < TUNNELS; i++) {
		if (!tally->tunnels[i])
			continue;
		n += tally->tunnels[i];
		strcat(strcat(list, *list ? ", " : ""), tunnel_name((enum tunnel)i));
	}
	if (n >= all - n)
		advise(add(to, "tunnels", n, tally->tunnel_first, "%" PRIu64 " of %" PRIu64
			   " packets carry another packet in a tunnel (%s)", n, all,
			   list),
		       "track the packets inside (--decap all)");
}

static void put_span(char *to, size_t size, ct_time span)
{
	uint64_t s = span / CT_NSEC_PER_SEC;

	if (s < 3 * 86400)
		snprintf(to, size, "%" PRIu64 " s", s);
	else
		snprintf(to, size, "%" PRIu64 " days", s / 86400);
}

static void jump_notes(struct notes *to, const struct notes_from *from)
{
	const struct clock *c = from->clock;
	char span[32];

	put_span(span, sizeof(span), c->outlier.to - c->outlier.from);
	advise(add(to, "time-outlier", c->outliers, c->outlier.frame,
		   "frame %" PRIu64 " is stamped %s later than the frame before it, "
		   "and the frames behind it are not: it takes the clock with it, "
		   "and entries expire", c->outlier.frame, span),
	       "leave that frame out (editcap)");
	put_span(span, sizeof(span), c->back.from - c->back.to);
	advise(add(to, "time-back", c->backs, c->back.frame,
		   "frame %" PRIu64 " is stamped %s earlier than the one before it: "
		   "the clock was set, or captures were put together out of order",
		   c->back.frame, span),
	       "sort the frames (reordercap), or replay the parts one by one");
	if (c->outliers)
		return;
	put_span(span, sizeof(span), c->far.to - c->far.from);
	advise(add(to, "time-jump", c->fars, c->far.frame,
		   "frame %" PRIu64 " is stamped %s later than the one before it: no "
		   "entry lives that long", c->far.frame, span),
	       "if these are several captures, replay them one by one");
}

static void time_notes(struct notes *to, const struct notes_from *from)
{
	const struct clock *c = from->clock;
	struct note *n;

	n = add(to, "older-frames", c->backward, c->backward_first,
		"%" PRIu64 " frame%s back in time, frame %" PRIu64 " first; "
		"processed at the previous frame's time", c->backward,
		c->backward == 1 ? " goes" : "s go", c->backward_first);
	advise(n, "sort them (reordercap)");
	jump_notes(to, from);
}

static void datagram_notes(struct notes *to, const struct notes_from *from)
{
	const struct datagrams *d = &from->quality->datagrams;
	uint64_t first, count = datagrams_incomplete(d, &first);

	advise(add(to, "incomplete-datagrams", count, first,
		   "%" PRIu64 " fragmented datagram%s never whole%s", count,
		   count == 1 ? " was" : "s were",
		   d->later ? "" : ", since only first fragments are there"),
	       d->later ? "fragments are missing from the capture, or were never sent" :
			  "later fragments have no ports, so that a filter by port "
			  "loses them: record with 'or (ip[6:2] & 0x1fff != 0) or "
			  "(ip6[6] == 44)'");
}

static void header_notes(struct notes *to, const struct notes_from *from)
{
	const struct quality *q = from->quality;
	struct note *n;

	n = add(to, "cut-in-header", q->cut_header.count, q->cut_header.first,
		"%" PRIu64 " packet%s cut within the transport header by the snap "
		"length", q->cut_header.count,
		q->cut_header.count == 1 ? " is" : "s are");
	explain(n, from, q->cut_header.count);
	advise(n, "record with a larger snap length (tcpdump -s 0)");
}

static void offload_notes(struct notes *to, const struct notes_from *from)
{
	const struct quality *q = from->quality;
	const struct tally_sender *s = tally_suspect(from->tally);
	char address[ADDRESS_STRING_SIZE];
	struct note *n;

	advise(add(to, "offload-length", q->no_length.count, q->no_length.first,
		   "%" PRIu64 " packet%s an IP length of 0, as before segmentation "
		   "by the network card; the frame's length stands for it",
		   q->no_length.count, q->no_length.count == 1 ? " has" : "s have"),
	       "what the network carried was shorter segments");
	advise(add(to, "offload-length6", q->no_length6.count, q->no_length6.first,
		   "%" PRIu64 " IPv6 packet%s a payload length of 0, as before "
		   "segmentation by the network card: Linux 6.18 drops %s before "
		   "connection tracking", q->no_length6.count,
		   q->no_length6.count == 1 ? " has" : "s have",
		   q->no_length6.count == 1 ? "it" : "them"),
	       "record without segmentation offload (ethtool -K DEVICE tso off)");
	advise(add(to, "offload-crc", q->no_crc.count, q->no_crc.first,
		   "%" PRIu64 " SCTP packet%s a CRC of 0, as before the network card "
		   "fills it in", q->no_crc.count,
		   q->no_crc.count == 1 ? " has" : "s have"),
	       "-k auto takes it, -k all does not");
	if (!s)
		return;
	address_string(address, &s->addr, s->l3num);
	n = add(to, "bad-checksums", s->failed, s->first, "%" PRIu64 " packets from %s "
		"have a wrong checksum, frame %" PRIu64 " first: this looks like "
		"transmit offload, where the network card fills in checksums",
		s->failed, address, s->first);
	if (n)
		n->warning = true;
	explain(n, from, s->failed);
	advise(n, "try -k none");
}

/* The largest class of frames without IP. */
static const char *largest_class(const struct tally *t, uint64_t *count)
{
	const char *name = "";

	*count = 0;
	for (int i = 0; i < LINK_CLASSES; i++) {
		if (i == LINK_IPV4 || i == LINK_IPV6 || t->link[i] <= *count)
			continue;
		*count = t->link[i];
		name = link_class_name((enum link_class)i);
	}
	for (int i = CT_PACKET_OK + 1; i < CT_PACKET_CLASSES; i++) {
		if (t->counts.packet[i] <= *count)
			continue;
		*count = t->counts.packet[i];
		name = ct_packet_class_name((enum ct_packet_class)i);
	}
	return name;
}

static void ip_notes(struct notes *to, const struct notes_from *from)
{
	const struct quality *q = from->quality;
	const struct tally *t = from->tally;
	uint64_t none = q->not_ip.count, good = t->counts.packet[CT_PACKET_OK], most;
	const char *class = largest_class(t, &most);
	bool like_ip = q->like_ip > none / 2, like_ethernet = q->like_ethernet > none / 2;

	if (good > (none + good) / IP_PART)
		return;
	advise(add(to, "not-ip", none, q->not_ip.first, "%" PRIu64 " of %" PRIu64
		   " frames hold no IP packet with a sound header, %" PRIu64
		   " are %s%s", none, none + good, most, class,
		   like_ip ? "; they look like IP without a link layer" :
		   like_ethernet ? "; they look like Ethernet" : ""),
	       like_ip ? "the file has the wrong link type: editcap -T rawip" :
	       like_ethernet ? "the file has the wrong link type: editcap -T ether" :
			       "-v shows them; look at the link type and the filter");
}

static void helper_notes(struct notes *to, const struct notes_from *from)
{
	const struct quality *q = from->quality;

	advise(add(to, "helper-other-address", q->not_taken.count, q->not_taken.first,
		   "%" PRIu64 " announcement%s an address that is not the sender's: "
		   "helpers do not take it, and what follows is NEW",
		   q->not_taken.count, q->not_taken.count == 1 ? " names" : "s name"),
	       "let the server announce the address by which it is reached");
	advise(add(to, "helper-tls", q->tls.count, q->tls.first,
		   "%" PRIu64 " FTP connection%s TLS, where no helper can read",
		   q->tls.count, q->tls.count == 1 ? " begins" : "s begin"),
	       "allow a fixed range of passive ports");
	advise(add(to, "group-answers", q->groups.answers, q->groups.first,
		   "%" PRIu64 " packet%s a question to a multicast or broadcast "
		   "address, and belong%s to no connection", q->groups.answers,
		   q->groups.answers == 1 ? " answers" : "s answer",
		   q->groups.answers == 1 ? "s" : ""),
	       "allow them by the port of the question");
}

/* "helper ftp made 3 expectations", "helpers ftp (3), sip (2) made expectations" */
static void list_helpers(char *to, size_t size, const uint64_t made[CT_HELPERS])
{
	unsigned int n = 0, only = 0;
	size_t used;

	for (unsigned int i = 0; i < CT_HELPERS; i++)
		if (made[i]) {
			only = i;
			n++;
		}
	if (n == 1) {
		snprintf(to, size, "helper %s made %" PRIu64 " expectation%s",
			 ct_helper_name(only), made[only], made[only] == 1 ? "" : "s");
		return;
	}
	used = (size_t)snprintf(to, size, "helpers ");
	for (unsigned int i = 0; i < CT_HELPERS; i++)
		if (made[i])
			used += (size_t)snprintf(to + used, size - used, "%s%s (%" PRIu64
						 ")", used > 8 ? ", " : "",
						 ct_helper_name(i), made[i]);
	snprintf(to + used, size - used, " made expectations");
}

/* Connections were RELATED because of helpers that nobody asked for. */
static void default_helper_note(struct notes *to, const struct notes_from *from)
{
	char helpers[200];

	if (!from->helpers || !from->met)
		return;
	list_helpers(helpers, sizeof(helpers), from->helpers->made);
	advise(add(to, "default-helpers", from->met, 0, "%s, and %" PRIu64
		   " connection%s RELATED by them", helpers, from->met,
		   from->met == 1 ? " is" : "s are"),
	       "the kernel needs a rule for a helper: --no-helpers shows it without, "
	       "--helper NAME stands for a rule");
}

static void full_note(struct notes *to, const struct notes_from *from)
{
	struct note *n;

	if (!from->full_first)
		return;
	n = add(to, "table-full", from->refused, from->full_first,
		"table full, dropping packet: frame %" PRIu64 " first, %" PRIu64
		" in all; nf_conntrack_max is %" PRIu64, from->full_first,
		from->refused, from->table_max);
	if (n)
		n->warning = true;
	advise(n, "try more with --sysctl");
}

void notes_make(struct notes *to, const struct notes_from *from)
{
	to->n = 0;
	ip_notes(to, from);
	time_notes(to, from);
	full_note(to, from);
	capture_note(to, from);
	flow_notes(to, from);
	copy_notes(to, from);
	tunnel_note(to, from);
	datagram_notes(to, from);
	header_notes(to, from);
	offload_notes(to, from);
	helper_notes(to, from);
	default_helper_note(to, from);
}
