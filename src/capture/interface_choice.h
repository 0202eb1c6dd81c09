/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * interface_choice.h - --interface: the frames of some interfaces only.
 */
#ifndef CAPTURE_INTERFACE_CHOICE_H
#define CAPTURE_INTERFACE_CHOICE_H 1

#include <stdbool.h>
#include <stddef.h>

#include "base/diag.h"
#include "capture/capture.h"

/* The interfaces that a note can list. */
#define INTERFACES_SEEN	16u

struct interface_seen {
	bool known;
	const char *name;	/* or NULL */
	uint32_t number;
};

struct interface_choice {
	const char *const *wanted;	/* names or numbers */
	size_t n;
	bool *met;		/* which of them are a frame's interface */
	/* The answer for the frames of one interface, except those of link type
	 * LINUX_SLL2, which name an interface each. */
	const struct frame_interface *last;
	bool last_matches;
	struct interface_seen seen[INTERFACES_SEEN];
	size_t nseen;
	bool more;		/* there are more than these */
};

/* False: no memory.  With 'n' of 0 nothing is chosen, and interface_matches() must not
 * be called. */
bool interface_choice_init(struct interface_choice *c, const char *const *wanted,
			   size_t n);
void interface_choice_free(struct interface_choice *c);

bool interface_matches(struct interface_choice *c, const struct frame *f);

/* A note for those that no frame has, and which interfaces there are. */
void interface_choice_say(const struct interface_choice *c, const struct diag *diag);

#endif
