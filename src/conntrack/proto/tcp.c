/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tcp.c - TCP (RFC 9293): from segment to state.
 * nf_conntrack_tcp_packet() and the functions that it calls, except the window
 * check.
 *
 * Besides acceptance there are three results: INVALID; "ignored", where a
 * segment passes and only notes are taken that identify its answer; and
 * "repeat", where a SYN opens a new connection with the ports of an old one.
 */
#include "conntrack/proto/tcp_fast_path.h"

#include "conntrack/lifecycle.h"

/* In seconds; the kernel has no sysctl for it. */
#define SYN_SENT2_TIMEOUT 120u

/* An INVALID FIN or RST does not change a connection that expires sooner. */
#define LONG_LIFE	(120 * CT_NSEC_PER_SEC)

/* The first packet of a connection; tcp_new(). */
static enum ct_reason open_connection(struct track *t,
				      const struct ct_segment *s)
{
	if (tcp_next_state(CT_DIR_ORIGINAL, s->index, CT_TCP_NONE) ==
	    TCP_CELL_INVALID)
		return CT_REASON_TCP_INVALID_NEW;
	if (s->index != TCP_IX_SYN && !t->ct->cfg.sysctl.tcp_loose)
		return CT_REASON_TCP_NO_PICKUP;
	tcp_first_segment(t, s);
	return CT_REASON_NONE;
}

/* The result of the state machine, before the window check. */
enum step {
	STEP_WINDOW,		/* the window check decides */
	STEP_IN_WINDOW,		/* accepted without the window check */
	STEP_PASS,		/* passes, nothing changes */
	STEP_INVALID,
	STEP_REPEAT,
};

struct move {
	uint8_t old_state, new_state;
};

/* Whether a SYN in TIME_WAIT or CLOSE opens a new connection: the old one was
 * closed by FINs, or reset from the same side. */
static bool may_reopen(const struct track *t)
{
	const struct tcp_info *tcp = &t->entry->proto.tcp;

	return ((tcp->seen[0].flags | tcp->seen[1].flags) &
		TCP_SIDE_CLOSE_INIT) ||
	       (tcp->last_dir == t->dir && tcp->last_index == TCP_IX_RST);
}

/*
 * A SYN/ACK answers a SYN that was ignored: client and server agree, so our
 * state was wrong.  The numbers and options that were noted of the SYN replace
 * it.
 */
static void resynchronise(struct track *t)
{
	struct tcp_info *tcp = &t->entry->proto.tcp;
	struct tcp_side *opener = &tcp->seen[tcp->last_dir];
	struct tcp_side *answerer = &tcp->seen[t->dir];

	opener->td_end = opener->td_maxend = tcp->last_end;
	opener->td_maxwin = tcp->last_win ? tcp->last_win : 1;
	opener->td_scale = tcp->last_wscale;
	tcp->last_flags &= (uint8_t)~TCP_CHALLENGE_EXPECTED;
	opener->flags = tcp->last_flags;
	*answerer = (struct tcp_side){
		.flags = answerer->flags & TCP_SIDE_LIBERAL,
	};
}

/* Notes the options of an ignored SYN, for resynchronise(). */
static void note_syn(struct track *t, const struct ct_segment *s)
{
	struct tcp_info *tcp = &t->entry->proto.tcp;
	struct tcp_side seen = { 0 };

	tcp_take_options(s, &seen);
	tcp->last_flags = seen.flags &
			  (TCP_SIDE_WINDOW_SCALE | TCP_SIDE_SACK_PERM);
	tcp->last_wscale = seen.td_scale;
	/* A stack with RFC 5961 answers with an ACK, which in LAST_ACK must not
	 * be taken for the last ACK. */
	if (tcp->state == CT_TCP_LAST_ACK)
		tcp->last_flags |= TCP_CHALLENGE_EXPECTED;
}

static enum step ignore(struct track *t, const struct ct_segment *s,
			struct move *m)
{
	struct tcp_info *tcp = &t->entry->proto.tcp;

