/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * packet_words.h - the words of a packet's line, made once: padded for text,
 * in quotation marks for JSON.
 */
#ifndef REPORT_PACKET_WORDS_H
#define REPORT_PACKET_WORDS_H 1

#include <stdbool.h>

#include "ctreplay/conntrack.h"
#include "report/out.h"

/* Columns of the text form; longer values push the rest to the right. */
#define WIDTH_NUMBER	5
#define WIDTH_TIME	11
#define WIDTH_STATE	11
#define WIDTH_DIR	8
#define WIDTH_PACKET	52
#define WIDTH_PROTO	11

struct columns {
	bool made;
	struct out_word ctstate[CT_CTSTATES];
	struct out_word dir[CT_DIR_NONE + 1];
	struct out_word proto[256], flags[256];
	struct out_word tcp[CT_TCP_STATES], sctp[CT_SCTP_STATES], no_state;
};

void columns_make(struct columns *w, bool json);

/* The internal state that a verdict tells. */
static inline const struct out_word *
columns_state(const struct columns *w, const struct ct_verdict *v)
{
	switch (v->proto) {
	case CT_L4_TCP:
		return &w->tcp[v->state];
	case CT_L4_SCTP:
		return &w->sctp[v->state];
	}
	return &w->no_state;
}

#endif
