/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * filter_program.h - runs a filter that libpcap has compiled.
 *
 * A library is better, except where speed is what is asked for: libpcap's interpreter
 * needs a fifth of all time of a replay with -f tcp.  This one decodes each instruction
 * once, does a load and the comparison behind it in one step, and knows only what
 * libpcap's compiler makes of most expressions.  For all else, such as scratch memory,
 * there is no program, and libpcap's interpreter is asked.
 *
 * tests/unit/capture/test_filter_program.c and tests/fuzz/fuzz_filter.c hold it against
 * bpf_filter(3).
 */
#ifndef CAPTURE_FILTER_PROGRAM_H
#define CAPTURE_FILTER_PROGRAM_H 1

#include <pcap/pcap.h>
#include <stdbool.h>
#include <stdint.h>

struct filter_program;

/* NULL: libpcap's interpreter must run it, or there is no memory. */
struct filter_program *filter_program_create(const struct bpf_insn *insns, unsigned int n);
void filter_program_free(struct filter_program *p);	/* NULL is fine */

/* Whether bpf_filter() would return anything but 0. */
bool filter_program_run(const struct filter_program *p, const uint8_t *data,
			uint32_t caplen, uint32_t wirelen);

#endif
