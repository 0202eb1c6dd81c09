/* SPDX-License-Identifier: GPL-2.0-only */
/* reader_inplace.c - ordinary records, without libpcap, and many at a time. */
#include "capture/batch.h"
#include "capture/reader_state.h"

#define READ_LEAST	(16 * 1024)

/* Brings the next record into memory and returns its size; 0 if libpcap must
 * read it. */
static size_t inplace_peek(struct reader *r, const uint8_t **p, size_t *have)
{
	size_t size;

	*p = input_peek(r->in, PCAP_RECORD_HEADER, have);
	size = pcap_inplace_size(&r->inplace, *p, *have);
	if (size > *have)
		*p = input_peek(r->in, size, have);
	return size <= *have ? size : 0;
}

static void inplace_leave(struct reader *r)
{
	input_skip(r->in, r->taken);
	r->taken = 0;
	r->ahead.n = 0;
}

/* The record at hand becomes the first in the input again, as it is where no record was
 * read ahead. */
static void inplace_rewind(struct reader *r)
{
	size_t size = PCAP_RECORD_HEADER + r->head.caplen;

	input_skip(r->in, r->taken - size);
	r->taken = size;
	r->ahead.n = 0;
}

/* The record's bytes are taken only when the frame is dropped, so that
 * reader_fill() can hand them over. */
enum reader_state reader_advance_inplace(struct reader *r)
{
	struct pcap_ahead *a = &r->ahead;
	size_t have, used;

	if (a->at + 1 < a->n) {
		a->at++;
	} else {
		inplace_leave(r);
		if (inplace_peek(r, &a->base, &have) == 0)
			return reader_advance_pcap(r);
		a->n = pcap_inplace_read(&r->inplace, a->base, have, a->frame,
					 PCAP_AHEAD, UINT64_MAX, &used);
		a->end = a->base + have;
		a->at = 0;
	}
	r->head = a->frame[a->at];
	r->taken = pcap_ahead_taken(a);
	return READER_FRAME;
}

/* Reads as much at a time as a batch takes, so that little is left to copy. */
static void adapt_read_size(struct reader *r, size_t used, size_t n, size_t max)
{
	size_t size = used / n * (max - max / 8);

	input_read_size(r->in, size < READ_LEAST ? READ_LEAST : size);
}

static size_t fill_pcap(struct reader *r, struct frame *to, size_t max,
			uint64_t latest, bool keep, size_t *used)
{
	const uint8_t *p;
	size_t have;

	if (keep && r->taken == 0)
		return 0;	/* libpcap holds the frame */
	if (keep)
		inplace_rewind(r);
	else
		inplace_leave(r);
	if (inplace_peek(r, &p, &have) == 0)
		return 0;
	return pcap_inplace_read(&r->inplace, p, have, to, max, latest, used);
}

size_t reader_fill(struct reader *r, struct frame_batch *b, size_t max,
		   uint64_t latest, bool keep)
{
	size_t used, n;

	if (!r->inplace.usable && !r->pcapng)
		return 0;
	/* Read into the batch's buffer: it is in the cache of the processor
	 * that will parse it.  There is little to copy, as a batch uses up what
	 * is read for it. */
	if (!keep && !input_give(r->in, 0, &b->block, &b->block_size))
		return 0;
	if (r->inplace.usable)
		n = fill_pcap(r, b->frames, max, latest, keep, &used);
	else
		n = pcapng_fill(r->pcapng, b->frames, max, SIZE_MAX, latest, keep,
				&used);
	if (n == 0 || !input_give(r->in, used, &b->block, &b->block_size))
		return 0;
	r->taken = 0;
	if (r->pcapng)
		pcapng_taken(r->pcapng);
	b->count = n;
	r->head.time = b->frames[n - 1].time;	/* for a frame without a stamp */
	adapt_read_size(r, used, n, b->max);
	return n;
}

struct pcap_ahead *reader_ahead(struct reader *r)
{
	return r->inplace.usable && r->taken && r->ahead.n ? &r->ahead : NULL;
}

/* Finds the frames from the one at hand on, in up to 'most' bytes behind each other. */
static size_t find_run(struct reader *r, struct frame *to, size_t max, size_t most,
		       uint64_t latest)
{
	struct pcap_ahead *a = reader_ahead(r);
	size_t n, used;

	if (a) {
		n = pcap_ahead_take(a, to, max, most, latest);
		r->taken = pcap_ahead_taken(a);
		return n;
	}
	if (!r->pcapng)
		return 0;	/* libpcap holds the frame */
	n = pcapng_fill(r->pcapng, to, max, most, latest, true, &used);
	if (n) {
		input_skip(r->in, used);
		pcapng_taken(r->pcapng);
	}
	return n;
}

size_t reader_copy(struct reader *r, struct frame_batch *b, size_t max, uint64_t latest)
{
	struct frame *f = b->frames + b->count;
	size_t n = find_run(r, f, max, frame_batch_space(b), latest);

	if (n == 0)
		return 0;
	r->head.time = f[n - 1].time;	/* for a frame without a stamp */
	frame_batch_own(b, n);
	return n;
}

void reader_ahead_moved(struct reader *r)
{
	r->head = r->ahead.frame[r->ahead.at];
	r->taken = pcap_ahead_taken(&r->ahead);
}
