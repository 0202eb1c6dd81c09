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
#include "capture/pcapng_block.h"

struct pcapng_interface {
	int64_t tsoffset;	/* seconds to add to each stamp */
	uint32_t snaplen;	/* 0: no limit */
	int linktype;		/* DLT_... */
	uint32_t unit;		/* nanoseconds of a tick, if packets can be read
				 * in place; else 0 (pcapng_inplace.h) */
	uint8_t tsresol;	/* if_tsresol, see pcapng_time.h */
};

/* What the interfaces of all sections so far have in common. */
struct pcapng_interfaces {
	uint64_t count;
	bool supported;		/* link.h decodes one of their link types */
	struct capture_summary summary;
};

struct interface_list {
	struct pcapng_interface *all;	/* of the current section; owned */
	uint32_t n, capacity;
	struct pcapng_interfaces seen;

	/* The number that was translated last: a file has few link types. */
	uint16_t linktype;
	int dlt;
};

void interface_list_init(struct interface_list *list);
void interface_list_free(struct interface_list *list);

/* Adds the interface that an Interface Description Block describes; false with
 * a reason. */
bool interface_list_add(struct interface_list *list, const struct block *b,
			struct pcapng_error *e);

/* A new section begins: its interfaces are numbered from 0 again. */
void interface_list_restart(struct interface_list *list);

#endif
