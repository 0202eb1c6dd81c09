/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tcp_segment.c - reads a TCP header into a struct ct_segment: tcp_error(),
 * tcp_options() and tcp_sack() of nf_conntrack_proto_tcp.c.
 */
#include "conntrack/proto/tcp_header.h"

#include "packet/checksum.h"

#define WINDOW_SCALE_MAX	14u	/* RFC 7323 section 2.3 */

const uint8_t tcp_kinds[TCP_KIND_MASK + 1] = {
	[TCP_SYN]			= TCP_KIND(TCP_IX_SYN, 1),
	[TCP_SYN | TCP_URG]		= TCP_KIND(TCP_IX_SYN, 1),
	[TCP_SYN | TCP_ACK]		= TCP_KIND(TCP_IX_SYNACK, 1),
	[TCP_RST]			= TCP_KIND(TCP_IX_RST, 0),
	[TCP_RST | TCP_ACK]		= TCP_KIND(TCP_IX_RST, 0),
	[TCP_FIN | TCP_ACK]		= TCP_KIND(TCP_IX_FIN, 1),
	[TCP_FIN | TCP_ACK | TCP_URG]	= TCP_KIND(TCP_IX_FIN, 1),
	[TCP_ACK]			= TCP_KIND(TCP_IX_ACK, 0),
	[TCP_ACK | TCP_URG]		= TCP_KIND(TCP_IX_ACK, 0),
};

/* An option of the header. */
struct option {
	uint8_t kind, len;	/* len includes these two bytes */
	uint8_t at;		/* offset of its data from the first option */
};

/*
 * Reads the option at '*pos' and moves on; false at the end.  An impossible
 * length ends the list: the kernel reads no partial option.
 */
static bool next_option(const uint8_t *opts, uint32_t n, uint32_t *pos,
			struct option *o)
{
	while (*pos < n && opts[*pos] == TCPOPT_NOP)
		(*pos)++;
	if (*pos >= n || opts[*pos] == TCPOPT_END || n - *pos < 2)
		return false;
	o->kind = opts[*pos];
	o->len = opts[*pos + 1];
	if (o->len < 2 || o->len > n - *pos)
		return false;
	o->at = (uint8_t)(*pos + 2);
	*pos += o->len;
	return true;
}

/* The right-most edge of the blocks of a SACK option (RFC 2018), or 'highest'
 * where that is beyond. */
static uint32_t highest_edge(const uint8_t *blocks, uint32_t n, uint32_t highest)
{
	for (uint32_t i = 0; i < n; i += 8) {
		uint32_t right = load_be32(blocks + i + 4);

		if (seq_after(right, highest))
			highest = right;
	}
	return highest;
}

/* Not inlined, so that its stack is not in the way of most segments. */
noinline void tcp_read_options(const struct ct_packet *pkt, struct ct_segment *s)
{
	const struct bytes b = { pkt->data, pkt->caplen, pkt->len };
	uint32_t n = s->header_len - TCP_HEADER, pos = 0;
	uint8_t spare[40];
	const uint8_t *opts = bytes_look(&b, pkt->l4off + TCP_HEADER, n, spare);
	bool sack_seen = false;
	struct option o;

	if (!opts)
		return;
	while (next_option(opts, n, &pos, &o)) {
		const uint8_t *data = opts + o.at;

		if (o.kind == TCPOPT_SACK_PERMITTED && o.len == 2) {
			s->offers |= TCP_SIDE_SACK_PERM;
		} else if (o.kind == TCPOPT_WINDOW_SCALE && o.len == 3) {
			s->offers |= TCP_SIDE_WINDOW_SCALE;
			s->scale = *data > WINDOW_SCALE_MAX ? WINDOW_SCALE_MAX :
							      *data;
		} else if (o.kind == TCPOPT_SACK && o.len >= 10 &&
			   (o.len - 2) % 8 == 0 && !sack_seen) {
			s->sack = highest_edge(data, o.len - 2u, s->ack);
			sack_seen = true;
		}
	}
}

bool tcp_segment_prepare(struct ct_packet *pkt)
{
	const uint8_t *h = pkt->data + pkt->l4off;

	return tcp_find_length(pkt, h, &pkt->priv.segment) &&
	       tcp_read_numbers(pkt, h, pkt->caplen - pkt->l4off, &pkt->priv.segment);
}

enum ct_reason tcp_segment_read(const struct track *t, struct ct_segment *s)
{
	uint8_t spare[TCP_HEADER];
	const uint8_t *h = bytes_look(&t->bytes, t->pkt->l4off, TCP_HEADER, spare);

	if (!h)
		return CT_REASON_TCP_SHORT;
	if (!tcp_find_length(t->pkt, h, s))
		return CT_REASON_TCP_TRUNCATED;
	if (track_bad_checksum(t, CT_L4_TCP, TCP_CHECK))
		return CT_REASON_TCP_CHECKSUM;
	return tcp_read_numbers(t->pkt, h, TCP_HEADER, s) ?
	       CT_REASON_NONE : CT_REASON_TCP_FLAGS;
}
