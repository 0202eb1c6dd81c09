/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tcp_window.h - would the receiver accept this segment?
 *
 * After Guido van Rooij, "Real Stateful TCP Packet Filtering in IP Filter"
 * (2000), with the bounds of Linux 6.18's tcp_in_window().  For each side
 * struct tcp_side has
 *
 *   td_end     the number after the last byte that it sent,
 *   td_maxend  the number after the last byte that the other side lets it send,
 *   td_maxwin  the largest window that it offered, scaled,
 *   td_maxack  the highest number that it acknowledged.
 *
 * With 'sack' the right-most edge that the segment acknowledges, selectively
 * or not, a segment from S to R is in the window when
 *
 *   I.   seq  <= S.td_maxend			else "SEQ is over"
 *   II.  sack <= R.td_end			else "ACK is over"
 *   III. end  >= S.td_end - R.td_maxwin	else "SEQ is under"
 *   IV.  sack >= R.td_end - max(66000, S.td_maxwin)	else "ACK is under"
 *
 * all modulo 2^32.  A segment that violates I or II is INVALID.  One that
 * violates III or IV is old, and its receiver discards it anyway: it passes and
 * changes nothing.  So does, as the one exception to I, a segment that exceeds
 * the window by no more than the window's size: "more than expected".
 *
 * The part that every segment needs is inline here, the rest is in
 * tcp_window.c.
 */
#ifndef CONNTRACK_TCP_WINDOW_H
#define CONNTRACK_TCP_WINDOW_H 1

#include "conntrack/proto/tcp.h"

#define MAX_ACK_WINDOW		66000u	/* bytes that an ACK may lag in any case */

#define BOUND_END	1u
#define BOUND_MAXEND	2u
#define BOUND_MAXWIN	4u
#define BOUND_MAXACK	8u

/* The frame of 'pkt' set these bounds of 'side'. */
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
	if (which & BOUND_MAXACK)
		bounds->maxack[side] = pkt->number;
}

/* Whether the segment's ACK is the highest of its side so far. */
static inline bool is_new_maxack(const struct tcp_side *sender,
				 const struct ct_segment *s, uint32_t ack)
{
	return (s->flags & TCP_ACK) && (!(sender->flags & TCP_SIDE_MAXACK_SET) ||
					seq_after(ack, sender->td_maxack));
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

/*
 * The sender's first segment, or a new SYN, sets up its side before the check.
 * True where nothing is left to check: the second SYN of a simultaneous open.
 */
bool tcp_prepare_sender(struct track *t, const struct ct_segment *s,
			uint32_t sack);
/* The verdict for a segment that violates I, II, III or IV. */
enum tcp_action tcp_out_of_window(struct track *t, const struct ct_segment *s,
				  uint32_t seq, uint32_t ack, uint32_t sack,
				  uint32_t end);

/*
 * The segment is in the window: its numbers move the bounds.  Which bounds move
 * depends on the sender and cannot be predicted, so values are selected without
 * branches.
 */
static always_inline void
tcp_update_window(const struct ct_packet *pkt, enum ct_dir dir,
		  const struct ct_segment *s, struct tcp_side *sender,
		  struct tcp_side *receiver, uint32_t ack, uint32_t sack,
		  uint32_t end, struct tcp_bounds *bounds)
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
			   (wider ? BOUND_MAXWIN : 0) |
			   (is_new_maxack(sender, s, ack) ? BOUND_MAXACK : 0));
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

/* Counts how often the same ACK or data segment came in a row. */
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

/* The check, and the update of the bounds; tcp_in_window(). */
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
	if (unlikely(sender->td_maxwin == 0 || (s->flags & TCP_SYN) ||
		     (tcp->state <= CT_TCP_SYN_RECV &&
		      !kernel_has(t->ct, CT_HAS_TCP_REINIT_NEEDS_SYN))) &&
	    tcp_prepare_sender(t, s, sack))
		return TCP_ACTION_ACCEPT;

	/* No ACK, or a RST of a stack that leaves the number 0. */
	if (unlikely(!(s->flags & TCP_ACK) || ((s->flags & TCP_RST) && ack == 0)))
		ack = sack = receiver->td_end;
	/* A RST with the number 0 that refuses a SYN. */
	if (unlikely((s->flags & TCP_RST) && seq == 0 &&
		     tcp->state == CT_TCP_SYN_SENT))
		seq = end = sender->td_end;

	if (unlikely(!tcp_inside(sender, receiver, seq, sack, end)))
		return tcp_out_of_window(t, s, seq, ack, sack, end);
	tcp_update_window(t->pkt, t->dir, s, sender, receiver, ack, sack, end,
			  bounds);
	if (s->index == TCP_IX_ACK)
		count_retransmission(tcp, t->dir, seq, ack, end, s->win);
	return TCP_ACTION_ACCEPT;
}

#endif
