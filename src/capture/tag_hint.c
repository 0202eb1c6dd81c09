/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/tag_hint.h"

#include <inttypes.h>
#include <pcap/dlt.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"

#define TYPE_OFFSET	12u	/* of Ethernet's type */
#define MPLS_BOTTOM	0x100u

/* A filter with one of these words looks behind tags where its author wants it. */
static bool knows_tags(const char *filter)
{
	return strstr(filter, "vlan") || strstr(filter, "pppoe") ||
	       strstr(filter, "mpls") || strstr(filter, "ether");
}

void tag_hint_init(struct tag_hint *h, const char *filter)
{
	*h = (struct tag_hint){
		.filter = filter, .tries = filter && !knows_tags(filter),
	};
}

void tag_hint_free(struct tag_hint *h)
{
	for (size_t i = 0; i < h->n; i++)
		bpf_set_free(h->form[i].set);
}

/* The words of libpcap's language for the tag at '*off', which is moved behind it.
 * NULL: it is none. */
static const char *tag_words(const struct bytes *b, uint32_t *off)
{
	uint32_t label;
	uint16_t type;

	if (!bytes_be16(b, *off, &type))
		return NULL;
	switch (type) {
	case 0x8100:
	case 0x88a8:
	case 0x9100:
		*off += 4;
		return "vlan and ";
	case 0x8847:
		/* No type is behind the last label; nothing else is looked for. */
		if (!bytes_be32(b, *off + 2, &label) || !(label & MPLS_BOTTOM))
			return NULL;
		*off = b->len;
		return "mpls and ";
	case 0x8864:
		*off = b->len;
		return "pppoes and ";
	}
	return NULL;
}

/* All tags of a frame; false if it has none, or too many. */
static bool read_tags(const struct frame *f, char words[], size_t size)
{
	const struct bytes b = bytes_view(f->data, f->caplen);
	uint32_t off = TYPE_OFFSET;
	unsigned int n = 0;
	const char *tag;

	words[0] = '\0';
	if (f->linktype != DLT_EN10MB)
		return false;
	while ((tag = tag_words(&b, &off)) && n++ < TAG_DEPTH)
		strncat(words, tag, size - strlen(words) - 1);
	return n && n <= TAG_DEPTH;
}

static struct tag_form *form_of(struct tag_hint *h, const char *words)
{
	struct tag_form *form = h->form;
	char filter[2000];

	for (; form < h->form + h->n; form++)
		if (strcmp(form->words, words) == 0)
			return form;
	if (h->n == TAG_FORMS)
		return NULL;
	h->n++;
	strcpy(form->words, words);
	if (snprintf(filter, sizeof(filter), "%s(%s)", words, h->filter) <
	    (int)sizeof(filter))
		form->set = bpf_compile(filter, DLT_EN10MB, "filter", &diag_silent);
	return form;
}

void tag_hint_try_tags(struct tag_hint *h, const struct frame *f)
{
	char words[sizeof(h->form[0].words)];
	struct tag_form *form;

	if (!read_tags(f, words, sizeof(words)))
		return;
	form = form_of(h, words);
	if (form && form->set &&
	    bpf_matches(form->set, f->data, f->caplen, f->wirelen))
		form->matches++;
}

void tag_hint_say(const struct tag_hint *h, const struct diag *diag)
{
	const struct tag_form *most = h->form;

	if (!h->filter || !h->seen)
		return;
	for (size_t i = 1; i < h->n; i++)
		if (h->form[i].matches > most->matches)
			most = &h->form[i];
	if (most->matches && h->matched)
		diag_say(diag, DIAG_NOTE,
			 "-f does not look behind tags, and left out %" PRIu64 " frames that '%s(%s)' matches; -f '(%s) or (%s(%s))' matches those, too",
			 most->matches, most->words, h->filter, h->filter,
			 most->words, h->filter);
	else if (most->matches)
		diag_say(diag, DIAG_NOTE,
			 "-f matched none of %" PRIu64 " frames, because it does not look behind tags; -f '%s(%s)' matches %" PRIu64,
			 h->seen, most->words, h->filter, most->matches);
	else if (!h->matched)
		diag_say(diag, DIAG_NOTE, "-f matched none of %" PRIu64 " frames",
			 h->seen);
}
