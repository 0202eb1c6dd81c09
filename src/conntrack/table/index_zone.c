/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * index_zone.c - the lookup where connections may be in zones.
 *
 * A connection has one cell whatever its zone, since the hash does not depend on
 * it.  One in zone 0 has a tuple that index_find() compares; any other never fits
 * there, and a connection in a zone for one direction alone is found only here.
 */
#include "conntrack/table/index.h"

/* nf_ct_zone_id() */
static uint16_t zone_in(const struct ct_entry *e, uint8_t zone_dirs,
			enum ct_dir dir)
{
	return zone_dirs >> dir & 1 ? e->zone : 0;
}

/* nf_ct_key_equal() of either direction; the reply first, as in index_find(). */
static bool fits(const struct ct_entry *e, uint8_t zone_dirs,
		 const struct wanted *w, const uint16_t zone[2], enum ct_dir *dir)
{
	uint64_t tail = entry_tail(e) & TAIL_MASK;
	bool ipv4 = e->l3num == CT_L3_IPV4;

	*dir = CT_DIR_REPLY;
	if (tail == w->inverse && !other_ends(e, w->dst, w->src, ipv4) &&
	    zone[CT_DIR_REPLY] == zone_in(e, zone_dirs, CT_DIR_REPLY))
		return true;
	*dir = CT_DIR_ORIGINAL;
	return tail == w->tail &&
	       !other_ends(e, w->src, w->dst, ipv4) &&
	       zone[CT_DIR_ORIGINAL] == zone_in(e, zone_dirs, CT_DIR_ORIGINAL);
}

uint32_t index_find_zone(const struct table *t, const struct ct_tuple *tuple,
			 uint32_t inverse_l4, uint32_t hash,
			 const uint16_t zone[2], struct ct_entry **entry,
			 enum ct_dir *dir)
{
	uint64_t tail = tuple_tail(tuple) & TAIL_MASK;
	const struct wanted w = {
		&tuple->src, &tuple->dst, tail, tail_with(tail, inverse_l4),
	};

	for (uint32_t i = 0; i <= t->index.mask; i++) {
		const struct index_line *line = index_line_of(t, hash + i);
		uint32_t cells = cells_with(line, tag_of(hash));

		for (; cells; cells &= cells - 1) {
			uint32_t number = line->number[__builtin_ctz(cells)];

			*entry = table_entry(t, number);
			if (fits(*entry, table_rest(t, number)->zone_dirs, &w,
				 zone, dir))
				return number;
		}
		if (!line->passed)
			break;
	}
	return ENTRY_NONE;
}
