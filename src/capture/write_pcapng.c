/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/write_pcapng.h"

#include <errno.h>
#include <stdlib.h>

#include "capture/link/linktype.h"
#include "capture/pcapng_block.h"
#include "capture/pcapng_options.h"
#include "capture/write_block.h"
#include "capture/write_time.h"

#define ORDER_MAGIC	0x1a2b3c4du
#define SECTION_BYTES	28u	/* of each block, without options */
#define INTERFACE_BYTES	20u
#define PACKET_BYTES	32u

void pcapng_writer_init(struct pcapng_writer *w, struct write_buffer *out,
			bool one_section)
{
	*w = (struct pcapng_writer){ .out = out, .one_section = one_section };
}

void pcapng_writer_free(struct pcapng_writer *w)
{
	free(w->written);
	free(w->place);
}

/* The table of numbers.  Where 'i' is, or the free place where it belongs. */
static uint32_t *find_place(const struct pcapng_writer *w,
			    const struct written_interface *i)
{
	uint64_t key = (uint64_t)(uintptr_t)i->interface ^ (uint32_t)i->linktype;
	uint32_t at = (uint32_t)(key * 0x9e3779b97f4a7c15u >> 32);

	for (;; at++) {
		uint32_t *place = &w->place[at & (w->places - 1)];
		const struct written_interface *there = w->written;

		if (!*place)
			return place;
		there += *place - 1;
		if (there->interface == i->interface &&
		    there->linktype == i->linktype)
			return place;
	}
}

static bool grow(struct pcapng_writer *w)
{
	uint32_t capacity = w->capacity ? w->capacity * 2 : 8;
	struct written_interface *written;
	uint32_t *place;

	if (w->n < w->capacity)
		return true;
	written = realloc(w->written, capacity * sizeof(*written));
	if (!written)
		return false;
	w->written = written;
	place = calloc(4 * (size_t)capacity, sizeof(*place));
	if (!place)
		return false;
	free(w->place);
	w->place = place;
	w->places = 4 * capacity;
	w->capacity = capacity;
	for (uint32_t i = 0; i < w->n; i++)
		*find_place(w, &w->written[i]) = i + 1;
	return true;
}

static void forget_interfaces(struct pcapng_writer *w)
{
	w->n = 0;
	if (w->place)
		memset(w->place, 0, w->places * sizeof(*w->place));
}

/* The section length is unknown. */
static void write_section(struct pcapng_writer *w, const struct frame_section *section)
{
	const struct options_request options = {
		.block = OPTIONS_OF_SECTION,
		.options = section ? section->options : (struct block_options){ NULL, 0 },
		.swapped = section && section->swapped,
	};
	uint32_t len = SECTION_BYTES + options_size(&options);

	write32(w->out, BLOCK_SECTION);
	write32(w->out, len);
	write32(w->out, ORDER_MAGIC);
	write16(w->out, 1);
	write16(w->out, 0);
	write32(w->out, UINT32_MAX);
	write32(w->out, UINT32_MAX);
	write_options(w->out, &options);
	write32(w->out, len);
}

static void write_interface(struct pcapng_writer *w, const struct written_interface *i)
{
	const struct frame_interface *from = i->interface;
	const struct options_request options = {
		.block = OPTIONS_OF_INTERFACE,
		.options = from ? from->options : (struct block_options){ NULL, 0 },
		.swapped = from && from->section->swapped,
		.nanoseconds = !keeps_unit(from),
	};
	int linktype = linktype_from_dlt(i->linktype);
	uint32_t len = INTERFACE_BYTES + options_size(&options);

	if (linktype < 0 && !w->out->error)
		w->out->error = ENOMEM;
	write32(w->out, BLOCK_INTERFACE);
	write32(w->out, len);
	write16(w->out, (uint16_t)linktype);
	write16(w->out, 0);
	write32(w->out, from ? from->snaplen : SNAPLEN_MAX);
	write_options(w->out, &options);
	write32(w->out, len);
}

/* Gives the interface the next number. */
static void add_interface(struct pcapng_writer *w, const struct written_interface *i)
{
	if (!grow(w)) {
		if (!w->out->error)
			w->out->error = ENOMEM;
		return;
	}
	*find_place(w, i) = w->n + 1;
	w->written[w->n++] = *i;
	write_interface(w, i);
}

static struct written_interface entry_of(const struct frame_interface *i)
{
	return (struct written_interface){ i, i->linktype };
}

static bool is_written(const struct pcapng_writer *w, const struct frame_interface *i)
{
	const struct written_interface entry = entry_of(i);

	return w->places && *find_place(w, &entry);
}

/* Describes an interface, and before it those with lower numbers, so that it keeps its
 * own if they are the first. */