	if (s->index == TCP_IX_SYNACK && tcp->last_index == TCP_IX_SYN &&
	    tcp->last_dir != t->dir && s->ack == tcp->last_end) {
		resynchronise(t);
		m->old_state = CT_TCP_SYN_SENT;
		m->new_state = CT_TCP_SYN_RECV;
		return STEP_WINDOW;
	}
	tcp->last_index = s->index;
	tcp->last_dir = (uint8_t)t->dir;
	tcp->last_seq = s->seq;
	tcp->last_end = s->end;
	tcp->last_win = s->win;
	if (s->index == TCP_IX_SYN && t->dir == CT_DIR_ORIGINAL)
		note_syn(t, s);
	/*
	 * This may be a challenge ACK; the RST that answers it has its number.
	 */
	if (kernel_has(t->ct, CT_HAS_TCP_RST_CHALLENGE_ACK) &&
	    m->old_state == CT_TCP_SYN_SENT && s->index == TCP_IX_ACK &&
	    t->dir == CT_DIR_REPLY)
		tcp->last_ack = s->ack;
	track_why(t, CT_REASON_TCP_IGNORED, s->index, t->dir, m->old_state, 0);
	return STEP_PASS;
}

static bool is_closing(uint8_t state)
{
	return state == CT_TCP_FIN_WAIT || state == CT_TCP_CLOSE_WAIT ||
	       state == CT_TCP_LAST_ACK || state == CT_TCP_TIME_WAIT ||
	       state == CT_TCP_CLOSE;
}

/* Whether the RST answers a segment that was ignored: then it closes the
 * connection whatever its numbers are. */
static bool answers_ignored(const struct track *t, const struct ct_segment *s,
			    uint8_t old_state)
{
	const struct tcp_info *tcp = &t->entry->proto.tcp;
	uint8_t status = t->entry->status;

	if (s->ack == tcp->last_end &&
	    (((status & CT_STATUS_SEEN_REPLY) && tcp->last_index == TCP_IX_SYN &&
	      (tcp->last_dir != t->dir ||
	       !kernel_has(t->ct, CT_HAS_TCP_RST_SYN_DIRECTION))) ||
	     (!(status & CT_STATUS_ASSURED) && tcp->last_index == TCP_IX_ACK)))
		return true;
	return kernel_has(t->ct, CT_HAS_TCP_RST_CHALLENGE_ACK) &&
	       old_state == CT_TCP_SYN_SENT && tcp->last_index == TCP_IX_ACK &&
	       tcp->last_dir == CT_DIR_REPLY && s->seq == tcp->last_ack;
}

/* The kernel's text has no numbers; these are for explanations. */
static noinline enum step invalid_rst(struct track *t, uint32_t seq, uint32_t maxack)
{
	const struct tcp_bounds *bounds = track_bounds(t);
	uint64_t frame = bounds ? bounds->maxack[!t->dir] : 0;

	track_why(t, CT_REASON_TCP_INVALID_RST, seq, maxack, (uint32_t)frame,
		  (uint32_t)(frame >> 32));
	return STEP_INVALID;
}

/*
 * A RST that would close the connection.  Its number must be exactly the next
 * one expected (RFC 5961 section 3.2); elsewhere in the window it may provoke a
 * challenge ACK, so the state stays.
 */
static enum step judge_rst(struct track *t, const struct ct_segment *s,
			   struct move *m)
{
	const struct tcp_info *tcp = &t->entry->proto.tcp;
	const struct tcp_side *peer = &tcp->seen[!t->dir];
	bool established = tcp->state == CT_TCP_ESTABLISHED &&
			   (t->entry->status & CT_STATUS_ASSURED);

