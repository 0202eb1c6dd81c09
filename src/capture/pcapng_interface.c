/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/pcapng_interface.h"

#include <inttypes.h>
#include <pcap/dlt.h>
#include <stdlib.h>

#include "capture/link/link.h"
#include "capture/link/linktype.h"
#include "capture/pcapng_inplace.h"
#include "capture/pcapng_time.h"

#define INTERFACES_MAX	65536u	/* in a section */

/* Options of an Interface Description Block, draft-ietf-opsawg-pcapng
 * sections 3.5 and 4.2. */
#define OPTIONS		8u	/* where they begin in the body */
#define OPTION_END	0u

void interface_list_init(struct interface_list *list,
			 struct interface_store *store, const char *file)
{
	*list = (struct interface_list){
		.store = store, .file = file, .linktype = 1, .dlt = DLT_EN10MB,
	};
}

void interface_list_free(struct interface_list *list)
{
	free(list->all);
}

/* The option's number of 64 bits; 0 if it has another length. */
static uint64_t option_number(const struct option_walk *w)
{
	uint64_t n = 0;

	if (w->len == sizeof(n))
		block_u64(&w->at, (uint32_t)(w->value - w->at.body.p), &n);
	return n;
}

static uint64_t sum_of(uint64_t a, uint64_t b)
{
	return b < UINT64_MAX - a ? a + b : UINT64_MAX;
}

void interface_list_statistics(struct interface_list *list, const struct block *b)
{
	const uint32_t options = 12;	/* behind the number and the time stamp */
	struct pcapng_interface *i;
	struct option_walk w;
	uint64_t lost = 0;
	uint32_t number;

	if (!block_u32(b, 0, &number) || number >= list->n ||
	    !bytes_has(&b->body, options, 0))
		return;
	w = option_walk(b->body.p + options, b->body.len - options, b->swapped);
	while (option_next(&w))
		if (w.code == OPTION_IFDROP || w.code == OPTION_OSDROP)
			lost = sum_of(lost, option_number(&w));
	/* They count from the beginning of the capture. */
	i = &list->all[number];
	if (lost <= i->lost)
		return;
	list->seen.lost = sum_of(list->seen.lost, lost - i->lost);
	i->lost = lost;
}

bool interface_list_restart(struct interface_list *list, bool swapped,
			    const struct block_options *options)
{
	const struct frame_section section = {
		.swapped = swapped, .options = *options,
	};
	const struct frame_section *old = list->section;

	if (list->n > list->known)
		list->known = list->n;
	list->n = 0;
	if (!list->store)
		return true;
	if (old && old->swapped == swapped &&
	    block_options_same(&old->options, options))
		return true;
	list->known = 0;
	list->section = interface_store_section(list->store, &section);
	return list->section != NULL;
}

/* An option that tells how to read stamps; others are ignored. */
static bool read_option(struct pcapng_interface *i, const struct block *b,
			uint32_t off, uint16_t code, uint16_t len,
			struct pcapng_error *e)
{
	if (code == OPTION_TSRESOL &&
	    (len != 1 || !bytes_u8(&b->body, off, &i->tsresol)))
		return pcapng_fail(e, "an interface's resolution has %u bytes, not 1",
				   len);
	if (code == OPTION_TSOFFSET &&
	    (len != 8 || !block_i64(b, off, &i->tsoffset)))
		return pcapng_fail(e, "an interface's time offset has %u bytes, not 8",
				   len);
	return true;
}

/* Each option has a code and a length in front and is padded to four bytes. */
static bool read_options(struct pcapng_interface *i, const struct block *b,
			 struct pcapng_error *e)
{
	uint32_t off = OPTIONS;
	uint16_t code, len;

	while (block_u16(b, off, &code) && code != OPTION_END) {
		if (!block_u16(b, off + 2, &len) ||
		    !bytes_has(&b->body, off + 4, len))
			return pcapng_fail(e, "an option of an interface runs past the end of its block");
		off += 4;
		if (!read_option(i, b, off, code, len, e))
			return false;
		off += (len + 3u) & ~3u;
	}
	return true;
}

