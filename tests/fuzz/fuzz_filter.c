/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fuzz_filter.c - any instructions as a filter, and a frame for it (libFuzzer).  Where
 * this program runs it, the result must be that of bpf_filter(3).
 *
 *	number of instructions; for each its code (2 bytes), jt, jf, k (4); the frame
 */
#include <pcap/pcap.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "capture/filter_program.h"

#define CHECK(what) do { if (!(what)) abort(); } while (0)

#define INSN_BYTES	8u
#define INSNS_MAX	64u

static unsigned int read_insns(struct bpf_insn insns[INSNS_MAX], const uint8_t *p, size_t size)
{
	unsigned int n = p[0] % (INSNS_MAX + 1);

	if (n > (size - 1) / INSN_BYTES)
		n = (unsigned int)((size - 1) / INSN_BYTES);
	for (unsigned int i = 0; i < n; i++) {
		const uint8_t *from = p + 1 + INSN_BYTES * i;

		insns[i].code = (u_short)(from[0] | from[1] << 8);
		insns[i].jt = from[2];
		insns[i].jf = from[3];
		memcpy(&insns[i].k, from + 4, 4);
	}
	return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bpf_insn insns[INSNS_MAX];
	struct filter_program *p;
	uint32_t len;
	uint8_t *frame;
	unsigned int n;

	if (size < 1)
		return 0;
	n = read_insns(insns, data, size);
	p = filter_program_create(insns, n);
	if (!p)
		return 0;
	/* A copy that ends where the frame does. */
	len = (uint32_t)(size - 1 - INSN_BYTES * n);
	frame = malloc(len ? len : 1);
	CHECK(frame);
	memcpy(frame, data + 1 + INSN_BYTES * n, len);
	for (uint32_t caplen = len; caplen <= len; caplen = caplen / 2 - (caplen == 0))
		CHECK(filter_program_run(p, frame, caplen, len) ==
		      (bpf_filter(insns, frame, len, caplen) != 0));
	free(frame);
	filter_program_free(p);
	return 0;
}
