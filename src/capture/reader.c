/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/reader.h"

#include <inttypes.h>
#include <pcap/dlt.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture/batch.h"
#include "capture/link/link.h"
#include "capture/link/linktype.h"
#include "capture/reader_state.h"
#include "base/bytes.h"

#define NSEC		1000000000
#define MAX_SECONDS	(INT64_MAX / NSEC - 1)	/* in the year 2262 */

enum reader_state reader_state(const struct reader *r)
{
	return r->state;
}

const struct frame *reader_head(const struct reader *r)
{
	return &r->head;
}

const struct input *reader_input(const struct reader *r)
{
	return r->in;
}

struct kept_blocks *reader_blocks(struct reader *r)
{
	return &r->kept;
}

uint64_t reader_blocks_lost(const struct reader *r)
{
	return r->lost;
}

bool reader_swapped(const struct reader *r)
{
	return r->pcapng ? pcapng_swapped(r->pcapng) :
	       r->pcap ? pcap_is_swapped(r->pcap) : false;
}

/* True if the whole next record of a pcap file is in memory. */
static bool record_is_here(const struct reader *r)
{
	size_t have;
	const uint8_t *p = input_here(r->in, &have) + r->taken;
	uint32_t caplen;

	have -= r->taken;
	if (have < PCAP_RECORD_HEADER)
		return false;
	memcpy(&caplen, p + 8, sizeof(caplen));
	if (pcap_is_swapped(r->pcap))
		caplen = __builtin_bswap32(caplen);
	return caplen > FRAME_BYTES || have - PCAP_RECORD_HEADER >= caplen;
}

bool reader_waits(const struct reader *r)
{
	if (!input_can_wait(r->in))
		return false;
	return r->pcapng ? !pcapng_ready(r->pcapng) : !record_is_here(r);
}

static uint64_t record_offset(const struct reader *r)
{
	return r->pcapng ? pcapng_offset(r->pcapng) : r->record;
}

static void warn_stamp(struct reader *r)
{
	if (r->bad_stamp_told)
		return;
	r->bad_stamp_told = true;
	diag_say(r->diag, DIAG_WARNING,
		 "%s: invalid time stamp in the record at byte %" PRIu64 "%s; such stamps are read as seconds plus fraction, or as the nearest valid time",
		 input_name(r->in), record_offset(r), input_offset_note(r->in));
}

/*
 * A stamp can hold anything.  A pcap file's seconds are 32 bits without sign
 * (draft-ietf-opsawg-pcap section 5); some releases of libpcap return those
 * after the year 2038 as negative numbers.  A pcapng file's seconds are 64 bits
 * plus an offset.  A fraction may exceed a second if a writer forgot to carry.
 */
static uint64_t stamp(struct reader *r, int64_t sec, int64_t nsec)
{
	if (sec < 0 || sec > MAX_SECONDS || nsec < 0 || nsec >= NSEC)
		warn_stamp(r);
	if (nsec < 0)
		nsec = 0;
	if (sec < 0)
		return 0;
	if (sec > MAX_SECONDS - nsec / NSEC)
		return (uint64_t)MAX_SECONDS * NSEC;
	return (uint64_t)sec * NSEC + (uint64_t)nsec;
}

enum reader_state reader_advance_pcap(struct reader *r)
{
	struct pcap_pkthdr *h;
	const u_char *data;

	r->record = input_offset(r->in);
	switch (pcap_next_ex(r->pcap, &h, &data)) {
	case 1:
		/* Opened with nanosecond precision. */
		r->head.time = stamp(r, (uint32_t)h->ts.tv_sec, h->ts.tv_usec);
		r->head.data = data;
		r->head.caplen = h->caplen < FRAME_BYTES ? h->caplen : FRAME_BYTES;
		r->head.wirelen = h->len > h->caplen ? h->len : h->caplen;
		return READER_FRAME;
	case PCAP_ERROR_BREAK:
		return READER_END;
	default:
		return READER_DAMAGED;
	}
}

