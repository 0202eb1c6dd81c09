/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tag_hint.h - says which filter would match where -f does not look behind a tag.
 *
 * A libpcap filter sees the frame as it is: "tcp" matches no TCP segment behind a
 * VLAN tag, an MPLS label or PPPoE.  For frames that the filter leaves out, "vlan and
 * (tcp)" and the like are tried.
 */
#ifndef CAPTURE_TAG_HINT_H
#define CAPTURE_TAG_HINT_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/diag.h"
#include "capture/capture.h"
#include "capture/filter.h"

/* Different sequences of tags that are tried, and tags in a sequence. */
#define TAG_FORMS	8u
#define TAG_DEPTH	4u

struct tag_form {
	char words[TAG_DEPTH * sizeof("pppoes and ")];	/* "vlan and pppoes and " */
	struct bpf_set *set;	/* NULL: it does not compile */
	uint64_t matches;
};

struct tag_hint {
	const char *filter;	/* NULL: there is none */
	bool tries;		/* it does not look behind tags by itself */
	struct tag_form form[TAG_FORMS];
	size_t n;
	uint64_t seen, matched;	/* frames, and those that the filter matched */
};

/* 'filter' is NULL without -f. */
void tag_hint_init(struct tag_hint *h, const char *filter);
void tag_hint_free(struct tag_hint *h);

/* A frame that the filter did not match. */
void tag_hint_try_tags(struct tag_hint *h, const struct frame *f);

static inline void tag_hint_try(struct tag_hint *h, const struct frame *f)
{
	/* Most have no tag: the type is that of IPv4 or IPv6. */
	if (h->tries && f->caplen > 13 &&
	    !(f->data[12] == 0x08 || f->data[12] == 0x86))
		tag_hint_try_tags(h, f);
}

/* Notes what would match, or that nothing did. */
void tag_hint_say(const struct tag_hint *h, const struct diag *diag);

#endif
