/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * engine.c - the library without memory, and its caller goes on.
 *
 *	engine FILE...
 *
 * The packets of each capture go through reassembly and the engine with each
 * allocation refused in turn, once alone and once with all that follow it.
 * ctreplay stops then; who embeds the library may not.  What is demanded: no
 * crash, no memory lost, and words and tables as with enough memory unless
 * ct_stats()->no_memory or ct_reassembly_stats()->out_of_memory tell.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "capture/capture.h"
#include "capture/link/link.h"
#include "crash.h"
#include "ctreplay/conntrack.h"
#include "ctreplay/reassembly.h"
#include "shortage.h"

#define SECONDS		120u
#define SAID_MOST	20u

struct packet {
	uint64_t time;
	struct ct_packet pkt;	/* its bytes are owned */
};

struct test {
	const char *name;
	struct packet *packet;
	size_t n;
	uint64_t good;		/* what comes out of it, as a sum */
	uint64_t runs, told, failures;
};

static void say(void *arg, enum diag_level level, const char *text)
{
	(void)arg;
	if (level == DIAG_ERROR)
		fprintf(stderr, "%s\n", text);
}

static void fail(struct test *t, const char *why)
{
	if (t->failures++ < SAID_MOST)
		fprintf(stderr, "FAILED: %s: %s\n", doing, why);
}

static void must(bool ok)
{
	if (ok)
		return;
	perror("engine");
	exit(1);
}

static void keep(struct test *t, const struct frame *f)
{
	struct link_payload payload;
	enum link_class link = link_decode(f, &payload);
	struct packet *p;
	uint8_t *bytes;

	if (link != LINK_IPV4 && link != LINK_IPV6)
		return;
	t->packet = realloc(t->packet, (t->n + 1) * sizeof(*t->packet));
	bytes = malloc(payload.caplen + 1);
	must(t->packet && bytes);
	memcpy(bytes, payload.data, payload.caplen);
	p = &t->packet[t->n];
	p->time = f->time;
	if (ct_packet_parse(&p->pkt, bytes, payload.caplen, payload.wirelen,
			    link == LINK_IPV4 ? CT_L3_IPV4 : CT_L3_IPV6, 0) ==
	    CT_PACKET_OK) {
		p->pkt.number = f->number;
		t->n++;
	} else {
		free(bytes);
	}
}

static void read_capture(struct test *t)
{
	const struct diag diag = { say, NULL };
	const struct capture_options o = {
		.files = &t->name, .nfiles = 1, .diag = &diag,
	};
	struct frame_batch *b = frame_batch_create();
	enum capture_status status;
	struct capture *c = NULL;

	must(b && capture_open(&c, &o) == CAPTURE_OK);
	do {
		status = capture_next(c, b);
		for (size_t i = 0; i < frame_batch_count(b); i++)
			keep(t, frame_batch_get(b, i));
	} while (status == CAPTURE_OK);
	capture_close(c);
	frame_batch_free(b);
}

/* FNV-1a (Fowler, Noll and Vo), over eight octets at a time. */
static void mix(uint64_t *sum, uint64_t v)
{
	*sum = (*sum ^ v) * 0x100000001b3u;
}

static bool mix_record(void *arg, const struct ct_record *r)
{
	mix(arg, r->id);
	mix(arg, r->master);
	mix(arg, r->tuple[0].src.d[0] ^ r->tuple[0].dst.d[1] ^ r->tuple[0].l4);
	mix(arg, r->status << 8 | r->state);
	mix(arg, r->expires);
	mix(arg, r->helper ? (uint64_t)(unsigned char)*r->helper : 0);
	return true;
}

static bool mix_expect(void *arg, const struct ct_expect_record *r)
{
	mix(arg, r->id);
	mix(arg, r->master);
	mix(arg, r->tuple.dst.d[0] ^ r->tuple.l4);
	mix(arg, r->expires);
	return true;
}

static void on_event(void *arg, const struct ct_event *ev)
{
	mix(arg, (uint64_t)ev->type << 8 | ev->changed);
	mix_record(arg, &ev->record);
}

static void on_expect(void *arg, const struct ct_expect_event *ev)
{
	mix(arg, ev->type);
	mix_expect(arg, &ev->record);
}

