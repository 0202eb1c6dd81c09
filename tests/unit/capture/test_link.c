/* SPDX-License-Identifier: GPL-2.0-only */
/* Tests of capture/link: the packet in frames of each link type. */
#include "capture/link/link.h"

#include <pcap/dlt.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "capture/link/link_fast.h"
#include "link_cases.h"

static bool has_packet(enum link_class class)
{
	return class == LINK_IPV4 || class == LINK_IPV6;
}

/* Decodes a copy that ends where the bytes do, so that a sanitizer sees any
 * read beyond them. */
static enum link_class decode(const struct link_case *c, uint32_t caplen,
			      uint32_t wirelen, struct link_payload *p,
			      uint32_t *offset)
{
	uint8_t *copy = malloc(caplen ? caplen : 1);
	struct frame f = {
		.data = copy, .caplen = caplen, .wirelen = wirelen,
		.linktype = c->linktype,
	};
	enum link_class class;

	assert_non_null(copy);
	memcpy(copy, c->bytes, caplen);
	*p = (struct link_payload){ .data = NULL };
	class = link_decode(&f, p);
	*offset = p->data ? (uint32_t)(p->data - copy) : 0;
	free(copy);
	return class;
}

static void link_decode_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < NCASES; i++) {
		const struct link_case *c = &cases[i];
		struct link_payload p;
		uint32_t offset, len = (uint32_t)c->len;
		enum link_class class = decode(c, len, len, &p, &offset);

		if (class != c->class || offset != c->offset ||
		    p.caplen != c->caplen || p.wirelen != c->wirelen)
			fail_msg("%s: %s at %u, %u of %u bytes, not %s at %u, %u of %u",
				 c->name, link_class_name(class), offset,
				 p.caplen, p.wirelen, link_class_name(c->class),
				 c->offset, c->caplen, c->wirelen);
	}
}

/*
 * The same frame with only its first 'cut' bytes captured.  If the cut is within
 * the link layer's headers, the frame is short, or already known to be of another
 * class; behind them only the captured length changes.
 */
static void check_cut(const struct link_case *c, uint32_t cut)
{
	struct link_payload p;
	uint32_t offset, need = c->offset + (c->nibble ? 1 : 0);
	enum link_class class = decode(c, cut, (uint32_t)c->len, &p, &offset);

	if (!has_packet(c->class)) {
		if (class != c->class && class != LINK_SHORT)
			fail_msg("%s cut to %u: %s", c->name, cut,
				 link_class_name(class));
	} else if (cut < need) {
		if (class != LINK_SHORT)
			fail_msg("%s cut to %u: %s, not short", c->name, cut,
				 link_class_name(class));
	} else {
		uint32_t there = cut - c->offset;

		if (there > c->caplen)
			there = c->caplen;
		if (class != c->class || offset != c->offset ||
		    p.caplen != there)
			fail_msg("%s cut to %u: %s at %u, %u bytes", c->name,
				 cut, link_class_name(class), offset, p.caplen);
		/* NFLOG needs the IP header to know the length. */
		if (c->linktype != DLT_NFLOG && p.wirelen != c->wirelen)
			fail_msg("%s cut to %u: wirelen %u", c->name, cut,
				 p.wirelen);
	}
}

/* What is read has a frame here that holds a packet. */
static void link_decode_has_cases(void **state)
{
	(void)state;
	for (int type = 0; type < 1000; type++) {
		size_t i = 0;

		while (i < NCASES && (cases[i].linktype != type ||
				      !has_packet(cases[i].class)))
			i++;
		if (link_supported(type) && i == NCASES)
			fail_msg("no case with a packet for link type %d", type);
	}
}

static void link_decode_cut_frames(void **state)
{
	(void)state;
	for (size_t i = 0; i < NCASES; i++)
		for (uint32_t cut = 0; cut < cases[i].len; cut++)
			check_cut(&cases[i], cut);
}

/* Frames that were shorter on the wire: only the bounds are checked. */
static void link_decode_short_frames(void **state)
{
	(void)state;
	for (size_t i = 0; i < NCASES; i++)
		for (uint32_t len = 0; len < cases[i].len; len++) {
			struct link_payload p;
			uint32_t offset;
			enum link_class class =
				decode(&cases[i], len, len, &p, &offset);

			if (!has_packet(class))
				continue;
			assert_true(offset + p.caplen <= len);
			assert_true(p.caplen <= p.wirelen);
		}
}

