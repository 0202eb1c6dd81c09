/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tcp_window.c - is this segment one that its receiver would take?
 *
 * After Guido van Rooij, "Real Stateful TCP Packet Filtering in IP Filter"
 * (2000), with the bounds of Linux 6.18's tcp_in_window().  Of each side we
 * know (struct tcp_side)
 *
 *   td_end     the number after the last byte it sent,
 *   td_maxend  the number after the last byte the other side lets it send,
 *   td_maxwin  the largest window that it offered, scaled,
 *   td_maxack  the highest number it acknowledged.
 *
 * With 'sack' the right-most edge that the segment acknowledges, selectively
 * or not, a segment from S to R is in the window when
 *
 *   I.   seq  <= S.td_maxend			else "SEQ is over"
 *   II.  sack <= R.td_end			else "ACK is over"
 *   III. end  >= S.td_end - R.td_maxwin	else "SEQ is under"
 *   IV.  sack >= R.td_end - max(66000, S.td_maxwin)	else "ACK is under"
 *
 * all modulo 2^32.  I and II make it INVALID.  III and IV are old news that a
 * receiver throws away by itself: it passes, and nothing is learnt from it.
 * The one exception to I is a sender that runs past the window by no more
 * than the window's own size: "more than expected".
 */
#include "conntrack/tcp.h"

#define MAX_ACK_WINDOW		66000u	/* how old an ACK may be, at least */

/* What the rare cases work with. */
struct window {
	struct tcp_side *sender, *receiver;
	struct tcp_bounds *bounds;	/* NULL: not kept */
	enum ct_dir dir;
	uint32_t seq, ack, sack, end, win;
};

#define BOUND_END	1u
#define BOUND_MAXEND	2u
#define BOUND_MAXWIN	4u

/* Remembers which frame moved bounds of 'side', for those who ask why. */
static inline void note_frame(const struct track *t, struct tcp_bounds *bounds,
			      enum ct_dir side, unsigned int which)
{
	if (likely(!bounds))
		return;
	if (which & BOUND_END)
		bounds->end[side] = t->pkt->number;
	if (which & BOUND_MAXEND)
		bounds->maxend[side] = t->pkt->number;
	if (which & BOUND_MAXWIN)
		bounds->maxwin[side] = t->pkt->number;
}

/* A SYN or SYN/ACK tells all about its sender; tcp_init_sender(). */
static void init_sender(struct track *t, const struct ct_segment *s,
			const struct window *w)
{
	struct tcp_side *sender = w->sender;

	sender->td_end = sender->td_maxend = w->end;
	sender->td_maxwin = w->win ? w->win : 1;
	note_frame(t, w->bounds, w->dir, BOUND_END | BOUND_MAXEND | BOUND_MAXWIN);
	tcp_read_options(t->pkt, s, sender);
	/* Scaling needs the option from both (RFC 7323 section 2.2). */
	if (w->dir == CT_DIR_REPLY &&
	    !(sender->flags & w->receiver->flags & TCP_SIDE_WINDOW_SCALE))
		sender->td_scale = w->receiver->td_scale = 0;
}

/* The first segment from this side, and no SYN: its history is unknown, so
 * what it does is taken for right. */
static void guess_sender(struct track *t, const struct window *w)
{
	struct tcp_side *sender = w->sender, *receiver = w->receiver;
	uint32_t win = w->win << sender->td_scale;

	sender->td_end = w->end;
	sender->td_maxwin = win ? win : 1;
	sender->td_maxend = w->end + sender->td_maxwin;
	note_frame(t, w->bounds, w->dir, BOUND_END | BOUND_MAXEND | BOUND_MAXWIN);
	if (receiver->td_maxwin == 0) {
		/* Nothing came from there either: it sent what is acknowledged. */
		receiver->td_end = receiver->td_maxend = w->sack;
		note_frame(t, w->bounds, !w->dir, BOUND_END | BOUND_MAXEND);
	} else if (w->sack == receiver->td_end + 1) {
		/* An answer to a keep-alive probe, which we did not count. */
		receiver->td_end++;
		note_frame(t, w->bounds, !w->dir, BOUND_END);
	}
}

static inline uint32_t oldest_ack(const struct tcp_side *sender,
				  const struct tcp_side *receiver)
{
	uint32_t window = sender->td_maxwin > MAX_ACK_WINDOW ?
			  sender->td_maxwin : MAX_ACK_WINDOW;

	return receiver->td_end - window - 1;
}

static void tell_bounds(struct track *t, const struct window *w, uint64_t frame)
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

/* A failure's word.  Liberal sides fail in nothing, and in silence:
 * nf_tcp_log_invalid(). */
