/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/notrack.h"

#include <pcap/dlt.h>
#include <stdlib.h>

bool notrack_compile(struct notrack *t, const char *const *expr, size_t n,
		     const struct diag *diag)
{
	t->set = calloc(n + 1, sizeof(struct bpf_set *));
	if (!t->set) {
		diag_say(diag, DIAG_ERROR, "out of memory");
		return false;
	}
	for (; t->n < n; t->n++) {
		t->set[t->n] = bpf_compile(expr[t->n], DLT_RAW, "--notrack", diag);
		if (!t->set[t->n])
			return false;
	}
	return true;
}

void notrack_free(struct notrack *t)
{
	while (t->n > 0)
		bpf_set_free(t->set[--t->n]);
	free(t->set);
}

bool notrack_matches(const struct notrack *t, const struct ct_packet *pkt)
{
	for (size_t i = 0; i < t->n; i++)
		if (bpf_matches(t->set[i], pkt->data, pkt->caplen, pkt->len))
			return true;
	return false;
}