/* "link type 187 (BLUETOOTH_HCI_H4, Bluetooth HCI UART ...)" */
static const char *link_text(int dlt, char *to, size_t size)
{
	const char *name = pcap_datalink_val_to_name(dlt);
	const char *text = pcap_datalink_val_to_description(dlt);

	snprintf(to, size, "link type %d (%s%s%s)", dlt,
		 name ? name : "unknown to libpcap", text ? ", " : "",
		 text ? text : "");
	return to;
}

/* Notes what is unusual but no damage, once for each file. */
static void note_packet(struct reader *r, const struct pcapng_packet *pkt)
{
	char text[160];

	if (!pkt->stamped && !r->no_stamp_told) {
		r->no_stamp_told = true;
		diag_say(r->diag, DIAG_NOTE,
			 "%s: the packet at byte %" PRIu64 "%s has no time stamp, as it is a Simple Packet Block; such packets get the time of the one before them",
			 input_name(r->in), record_offset(r),
			 input_offset_note(r->in));
	}
	if (!r->link_told && !link_supported(pkt->linktype)) {
		r->link_told = true;
		diag_say(r->diag, DIAG_WARNING,
			 "%s: interface %" PRIu32 " has %s, which is not supported: frames of such interfaces are counted, but no IP packets are found in them",
			 input_name(r->in), pkt->interface,
			 link_text(pkt->linktype, text, sizeof(text)));
	}
}

static enum reader_state advance_pcapng(struct reader *r)
{
	struct pcapng_packet pkt;

	switch (pcapng_next(r->pcapng, &pkt)) {
	case PCAPNG_FRAME:
		note_packet(r, &pkt);
		if (pkt.stamped)
			r->head.time = stamp(r, pkt.sec, pkt.nsec);
		r->head.data = pkt.data;
		r->head.caplen = pkt.caplen;
		r->head.wirelen = pkt.wirelen;
		r->head.linktype = pkt.linktype;
		r->head.interface = pkt.shown;
		r->head.options = pkt.options;
		return READER_FRAME;
	case PCAPNG_END:
		return READER_END;
	default:
		return READER_DAMAGED;
	}
}

enum reader_state reader_advance(struct reader *r)
{
	r->state = r->inplace.usable ? reader_advance_inplace(r) :
		   r->pcapng ? advance_pcapng(r) :
		   r->pcap ? reader_advance_pcap(r) : READER_DAMAGED;
	if (r->state != READER_FRAME && input_stopped(r->in))
		r->state = READER_END;
	return r->state;
}

void reader_say_damage(const struct reader *r, uint64_t number,
		       const uint64_t *last)
{
	const char *what = input_ended(r->in) ? "cut short" : "damaged";
	char upto[80] = "";
	bool damaged;
	const char *why = input_failed(r->in, &damaged);

	if (why && !damaged)
		what = "cannot be read further";
	else if (!why)
		why = r->pcapng ? pcapng_error(r->pcapng) : pcap_geterr(r->pcap);
	if (last && *last)
		snprintf(upto, sizeof(upto), " (the last is frame %" PRIu64 " of all files)",
			 *last);
	diag_say(r->diag, DIAG_ERROR,
		 "%s: %s at byte %" PRIu64 "%s, frame %" PRIu64 "%s: %s; the frames before it are used%s, the rest of the file is skipped",
		 input_name(r->in), what, record_offset(r),
		 input_offset_note(r->in), number, last ? " of this file" : "",
		 why, upto);
}

/* True if it is no error that the file cannot be used: the caller notes it. */
static bool pass_over(struct reader *r, const char *what, const char *why)
{
	if (!r->refusal)
		return false;
	r->refusal->set = true;
	snprintf(r->refusal->why, sizeof(r->refusal->why), "%s%s", what, why);
	return true;
}

static bool refuse_link(struct reader *r, int dlt)
{
	char text[160];

	link_text(dlt, text, sizeof(text));
	if (!pass_over(r, text, " is not supported"))
		diag_say(r->diag, DIAG_ERROR,
			 "%s: %s is not supported, no IP packets are found in it; capture on another interface or with another link type",
			 input_name(r->in), text);
	return false;
}