/* The DLT of a file's link type; -1: no memory. */
static int translate(struct interface_list *list, uint16_t linktype)
{
	if (list->linktype != linktype) {
		int dlt = linktype_to_dlt(linktype);

		if (dlt < 0)
			return -1;
		list->linktype = linktype;
		list->dlt = dlt;
	}
	return list->dlt;
}

static bool make_space(struct interface_list *list)
{
	uint32_t capacity = list->capacity ? list->capacity * 2 : 4;
	struct pcapng_interface *more;

	if (list->n < list->capacity)
		return true;
	more = realloc(list->all, capacity * sizeof(*more));
	if (!more)
		return false;
	list->all = more;
	list->capacity = capacity;
	return true;
}

/*
 * The section before this one had the same header.  As soon as an interface
 * differs, they are two: the interfaces so far are described again in the new
 * one.
 */
static bool split_section(struct interface_list *list)
{
	list->section = interface_store_section(list->store, list->section);
	for (uint32_t k = 0; list->section && k < list->n; k++) {
		list->all[k].kind.interface = interface_store_add(list->store, list->section,
							 list->all[k].kind.interface);
		if (!list->all[k].kind.interface)
			return false;
	}
	list->known = 0;
	return list->section != NULL;
}

/* Sets the object of the next interface, 'i'; false: no memory. */
static bool show_interface(struct interface_list *list,
			   struct pcapng_interface *i, const struct block *b)
{
	const struct frame_interface from = {
		.file = list->file, .number = list->n, .linktype = i->kind.linktype,
		.snaplen = i->snaplen, .tsoffset = i->tsoffset,
		.tsresol = i->tsresol,
		.options = { b->body.p + OPTIONS, b->body.len - OPTIONS },
	};

	if (!list->store)
		return true;
	if (list->n < list->known) {
		i->kind.interface = list->all[list->n].kind.interface;
		if (frame_interface_same(i->kind.interface, &from))
			return true;
		if (!split_section(list))
			return false;
	}
	i->kind.interface = interface_store_add(list->store, list->section, &from);
	return i->kind.interface != NULL;
}

static bool fail_to_store(const struct interface_list *list, struct pcapng_error *e)
{
	if (interface_store_is_full(list->store))
		return pcapng_fail(e, "the interfaces that differ take more than %u MiB",
				   INTERFACE_STORE_MAX >> 20);
	return pcapng_fail(e, "out of memory");
}

static void count_interface(struct pcapng_interfaces *seen,
			    const struct pcapng_interface *i)
{
	seen->several |= seen->count++ || i->kind.linktype == DLT_LINUX_SLL2;
	seen->supported |= link_supported(i->kind.linktype);
	seen->summary.nanoseconds |= pcapng_time_is_fine(i->tsresol);
	summary_add(&seen->summary, i->kind.linktype);
}

bool interface_list_add(struct interface_list *list, const struct block *b,
			struct pcapng_error *e)
{
	struct pcapng_interface i = { .tsresol = 6 };
	uint16_t linktype;

	if (!block_u16(b, 0, &linktype) || !block_u32(b, 4, &i.snaplen))
		return pcapng_fail(e, "an interface block of %" PRIu32 " bytes, which is too short",
				   b->len);
	if (!read_options(&i, b, e))
		return false;
	if (list->n == INTERFACES_MAX)
		return pcapng_fail(e, "a section has more than %u interfaces",
				   INTERFACES_MAX);
	i.kind.linktype = translate(list, linktype);
	if (i.kind.linktype < 0 || !make_space(list))
		return pcapng_fail(e, "out of memory");
	if (!show_interface(list, &i, b))
		return fail_to_store(list, e);
	pcapng_inplace_prepare(&i);
	list->all[list->n++] = i;
	count_interface(&list->seen, &i);
	return true;
}
