/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fast_path.c - ct_track(): the fast path of most packets of most captures, and
 * the prefetching that it depends on.  Where it cannot be taken, core.c does
 * the work; the result is the same.
 */
#include "ctreplay/fast.h"

#include "base/debug.h"
#include "conntrack/core.h"
#include "conntrack/proto/tcp_fast_path.h"
#include "conntrack/table/index.h"

void ct_prefetch(const struct ct *ct, const struct ct_packet *pkt)
{
	if (!(pkt->priv.prepared & CT_PREPARED_FLOW))
		return;
	/* What the tracker needs of a segment is in the packet already. */
	if (!(pkt->priv.prepared & CT_PREPARED_SEGMENT))
		fetch(pkt->data + pkt->l4off);
	index_fetch(&ct->table, pkt->priv.hash);
}

uint32_t ct_prefetch_entry(const struct ct *ct, struct ct_packet *pkt)
{
	const struct index_line *line;
	const char *entry;
	uint32_t cells, number;

	if (!(pkt->priv.prepared & CT_PREPARED_FLOW) || !ct->table.count)
		return 0;
	line = index_line_of(&ct->table, pkt->priv.hash);
	/*
	 * The last cell for a new connection, which has none, saves a branch.
	 */
	cells = cells_with(line, tag_of(pkt->priv.hash)) | 1u << (CELLS - 1);
	number = line->number[__builtin_ctz(cells)];
	pkt->priv.entry = number;
	entry = (const char *)entry_get(ct, number);
	fetch_to_write(entry);
	fetch_to_write(entry + CACHE_LINE);
	return number;
}

/* The status of a connection in mid-stream that has neither a helper nor a
 * master. */
#define STATUS_FAST \
	(CT_STATUS_SEEN_REPLY | CT_STATUS_ASSURED | CT_STATUS_CONFIRMED)

/* Whether 'e' is the connection of the packet, in the table, without an event
 * to send; and '*dir'. */
static always_inline bool is_fast(const struct ct_entry *e,
				   const struct ct_packet *pkt, enum ct_dir *dir)
{
	const struct wanted w = packet_wanted(pkt);

	return e->status == STATUS_FAST && !e->changed &&
	       (pkt->l3num == CT_L3_IPV4 ? index_matches(e, &w, true, dir) :
					   index_matches(e, &w, false, dir));
}

/* Whether a lookup finds the entry that ct_prefetch_entry() has noted. */
static inline __attribute__((unused)) bool
is_found(const struct ct *ct, const struct ct_packet *pkt, enum ct_dir dir)
{
	struct ct_entry *e;
	enum ct_dir found;

	return index_find_ports(&ct->table, pkt, &e, &found) ==
	       pkt->priv.entry && found == dir;
}

/*
 * For a packet whose connection ct_prefetch_entry() has found, and whose
 * segment tcp_fast_path() accepts.  False: it is another packet, and nothing
 * has changed.
 */
static always_inline bool track_fast(struct ct *ct,
				      const struct ct_packet *pkt,
				      struct ct_verdict *v)
{
	const unsigned int known = CT_PREPARED_FLOW | CT_PREPARED_SEGMENT;
	struct ct_entry *e;
	enum ct_dir dir;

	if ((pkt->priv.prepared & known) != known ||
	    pkt->priv.entry == ENTRY_NONE || pkt->priv.entry >= ct->table.made ||
	    (pkt->flags & CT_PACKET_NOTRACK) || ct->slow)
		return false;
	e = entry_get(ct, pkt->priv.entry);
	if (!is_fast(e, pkt, &dir) ||
	    !tcp_fast_path(ct, pkt, e, pkt->priv.entry, dir))
		return false;
	debug_assert(is_found(ct, pkt, dir));
	e->last_seen = ct->now;
	v->id = e->id;
	v->slot = pkt->priv.entry;
	v->ctstate = CT_ESTABLISHED;
	v->dir = (uint8_t)dir;
	v->proto = CT_L4_TCP;
	v->state = CT_TCP_ESTABLISHED;
	v->nwhy = 0;
	v->dropped = v->windowed = false;
	return true;
}

bool ct_track(struct ct *ct, const struct ct_packet *pkt, struct ct_verdict *v)
{
	return !track_fast(ct, pkt, v) && core_track(ct, pkt, v);
}
