/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * reading.c - what a frame costs before the engine sees it: capture_next(),
 * link_decode() and ct_packet_parse() over a capture, and nothing else.
 */
#include <stdio.h>
#include <stdlib.h>

#include "capture/capture.h"
#include "capture/link/link.h"
#include "ctreplay/packet.h"

static void say(void *arg, enum diag_level level, const char *text)
{
	(void)arg;
	(void)level;
	fprintf(stderr, "reading: %s\n", text);
}

/* So that no parsing can be left out. */
static uint64_t look_at(const struct frame *f)
{
	struct link_payload p;
	struct ct_packet pkt;
	enum link_class link = link_decode(f, &p);

	if (link != LINK_IPV4 && link != LINK_IPV6)
		return 0;
	if (ct_packet_parse(&pkt, p.data, p.caplen, p.wirelen,
			    link == LINK_IPV4 ? CT_L3_IPV4 : CT_L3_IPV6,
			    0) != CT_PACKET_OK)
		return 0;
	return pkt.l4off + pkt.src.w[0] + pkt.dst.w[0] + f->time + f->number;
}

int main(int argc, char **argv)
{
	const struct diag diag = { .say = say };
	const struct capture_options opt = {
		.files = (const char *const *)&argv[1],
		.nfiles = (size_t)argc - 1,
		.diag = &diag,
	};
	struct frame_batch *b = frame_batch_create();
	struct capture *c;
	enum capture_status s = CAPTURE_OK;
	uint64_t sum = 0;

	if (argc < 2) {
		fprintf(stderr, "usage: reading FILE...\n");
		return 2;
	}
	if (!b || capture_open(&c, &opt) != CAPTURE_OK)
		return 2;
	while (s == CAPTURE_OK) {
		s = capture_next(c, b);
		for (size_t i = 0; i < frame_batch_count(b); i++)
			sum += look_at(frame_batch_get(b, i));
	}
	printf("%llu frames, %llu bytes, sum %llx\n",
	       (unsigned long long)capture_frames(c),
	       (unsigned long long)capture_bytes(c), (unsigned long long)sum);
	capture_close(c);
	frame_batch_free(b);
	return s == CAPTURE_END ? 0 : 3;
}
