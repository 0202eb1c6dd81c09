/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pcapng_interface.h - the interfaces that a pcapng file describes.
 *
 * A packet refers to an interface of its section by number, and the interface
 * tells the packet's link type and the unit of its time stamp.
 */
#ifndef CAPTURE_PCAPNG_INTERFACE_H
#define CAPTURE_PCAPNG_INTERFACE_H 1

#include <stdbool.h>
#include <stdint.h>

#include "capture/capture.h"
#include "capture/frame_interface.h"
#include "capture/pcapng_block.h"

struct pcapng_interface {
	int64_t tsoffset;	/* seconds to add to each stamp */
	uint32_t snaplen;	/* 0: no limit */
	/* What its frames have; 'interface' is NULL without a store. */
	struct frame_kind kind;
	uint32_t unit;		/* nanoseconds of a tick, if packets can be read
				 * in place; else 0 (pcapng_inplace.h) */
	uint8_t tsresol;	/* if_tsresol, see pcapng_time.h */
	uint64_t lost;		/* packets, as its last statistics say */
};

/* What the interfaces of all sections so far have in common. */
struct pcapng_interfaces {
	uint64_t count;
	bool several;		/* frames of one file may be from several */
	bool supported;		/* link.h decodes one of their link types */
	uint64_t lost;		/* packets, as their statistics say */
	struct capture_summary summary;
};

struct interface_list {
	/* Of the current section; owned.  From 'n' to 'known' are those of the
	 * section before it. */
	struct pcapng_interface *all;
	uint32_t n, known, capacity;
	struct interface_store *store;	/* NULL: there are no objects to point to */
	const char *file;
	struct frame_section *section;
	struct pcapng_interfaces seen;

	/* The number that was translated last: a file has few link types. */
	uint16_t linktype;
	int dlt;
};

/* 'store' may be NULL: frames then have no interface.  'file' is the file's name,
 * valid as long as the store. */
void interface_list_init(struct interface_list *list,
			 struct interface_store *store, const char *file);
void interface_list_free(struct interface_list *list);

/* Adds the interface that an Interface Description Block describes; false with
 * a reason. */
bool interface_list_add(struct interface_list *list, const struct block *b,
			struct pcapng_error *e);

/* Reads an Interface Statistics Block; one that makes no sense is ignored. */
void interface_list_statistics(struct interface_list *list, const struct block *b);

/*
 * A new section begins: its interfaces are numbered from 0 again.  'options' are
 * those of its header.  False: no memory.
 */
bool interface_list_restart(struct interface_list *list, bool swapped,
			    const struct block_options *options);

#endif
