/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/page/told.h"

#include <stdlib.h>

#include "replay/explain/facts.h"

#define CAPACITY_MIN 64u

void told_free(struct told *t)
{
	free(t->packet);
}

static bool grow(struct told *t)
{
	size_t capacity = t->capacity ? 2 * t->capacity : CAPACITY_MIN;
	struct page_told *packet = realloc(t->packet, capacity * sizeof(*packet));

	if (!packet)
		return false;
	t->packet = packet;
	t->capacity = capacity;
	return true;
}

bool told_add(struct told *t, const struct ct_packet *pkt, const struct ct_verdict *v,
	      size_t entries, uint32_t max)
{
	struct page_told *to;

	if (t->n == TOLD_MAX) {
		t->left++;
		return true;
	}
	if (t->n == t->capacity && !grow(t))
		return false;
	packet_view_set_verdict(&t->view.packet, v);
	t->view.entries = entries;
	t->view.table_max = max;
	t->view.comparison.what = EXPLAIN_NONE;
	facts_find(&t->view, pkt);
	to = &t->packet[t->n++];
	*to = (struct page_told){
		.frame = pkt->number, .l3num = pkt->l3num, .v = t->view.packet.v,
		.comparison = t->view.comparison,
	};
	return true;
}
