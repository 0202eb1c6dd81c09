/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/tops.h"

#define FOR_EACH(tops, top) \
	for (struct top *top = (tops)->top; top < (tops)->top + TOP_KINDS; top++) \
		if (top->wanted)

void tops_init(struct tops *t, const struct options *o)
{
	t->wanted = options_has_top(o);
	for (int by = 0; by < TOP_KINDS; by++)
		top_init(&t->top[by], (enum top_by)by, o->top[by]);
}

void tops_free(struct tops *t)
{
	for (int by = 0; by < TOP_KINDS; by++)
		top_free(&t->top[by]);
}

bool tops_begin(struct tops *t, const struct ct_record *rec)
{
	FOR_EACH(t, top)
		if (!top_begin(top, rec))
			return false;
	return true;
}

void tops_end(struct tops *t, const struct connection_view *c)
{
	FOR_EACH(t, top)
		top_end(top, c);
}

void tops_open(struct tops *t, const struct connection_view *c)
{
	FOR_EACH(t, top)
		top_open(top, c);
}

bool tops_invalid(struct tops *t, const struct ct_packet *pkt)
{
	FOR_EACH(t, top)
		if (!top_invalid(top, pkt))
			return false;
	return true;
}

bool tops_print(struct tops *t, struct report *r)
{
	FOR_EACH(t, top)
		if (!top_print(top, r))
			return false;
	return true;
}

void tops_state(struct tops *t, struct ct *ct, struct state_io *io)
{
	FOR_EACH(t, top)
		top_state(top, ct, io);
}
