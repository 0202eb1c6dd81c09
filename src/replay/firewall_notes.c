/* SPDX-License-Identifier: GPL-2.0-only */
/* firewall_notes.c - what leaves the rules' word open, as notes. */
#include <inttypes.h>
#include <stdio.h>

#include "replay/firewall.h"
#include "replay/quality/notes.h"

static struct note *add(struct notes *to, const char *code,
			const struct firewall_count *c, const char *advice)
{
	struct note *n;

	if (!c->packets || to->n == NOTES_MAX)
		return NULL;
	n = &to->note[to->n++];
	*n = (struct note){ .code = code, .count = c->packets, .first = c->first,
			    .advice = advice };
	return n;
}

static const char *plural(const struct firewall_count *c)
{
	return c->packets == 1 ? "" : "s";
}

/* Without such a rule nothing registers connection tracking's hooks. */
static void note_untracked(const struct firewall *fw, struct notes *to)
{
	static const struct firewall_count once = { 1, 0 };
	struct note *n;

	for (unsigned int i = 0; i < 2; i++) {
		if (!fw->has[i] || fw->tracks[i])
			continue;
		n = add(to, i ? "rules6-without-conntrack" : "rules-without-conntrack",
			&once, "states are those of a firewall where something else tracks");
		if (n)
			snprintf(n->text, sizeof(n->text), "no rule of %s makes the "
				 "kernel track connections", i ? "IPv6" : "IPv4");
	}
}

void firewall_notes(const struct firewall *fw, struct notes *to)
{
	struct note *n;

	n = add(to, "nat-not-done", &fw->nat, "rules behind it see the addresses of "
		"the capture, and replies are those of the capture");
	if (n)
		snprintf(n->text, sizeof(n->text), "rules would translate the addresses "
			 "of %" PRIu64 " packet%s, and none is translated",
			 fw->nat.packets, plural(&fw->nat));
	n = add(to, "rules-unknown", &fw->unknown, "their lines name the rule whose "
		"answer would decide");
	if (n) {
		n->warning = true;
		snprintf(n->text, sizeof(n->text), "what the rules say of %" PRIu64
			 " packet%s is not known", fw->unknown.packets,
			 plural(&fw->unknown));
	}
	n = add(to, "rules-prevented", &fw->follow, "the capture is of a network where "
		"other rules were in force");
	if (n)
		snprintf(n->text, sizeof(n->text), "%" PRIu64 " packet%s would not have "
			 "come: the rules drop what %s", fw->follow.packets,
			 plural(&fw->follow), fw->follow.packets == 1 ?
			 "it answers or follows" : "they answer or follow");
	note_untracked(fw, to);
}