static void add_up_to(struct pcapng_writer *w, const struct frame_interface *last)
{
	const struct frame_interface **missing, *i;
	size_t n = 0;

	for (i = last; i && !is_written(w, i); i = i->before)
		n++;
	if (n == 0)
		return;
	missing = malloc(n * sizeof(*missing));
	if (!missing) {
		if (!w->out->error)
			w->out->error = ENOMEM;
		return;
	}
	n = 0;
	for (i = last; i && !is_written(w, i); i = i->before)
		missing[n++] = i;
	while (n > 0 && !w->out->error) {
		const struct written_interface entry = entry_of(missing[--n]);

		add_interface(w, &entry);
	}
	free(missing);
}

/* Interfaces that had no frames after those that had. */
static void complete_section(struct pcapng_writer *w)
{
	uint32_t n = w->n;

	for (uint32_t i = 0; i < n; i++)
		if (w->written[i].interface)
			add_up_to(w, w->written[i].interface->section->last);
}

static void begin_section(struct pcapng_writer *w, const struct frame_section *section)
{
	if (w->begun && (w->one_section || w->section == section))
		return;
	if (w->begun) {
		complete_section(w);
		forget_interfaces(w);
	}
	w->begun = true;
	w->section = section;
	write_section(w, section);
}

/* The number of the frame's interface; after an error, any. */
static uint32_t number_of(struct pcapng_writer *w, const struct frame *f)
{
	struct written_interface entry = { NULL, f->linktype };
	bool described = f->interface && f->interface->section;

	if (described)
		entry = entry_of(f->interface);
	if (!w->places || !*find_place(w, &entry)) {
		if (described)
			add_up_to(w, f->interface);
		else
			add_interface(w, &entry);
	}
	return w->out->error ? 0 : *find_place(w, &entry) - 1;
}

/* write_packet() of a frame without options of its own, into the buffer at once. */
static void put_packet(uint8_t *to, const struct frame *f, const uint32_t head[7],
		       const struct new_comment *comment)
{
	uint32_t len = head[1];

	memcpy(to, head, 7 * sizeof(*head));
	to += 7 * sizeof(*head);
	memcpy(to, f->data, f->caplen);
	to += f->caplen;
	memset(to, 0, -f->caplen & 3);
	to += -f->caplen & 3;
	if (comment)
		to = put_comment_option(to, comment);
	memcpy(to, &len, sizeof(len));
}

static void write_packet(struct pcapng_writer *w, const struct frame *f, uint32_t number,
			 const struct new_comment *comment)
{
	static const uint8_t padding[4];
	uint8_t *room;
	const struct options_request options = {
		.block = OPTIONS_OF_PACKET,
		.options = { f->options ? frame_options(f) : NULL, f->options },
		.swapped = f->options && f->interface && f->interface->section &&
			   f->interface->section->swapped,
		.comment = comment,
	};
	uint32_t pad = -f->caplen & 3;
	uint32_t len = PACKET_BYTES + f->caplen + pad + options_size(&options);
	uint64_t ticks = ticks_of_frame(f);
	const uint32_t head[] = {
		BLOCK_ENHANCED, len, number, (uint32_t)(ticks >> 32),
		(uint32_t)ticks, f->caplen, f->wirelen,
	};

	room = f->options ? NULL : write_room(w->out, len);
	if (room) {
		put_packet(room, f, head, comment);
		return;
	}
	write_bytes(w->out, head, sizeof(head));
	write_bytes(w->out, f->data, f->caplen);
	write_bytes(w->out, padding, pad);
	write_options(w->out, &options);
	write32(w->out, len);
}

void pcapng_writer_frame(struct pcapng_writer *w, const struct frame *f,
			 const struct new_comment *comment)
{
	uint32_t number;

	begin_section(w, f->interface ? f->interface->section : NULL);
	number = number_of(w, f);
	write_packet(w, f, number, comment);
}

void pcapng_writer_block(struct pcapng_writer *w, const struct kept_block *b)
{
	struct written_interface entry;
	uint32_t number = 0;

	/* Its place among the interfaces stays, too. */
	if (!block_can_be_written(b)) {
		w->left_out++;
		return;
	}
	begin_section(w, b->section);
	add_up_to(w, b->last);
	if (b->interface) {
		entry = entry_of(b->interface);
		add_up_to(w, b->interface);
		number = w->out->error ? 0 : *find_place(w, &entry) - 1;
	}
	write_kept_block(w->out, b, number);
}

void pcapng_writer_end(struct pcapng_writer *w, int linktype)
{
	const struct written_interface entry = { NULL, linktype };

	if (!w->begun)
		begin_section(w, NULL);
	complete_section(w);
	if (w->n == 0)		/* libpcap refuses a file without an interface */
		add_interface(w, &entry);
}
