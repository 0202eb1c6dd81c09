/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * reader_state.h - what the reader's two files share: reader.c opens files and reads
 * records one by one, reader_inplace.c reads ordinary ones.
 */
#ifndef CAPTURE_READER_STATE_H
#define CAPTURE_READER_STATE_H 1

#include <pcap/pcap.h>

#include "capture/pcap_inplace.h"
#include "capture/pcapng.h"
#include "capture/reader.h"

struct reader {
	struct input *in;
	pcap_t *pcap;		/* this or the next, or neither if all is damaged */
	struct pcapng *pcapng;
	const struct diag *diag;
	struct input_refusal *refusal;	/* may be NULL */
	struct interface_store *store;	/* may be NULL */
	const char *file;
	bool keep;
	struct kept_blocks kept;
	uint64_t lost;		/* blocks */
	enum reader_state state;
	struct frame head;
	struct pcap_inplace inplace;	/* pcap: how to read without libpcap */
	struct pcap_ahead ahead;
	/* If the record at hand was read in place: the bytes up to its end. */
	size_t taken;
	uint64_t record;	/* pcap: offset of the record that libpcap has read */
	bool bad_stamp_told, no_stamp_told, link_told;
};

/* The next record of a pcap file: as libpcap reads it, and in place where that can be
 * done. */
enum reader_state reader_advance_pcap(struct reader *r);
enum reader_state reader_advance_inplace(struct reader *r);

#endif
