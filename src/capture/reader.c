/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/reader.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture/batch.h"
#include "capture/input.h"
#include "capture/link.h"

#define PCAPNG_SECTION	0x0a0d0d0a	/* a block type that reads the same both ways */
#define NSEC		1000000000
#define MAX_SECONDS	(INT64_MAX / NSEC - 1)	/* in the year 2262 */

struct reader {
	struct input *in;
	pcap_t *pcap;
	const struct diag *diag;
	enum reader_state state;
	struct frame head;
	uint64_t record;	/* offset of the record that was asked for last */
	bool new_section;	/* that is a pcapng section header */
	bool bad_stamp_told;
};

enum reader_state reader_state(const struct reader *r)
{
	return r->state;
}

const struct frame *reader_head(const struct reader *r)
{
	return &r->head;
}

pcap_t *reader_pcap(const struct reader *r)
{
	return r->pcap;
}

bool reader_waits(const struct reader *r)
{
	return input_waits(r->in);
}

static void warn_stamp(struct reader *r)
{
	if (r->bad_stamp_told)
		return;
	r->bad_stamp_told = true;
	diag_say(r->diag, DIAG_WARNING,
		 "%s: the record at byte %" PRIu64 " has a time stamp that cannot be; such stamps are taken as seconds plus fraction, or as the nearest time there is",
		 input_name(r->in), r->record);
}

/*
 * A stamp can hold anything.  A pcap file's seconds are 32 bits without sign
 * (draft-ietf-opsawg-pcap section 5), which libpcap gives as negative numbers
 * after the year 2038 in some releases; a pcapng file's are 64 bits and an
 * offset.  A fraction may exceed the second where a writer forgot to carry.
 */
static uint64_t stamp(struct reader *r, const struct timeval *tv)
{
	int64_t sec = tv->tv_sec;
	int64_t nsec = tv->tv_usec;	/* opened with nanosecond precision */

	if (input_magic(r->in) == MAGIC_PCAP)
		sec = (uint32_t)sec;
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

/*
 * libpcap skips blocks that are no packets before it meets the one that it
 * cannot read.  draft-ietf-opsawg-pcapng section 3.1: each begins with its
 * type and total length, in its section's byte order.
 */
static void find_block(struct reader *r)
{
	bool swapped = pcap_is_swapped(r->pcap);
	size_t n, at = 0;
	const uint8_t *p = input_recent(r->in, r->record, &n);

	while (p && n - at >= 8) {
		uint32_t type, len;

		memcpy(&type, p + at, sizeof(type));
		memcpy(&len, p + at + 4, sizeof(len));
		if (swapped)
			len = __builtin_bswap32(len);
		r->new_section = type == PCAPNG_SECTION;
		if (len < 12 || len >= n - at)
			break;
		at += len;
	}
	r->record += at;
}

enum reader_state reader_advance(struct reader *r)
{
	struct pcap_pkthdr *h;
	const u_char *data;
	int res;

	r->record = input_offset(r->in);
	res = pcap_next_ex(r->pcap, &h, &data);
	if (res == 1) {
		r->head.time = stamp(r, &h->ts);
		r->head.data = data;
		r->head.caplen = h->caplen < FRAME_BYTES ? h->caplen : FRAME_BYTES;
		r->head.wirelen = h->len > h->caplen ? h->len : h->caplen;
		return r->state = READER_FRAME;
	}
	if (res == PCAP_ERROR_BREAK || input_error(r->in) == EINTR)
		return r->state = READER_END;
	if (input_magic(r->in) == MAGIC_PCAPNG)
		find_block(r);
	return r->state = READER_DAMAGED;
}

/*
 * libpcap reads one link type, snap length and byte order a file.  Its
 * messages are all that tells these refusals from damage; should they change
 * their words, the hint gets lost, and no more.  A section in another byte
 * order it takes for a block of absurd length.
 */
static const char *refusal_hint(const struct reader *r)
{
	const char *why = pcap_geterr(r->pcap);

	if (strstr(why, "an interface has a type"))
		return "its interfaces have different link types, split it, for Ethernet with: tshark -r FILE -Y frame.interface_id==0 -w - | editcap -F pcap -T ether - OUT";
	if (strstr(why, "an interface has a snapshot length"))
		return "its interfaces have different snap lengths, convert it with: editcap -F pcap FILE OUT";
	if (r->new_section && !input_ended(r->in))
		return "its sections may have different byte orders, convert it with: editcap -F pcap FILE OUT";
	return NULL;
}

void reader_say_damage(const struct reader *r, uint64_t number)
{
	const char *name = input_name(r->in);
	const char *why = pcap_geterr(r->pcap);
	const char *hint = refusal_hint(r);
	const char *what = "damaged";

	if (input_error(r->in)) {
		what = "cannot be read on";
		why = strerror(input_error(r->in));
	} else if (hint) {
		what = "libpcap refuses the rest";
	} else if (input_ended(r->in)) {
		what = "cut short";
	}
	diag_say(r->diag, DIAG_ERROR,
		 "%s: %s at byte %" PRIu64 ", frame %" PRIu64 ": %s; %s",
		 name, what, r->record, number, why,
		 hint ? hint : "what comes before is used, the rest of the file is left out");
}

/* Damage at the first record is no obstacle to opening, a refusal is. */
static bool first_record(struct reader *r)
{
	const char *hint;

	if (reader_advance(r) != READER_DAMAGED || input_error(r->in))
		return true;
	hint = refusal_hint(r);
	if (!hint)
		return true;
	diag_say(r->diag, DIAG_ERROR, "%s: libpcap refuses it: %s; %s",
		 input_name(r->in), pcap_geterr(r->pcap), hint);
	return false;
}

static bool check_link(struct reader *r)
{
	int dlt = pcap_datalink(r->pcap);
	const char *name = pcap_datalink_val_to_name(dlt);
	const char *text = pcap_datalink_val_to_description(dlt);

	r->head.linktype = dlt;
	if (link_supported(dlt))
		return true;
	diag_say(r->diag, DIAG_ERROR,
		 "%s: link type %d (%s%s%s) is not supported, ctreplay finds no IP packets in it; record on another interface or with another link type",
		 input_name(r->in), dlt, name ? name : "unknown to libpcap",
		 text ? ", " : "", text ? text : "");
	return false;
}

static bool open_pcap(struct reader *r)
{
	char err[PCAP_ERRBUF_SIZE] = "out of memory";
	FILE *fp = input_stream(r->in);

	if (fp)
		r->pcap = pcap_fopen_offline_with_tstamp_precision(
			fp, PCAP_TSTAMP_PRECISION_NANO, err);
	if (r->pcap)
		return true;
	if (fp)
		fclose(fp);
	if (input_error(r->in) != EINTR)
		diag_say(r->diag, DIAG_ERROR,
			 "%s: begins like a capture, but its header cannot be used: %s; copy or record it again",
			 input_name(r->in), err);
	return false;
}

struct reader *reader_open(const char *path, size_t bufsize,
			   const volatile sig_atomic_t *stop,
			   const struct diag *diag)
{
	struct reader *r = calloc(1, sizeof(*r));

	if (!r) {
		diag_say(diag, DIAG_ERROR, "%s: out of memory", path);
		return NULL;
	}
	r->diag = diag;
	r->in = input_open(path, bufsize, stop, diag);
	if (r->in && open_pcap(r) && check_link(r) && first_record(r))
		return r;
	reader_close(r);
	return NULL;
}

void reader_close(struct reader *r)
{
	if (!r)
		return;
	if (r->pcap)
		pcap_close(r->pcap);	/* and the stream */
	input_close(r->in);
	free(r);
}