static enum tcp_action failed(struct track *t, const struct window *w,
			      enum tcp_action action, enum ct_reason reason,
			      uint32_t number, uint64_t frame)
{
	if (t->ct->cfg.sysctl.tcp_be_liberal ||
	    (w->sender->flags & TCP_SIDE_LIBERAL))
		return TCP_ACTION_ACCEPT;
	track_why(t, reason, number, 0, 0, 0);
	if (w->bounds)
		tell_bounds(t, w, frame);
	return action;
}

/* Rule I is broken. */
static enum tcp_action seq_over(struct track *t, const struct window *w)
{
	struct tcp_side *sender = w->sender, *receiver = w->receiver;
	uint64_t frame = w->bounds ? w->bounds->maxend[w->dir] : 0;
	uint32_t overshot = w->end - sender->td_maxend + 1;

	if (receiver->td_maxwin && overshot <= receiver->td_maxwin &&
	    seq_after(w->end, sender->td_end - receiver->td_maxwin - 1) &&
	    seq_after(w->sack, oldest_ack(sender, receiver)) &&
	    seq_before(w->sack, receiver->td_end + 1)) {
		enum tcp_action action =
			failed(t, w, TCP_ACTION_IGNORE, CT_REASON_TCP_MORE_BYTES,
			       overshot, frame);

		/* If the rules let it pass, the receiver may acknowledge it. */
		sender->td_end = w->end;
		sender->flags |= TCP_SIDE_UNACKED;
		note_frame(t, w->bounds, w->dir, BOUND_END);
		return action;
	}
	return failed(t, w, TCP_ACTION_INVALID, CT_REASON_TCP_SEQ_OVER,
		      sender->td_maxend + 1, frame);
}

/* What the sender's first segment, or a new SYN, changes before the check.
 * True when there is nothing to check: the other SYN of a simultaneous open. */
static bool prepare_sender(struct track *t, const struct ct_segment *s,
			   const struct window *w)
{
	uint8_t state = t->entry->proto.tcp.state;

	if (w->sender->td_maxwin == 0) {
		if (!(s->flags & TCP_SYN)) {
			guess_sender(t, w);
			return false;
		}
		init_sender(t, s, w);
		return !(s->flags & TCP_ACK);
	}
	/* A SYN with higher numbers starts its side anew (RFC 9293, 3.4.3). */
	if ((s->flags & TCP_SYN) && seq_after(w->end, w->sender->td_end) &&
	    (state == CT_TCP_SYN_SENT || state == CT_TCP_SYN_RECV)) {
		init_sender(t, s, w);
		return w->dir == CT_DIR_REPLY && !(s->flags & TCP_ACK);
	}
	return false;
}

/*
 * A bound is crossed: I to IV, in that order, as the kernel looks at them.  The
 * caller has found that one is; 'w' is what it found it with.
 */
static enum tcp_action out_of_window(struct track *t, const struct window *w)
{
	const struct tcp_side *sender = w->sender, *receiver = w->receiver;
	const struct tcp_bounds *bounds = w->bounds;
	uint32_t lowest = sender->td_end - receiver->td_maxwin - 1;

	if (!seq_before(w->seq, sender->td_maxend + 1))
		return seq_over(t, w);
	if (!seq_before(w->sack, receiver->td_end + 1))
		return failed(t, w, TCP_ACTION_INVALID, CT_REASON_TCP_ACK_OVER,
			      receiver->td_end + 1,
			      bounds ? bounds->end[!w->dir] : 0);
	if (receiver->td_maxwin && !seq_after(w->end, lowest))
		return failed(t, w, TCP_ACTION_IGNORE, CT_REASON_TCP_SEQ_UNDER,
			      lowest, bounds ? bounds->end[w->dir] : 0);
	return failed(t, w, TCP_ACTION_IGNORE, CT_REASON_TCP_ACK_UNDER,
		      oldest_ack(sender, receiver),
		      bounds ? bounds->end[!w->dir] : 0);
}

/* The segment is in the window: what it says is believed. */
static inline void learn(const struct track *t, const struct ct_segment *s,
			 uint32_t ack, uint32_t sack, uint32_t end,
			 struct tcp_bounds *bounds)
{
	struct tcp_info *tcp = &t->entry->proto.tcp;
	struct tcp_side *sender = &tcp->seen[t->dir];
	struct tcp_side *receiver = &tcp->seen[!t->dir];
	uint32_t win = s->win, offered;

	/* The window of a SYN is never scaled (RFC 7323 section 2.2). */
	if (!(s->flags & TCP_SYN))
		win <<= sender->td_scale;

	offered = win + (sack - ack);
	if (sender->td_maxwin < offered) {
		sender->td_maxwin = offered;
		note_frame(t, bounds, t->dir, BOUND_MAXWIN);
	}
	if (seq_after(end, sender->td_end)) {
		sender->td_end = end;
		sender->flags |= TCP_SIDE_UNACKED;
		note_frame(t, bounds, t->dir, BOUND_END);
	}
	if ((s->flags & TCP_ACK) &&
	    (!(sender->flags & TCP_SIDE_MAXACK_SET) ||
	     seq_after(ack, sender->td_maxack))) {
		sender->td_maxack = ack;
		sender->flags |= TCP_SIDE_MAXACK_SET;
	}

