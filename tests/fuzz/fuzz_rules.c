/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fuzz_rules.c - readers of rulesets, sets and routes on any text, and walks of
 * what they took; for libFuzzer.
 *
 * Parts of the input are divided by a line of "%": sets, routes, rules; the last
 * part is a packet.
 */
#include <stdlib.h>
#include <string.h>

#include "engine.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t part(const uint8_t *data, size_t size)
{
	const uint8_t *end = size ? memmem(data, size, "\n%\n", 3) : NULL;

	return end ? (size_t)(end - data) : size;
}

static void walk(struct rules *r, const uint8_t *data, size_t size)
{
	struct ct_packet pkt;
	struct rules_frame f = { .pkt = &pkt, .has_mac = true };
	static struct firewall fw;

	if (!engine_open(&fw, RULES_NEED_ACCT))
		abort();
	for (unsigned int i = 0; i < 3; i++) {
		f.now = i * CT_NSEC_PER_SEC;
		f.tracked = (struct rules_tracked){ false, false };
		ct_advance(fw.ct, f.now);
		if (ct_packet_parse(&pkt, data, (uint32_t)size, (uint32_t)size + i,
				    size && data[0] >> 4 == 6 ? CT_L3_IPV6 :
				    CT_L3_IPV4, CT_PARSE_OFFLOAD) == CT_PACKET_OK)
			engine_packet(&fw, r, &f);
	}
	engine_close(&fw);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rules_options options = {
		.unknown_ok = size & 1, .answers = true, .answer_local = true,
		.has_seed = size & 2, .path = size & 8 ? RULES_PATH_FORWARD :
		RULES_PATH_ROUTES,
	};
	struct rules *r = rules_create(&options);
	bool ok = r != NULL;

	for (unsigned int i = 0; ok && i < 3; i++) {
		size_t n = part(data, size);
		const char *text = (const char *)data;

		ok = i == 0 ? rules_read_sets(r, "sets", text, n) :
		     i == 1 && memmem(text, n, ": <", 3) ? rules_read_links(r, "links", text, n) :
		     i == 1 ? rules_read_routes(r, "routes", text, n) :
		     rules_read_save(r, "rules", text, n, size & 4 ?
				     CT_L3_IPV6 : CT_L3_IPV4);
		n = n + 3 < size ? n + 3 : size;
		data += n;
		size -= n;
	}
	if (ok && rules_ready(r))
		walk(r, data, size);
	rules_destroy(r);
	return 0;
}