/* One packet through both; 'pkt' is a copy, which reassembly may change. */
static void track(struct ct *ct, struct ct_reassembly *r, uint64_t time,
		  struct ct_packet pkt, uint64_t *sum)
{
	enum ct_reassembly_result result = CT_REASSEMBLY_PASS;
	enum ct_reason why = CT_REASON_NONE;
	struct ct_verdict v;

	ct_advance(ct, time);
	if (pkt.flags & CT_PACKET_FRAGMENT)
		result = ct_reassembly_packet(r, ct_now(ct), &pkt, &why);
	mix(sum, (uint64_t)result << 8 | why);
	if (result == CT_REASSEMBLY_HELD || result == CT_REASSEMBLY_DROPPED)
		return;
	ct_track(ct, &pkt, &v);
	mix(sum, (uint64_t)v.ctstate << 8 | v.dir);
	ct_confirm(ct, &v);
	mix(sum, v.id << 16 | (uint64_t)v.state << 8 | v.dropped);
	for (uint8_t i = 0; i < v.nwhy; i++)
		mix(sum, v.why[i].reason);
}

/* The whole capture; false where memory ran out and that was told. */
static bool replay(const struct test *t, uint64_t *sum)
{
	const struct ct_sysctl limits = {
		.ipfrag_time = 30, .frag6_timeout = 60, .ipfrag_high_thresh = 4194304,
		.frag6_high_thresh = 4194304, .ipfrag_max_dist = 64,
	};
	struct ct_config cfg;
	struct ct_reassembly *r;
	struct ct *ct;
	bool told = true;

	*sum = 0xcbf29ce484222325u;
	ct_config_defaults(&cfg);
	ct_config_all_helpers(&cfg);
	cfg.sysctl.acct = 1;
	cfg.track_bounds = true;
	cfg.on_event = on_event;
	cfg.on_expect = on_expect;
	cfg.event_arg = sum;
	ct = ct_create(&cfg);
	r = ct_reassembly_create(&limits);
	if (ct && r) {
		for (size_t i = 0; i < t->n; i++)
			track(ct, r, t->packet[i].time, t->packet[i].pkt, sum);
		told = ct_expectations(ct, mix_expect, sum) != 0;
		told |= ct_table(ct, mix_record, sum) != 0;
		ct_advance(ct, ct_now(ct) + 1000000 * CT_NSEC_PER_SEC);
		told |= ct_stats(ct)->no_memory ||
			ct_reassembly_stats(r)->out_of_memory;
	}
	ct_destroy(ct);
	ct_reassembly_free(r);
	return !told;
}

static void refuse_each(struct test *t, bool lasting)
{
	bool hit = true;

	for (unsigned long at = 1; hit; at++) {
		long in_use = shortage_in_use();
		uint64_t sum;
		bool untold;

		snprintf(doing, sizeof(doing), "%s: allocation %lu refused%s",
			 t->name, at, lasting ? ", and all after it" : "");
		alarm(SECONDS);
		shortage_begin(at, lasting);
		untold = replay(t, &sum);
		shortage_end();
		hit = shortage_hit();
		if (shortage_in_use() != in_use)
			fail(t, "memory is lost");
		if (untold && sum != t->good)
			fail(t, "something else comes out, and nothing tells");
		if (!hit && !untold)
			fail(t, "a lack of memory is told that was none");
		t->runs++;
		t->told += !untold;
	}
}

int main(int argc, char **argv)
{
	struct test t = { .runs = 0 };

	crash_tell();
	for (int i = 1; i < argc; i++) {
		t.name = argv[i];
		t.packet = NULL;
		t.n = 0;
		read_capture(&t);
		if (!replay(&t, &t.good))
			fail(&t, "a lack of memory is told that was none");
		refuse_each(&t, false);
		refuse_each(&t, true);
		for (size_t k = 0; k < t.n; k++) {
			union { const uint8_t *in; void *out; } p = {
				t.packet[k].pkt.data,
			};

			free(p.out);
		}
		free(t.packet);
	}
	fprintf(stderr, "engine: %d captures, %" PRIu64 " runs with an allocation refused, %" PRIu64 " of them told; %" PRIu64 " failures\n",
		argc - 1, t.runs, t.told, t.failures);
	return t.failures != 0 || t.runs == 0;
}
