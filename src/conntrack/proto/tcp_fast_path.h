/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tcp_fast_path.h - the TCP tracker for segments that do not change the state,
 * made of the same window check and the same choice of the timeout as
 * tcp_packet().
 */
#ifndef CONNTRACK_TCP_FAST_PATH_H
#define CONNTRACK_TCP_FAST_PATH_H 1

#include "conntrack/proto/tcp_window.h"

/* The timeout in seconds after an accepted segment. */
static inline uint32_t tcp_choose_timeout(const struct ct *ct,
					  const struct tcp_info *tcp,
					  enum tcp_index index)
{
	const struct ct_sysctl *sysctl = &ct->cfg.sysctl;
	uint32_t timeout = ct->tcp_timeout[tcp->state];
	bool stuck = timeout > sysctl->tcp_timeout_max_retrans;
	uint32_t most;

	if (stuck && tcp->retrans >= sysctl->tcp_max_retrans)
		return sysctl->tcp_timeout_max_retrans;
	if (index == TCP_IX_RST) {
		if (!kernel_has(ct, CT_HAS_TCP_RST_TIMEOUT_UNACK))
			return sysctl->tcp_timeout_close;
		if (tcp->state == CT_TCP_ESTABLISHED &&
		    timeout > sysctl->tcp_timeout_unacknowledged)
			return sysctl->tcp_timeout_unacknowledged;
	}
	/* UINT32_MAX if all data is acknowledged. */
	most = sysctl->tcp_timeout_unacknowledged |
	       (opaque((tcp->seen[0].flags | tcp->seen[1].flags) &
		      TCP_SIDE_UNACKED) - 1);
	if (unlikely(stuck && tcp->last_win == 0) && timeout <= most)
		return sysctl->tcp_timeout_max_retrans;
	return timeout < most ? timeout : most;
}

/*
 * The same for an ACK in ESTABLISHED, in nanoseconds.  If the ACK is not a
 * repetition and offers a window, the timeout depends only on whether data is
 * unacknowledged; tcp_timeouts() has computed both values.
 */
static inline ct_time tcp_choose_life(const struct ct *ct,
				      const struct tcp_info *tcp)
{
	unsigned int flags = tcp->seen[0].flags | tcp->seen[1].flags;

	if (unlikely(tcp->retrans || !tcp->last_win))
		return CT_NSEC_PER_SEC * tcp_choose_timeout(ct, tcp, TCP_IX_ACK);
	return ct->tcp_fast_life[flags / TCP_SIDE_UNACKED & 1];
}

/*
 * tcp_packet() for most segments: an ACK, with data or without, in the window
 * of a connection in ESTABLISHED that is ASSURED.  False: it is another
 * segment, and nothing has changed.
 */
static always_inline bool tcp_fast_path(struct ct *ct,
					const struct ct_packet *pkt,
					struct ct_entry *e, uint32_t number,
					enum ct_dir dir)
{
	const struct ct_segment *s = &pkt->priv.segment;
	struct tcp_info *tcp = &e->proto.tcp;
	struct tcp_side *sender = &tcp->seen[dir], *receiver = &tcp->seen[!dir];
	uint32_t seq = s->seq, ack = s->ack, end = s->end;
	uint32_t sack = receiver->flags & TCP_SIDE_SACK_PERM ? s->sack : ack;

	if (unlikely(tcp->state != CT_TCP_ESTABLISHED ||
		     s->index != TCP_IX_ACK || !sender->td_maxwin ||
		     !tcp_inside(sender, receiver, seq, sack, end)))
		return false;
	tcp_update_window(pkt, dir, s, sender, receiver, ack, sack, end, NULL);
	count_retransmission(tcp, dir, seq, ack, end, s->win);
	tcp->last_index = TCP_IX_ACK;
	entry_set_expiry(ct, number, e, ct->now + tcp_choose_life(ct, tcp));
	return true;
}

#endif