	/* The ports may be in use again, so our numbers may be out of date. */
	if (is_closing(tcp->state) &&
	    kernel_has(t->ct, CT_HAS_TCP_RST_CLOSING_UNCHECKED))
		return STEP_IN_WINDOW;
	if ((peer->flags & TCP_SIDE_MAXACK_SET) &&
	    (tcp->last_index != TCP_IX_SYN ||
	     !kernel_has(t->ct, CT_HAS_TCP_RST_AFTER_SYN))) {
		/* The answer to a SYN. */
		if (s->seq == 0 && !established &&
		    kernel_has(t->ct, CT_HAS_TCP_RST_SEQ0))
			return STEP_WINDOW;
		if (seq_before(s->seq, peer->td_maxack) &&
		    !t->ct->cfg.sysctl.tcp_ignore_invalid_rst) {
			return invalid_rst(t, s->seq, peer->td_maxack);
		}
		if (!established || s->seq == peer->td_maxack)
			return STEP_WINDOW;
		/* It follows data of the same side that is not acknowledged
		 * yet. */
		if (tcp->last_index == TCP_IX_ACK && tcp->last_dir == t->dir &&
		    s->seq == tcp->last_end)
			return STEP_WINDOW;
		m->new_state = m->old_state;
	}
	return answers_ignored(t, s, m->old_state) ? STEP_IN_WINDOW : STEP_WINDOW;
}

/*
 * Whether an ACK in LAST_ACK is a challenge ACK (RFC 5961), not the last ACK.
 */
static bool is_challenge_ack(const struct track *t, const struct ct_segment *s)
{
	const struct tcp_info *tcp = &t->entry->proto.tcp;

	return tcp->state == CT_TCP_LAST_ACK && s->index == TCP_IX_ACK &&
	       tcp->last_dir != t->dir && tcp->last_index == TCP_IX_SYN &&
	       (tcp->last_flags & TCP_CHALLENGE_EXPECTED);
}

static enum step choose(struct track *t, const struct ct_segment *s,
			struct move *m)
{
	struct tcp_info *tcp = &t->entry->proto.tcp;

	switch (m->new_state) {
	case TCP_CELL_INVALID:
		track_why(t, CT_REASON_TCP_INVALID_STATE, s->index, t->dir,
			  m->old_state, 0);
		return STEP_INVALID;
	case TCP_CELL_IGNORE:
		return ignore(t, s, m);
	case CT_TCP_SYN_SENT:
		if (m->old_state != CT_TCP_TIME_WAIT && m->old_state != CT_TCP_CLOSE)
			return STEP_WINDOW;
		return may_reopen(t) ? STEP_REPEAT :
				       ignore(t, s, m);
	case CT_TCP_SYN_SENT2:
		tcp->last_flags |= TCP_SIMULTANEOUS_OPEN;
		return STEP_WINDOW;
	case CT_TCP_SYN_RECV:
		/* After crossed SYNs the ACK in reply direction completes the
		 * handshake. */
		if (t->dir == CT_DIR_REPLY && s->index == TCP_IX_ACK &&
		    (tcp->last_flags & TCP_SIMULTANEOUS_OPEN))
			m->new_state = CT_TCP_ESTABLISHED;
		return STEP_WINDOW;
	case CT_TCP_TIME_WAIT:
		if (!is_challenge_ack(t, s))
			return STEP_WINDOW;
		tcp->last_flags &= (uint8_t)~TCP_CHALLENGE_EXPECTED;
		track_why(t, CT_REASON_TCP_CHALLENGE_ACK, 0, 0, 0, 0);
		return STEP_PASS;
	case CT_TCP_CLOSE:
		return s->index == TCP_IX_RST ?
		       judge_rst(t, s, m) : STEP_WINDOW;
	}
	return STEP_WINDOW;
}

/* New states for which choose() only returns STEP_WINDOW. */
#define PLAIN_STATES (1u << CT_TCP_ESTABLISHED | 1u << CT_TCP_FIN_WAIT | \
		      1u << CT_TCP_CLOSE_WAIT | 1u << CT_TCP_LAST_ACK)
#define STATE_BITS 31u	/* these bits of TCP_CELL_... are larger than any state */

