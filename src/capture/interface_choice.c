/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/interface_choice.h"

#include <inttypes.h>
#include <pcap/dlt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool interface_choice_init(struct interface_choice *c, const char *const *wanted,
			   size_t n)
{
	*c = (struct interface_choice){ .wanted = wanted, .n = n };
	if (n)
		c->met = calloc(n, sizeof(*c->met));
	return !n || c->met;
}

void interface_choice_free(struct interface_choice *c)
{
	free(c->met);
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static void remember(struct interface_choice *c, const struct interface_seen *new)
{
	for (size_t i = 0; i < c->nseen; i++)
		if (c->seen[i].known == new->known &&
		    c->seen[i].number == new->number &&
		    same_text(c->seen[i].name, new->name))
			return;
	if (c->nseen == INTERFACES_SEEN)
		c->more = true;
	else
		c->seen[c->nseen++] = *new;
}

/* A frame of link type LINUX_SLL2 was captured on the interface "any", whose name and
 * number say nothing; the frame has the index of the real one. */
static struct interface_seen interface_of(const struct frame *f)
{
	struct interface_seen s = { .known = false };

	s.known = frame_interface_number(f, &s.number);
	if (s.known && f->linktype != DLT_LINUX_SLL2 && f->interface)
		s.name = f->interface->name;
	return s;
}

static bool is_wanted(const char *wanted, const struct interface_seen *s)
{
	char number[16];

	if (!s->known)
		return false;
	if (s->name && strcmp(wanted, s->name) == 0)
		return true;
	snprintf(number, sizeof(number), "%" PRIu32, s->number);
	return strcmp(wanted, number) == 0;
}

static bool find(struct interface_choice *c, const struct frame *f)
{
	const struct interface_seen s = interface_of(f);
	bool matches = false;

	remember(c, &s);
	for (size_t i = 0; i < c->n; i++)
		if (is_wanted(c->wanted[i], &s))
			matches = c->met[i] = true;
	return matches;
}

bool interface_matches(struct interface_choice *c, const struct frame *f)
{
	if (f->linktype == DLT_LINUX_SLL2)
		return find(c, f);
	if (!f->interface || f->interface != c->last) {
		c->last = f->interface;
		c->last_matches = find(c, f);
	}
	return c->last_matches;
}

/* Appends to a text that has space for 'size' bytes; a name may have any bytes. */
static void append_interface(char *to, size_t size, const struct interface_seen *s)
{
	size_t n = strlen(to);

	if (!s->known)
		snprintf(to + n, size - n, "%sones without a name or number",
			 n ? ", " : "");
	else if (s->name)
		snprintf(to + n, size - n, "%s%.20s (%" PRIu32 ")", n ? ", " : "",
			 s->name, s->number);
	else
		snprintf(to + n, size - n, "%s%" PRIu32, n ? ", " : "", s->number);
	for (; to[n]; n++)
		if (to[n] < ' ' || to[n] > '~')
			to[n] = '?';
}

void interface_choice_say(const struct interface_choice *c, const struct diag *diag)
{
	char list[640] = "";

	for (size_t i = 0; i < c->nseen; i++)
		append_interface(list, sizeof(list), &c->seen[i]);
	if (c->nseen == 1 && !c->seen[0].known)
		snprintf(list, sizeof(list), "none that is named: only pcapng files and link type LINUX_SLL2 tell the interface");
	for (size_t i = 0; i < c->n; i++)
		if (!c->met[i])
			diag_say(diag, DIAG_NOTE,
				 "--interface %s: no frame was captured on it; the interfaces of the frames are: %s%s",
				 c->wanted[i], c->nseen ? list : "none",
				 c->more ? ", and more" : "");
}
