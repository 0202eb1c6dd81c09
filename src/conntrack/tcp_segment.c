/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tcp_segment.c - from a TCP header's bytes to what the tracker asks for.
 * tcp_error(), tcp_options() and tcp_sack() of nf_conntrack_proto_tcp.c.
 */
#include "conntrack/tcp.h"

#include "packet/checksum.h"

enum {
	TCPOPT_END = 0, TCPOPT_NOP = 1, TCPOPT_WINDOW_SCALE = 3,
	TCPOPT_SACK_PERMITTED = 4, TCPOPT_SACK = 5, TCPOPT_TIMESTAMP = 8,
};

#define WINDOW_SCALE_MAX	14u	/* RFC 7323 section 2.3 */

/*
 * Combinations of flags that a sane stack sends; PSH, ECE and CWR go with any.
 * Each has its index and, as SYN and FIN take a number each, how many it adds to
 * the segment's length.  0: no such combination.
 */
#define KIND(index, more) (uint8_t)(0x80u | (more) << 4 | (index))
#define KIND_MASK (TCP_FIN | TCP_SYN | TCP_RST | TCP_ACK | TCP_URG)

static const uint8_t kinds[KIND_MASK + 1] = {
	[TCP_SYN]			= KIND(TCP_IX_SYN, 1),
	[TCP_SYN | TCP_URG]		= KIND(TCP_IX_SYN, 1),
	[TCP_SYN | TCP_ACK]		= KIND(TCP_IX_SYNACK, 1),
	[TCP_RST]			= KIND(TCP_IX_RST, 0),
	[TCP_RST | TCP_ACK]		= KIND(TCP_IX_RST, 0),
	[TCP_FIN | TCP_ACK]		= KIND(TCP_IX_FIN, 1),
	[TCP_FIN | TCP_ACK | TCP_URG]	= KIND(TCP_IX_FIN, 1),
	[TCP_ACK]			= KIND(TCP_IX_ACK, 0),
	[TCP_ACK | TCP_URG]		= KIND(TCP_IX_ACK, 0),
};

/* An option as it stands in the header. */
struct option {
	uint8_t kind, len;	/* len with kind and length byte */
	uint8_t at;		/* offset of its data in the options */
};

/*
 * Steps to the next option at '*pos'; false at the end.  A length that cannot
 * be ends the list: the kernel reads no partial option.
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

/* The right-most edge of a SACK option's blocks (RFC 2018), if it is beyond
 * 'highest'. */
static uint32_t highest_edge(const uint8_t *blocks, uint32_t n, uint32_t highest)
{
	for (uint32_t i = 0; i < n; i += 8) {
		uint32_t right = load_be32(blocks + i + 4);

		if (seq_after(right, highest))
			highest = right;
	}
	return highest;
}

/* What the options say.  Of several SACK options the first counts, of others
 * the last. */
static noinline void read_options(const struct ct_packet *pkt,
				  struct ct_segment *s)
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

/* The header's length, if it is one and the packet has it all. */
static inline bool find_length(const struct ct_packet *pkt, const uint8_t *h,
			       struct ct_segment *s)
{
	s->header_len = (uint8_t)((h[12] >> 4) * 4);
	return s->header_len >= TCP_HEADER &&
	       s->header_len <= pkt->len - pkt->l4off;
}

/*
 * Whether the header at 'h', of which 'there' bytes are, has no options, or
 * nothing but a time stamp, laid out as RFC 7323 appendix A recommends it: so
 * nearly all segments do.
 */
static inline bool has_no_news(const uint8_t *h, uint32_t there, uint8_t len)
{
	static const uint8_t begin[4] = { TCPOPT_NOP, TCPOPT_NOP,
					  TCPOPT_TIMESTAMP, 10 };
	static const uint8_t end[4] = { TCPOPT_END };

	/* Without a branch, for the one and the other come mixed. */
	const uint8_t *o = there >= TCP_HEADER + sizeof(begin) ? h + TCP_HEADER :
								 end;

	return plain(len == TCP_HEADER) |
	       (plain(len == TCP_HEADER + 12) &
		plain(memcmp(o, begin, sizeof(begin)) == 0));
}

/* False where the flags make no sense. */
static inline bool read_numbers(const struct ct_packet *pkt, const uint8_t *h,
				uint32_t there, struct ct_segment *s)
{
	uint8_t kind = kinds[h[13] & KIND_MASK];

	if (!kind)
		return false;
	s->flags = h[13];
	s->seq = load_be32(h + 4);
	s->ack = load_be32(h + 8);
	s->win = load_be16(h + 14);
	s->index = kind & 0xf;
	s->end = s->seq + pkt->len - pkt->l4off - s->header_len + (kind >> 4 & 1);
	s->sack = s->ack;
	s->offers = s->scale = 0;
	if (!has_no_news(h, there, s->header_len))
		read_options(pkt, s);
	return true;
}

bool tcp_segment_prepare(struct ct_packet *pkt)
{
	const uint8_t *h = pkt->data + pkt->l4off;

	return find_length(pkt, h, &pkt->segment) &&
	       read_numbers(pkt, h, pkt->caplen - pkt->l4off, &pkt->segment);
}

enum ct_reason tcp_segment_read(const struct track *t, struct ct_segment *s)
{
	uint8_t spare[TCP_HEADER];
	const uint8_t *h = bytes_look(&t->bytes, t->pkt->l4off, TCP_HEADER, spare);

	if (!h)
		return CT_REASON_TCP_SHORT;
	if (!find_length(t->pkt, h, s))
		return CT_REASON_TCP_TRUNCATED;
	if (track_bad_checksum(t, CT_L4_TCP, TCP_CHECK))
		return CT_REASON_TCP_CHECKSUM;
	return read_numbers(t->pkt, h, TCP_HEADER, s) ? CT_REASON_NONE :
							CT_REASON_TCP_FLAGS;
}
