/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/frame_interface.h"

#include <stdlib.h>
#include <string.h>

#include <pcap/dlt.h>

#include "base/bytes.h"
#include "capture/capture.h"
#include "capture/pcapng_block.h"

#define OPTION_NAME	2u	/* if_name, draft-ietf-opsawg-pcapng section 4.2 */

/* What is stored is one piece of memory after the other. */
struct piece {
	struct piece *next;
	_Alignas(8) uint8_t bytes[];
};

struct interface_store {
	struct piece *pieces;
	size_t used;
	bool full;		/* the limit is reached */
};

struct interface_store *interface_store_create(void)
{
	return calloc(1, sizeof(struct interface_store));
}

void interface_store_free(struct interface_store *s)
{
	struct piece *p, *next;

	for (p = s ? s->pieces : NULL; p; p = next) {
		next = p->next;
		free(p);
	}
	free(s);
}

static void *store(struct interface_store *s, size_t n)
{
	struct piece *p;

	if (n > INTERFACE_STORE_MAX - s->used) {
		s->full = true;
		return NULL;
	}
	p = calloc(1, sizeof(*p) + n);
	if (!p)
		return NULL;
	s->used += n;
	p->next = s->pieces;
	s->pieces = p;
	return p->bytes;
}

bool interface_store_is_full(const struct interface_store *s)
{
	return s->full;
}

/* Copies options behind an object, at 'to'. */
static struct block_options copy_options(uint8_t *to, const struct block_options *o)
{
	if (o->len)
		memcpy(to, o->p, o->len);
	return (struct block_options){ to, o->len };
}

const struct frame_interface *interface_store_pcap(struct interface_store *s,
						   const char *file)
{
	struct frame_interface *i = store(s, sizeof(*i));

	if (i)
		i->file = file;
	return i;
}

struct frame_section *interface_store_section(struct interface_store *s,
					      const struct frame_section *from)
{
	struct frame_section *section = store(s, sizeof(*section) +
					      from->options.len);

	if (!section)
		return NULL;
	section->swapped = from->swapped;
	section->options = copy_options((uint8_t *)(section + 1), &from->options);
	return section;
}

/* The value of if_name; its length is 0 if there is none. */
static struct block_options find_name(const struct block_options *o, bool swapped)
{
	struct option_walk w = option_walk(o->p, o->len, swapped);

	while (option_next(&w))
		if (w.code == OPTION_NAME)
			return (struct block_options){ w.value, w.len };
	return (struct block_options){ NULL, 0 };
}

const struct frame_interface *interface_store_add(struct interface_store *s,
						  struct frame_section *section,
						  const struct frame_interface *from)
{
	struct block_options name = find_name(&from->options, section->swapped);
	struct frame_interface *i = store(s, sizeof(*i) + from->options.len +
					  name.len + 1);
	uint8_t *rest = (uint8_t *)(i + 1);

	if (!i)
		return NULL;
	*i = *from;
	i->section = section;
	i->options = copy_options(rest, &from->options);
	i->name = NULL;
	if (name.len && name.p[0]) {
		memcpy(rest + from->options.len, name.p, name.len);
		i->name = (const char *)rest + from->options.len;
	}
	i->before = section->last;
	section->last = i;
	return i;
}

bool block_options_same(const struct block_options *a, const struct block_options *b)
{
	return a->len == b->len && (a->len == 0 || memcmp(a->p, b->p, a->len) == 0);
}

bool frame_interface_same(const struct frame_interface *a,
			  const struct frame_interface *b)
{
	return a->linktype == b->linktype && a->snaplen == b->snaplen &&
	       block_options_same(&a->options, &b->options);
}

#define SLL2_INDEX	4u	/* LINKTYPE_LINUX_SLL2: behind the protocol and two
				 * reserved bytes */

bool frame_interface_number(const struct frame *f, uint32_t *number)
{
	const struct bytes b = bytes_view(f->data, f->caplen);

	if (f->linktype == DLT_LINUX_SLL2)
		return bytes_be32(&b, SLL2_INDEX, number);
	if (!f->interface || !f->interface->section)
		return false;
	*number = f->interface->number;
	return true;
}
