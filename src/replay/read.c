/* SPDX-License-Identifier: GPL-2.0-only */
/* read.c - the first stages: frames, and what can be told of each by itself. */
#include "replay/run.h"

#include <pcap/dlt.h>
#include <stdlib.h>
#include <string.h>

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

/* The long way of a packet, which any can go. */
static void parse_any(const struct run *run, struct parsed *p,
		      const struct link_payload *payload)
{
	unsigned int options = run->opt->config.checksum == CT_CHECKSUM_AUTO ?
			       CT_PARSE_OFFLOAD : 0;
	struct ct_packet *pkt = &p->pkt;

	p->class = (uint8_t)ct_packet_parse(pkt, payload->data, payload->caplen,
					    payload->wirelen,
					    p->link == LINK_IPV4 ? CT_L3_IPV4 :
								   CT_L3_IPV6,
					    options);
	/* What a fragment is part of is known when reassembly has it. */
	p->usual = p->class == CT_PACKET_OK && !(pkt->flags & CT_PACKET_FRAGMENT);
	if (!p->usual)
		return;
	if (run->opt->nnotrack && notrack_matches(run, pkt))
		pkt->flags |= CT_PACKET_NOTRACK;
	ct_prepare(run->ct, pkt);
}

static inline void parse_packet(const struct run *run, struct parsed *p,
				const struct frame *f,
				const struct link_payload *payload)
{
	/* --notrack is asked on the long way alone. */
	if (p->link == LINK_IPV4 && !run->opt->nnotrack &&
	    ct_prepare_usual(run->ct, &p->pkt, payload->data, payload->caplen)) {
		p->class = CT_PACKET_OK;
		p->usual = true;
	} else {
		parse_any(run, p, payload);
	}
	p->pkt.number = f->number;
	if (run->lines && p->class == CT_PACKET_OK)
		shown_read(&p->shown, &p->pkt);
}

void parse_work(struct run *run, struct work *w)
{
	size_t n = frame_batch_count(w->frames);
	uint32_t usual = 0, ipv4 = 0;

	for (size_t i = 0; i < n; i++) {
		const struct frame *f = frame_batch_get(w->frames, i);
		struct parsed *p = &w->parsed[i];
		struct link_payload payload;

		p->pkt.prepared = 0;
		p->usual = false;
		p->time = f->time;
		p->filtered_out = f->filtered_out;
		if (f->filtered_out)
			continue;
		p->link = (uint8_t)link_decode(f, &payload);
		if (p->link == LINK_IPV4 || p->link == LINK_IPV6)
			parse_packet(run, p, f, &payload);
		usual += p->usual;
		ipv4 += p->usual & (p->link == LINK_IPV4);
	}
	w->usual = usual;
	w->usual_ipv4 = ipv4;
}

static void show_progress(struct run *run)
{
	uint64_t done, total;

	if (run->progress.fd < 0)
		return;
	capture_progress(run->capture, &done, &total);
	progress_show(&run->progress, done, total);
}

void read_work(struct run *run, struct work *w)
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