	if (receiver->td_maxwin && seq_after(end, sender->td_maxend)) {
		receiver->td_maxwin += end - sender->td_maxend;
		note_frame(t, bounds, !t->dir, BOUND_MAXWIN);
	}
	if (seq_after(sack + win, receiver->td_maxend - 1)) {
		receiver->td_maxend = sack + win;
		/* A probe of a closed window is one byte. */
		if (win == 0)
			receiver->td_maxend++;
		note_frame(t, bounds, !t->dir, BOUND_MAXEND);
	}
	if (ack == receiver->td_end)
		receiver->flags &= (uint8_t)~TCP_SIDE_UNACKED;
}

/* Counts how often the very same ACK or data segment came. */
static inline void count_retransmission(struct tcp_info *tcp, enum ct_dir dir,
					uint32_t seq, uint32_t ack,
					uint32_t end, uint16_t win)
{
	if (unlikely(tcp->last_seq == seq && tcp->last_ack == ack &&
		     tcp->last_dir == dir && tcp->last_end == end &&
		     tcp->last_win == win)) {
		tcp->retrans++;
		return;
	}
	tcp->last_dir = (uint8_t)dir;
	tcp->last_seq = seq;
	tcp->last_ack = ack;
	tcp->last_end = end;
	tcp->last_win = win;
	tcp->retrans = 0;
}

enum tcp_action tcp_window_check(struct track *t, const struct ct_segment *s)
{
	struct tcp_info *tcp = &t->entry->proto.tcp;
	struct tcp_side *sender = &tcp->seen[t->dir];
	struct tcp_side *receiver = &tcp->seen[!t->dir];
	struct tcp_bounds *bounds = entry_bounds(t->ct, t->number);
	uint32_t seq = s->seq, ack = s->ack, sack = ack, end = s->end;

	if (receiver->flags & TCP_SIDE_SACK_PERM)
		sack = s->sack;
	if (unlikely(sender->td_maxwin == 0 || (s->flags & TCP_SYN))) {
		struct window w = { sender, receiver, bounds, t->dir,
				    seq, ack, sack, end, s->win };

		if (prepare_sender(t, s, &w))
			return TCP_ACTION_ACCEPT;
	}

	/* No ACK, or a RST by a stack that forgot to fill it in. */
	if (unlikely(!(s->flags & TCP_ACK) || ((s->flags & TCP_RST) && ack == 0)))
		ack = sack = receiver->td_end;
	/* A SYN refused by a RST without a number of its own. */
	if (unlikely((s->flags & TCP_RST) && seq == 0 &&
		     tcp->state == CT_TCP_SYN_SENT))
		seq = end = sender->td_end;

	if (unlikely(!seq_before(seq, sender->td_maxend + 1) ||
		     !seq_before(sack, receiver->td_end + 1) ||
		     (receiver->td_maxwin &&
		      !seq_after(end, sender->td_end - receiver->td_maxwin - 1)) ||
		     !seq_after(sack, oldest_ack(sender, receiver)))) {
		struct window w = { sender, receiver, bounds, t->dir,
				    seq, ack, sack, end, s->win };

		return out_of_window(t, &w);
	}
	learn(t, s, ack, sack, end, bounds);
	if (s->index == TCP_IX_ACK)
		count_retransmission(tcp, t->dir, seq, ack, end, s->win);
	return TCP_ACTION_ACCEPT;
}

void tcp_first_segment(struct track *t, const struct ct_segment *s)
{
	struct tcp_info *tcp = &t->entry->proto.tcp;
	struct tcp_side *sender = &tcp->seen[CT_DIR_ORIGINAL];
	struct tcp_bounds *bounds = entry_bounds(t->ct, t->number);

	*tcp = (struct tcp_info){ .last_index = TCP_IX_NONE };
	sender->td_end = sender->td_maxend = s->end;
	sender->td_maxwin = s->win ? s->win : 1;
	if (bounds)
		*bounds = (struct tcp_bounds){
			.end = { t->pkt->number }, .maxend = { t->pkt->number },
			.maxwin = { t->pkt->number },
		};
	if (s->index == TCP_IX_SYN) {
		tcp_read_options(t->pkt, s, sender);
		return;
	}
	/* Picked up: no SYN said whether windows are scaled, so neither side's
	 * numbers are held against it. */
	sender->td_maxend += sender->td_maxwin;
	tcp->seen[0].flags = tcp->seen[1].flags =
		TCP_SIDE_SACK_PERM | TCP_SIDE_LIBERAL;
}