/* A frame that is cut within its check sequence loses no other bytes. */
static void link_decode_cut_check_sequence(void **state)
{
	static const struct link_case c = {
		"radiotap fcs", DLT_IEEE802_11_RADIO,
		FRAME("\0\0\x09\0" "\2\0\0\0" "\x10" WIFI("\x08", "\2") SNAP "\x08\0" IP4 PAD4),
		LINK_IPV4, 41, 20, 20, 0
	};
	struct link_payload p;
	uint32_t offset;

	(void)state;
	assert_int_equal(decode(&c, (uint32_t)c.len - 2, (uint32_t)c.len, &p,
				&offset), LINK_IPV4);
	assert_int_equal(p.caplen, 20);
	assert_int_equal(p.wirelen, 20);
}

/* Random bytes with every link type: only the bounds (and the sanitizers) are
 * checked. */
static void link_decode_random_bytes(void **state)
{
	uint32_t x = 1;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		uint8_t bytes[96];
		struct link_payload p;
		struct link_case c = { .bytes = bytes };
		uint32_t offset, len;

		for (size_t i = 0; i < sizeof(bytes); i++) {
			x = x * 1664525 + 1013904223;
			bytes[i] = (uint8_t)(x >> 24);
		}
		len = bytes[0] % sizeof(bytes);
		c.linktype = cases[(size_t)round % NCASES].linktype;
		if (has_packet(decode(&c, len, len + bytes[1] % 32, &p, &offset)))
			assert_true(offset + p.caplen <= len &&
				    p.caplen <= p.wirelen);
	}
}

static void link_supported_types(void **state)
{
	(void)state;
	for (size_t i = 0; i + 1 < NCASES; i++)
		assert_true(link_supported(cases[i].linktype));
	assert_false(link_supported(147));
	assert_false(link_supported(-1));
}

static void link_class_names(void **state)
{
	(void)state;
	for (int i = 0; i < LINK_CLASSES; i++)
		assert_non_null(link_class_name((enum link_class)i));
	assert_string_equal(link_class_name(LINK_ARP), "arp");
}

/* Wraps an Ethernet frame in a PPI header, so that the slow path decodes it. */
static enum link_class decode_slow(const struct link_case *c, uint32_t caplen,
				   struct link_payload *p, uint32_t *offset)
{
	static const uint8_t ppi[8] = { 0, 0, 8, 0, DLT_EN10MB, 0, 0, 0 };
	uint8_t bytes[400];
	struct link_case wrapped = { .linktype = DLT_PPI, .bytes = bytes };
	enum link_class class;

	assert_in_range(c->len, 0, sizeof(bytes) - sizeof(ppi));
	memcpy(bytes, ppi, sizeof(ppi));
	memcpy(bytes + sizeof(ppi), c->bytes, c->len);
	class = decode(&wrapped, caplen + 8, (uint32_t)c->len + 8, p, offset);
	*offset -= p->data ? 8 : 0;
	return class;
}

/* The fast path for Ethernet (link_fast.h) gives what the slow path gives. */
static void link_decode_fast_agrees(void **state)
{
	unsigned int fast = 0;

	(void)state;
	for (size_t i = 0; i < NCASES; i++) {
		const struct link_case *c = &cases[i];

		for (uint32_t n = 0; c->linktype == DLT_EN10MB && n <= c->len; n++) {
			const struct frame f = { .data = c->bytes, .caplen = n,
						 .wirelen = (uint32_t)c->len,
						 .linktype = DLT_EN10MB };
			struct link_payload p, q;
			enum link_class class;
			uint32_t offset;

			if (!link_decode_fast(&f, &p, &class))
				continue;
			fast++;
			assert_int_equal(class, decode_slow(c, n, &q, &offset));
			assert_int_equal(p.data - f.data, offset);
			assert_int_equal(p.caplen, q.caplen);
			assert_int_equal(p.wirelen, q.wirelen);
		}
	}
	assert_true(fast > 40);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(link_decode_table),
		cmocka_unit_test(link_decode_has_cases),
		cmocka_unit_test(link_decode_cut_frames),
		cmocka_unit_test(link_decode_short_frames),
		cmocka_unit_test(link_decode_cut_check_sequence),
		cmocka_unit_test(link_decode_random_bytes),
		cmocka_unit_test(link_supported_types),
		cmocka_unit_test(link_class_names),
		cmocka_unit_test(link_decode_fast_agrees),
	};

	return cmocka_run_group_tests_name("link", tests, NULL, NULL);
}
