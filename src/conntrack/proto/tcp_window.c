/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tcp_window.c - the rare cases of the window check: first segments, and
 * segments outside the window.  tcp_window.h explains the check.
 */
#include "conntrack/proto/tcp_window.h"

/* The arguments of the rare cases. */
struct window {
	struct tcp_side *sender, *receiver;
	struct tcp_bounds *bounds;	/* NULL: none are kept */
	enum ct_dir dir;
	uint32_t seq, ack, sack, end, win;
};

static inline struct window window_of(const struct track *t,
				      const struct ct_segment *s, uint32_t seq,
				      uint32_t ack, uint32_t sack, uint32_t end)
{
	struct tcp_side *seen = t->entry->proto.tcp.seen;

	return (struct window){
		&seen[t->dir], &seen[!t->dir], track_bounds(t),
		t->dir, seq, ack, sack, end, s->win,
	};
}

/* A SYN or SYN/ACK initialises its sender's side; tcp_init_sender(). */
static void init_sender(struct track *t, const struct ct_segment *s,
			const struct window *w)
{
	struct tcp_side *sender = w->sender;

	sender->td_end = sender->td_maxend = w->end;
	sender->td_maxwin = w->win ? w->win : 1;
	note_frame(t->pkt, w->bounds, w->dir,
		   BOUND_END | BOUND_MAXEND | BOUND_MAXWIN);
	tcp_take_options(s, sender);
	/* Scaling needs the option from both (RFC 7323 section 2.2). */
	if ((w->dir == CT_DIR_REPLY ||
	     !kernel_has(t->ct, CT_HAS_TCP_WSCALE_BY_REPLY)) &&
	    !(sender->flags & w->receiver->flags & TCP_SIDE_WINDOW_SCALE))
		sender->td_scale = w->receiver->td_scale = 0;
}

/* The first segment of this side is not a SYN: nothing is known of its past, so
 * the segment is taken to be in the window. */
static void guess_sender(struct track *t, const struct window *w)
{
	struct tcp_side *sender = w->sender, *receiver = w->receiver;
	uint32_t win = w->win << sender->td_scale;

	sender->td_end = w->end;
	sender->td_maxwin = win ? win : 1;
	sender->td_maxend = w->end + sender->td_maxwin;
	note_frame(t->pkt, w->bounds, w->dir,
		   BOUND_END | BOUND_MAXEND | BOUND_MAXWIN);
	if (receiver->td_maxwin == 0) {
		/* The receiver sent nothing yet either, except the bytes that
		 * are acknowledged here. */
		receiver->td_end = receiver->td_maxend = w->sack;
		note_frame(t->pkt, w->bounds, !w->dir, BOUND_END | BOUND_MAXEND);
	} else if (w->sack == receiver->td_end + 1) {
		/*
		 * The answer to a keep-alive probe, whose byte was not counted.
		 */
		receiver->td_end++;
		note_frame(t->pkt, w->bounds, !w->dir, BOUND_END);
	}
}

/* The bounds into the verdict. */
static void report_bounds(struct track *t, const struct window *w, uint64_t frame)
{
	t->v->windowed = true;
	t->v->window = (struct ct_window){
		.seq = w->seq, .end = w->end, .ack = w->sack,
		.seq_lower = w->sender->td_end - w->receiver->td_maxwin,
		.seq_upper = w->sender->td_maxend,
		.ack_lower = oldest_ack(w->sender, w->receiver) + 1,
		.ack_upper = w->receiver->td_end,
		.frame = frame,
	};
}

/* The verdict for a violated rule, with its reason.  A liberal side violates
 * none: nf_tcp_log_invalid(). */
static enum tcp_action violation(struct track *t, const struct window *w,
			      enum tcp_action action, enum ct_reason reason,
			      uint32_t number, uint64_t frame)
{
	if (t->ct->cfg.sysctl.tcp_be_liberal ||
	    (w->sender->flags & TCP_SIDE_LIBERAL))
		return TCP_ACTION_ACCEPT;
	track_why(t, reason, number, 0, 0, 0);
	if (w->bounds)
		report_bounds(t, w, frame);
	return action;
}

/* Rule I is violated. */
static enum tcp_action seq_over(struct track *t, const struct window *w)
{
	struct tcp_side *sender = w->sender, *receiver = w->receiver;
	uint64_t frame = w->bounds ? w->bounds->maxend[w->dir] : 0;
	uint32_t overshot = w->end - sender->td_maxend + 1;

	if (kernel_has(t->ct, CT_HAS_TCP_OVERSHOOT_ACCEPTED) &&
	    receiver->td_maxwin && overshot <= receiver->td_maxwin &&
	    seq_after(w->end, sender->td_end - receiver->td_maxwin - 1) &&
	    seq_after(w->sack, oldest_ack(sender, receiver)) &&
	    seq_before(w->sack, receiver->td_end + 1)) {
		enum tcp_action action =
			violation(t, w, TCP_ACTION_IGNORE,
				  CT_REASON_TCP_MORE_BYTES, overshot, frame);

		/* If the firewall lets it pass, the receiver may acknowledge
		 * it. */
		sender->td_end = w->end;
		sender->flags |= TCP_SIDE_UNACKED;
		note_frame(t->pkt, w->bounds, w->dir, BOUND_END);
		return action;
	}
	return violation(t, w, TCP_ACTION_INVALID, CT_REASON_TCP_SEQ_OVER,
		      sender->td_maxend + 1, frame);
}

