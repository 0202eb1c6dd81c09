/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tests of capture/link/decap: the packet in each tunnel of testdata, whole and cut.
 * What the packets are is in testdata/gen/tunnels.py: the exchange of
 * link-ethernet.pcap, seven packets, then frames that are special.
 */
#include "capture/link/decap.h"

#include <pcap/pcap.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define EXCHANGE	7u
#define FRAMES		12u

struct packets {
	uint8_t bytes[FRAMES][1024];
	uint32_t len[FRAMES];
	unsigned int n;
};

static void read_capture(const char *path, struct packets *p)
{
	char error[PCAP_ERRBUF_SIZE];
	pcap_t *pcap = pcap_open_offline(path, error);
	struct pcap_pkthdr *h;
	const u_char *data;

	if (!pcap)
		fail_msg("%s", error);
	p->n = 0;
	while (pcap_next_ex(pcap, &h, &data) == 1 && p->n < FRAMES) {
		assert_true(h->caplen <= sizeof(p->bytes[0]));
		memcpy(p->bytes[p->n], data, h->caplen);
		p->len[p->n++] = h->caplen;
	}
	pcap_close(pcap);
}

/* Looks into a copy that ends where the bytes do, so that a sanitizer sees any read
 * beyond them.  '*off' is where the packet is. */
static enum link_class look(const struct packets *from, unsigned int i,
			    uint32_t caplen, struct decap *d, uint32_t *off,
			    struct link_payload *p)
{
	uint8_t *copy = malloc(caplen ? caplen : 1);
	struct frame f = { .data = copy, .caplen = caplen, .wirelen = from->len[i],
			   .linktype = DLT_EN10MB };
	enum link_class class;

	assert_non_null(copy);
	memcpy(copy, from->bytes[i], caplen);
	*p = (struct link_payload){ .data = copy };
	d->inner = false;
	class = link_decode(&f, p);
	if (class == LINK_IPV4 || class == LINK_IPV6) {
		bool applies = decap_applies(class, p);

		class = link_decap(d, class, p);
		assert_true(applies || !d->inner);
	}
	*off = (uint32_t)(p->data - copy);
	assert_true(*off + p->caplen <= caplen);
	assert_true(p->caplen <= p->wirelen);
	free(copy);
	return class;
}

struct tunnel_case {
	const char *path;
	enum tunnel tunnel;
	unsigned int special;		/* frames after the exchange */
	unsigned int entered;		/* of these */
};

static const struct tunnel_case cases[] = {
	{ "testdata/tunnel-vxlan.pcap", TUNNEL_VXLAN, 2, 1 },
	{ "testdata/tunnel-geneve.pcap", TUNNEL_GENEVE, 2, 0 },
	{ "testdata/tunnel-gre.pcap", TUNNEL_GRE, 1, 0 },
	{ "testdata/tunnel-erspan.pcap", TUNNEL_ERSPAN, 0, 0 },
	{ "testdata/tunnel-ipip.pcap", TUNNEL_IPIP, 1, 0 },
	{ "testdata/tunnel-gtpu.pcap", TUNNEL_GTPU, 1, 0 },
	{ "testdata/tunnel-nested.pcap", TUNNEL_GTPU, 1, 1 },
};

#define CASES	(sizeof(cases) / sizeof(cases[0]))

static bool is_inner(const struct packets *plain, const struct packets *p,
		     unsigned int i, uint32_t off, const struct link_payload *found)
{
	uint32_t n = plain->len[i] - 14;	/* behind Ethernet's header */

	if (n > found->caplen)
		n = found->caplen;
	return memcmp(plain->bytes[i] + 14, p->bytes[i] + off, n) == 0;
}

/* The packet inside is the exchange's, to the byte. */
static void link_decap_finds_the_packet(void **state)
{
	struct packets plain, p;

	(void)state;
	read_capture("testdata/link-ethernet.pcap", &plain);
	for (size_t k = 0; k < CASES; k++) {
		struct decap d = { .which = TUNNEL_ALL };
		unsigned int entered = 0;
		struct link_payload found;
		uint32_t off;

		read_capture(cases[k].path, &p);
		assert_int_equal(p.n, EXCHANGE + cases[k].special);
		for (unsigned int i = 0; i < p.n; i++) {
			look(&p, i, p.len[i], &d, &off, &found);
			if (i >= EXCHANGE) {
				entered += d.inner;
				continue;
			}
			if (!d.inner || d.outermost != cases[k].tunnel ||
			    !is_inner(&plain, &p, i, off, &found))
				fail_msg("%s, frame %u", cases[k].path, i + 1);
			/* A mirror has cut it, the header tells its length. */
			assert_true(found.wirelen >= plain.len[i] - 14);
		}
		assert_int_equal(entered, cases[k].entered);
	}
}

/* A tunnel that was not asked for is none. */
static void link_decap_leaves_other_tunnels(void **state)
{
	struct link_payload found;
	struct packets p;
	uint32_t off;

	(void)state;
	for (size_t k = 0; k < CASES; k++) {
		struct decap d = { .which = TUNNEL_ALL & ~TUNNEL_BIT(cases[k].tunnel) };

		read_capture(cases[k].path, &p);
		for (unsigned int i = 0; i < EXCHANGE; i++) {
			look(&p, i, p.len[i], &d, &off, &found);
			assert_false(d.inner);
			assert_int_equal(off, 14);
		}
	}
}

/* Wherever a frame is cut, what is found lies within it, and what was found stays
 * found with more bytes. */
static void link_decap_survives_every_cut(void **state)
{
	struct link_payload found;
	struct packets p;

	(void)state;
	for (size_t k = 0; k < CASES; k++) {
		read_capture(cases[k].path, &p);
		for (unsigned int i = 0; i < p.n; i++) {
			uint32_t last = 0, off;

			for (uint32_t n = 0; n <= p.len[i]; n++) {
				struct decap d = { .which = TUNNEL_ALL };

				look(&p, i, n, &d, &off, &found);
				assert_true(off >= last);
				last = off;
			}
		}
	}
}

/* Any byte of a header may be anything. */
static void link_decap_survives_every_byte(void **state)
{
	struct link_payload found;
	struct packets p;
	uint32_t off;

	(void)state;
	for (size_t k = 0; k < CASES; k++) {
		read_capture(cases[k].path, &p);
		for (uint32_t at = 14; at < p.len[1]; at++)
			for (unsigned int v = 0; v < 256; v++) {
				uint8_t old = p.bytes[1][at];
				struct decap d = { .which = TUNNEL_ALL };

				p.bytes[1][at] = (uint8_t)v;
				look(&p, 1, p.len[1], &d, &off, &found);
				p.bytes[1][at] = old;
			}
	}
}

/* Ten tunnels of one kind: eight are looked into. */
static void link_decap_has_a_depth(void **state)
{
	struct decap d = { .which = TUNNEL_ALL };
	struct link_payload found;
	struct packets p;
	uint32_t off;

	(void)state;
	read_capture("testdata/tunnel-nested.pcap", &p);
	look(&p, EXCHANGE, p.len[EXCHANGE], &d, &off, &found);
	assert_int_equal(off, 14 + DECAP_DEPTH * 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(link_decap_finds_the_packet),
		cmocka_unit_test(link_decap_leaves_other_tunnels),
		cmocka_unit_test(link_decap_survives_every_cut),
		cmocka_unit_test(link_decap_survives_every_byte),
		cmocka_unit_test(link_decap_has_a_depth),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