static inline bool is_plain(uint8_t cell)
{
	_Static_assert(CT_TCP_STATES < (TCP_CELL_IGNORE & STATE_BITS),
		       "the bits of TCP_CELL_... are not those of a state");
	return PLAIN_STATES >> (cell & STATE_BITS) & 1;
}

/* The move as one number, in registers: a structure of bytes would be stored byte by byte
 * and then loaded as a whole, for which the processor stalls. */
#define MOVE_NEXT	0xffu
#define MOVE_OLD	8
#define MOVE_NEW	16

static noinline uint32_t step(struct track *t, const struct ct_segment *s,
			      uint8_t old_state, uint8_t new_state)
{
	struct move m = { .old_state = old_state, .new_state = new_state };
	uint32_t next = choose(t, s, &m);

	return next | (uint32_t)m.old_state << MOVE_OLD |
	       (uint32_t)m.new_state << MOVE_NEW;
}

void tcp_timeouts(struct ct *ct)
{
	const struct ct_sysctl *s = &ct->cfg.sysctl;
	uint32_t *timeout = ct->tcp_timeout;
	struct tcp_info tcp = { .state = CT_TCP_ESTABLISHED, .last_win = 1 };

	timeout[CT_TCP_NONE] = 0;
	timeout[CT_TCP_SYN_SENT] = s->tcp_timeout_syn_sent;
	timeout[CT_TCP_SYN_SENT2] = SYN_SENT2_TIMEOUT;
	timeout[CT_TCP_SYN_RECV] = s->tcp_timeout_syn_recv;
	timeout[CT_TCP_ESTABLISHED] = s->tcp_timeout_established;
	timeout[CT_TCP_FIN_WAIT] = s->tcp_timeout_fin_wait;
	timeout[CT_TCP_CLOSE_WAIT] = s->tcp_timeout_close_wait;
	timeout[CT_TCP_LAST_ACK] = s->tcp_timeout_last_ack;
	timeout[CT_TCP_TIME_WAIT] = s->tcp_timeout_time_wait;
	timeout[CT_TCP_CLOSE] = s->tcp_timeout_close;

	for (unsigned int unacked = 0; unacked < 2; unacked++) {
		tcp.seen[0].flags = unacked ? TCP_SIDE_UNACKED : 0;
		ct->tcp_fast_life[unacked] = CT_NSEC_PER_SEC *
			tcp_choose_timeout(ct, &tcp, TCP_IX_ACK);
	}
}

/*
 * A FIN or RST failed the window check: the ends may be closed, while the entry
 * would stay for five days.  After such a segment from both sides the timeout
 * is lowered: nf_tcp_handle_invalid().
 */
static void handle_invalid(struct track *t, const struct ct_segment *s)
{
	uint32_t cut = t->ct->cfg.sysctl.tcp_timeout_unacknowledged;
	struct tcp_info *tcp = &t->entry->proto.tcp;
	ct_time left = t->entry->timer.expires - t->ct->now;

	if (!kernel_has(t->ct, CT_HAS_TCP_INVALID_LOWERS_TIMEOUT) ||
	    !(t->entry->status & CT_STATUS_ASSURED) ||
	    (s->index != TCP_IX_RST && s->index != TCP_IX_FIN))
		return;
	if (tcp->last_dir == t->dir || (tcp->last_index != TCP_IX_FIN &&
					tcp->last_index != TCP_IX_RST)) {
		tcp->last_index = s->index;
		tcp->last_dir = (uint8_t)t->dir;
		return;
	}
	if (left < LONG_LIFE || left <= cut * CT_NSEC_PER_SEC)
		return;
	track_why(t, CT_REASON_TCP_LOWER_TIMEOUT, s->index, t->dir,
		  tcp->last_index, cut * KERNEL_HZ);
	track_set_timeout(t, cut);
}

