/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tcp_window.h - is this segment one that its receiver would take?
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
 *
 * What every segment needs is here, so that it costs no call; tcp_window.c has
 * the rest.
 */
#ifndef CONNTRACK_TCP_WINDOW_H
#define CONNTRACK_TCP_WINDOW_H 1

#include "conntrack/proto/tcp.h"

#define MAX_ACK_WINDOW		66000u	/* how old an ACK may be, at least */

#define BOUND_END	1u
#define BOUND_MAXEND	2u
#define BOUND_MAXWIN	4u

/* Remembers which frame moved bounds of 'side', for those who ask why. */
static inline void note_frame(const struct ct_packet *pkt,
			      struct tcp_bounds *bounds, enum ct_dir side,
			      unsigned int which)
{
	if (likely(!bounds))
		return;
	if (which & BOUND_END)
		bounds->end[side] = pkt->number;
	if (which & BOUND_MAXEND)
		bounds->maxend[side] = pkt->number;
	if (which & BOUND_MAXWIN)
		bounds->maxwin[side] = pkt->number;
}

static inline uint32_t oldest_ack(const struct tcp_side *sender,
				  const struct tcp_side *receiver)
{
	uint32_t window = sender->td_maxwin > MAX_ACK_WINDOW ?
			  sender->td_maxwin : MAX_ACK_WINDOW;

	return receiver->td_end - window - 1;
}

/* I to IV. */
static inline bool tcp_inside(const struct tcp_side *sender,
			      const struct tcp_side *receiver, uint32_t seq,
			      uint32_t sack, uint32_t end)
{
	return seq_before(seq, sender->td_maxend + 1) &&
	       seq_before(sack, receiver->td_end + 1) &&
	       (!receiver->td_maxwin ||
		seq_after(end, sender->td_end - receiver->td_maxwin - 1)) &&
	       seq_after(sack, oldest_ack(sender, receiver));
}

/* What the sender's first segment, or a new SYN, changes before the check.
 * True when there is nothing to check: the other SYN of a simultaneous open. */
bool tcp_prepare_sender(struct track *t, const struct ct_segment *s,
			uint32_t sack);
/* Which bound is crossed, and what becomes of the segment. */
enum tcp_action tcp_out_of_window(struct track *t, const struct ct_segment *s,
				  uint32_t seq, uint32_t ack, uint32_t sack,
				  uint32_t end);

/*
 * The segment is in the window: what it says is believed.  Which of its numbers
 * are news depends on who sent it, and cannot be foreseen, so there is no branch
 * where there are values to choose from.
 */
static always_inline void
tcp_update_window(const struct ct_packet *pkt, enum ct_dir dir, const struct ct_segment *s,
      struct tcp_side *sender, struct tcp_side *receiver, uint32_t ack,
      uint32_t sack, uint32_t end, struct tcp_bounds *bounds)
{
	uint32_t win = s->win, offered;
	bool wider, more;

	/* The window of a SYN is never scaled (RFC 7323 section 2.2). */
	if (!(s->flags & TCP_SYN))
		win <<= sender->td_scale;

	offered = win + (sack - ack);
	wider = sender->td_maxwin < offered;
	if (wider)
		sender->td_maxwin = offered;
	more = seq_after(end, sender->td_end);
	sender->td_end = seq_later(end, sender->td_end);
	sender->flags |= (uint8_t)(opaque(more) * TCP_SIDE_UNACKED);
	if (unlikely(bounds))
		note_frame(pkt, bounds, dir, (more ? BOUND_END : 0) |
					     (wider ? BOUND_MAXWIN : 0));
	if (unlikely(!(s->flags & TCP_ACK))) {
		;
	} else if (likely(sender->flags & TCP_SIDE_MAXACK_SET)) {
		sender->td_maxack = seq_later(ack, sender->td_maxack);
	} else {
		sender->td_maxack = ack;
		sender->flags |= TCP_SIDE_MAXACK_SET;
	}

	if (receiver->td_maxwin && seq_after(end, sender->td_maxend)) {
		receiver->td_maxwin += end - sender->td_maxend;
		note_frame(pkt, bounds, !dir, BOUND_MAXWIN);
	}
	if (seq_after(sack + win, receiver->td_maxend - 1)) {
		receiver->td_maxend = sack + win;
		/* A probe of a closed window is one byte. */
		if (win == 0)
			receiver->td_maxend++;
		note_frame(pkt, bounds, !dir, BOUND_MAXEND);
	}
	receiver->flags &=
		(uint8_t)~(opaque(ack == receiver->td_end) * TCP_SIDE_UNACKED);
}

/* Counts how often the very same ACK or data segment came. */
static inline void count_retransmission(struct tcp_info *tcp, enum ct_dir dir,
					uint32_t seq, uint32_t ack,
					uint32_t end, uint16_t win)
{
	if (unlikely(((tcp->last_seq ^ seq) | (tcp->last_ack ^ ack) |
		      (tcp->last_dir ^ dir) | (tcp->last_end ^ end) |
		      (uint32_t)(tcp->last_win ^ win)) == 0)) {
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

/* The check, and what a segment in the window teaches; tcp_in_window(). */
static inline enum tcp_action
tcp_window_check(struct track *t, const struct ct_segment *s)
{
	struct tcp_info *tcp = &t->entry->proto.tcp;
	struct tcp_side *sender = &tcp->seen[t->dir];
	struct tcp_side *receiver = &tcp->seen[!t->dir];
	struct tcp_bounds *bounds = track_bounds(t);
	uint32_t seq = s->seq, ack = s->ack, sack = ack, end = s->end;

	if (receiver->flags & TCP_SIDE_SACK_PERM)
		sack = s->sack;
	if (unlikely(sender->td_maxwin == 0 || (s->flags & TCP_SYN)) &&
	    tcp_prepare_sender(t, s, sack))
		return TCP_ACTION_ACCEPT;

	/* No ACK, or a RST by a stack that forgot to fill it in. */
	if (unlikely(!(s->flags & TCP_ACK) || ((s->flags & TCP_RST) && ack == 0)))
		ack = sack = receiver->td_end;
	/* A SYN refused by a RST without a number of its own. */
	if (unlikely((s->flags & TCP_RST) && seq == 0 &&
		     tcp->state == CT_TCP_SYN_SENT))
		seq = end = sender->td_end;

	if (unlikely(!tcp_inside(sender, receiver, seq, sack, end)))
		return tcp_out_of_window(t, s, seq, ack, sack, end);
	tcp_update_window(t->pkt, t->dir, s, sender, receiver, ack, sack, end, bounds);
	if (s->index == TCP_IX_ACK)
		count_retransmission(tcp, t->dir, seq, ack, end, s->win);
	return TCP_ACTION_ACCEPT;
}

#endif
