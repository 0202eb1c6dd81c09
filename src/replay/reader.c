/* SPDX-License-Identifier: GPL-2.0-only */
/* read.c - the first stages: frames, and what can be told of each by itself. */
#include "replay/run.h"

#include <pcap/dlt.h>
#include <stdlib.h>
#include <string.h>

#include "capture/link/link_fast.h"
#include "ctreplay/fast.h"

bool notrack_compile(struct run *run)
{
	size_t n = run->opt->nnotrack;

	run->notrack = calloc(n + 1, sizeof(struct bpf_set *));
	if (!run->notrack) {
		diag_say(run->diag, DIAG_ERROR, "out of memory");
		return false;
	}
	for (size_t i = 0; i < n; i++) {
		run->notrack[i] = bpf_compile(run->opt->notrack[i], DLT_RAW,
					      "--notrack", run->diag);
		if (!run->notrack[i])
			return false;
	}
	return true;
}

bool notrack_matches(const struct run *run, const struct ct_packet *pkt)
{
	for (size_t i = 0; i < run->opt->nnotrack; i++)
		if (bpf_matches(run->notrack[i], pkt->data, pkt->caplen, pkt->len))
			return true;
	return false;
}

void read_say(void *arg, enum diag_level level, const char *text)
{
	struct run *run = arg;
	size_t size = strlen(text) + 1;
	struct message *m = run->reading ? malloc(sizeof(*m) + size) : NULL;

	if (!m) {
		run->diag->say(run->diag->arg, level, text);
		return;
	}
	m->next = NULL;
	m->level = level;
	memcpy(m->text, text, size);
	*run->reading->messages_end = m;
	run->reading->messages_end = &m->next;
}

static inline enum ct_l3 l3_of(enum link_class link)
{
	return link == LINK_IPV4 ? CT_L3_IPV4 : CT_L3_IPV6;
}

/* What can be found out about a packet that is to be tracked as it is. */
static void prepare(const struct run *run, struct ct_packet *pkt)
{
	if (run->opt->nnotrack && notrack_matches(run, pkt))
		pkt->flags |= CT_PACKET_NOTRACK;
	ct_prepare(run->ct, pkt);
}

static void parse_packet(const struct run *run, struct parsed *p,
			 const struct link_payload *payload)
{
	unsigned int options = run->opt->config.checksum == CT_CHECKSUM_AUTO ?
			       CT_PARSE_OFFLOAD : 0;

	p->class = (uint8_t)ct_packet_parse(&p->pkt, payload->data, payload->caplen,
					    payload->wirelen,
					    l3_of((enum link_class)p->link), options);
	if (p->class != CT_PACKET_OK)
		return;
	/* What a fragment is part of is known when reassembly has it. */
	p->usual = !(p->pkt.flags & CT_PACKET_FRAGMENT);
	if (p->usual)
		prepare(run, &p->pkt);
	if (run->lines)
		summary_read(&p->shown, &p->pkt);
}

/* The long way of a frame, which any can go. */
static __attribute__((noinline)) void
parse_slow(const struct run *run, struct parsed *p, const struct frame *f)
{
	struct link_payload payload;

	ct_prepare_none(&p->pkt);
	p->usual = false;
	if (f->filtered_out)
		return;
	p->link = (uint8_t)link_decode(f, &payload);
	if (p->link == LINK_IPV4 || p->link == LINK_IPV6)
		parse_packet(run, p, &payload);
}

/* The short way of most. */
static inline bool parse_fast(const struct ct *ct, struct parsed *p,
			       const struct frame *f)
{
	struct link_payload payload;
	enum link_class link;

	if (f->filtered_out || !link_decode_fast(f, &payload, &link) ||
	    !ct_prepare_fast(ct, &p->pkt, payload.data, payload.caplen,
			      l3_of(link)))
		return false;
	p->link = (uint8_t)link;
	p->class = CT_PACKET_OK;
	p->usual = true;
	return true;
}

void parse_batch(struct run *run, struct batch *w)
{
	const struct frame *f = frame_batch_get(w->frames, 0);
	const struct frame *end = f + frame_batch_count(w->frames);
	/* --notrack is asked on the long way alone. */
	bool any = run->opt->nnotrack > 0, lines = run->lines;
	const struct ct *ct = run->ct;
	uint32_t usual = 0, ipv6 = 0;

	for (struct parsed *p = w->parsed; f < end; f++, p++) {
		if (any || !parse_fast(ct, p, f))
			parse_slow(run, p, f);
		else if (lines)
			summary_read(&p->shown, &p->pkt);
		p->time = f->time;
		p->filtered_out = f->filtered_out;
		p->pkt.number = f->number;
		usual += p->usual;
		ipv6 += p->usual && p->link == LINK_IPV6;
	}
	w->usual = usual;
	w->fast_ipv4 = usual - ipv6;
}

static void show_progress(struct run *run)
{
	uint64_t done, total;

	if (run->progress.fd < 0)
		return;
	capture_progress(run->capture, &done, &total);
	progress_show(&run->progress, done, total);
}

void reader_fill_batch(struct run *run, struct batch *w)
{
	enum capture_status s;

	w->number = run->batches++;
	w->messages = NULL;
	w->messages_end = &w->messages;
	w->waits = false;
	frame_batch_clear(w->frames);
	if (run->stop->set ||
	    atomic_load_explicit(&run->give_up, memory_order_relaxed)) {
		run->ended = true;
		return;
	}
	run->reading = w;
	s = capture_next(run->capture, w->frames);
	run->reading = NULL;
	run->damaged |= s == CAPTURE_DAMAGED;
	run->ended = s == CAPTURE_END;
	w->waits = capture_waits(run->capture);
	show_progress(run);
}
