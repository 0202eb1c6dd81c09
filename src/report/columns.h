/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * columns.h - the texts of a packet's columns, made once before the first line:
 * padded for text, in quotation marks for JSON, with the comma behind them for CSV.
 */
#ifndef REPORT_COLUMNS_H
#define REPORT_COLUMNS_H 1

#include <stdbool.h>

#include "ctreplay/conntrack.h"
#include "report/out.h"

/* Widths of the text format; a longer value pushes the rest to the right. */
#define WIDTH_NUMBER	5
#define WIDTH_TIME	11
#define WIDTH_STATE	11
#define WIDTH_DIR	8
#define WIDTH_PACKET	52
#define WIDTH_PROTO	11
#define WIDTH_ID	6

struct columns {
	bool made;
	struct out_text ctstate[CT_CTSTATES];
	struct out_text dir[CT_DIR_NONE + 1];
	struct out_text proto[256], flags[256];
	struct out_text tcp[CT_TCP_STATES], sctp[CT_SCTP_STATES],
			dccp[CT_DCCP_STATES], no_state;
	/* What one format has several of in a row. */
	union {
		struct columns_csv {
			/* The state and the direction. */
			struct out_text state_dir[CT_CTSTATES][CT_DIR_NONE + 1];
			/* The family, the protocol and its number, with a comma
			 * before them. */
			struct out_text proto4[256], proto6[256];
		} csv;
		struct columns_json {
			/* From the quotation mark that ends the time up to the id. */
			struct out_text_64 state_dir[CT_CTSTATES][CT_DIR_NONE + 1];
			/* From the family up to the source's quotation mark. */
			struct out_text_64 proto4[256], proto6[256];
			/* From the connection's state up to the quotation mark of the
			 * Community ID, of a packet that is accepted without a reason. */
			struct out_text_96 tcp_accepted[CT_TCP_STATES], accepted;
			/* An end, and up to the quotation mark of the Community ID. */
			struct out_text end[CT_ENDS];
		} json;
		/* The protocol and its number, as conntrack(8) begins a line. */
		struct out_text event_proto[256];
	};
};

enum columns_form { COLUMNS_TEXT, COLUMNS_JSON, COLUMNS_CSV };

void columns_make(struct columns *c, enum columns_form form);

/* The text of a protocol's own state. */
static inline const struct out_text *
columns_state_of(const struct columns *c, uint8_t protonum, uint8_t state)
{
	switch (protonum) {
	case CT_L4_TCP:
		return &c->tcp[state];
	case CT_L4_SCTP:
		return &c->sctp[state];
	case CT_L4_DCCP:
		return &c->dccp[state];
	}
	return &c->no_state;
}

/* That of the state which the verdict holds. */
static inline const struct out_text *
columns_state(const struct columns *c, const struct ct_verdict *v)
{
	return columns_state_of(c, v->proto, v->state);
}

#endif
