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

static inline void prefetch_index(const struct ct *ct, const struct ct_packet *pkt)
{
	if (!(pkt->priv.prepared & CT_PREPARED_FLOW))
		return;
	/* What the tracker needs of a segment is in the packet already. */
	if (!(pkt->priv.prepared & CT_PREPARED_SEGMENT))
		fetch(pkt->data + pkt->l4off);
	index_fetch(&ct->table, pkt->priv.hash);
}

/* Returns the number of the entry.  The table has one at least. */
static inline uint32_t prefetch_entry(const struct ct *ct, struct ct_packet *pkt)
{
	const struct index_line *line;
	const char *entry;
	uint32_t cells, number;

	if (!(pkt->priv.prepared & CT_PREPARED_FLOW))
		return ENTRY_NONE;
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
	/* The packet's own second line, with the addresses: nothing has read it yet
	 * in this thread. */
	fetch(&pkt->dst);
	return number;
}

void ct_prefetch(const struct ct *ct, const struct ct_packet *pkt)
{
	prefetch_index(ct, pkt);
}

uint32_t ct_prefetch_entry(const struct ct *ct, struct ct_packet *pkt)
{
	return ct->table.count ? prefetch_entry(ct, pkt) : ENTRY_NONE;
}

void ct_prefetch_many(const struct ct *ct, const struct ct_packet *pkt,
		      size_t stride, size_t n)
{
	for (const char *p = (const char *)pkt; n--; p += stride)
		prefetch_index(ct, (const struct ct_packet *)(const void *)p);
}

void ct_prefetch_entry_many(const struct ct *restrict ct, struct ct_packet *pkt,
			    size_t stride, size_t n)
{
	if (!ct->table.count)
		return;
	for (char *p = (char *)pkt; n--; p += stride)
		prefetch_entry(ct, (struct ct_packet *)(void *)p);
}

/* The status of a connection in mid-stream that has neither a helper nor a
 * master.  It is in the table. */
#define STATUS_FAST \
	(CT_STATUS_SEEN_REPLY | CT_STATUS_ASSURED | CT_STATUS_CONFIRMED)

/* Whether 'e' is the connection of the packet; and '*dir'. */
static always_inline bool is_its_own(const struct ct_entry *e,
				     const struct ct_packet *pkt, enum ct_dir *dir)
{
	const struct wanted w = packet_wanted(pkt);

	return pkt->l3num == CT_L3_IPV4 ? index_matches(e, &w, true, dir) :
					  index_matches(e, &w, false, dir);
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

/* The entry that ct_prefetch_entry() has noted for a packet that track_fast() may
 * take; NULL: it cannot. */
static always_inline struct ct_entry *noted_entry(const struct ct *ct,
						  const struct ct_packet *pkt)
{
	const unsigned int known = CT_PREPARED_FLOW | CT_PREPARED_SEGMENT;
	struct ct_entry *e;

	if ((pkt->priv.prepared & known) != known ||
	    !table_has(&ct->table, pkt->priv.entry) ||
	    (pkt->flags & CT_PACKET_NOTRACK) || ct->slow)
		return NULL;
	e = entry_get(ct, pkt->priv.entry);
	return e->status == STATUS_FAST && !e->changed ? e : NULL;
}

/*
 * For a packet with a noted_entry(), if that is its connection and tcp_fast_path()
 * accepts its segment.  False: it is another packet, and nothing has changed.  'v' may be
 * NULL.
 */
static always_inline bool track_fast(struct ct *ct, const struct ct_packet *pkt,
				     struct ct_entry *e, struct ct_verdict *v)
{
	enum ct_dir dir;

	if (!is_its_own(e, pkt, &dir) ||
	    !tcp_fast_path(ct, pkt, e, pkt->priv.entry, dir))
		return false;
	debug_assert(is_found(ct, pkt, dir));
	e->last_seen = ct->now;
	if (!v)
		return true;
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

/* Apart, so that packets without a noted_entry() do not save the registers that
 * this needs. */
static noinline bool track_noted(struct ct *ct, const struct ct_packet *pkt,
				 struct ct_verdict *v, struct ct_entry *e)
{
	return !track_fast(ct, pkt, e, v) && core_track(ct, pkt, v);
}

static always_inline bool track(struct ct *ct, const struct ct_packet *pkt,
				struct ct_verdict *v)
{
	struct ct_entry *e = noted_entry(ct, pkt);

	return e ? track_noted(ct, pkt, v, e) : core_track(ct, pkt, v);
}

bool ct_track(struct ct *ct, const struct ct_packet *pkt, struct ct_verdict *v)
{
	return track(ct, pkt, v);
}

/* Apart, for the same reason. */
static noinline bool expire_and_track(struct ct *ct, const struct ct_packet *pkt,
				      struct ct_verdict *v, ct_time now)
{
	core_expire(ct, now);
	return track(ct, pkt, v);
}

bool ct_track_at(struct ct *ct, const struct ct_packet *pkt, struct ct_verdict *v,
		 ct_time now)
{
	if (now < ct->now)
		now = ct->now;
	if (unlikely(now >= ct->table.timers.due))
		return expire_and_track(ct, pkt, v, now);
	ct->now = now;
	return track(ct, pkt, v);
}

/* ct_track_many()'s step where the fast path cannot be taken. */
static noinline void track_other(struct ct *ct, const struct ct_packet *pkt,
				 struct ct_run *run, struct ct_verdict *v)
{
	run->pending = core_track(ct, pkt, v);
	run->told = run->pending || v->nwhy || v->ctstate != CT_ESTABLISHED ||
		    ct->stats.no_memory;
	if (!run->told) {
		run->plain[pkt->protonum]++;
		run->plain_sum++;
	}
}

/* What is wanted when packets behind 'p' are tracked, of 'there' from it on. */
static always_inline void prefetch_ahead(const struct ct *ct, struct ct_timed_packet *p,
					 size_t stride, size_t there)
{
	char *at = (char *)p;

	if (there <= CT_AHEAD_ENTRY)
		return;
	if (likely(ct->table.count))
		prefetch_entry(ct, (void *)(at + CT_AHEAD_ENTRY * stride));
	if (there > CT_AHEAD_INDEX)
		prefetch_index(ct, (void *)(at + CT_AHEAD_INDEX * stride));
	/* The packet itself, which another thread may have written. */
	if (there > CT_AHEAD_PACKET)
		fetch(at + CT_AHEAD_PACKET * stride);
}

size_t ct_track_many(struct ct *ct, struct ct_timed_packet *first, size_t n,
		     struct ct_run *run, struct ct_verdict *v)
{
	struct ct_timed_packet *p = first;
	ct_time now = run->now > ct->now ? run->now : ct->now;
	uint64_t fast = 0;
	size_t left = n;

	run->told = false;
	for (; left && !run->told; left--) {
		struct ct_entry *e;

		if (p->time < now || p->time >= run->until || p->pkt.flags ||
		    !(p->pkt.priv.prepared & CT_PREPARED_FLOW))
			break;
		now = p->time;
		prefetch_ahead(ct, p, run->stride, run->there + left - n);
		if (unlikely(now >= ct->table.timers.due))
			core_expire(ct, now);
		ct->now = now;
		e = noted_entry(ct, &p->pkt);
		if (e && track_fast(ct, &p->pkt, e, NULL))
			fast++;
		else
			track_other(ct, &p->pkt, run, v);
		p = (void *)((char *)p + run->stride);
	}
	run->plain[CT_L4_TCP] += fast;
	run->plain_sum += fast;
	if (left < n)
		run->now = now;
	return n - left;
}
