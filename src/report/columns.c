/* SPDX-License-Identifier: GPL-2.0-only */
#include "report/columns.h"

#include "report/shown.h"

/* 's' between two characters. */
static void enclose(struct out_word *w, char before, const char *s, char after)
{
	char text[sizeof(w->text) + 1];
	char *p = put_char(text, before);

	p = put_char(put_str(p, s), after);
	*p = '\0';
	out_word_set(w, text, 0);
}

static void word(struct out_word *w, const char *s, size_t width, bool json)
{
	if (!json)
		out_word_set(w, s ? s : "-", width);
	else if (!s)
		out_word_set(w, "null", 0);
	else
		enclose(w, '"', s, '"');
}

static void proto(struct out_word *w, uint8_t protonum, bool json)
{
	char text[sizeof("proto-255")];

	*put_u64(put_str(text, "proto-"), protonum) = '\0';
	word(w, !json && ct_proto_is_generic(protonum) ? text :
	     ct_proto_name(protonum), 0, json);
}

static void flags(struct out_word *w, uint8_t bits, bool json)
{
	char letters[9];

	shown_tcp_flags(bits, letters);
	if (json)
		enclose(w, '"', letters, '"');
	else
		enclose(w, '[', letters, ']');
}

void columns_make(struct columns *w, bool json)
{
	for (unsigned int i = 0; i < CT_CTSTATES; i++)
		word(&w->ctstate[i], ct_ctstate_name((enum ct_ctstate)i),
		     WIDTH_STATE, json);
	for (unsigned int i = 0; i <= CT_DIR_NONE; i++)
		word(&w->dir[i], shown_dir((uint8_t)i), WIDTH_DIR, json);
	for (unsigned int i = 0; i < 256; i++) {
		proto(&w->proto[i], (uint8_t)i, json);
		flags(&w->flags[i], (uint8_t)i, json);
	}
	for (uint8_t i = 0; i < CT_TCP_STATES; i++)
		word(&w->tcp[i], ct_proto_state_name(CT_L4_TCP, i), 0, json);
	for (uint8_t i = 0; i < CT_SCTP_STATES; i++)
		word(&w->sctp[i], ct_proto_state_name(CT_L4_SCTP, i), 0, json);
	word(&w->no_state, NULL, 0, json);
	w->made = true;
}