/* The segment is accepted: sets state, timeout and status. */
static void advance_state(struct track *t, const struct ct_segment *s,
			  uint8_t old_state, uint8_t new_state)
{
	const struct ct_sysctl *sysctl = &t->ct->cfg.sysctl;
	struct tcp_info *tcp = &t->entry->proto.tcp;
	uint32_t timeout;

	if (unlikely(!entry_confirmed(t->entry)) && s->index != TCP_IX_SYN)
		track_why(t, CT_REASON_TCP_PICKED_UP, 0, 0, 0, 0);
	tcp->last_index = s->index;
	tcp->last_dir = (uint8_t)t->dir;
	tcp->state = new_state;
	if (old_state != new_state) {
		t->entry->changed |= CT_CHANGED_PROTOINFO;
		if (new_state == CT_TCP_FIN_WAIT)
			tcp->seen[t->dir].flags |= TCP_SIDE_CLOSE_INIT;
	}
	timeout = tcp_choose_timeout(t->ct, tcp, (enum tcp_index)s->index);

	if (t->entry->status & CT_STATUS_SEEN_REPLY) {
		if (new_state == CT_TCP_ESTABLISHED &&
		    (old_state == CT_TCP_SYN_RECV ||
		     old_state == CT_TCP_ESTABLISHED))
			track_set_assured(t);
	} else if (s->flags & TCP_RST) {
		/* A RST is the first reply: the connection was refused. */
		track_account(t);
		track_kill(t);
		return;
	} else if (s->index == TCP_IX_SYN && old_state == CT_TCP_SYN_SENT &&
		   kernel_has(t->ct, CT_HAS_TCP_SYN_RETRANSMIT_NO_REFRESH)) {
		/* Retransmitted SYNs do not extend the life of the entry. */
		return;
	} else if (new_state == CT_TCP_ESTABLISHED &&
		   timeout > sysctl->tcp_timeout_unacknowledged) {
		/* Picked up in mid-stream, without a reply yet. */
		timeout = sysctl->tcp_timeout_unacknowledged;
	}
	track_refresh(t, timeout);
}

enum track_result tcp_packet(struct track *t)
{
	const struct ct_segment *s = &t->pkt->priv.segment;
	enum ct_reason reason = CT_REASON_NONE;
	uint32_t move = STEP_WINDOW;
	uint8_t old_state, new_state;

	if (unlikely(!(t->pkt->priv.prepared & CT_PREPARED_SEGMENT))) {
		reason = tcp_segment_read(t, &t->segment);
		s = &t->segment;
	}
	if (reason == CT_REASON_NONE && !entry_confirmed(t->entry))
		reason = open_connection(t, s);
	if (reason != CT_REASON_NONE)
		return track_invalid(t, reason);

	old_state = t->entry->proto.tcp.state;
	new_state = tcp_next_state(t->dir, s->index, old_state);
	if (!is_plain(new_state)) {
		move = step(t, s, old_state, new_state);
		old_state = (uint8_t)(move >> MOVE_OLD);
		new_state = (uint8_t)(move >> MOVE_NEW);
		move &= MOVE_NEXT;
	}
	if (likely(move == STEP_WINDOW)) {
		switch (tcp_window_check(t, s)) {
		case TCP_ACTION_ACCEPT:
			break;
		case TCP_ACTION_IGNORE:
			return TRACK_ACCEPT;
		case TCP_ACTION_INVALID:
			handle_invalid(t, s);
			return TRACK_INVALID;
		}
	} else if (move == STEP_PASS) {
		return TRACK_ACCEPT;
	} else if (move == STEP_INVALID) {
		return TRACK_INVALID;
	} else if (move == STEP_REPEAT) {
		entry_delete(t->ct, t->number, t->ct->now, CT_END_REOPENED);
		return TRACK_REPEAT;
	}
	advance_state(t, s, old_state, new_state);
	return TRACK_ACCEPT;
}

const struct ct_proto ct_proto_tcp = {
	.packet = tcp_packet,
	.ports = true,
	.state_name = tcp_state_name,
};