/*
 * Initialises a side again, as kernels without TCP_REINIT_NEEDS_SYN do it: for any
 * segment with higher numbers, but only that of the side whose answer is awaited.
 */
static void init_sender_any(struct track *t, const struct ct_segment *s,
			    const struct window *w)
{
	uint8_t state = t->entry->proto.tcp.state;

	if (!seq_after(w->end, w->sender->td_end) ||
	    state != (w->dir == CT_DIR_ORIGINAL ? CT_TCP_SYN_SENT :
						  CT_TCP_SYN_RECV))
		return;
	w->sender->td_end = w->sender->td_maxend = w->end;
	w->sender->td_maxwin = w->win ? w->win : 1;
	note_frame(t->pkt, w->bounds, w->dir,
		   BOUND_END | BOUND_MAXEND | BOUND_MAXWIN);
	tcp_take_options(s, w->sender);
}

bool tcp_prepare_sender(struct track *t, const struct ct_segment *s,
			uint32_t sack)
{
	const struct window w = window_of(t, s, s->seq, s->ack, sack, s->end);
	uint8_t state = t->entry->proto.tcp.state;

	if (w.sender->td_maxwin == 0) {
		if (!(s->flags & TCP_SYN)) {
			guess_sender(t, &w);
			return false;
		}
		init_sender(t, s, &w);
		return !(s->flags & TCP_ACK);
	}
	if (!kernel_has(t->ct, CT_HAS_TCP_REINIT_NEEDS_SYN)) {
		init_sender_any(t, s, &w);
		return false;
	}
	/* A SYN with higher numbers initialises its side again (RFC 9293,
	 * 3.4.3). */
	if ((s->flags & TCP_SYN) && seq_after(w.end, w.sender->td_end) &&
	    (state == CT_TCP_SYN_SENT || state == CT_TCP_SYN_RECV)) {
		init_sender(t, s, &w);
		return w.dir == CT_DIR_REPLY && !(s->flags & TCP_ACK);
	}
	return false;
}

/* The kernel checks I to IV in this order.  The caller knows that the segment
 * with these numbers violates at least one of them. */
enum tcp_action tcp_out_of_window(struct track *t, const struct ct_segment *s,
				  uint32_t seq, uint32_t ack, uint32_t sack,
				  uint32_t end)
{
	const struct window w = window_of(t, s, seq, ack, sack, end);
	const struct tcp_side *sender = w.sender, *receiver = w.receiver;
	const struct tcp_bounds *bounds = w.bounds;
	uint32_t lowest = sender->td_end - receiver->td_maxwin - 1;

	bool over = !seq_before(sack, receiver->td_end + 1);
	bool under = receiver->td_maxwin && !seq_after(end, lowest);
	bool old_accepted = kernel_has(t->ct, CT_HAS_TCP_OLD_SEGMENT_ACCEPTED);
	enum tcp_action old = old_accepted ? TCP_ACTION_IGNORE : TCP_ACTION_INVALID;

	if (!seq_before(seq, sender->td_maxend + 1))
		return seq_over(t, &w);
	/* Where old segments are INVALID, rule II is asked before rule III. */
	if (over && (old_accepted || !under))
		return violation(t, &w, TCP_ACTION_INVALID, CT_REASON_TCP_ACK_OVER,
			      receiver->td_end + 1,
			      bounds ? bounds->end[!w.dir] : 0);
	if (under)
		return violation(t, &w, old, CT_REASON_TCP_SEQ_UNDER,
			      lowest, bounds ? bounds->end[w.dir] : 0);
	return violation(t, &w, old, CT_REASON_TCP_ACK_UNDER,
		      oldest_ack(sender, receiver),
		      bounds ? bounds->end[!w.dir] : 0);
}

void tcp_first_segment(struct track *t, const struct ct_segment *s)
{
	struct tcp_info *tcp = &t->entry->proto.tcp;
	struct tcp_side *sender = &tcp->seen[CT_DIR_ORIGINAL];
	struct tcp_bounds *bounds = track_bounds(t);

	*tcp = (struct tcp_info){ .last_index = TCP_IX_NONE };
	sender->td_end = sender->td_maxend = s->end;
	sender->td_maxwin = s->win ? s->win : 1;
	if (bounds)
		*bounds = (struct tcp_bounds){
			.end = { t->pkt->number }, .maxend = { t->pkt->number },
			.maxwin = { t->pkt->number },
		};
	if (s->index == TCP_IX_SYN) {
		tcp_take_options(s, sender);
		return;
	}
	/* Picked up in mid-stream: no SYN told whether windows are scaled, so
	 * segments of either side violate no rule. */
	sender->td_maxend += sender->td_maxwin;
	tcp->seen[0].flags = tcp->seen[1].flags =
		TCP_SIDE_SACK_PERM | TCP_SIDE_LIBERAL;
}