static bool refuse_header(struct reader *r, const char *why)
{
	if (!input_stopped(r->in) && !pass_over(r, "its header is invalid: ", why))
		diag_say(r->diag, DIAG_ERROR,
			 "%s: begins like a capture, but its header is invalid: %s; copy or capture it again",
			 input_name(r->in), why);
	return false;
}

static bool lack_memory(const struct reader *r)
{
	diag_say(r->diag, DIAG_ERROR, "%s: out of memory", input_name(r->in));
	return false;
}

static bool open_pcap(struct reader *r)
{
	char err[PCAP_ERRBUF_SIZE] = "out of memory";
	size_t have;
	uint32_t magic = load_be32(input_peek(r->in, 4, &have));
	FILE *fp = input_stream(r->in);

	if (fp)
		r->pcap = pcap_fopen_offline_with_tstamp_precision(
			fp, PCAP_TSTAMP_PRECISION_NANO, err);
	if (!r->pcap) {
		if (fp)
			fclose(fp);
		return refuse_header(r, err);
	}
	r->head.linktype = pcap_datalink(r->pcap);
	if (!link_supported(r->head.linktype))
		return refuse_link(r, r->head.linktype);
	pcap_inplace_init(&r->inplace, r->pcap, magic);
	if (r->store) {
		r->head.interface = interface_store_pcap(r->store, r->file);
		if (!r->head.interface)
			return lack_memory(r);
		r->inplace.kind.interface = r->head.interface;
	}
	reader_advance(r);
	return true;
}

/* Refuses a file if no interface before its first frame has a supported link
 * type. */
static bool open_pcapng(struct reader *r)
{
	const struct pcapng_interfaces *all;

	r->pcapng = pcapng_create(r->in, r->store, r->file);
	if (!r->pcapng)
		return lack_memory(r);
	if (r->keep)
		pcapng_keep_blocks(r->pcapng, &r->kept, &r->lost);
	reader_advance(r);
	if (input_stopped(r->in))
		return false;
	if (!pcapng_begun(r->pcapng)) {
		bool unused;
		const char *why = input_failed(r->in, &unused);

		return refuse_header(r, why ? why : pcapng_error(r->pcapng));
	}
	all = pcapng_interfaces(r->pcapng);
	if (all->count && !all->supported)
		return refuse_link(r, all->summary.linktypes[0]);
	return true;
}

static bool open_input(struct reader *r)
{
	switch (input_magic(r->in)) {
	case MAGIC_PCAP:
		return open_pcap(r);
	case MAGIC_PCAPNG:
		return open_pcapng(r);
	default:
		reader_advance(r);	/* damaged */
		return true;
	}
}

struct reader *reader_open(const struct input_request *req,
			   struct interface_store *store, bool keep)
{
	struct reader *r = calloc(1, sizeof(*r));

	if (!r) {
		diag_say(req->diag, DIAG_ERROR, "%s: out of memory", req->path);
		return NULL;
	}
	r->diag = req->diag;
	r->refusal = req->refusal;
	r->store = store;
	r->keep = keep;
	r->file = req->path;
	r->in = input_open(req);
	if (r->in && open_input(r))
		return r;
	reader_close(r);
	return NULL;
}

uint64_t reader_lost(const struct reader *r)
{
	return r->pcapng ? pcapng_interfaces(r->pcapng)->lost : 0;
}

void reader_describe(const struct reader *r, struct capture_summary *s)
{
	if (r->pcapng) {
		summary_merge(s, &pcapng_interfaces(r->pcapng)->summary);
		s->pcapng = true;
		s->interfaces |= pcapng_interfaces(r->pcapng)->several;
	} else if (r->pcap) {
		summary_add(s, r->head.linktype);
		s->nanoseconds |= r->inplace.unit == 1;
		s->interfaces |= r->head.linktype == DLT_LINUX_SLL2;
	}
}

void reader_close(struct reader *r)
{
	if (!r)
		return;
	if (r->pcap)
		pcap_close(r->pcap);	/* and the stream */
	pcapng_free(r->pcapng);
	kept_blocks_clear(&r->kept);
	input_close(r->in);
	free(r);
}
