/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * statistics.h - the numbers that -s shows, next to the engine's own.
 */
#ifndef REPORT_STATISTICS_H
#define REPORT_STATISTICS_H 1

#include <stddef.h>
#include <stdint.h>

#include "ctreplay/conntrack.h"
#include "report/note.h"
#include "report/rule_view.h"

struct named_count {
	const char *name;	/* static storage */
	uint64_t count;
};

struct statistics {
	const struct ct_kernel *kernel;		/* the one in force; not owned */
	uint64_t frames, bytes;			/* read */
	ct_time first, last;			/* stamps, if frames were read; the last
						 * is the highest */
	uint64_t protocol[256];			/* packets by number of their protocol */
	uint64_t filtered;			/* frames that -f did not match */
	uint64_t packet[CT_PACKET_CLASSES];	/* IP packets by their header */
	const struct named_count *link;		/* other frames, by what they hold */
	size_t nlink;
	uint64_t ctstate[CT_CTSTATES];
	uint64_t invalid[CT_REASON_COUNT];	/* INVALID packets by first reason */
	uint64_t noted[CT_REASON_COUNT];	/* other packets that have a reason */
	uint64_t cut;				/* packets cut by the snap length */
	uint64_t helper_dropped;		/* packets dropped by a helper */
	const struct note *note;		/* about the capture */
	size_t nnotes;
	const struct rule_statistics *rules;	/* NULL: there is no firewall */
};

#endif
