/* SPDX-License-Identifier: GPL-2.0-only */
#include "report/columns.h"

#include "report/shown.h"

/* 's' between two characters. */
static void set_enclosed(struct out_text *t, char before, const char *s, char after)
{
	char text[sizeof(t->text) + OUT_SPARE];
	char *p = put_char(text, before);

	p = put_char(put_str(p, s), after);
	*p = '\0';
	out_text_set(t, text, 0);
}

/* With the comma behind it. */
static void set_field(struct out_text *t, const char *s)
{
	char text[sizeof(t->text) + OUT_SPARE];

	*put_char(put_str(text, s), ',') = '\0';
	out_text_set(t, text, 0);
}

/* A name, or NULL where there is none. */
static void set_name(struct out_text *t, const char *s, size_t width,
		     enum columns_form form)
{
	if (form == COLUMNS_TEXT)
		out_text_set(t, s ? s : "-", width);
	else if (form == COLUMNS_CSV)
		set_field(t, s ? s : "");
	else if (!s)
		out_text_set(t, "null", 0);
	else
		set_enclosed(t, '"', s, '"');
}

static void set_proto(struct out_text *t, uint8_t protonum, enum columns_form form)
{
	char text[sizeof("proto-255") + OUT_SPARE];

	*put_u64(put_str(text, "proto-"), protonum) = '\0';
	set_name(t, form == COLUMNS_TEXT && ct_proto_is_generic(protonum) ? text :
		 ct_proto_name(protonum), 0, form);
}

static void set_flags(struct out_text *t, uint8_t bits, enum columns_form form)
{
	char letters[TCP_FLAGS_SIZE];

	shown_tcp_flags(bits, letters);
	if (form == COLUMNS_CSV)
		set_field(t, letters);
	else if (form == COLUMNS_JSON)
		set_enclosed(t, '"', letters, '"');
	else
		set_enclosed(t, '[', letters, ']');
}

/* The longest text of a row, and what put_...() stores behind it. */
#define LINE_SIZE (sizeof(struct out_text_96) + OUT_SPARE)

static void make_csv(struct columns_csv *c)
{
	char text[LINE_SIZE], *end;

	for (unsigned int i = 0; i < CT_CTSTATES; i++)
		for (unsigned int dir = 0; dir <= CT_DIR_NONE; dir++) {
			const char *name = shown_dir((uint8_t)dir);

			end = put_str(text, ct_ctstate_name((enum ct_ctstate)i));
			*put_str(put_char(end, ','), name ? name : "") = '\0';
			set_field(&c->state_dir[i][dir], text);
		}
	for (unsigned int i = 0; i < 256; i++) {
		const char *name = ct_proto_name((uint8_t)i);

		end = put_str(put_str(text, ",ipv4,"), name ? name : "");
		*put_u64(put_char(end, ','), i) = '\0';
		set_field(&c->proto4[i], text);
		text[sizeof(",ipv") - 1] = '6';
		set_field(&c->proto6[i], text);
	}
}

/* A name in quotation marks, or null. */
static char *put_name(char *p, const char *s)
{
	return s ? put_char(put_str(put_char(p, '"'), s), '"') : put_str(p, "null");
}

static void set_state_dir(struct out_text_64 *t, enum ct_ctstate state, uint8_t dir)
{
	char text[LINE_SIZE], *p = put_str(text, "\",\"ctstate\":");

	p = put_str(put_name(p, ct_ctstate_name(state)), ",\"ctdir\":");
	*put_str(put_name(p, shown_dir(dir)), ",\"id\":") = '\0';
	out_text_64_set(t, text);
}

static void set_family(struct out_text_64 *t, const char *family, uint8_t protonum)
{
	char text[LINE_SIZE], *p = put_str(text, ",\"l3proto\":\"");

	p = put_str(put_str(p, family), "\",\"proto\":");
	p = put_str(put_name(p, ct_proto_name(protonum)), ",\"protonum\":");
	*put_str(put_u64(p, protonum), ",\"src\":\"") = '\0';
	out_text_64_set(t, text);
}

static void set_accepted(struct out_text_96 *t, const char *state)
{
	char text[LINE_SIZE], *p = put_name(put_str(text, ",\"state\":"), state);

	*put_str(p, ",\"verdict\":\"accept\",\"reason_code\":null,\"reason\":null,"
		    "\"community_id\":\"") = '\0';
	out_text_96_set(t, text);
}

static void set_end(struct out_text *t, const char *end)
{
	char text[LINE_SIZE];

	*put_str(put_name(text, end), ",\"community_id\":\"") = '\0';
	out_text_set(t, text, 0);
}

static void make_json(struct columns_json *c)
{
	for (unsigned int i = 0; i < CT_CTSTATES; i++)
		for (uint8_t dir = 0; dir <= CT_DIR_NONE; dir++)
			set_state_dir(&c->state_dir[i][dir], (enum ct_ctstate)i, dir);
	for (unsigned int i = 0; i < 256; i++) {
		set_family(&c->proto4[i], "ipv4", (uint8_t)i);
		set_family(&c->proto6[i], "ipv6", (uint8_t)i);
	}
	for (uint8_t i = 0; i < CT_TCP_STATES; i++)
		set_accepted(&c->tcp_accepted[i], ct_proto_state_name(CT_L4_TCP, i));
	set_accepted(&c->accepted, NULL);
	for (unsigned int i = 0; i < CT_ENDS; i++)
		set_end(&c->end[i], ct_end_name((enum ct_end)i));
}

/* "tcp      6 ", "unknown  255 " */
static void make_text(struct out_text event_proto[256])
{
	for (unsigned int i = 0; i < 256; i++) {
		char text[LINE_SIZE], *p = put_str(text, ct_proto_name((uint8_t)i));

		p = put_u64(put_char(put_pad(p, text, 8), ' '), i);
		*put_char(p, ' ') = '\0';
		out_text_set(&event_proto[i], text, 0);
	}
}

void columns_make(struct columns *c, enum columns_form form)
{
	if (form == COLUMNS_CSV)
		make_csv(&c->csv);
	else if (form == COLUMNS_JSON)
		make_json(&c->json);
	else
		make_text(c->event_proto);
	for (unsigned int i = 0; i < CT_CTSTATES; i++)
		set_name(&c->ctstate[i], ct_ctstate_name((enum ct_ctstate)i),
			 WIDTH_STATE, form);
	for (unsigned int i = 0; i <= CT_DIR_NONE; i++)
		set_name(&c->dir[i], shown_dir((uint8_t)i), WIDTH_DIR, form);
	for (unsigned int i = 0; i < 256; i++) {
		set_proto(&c->proto[i], (uint8_t)i, form);
		set_flags(&c->flags[i], (uint8_t)i, form);
	}
	for (uint8_t i = 0; i < CT_TCP_STATES; i++)
		set_name(&c->tcp[i], ct_proto_state_name(CT_L4_TCP, i), 0, form);
	for (uint8_t i = 0; i < CT_SCTP_STATES; i++)
		set_name(&c->sctp[i], ct_proto_state_name(CT_L4_SCTP, i), 0, form);
	for (uint8_t i = 0; i < CT_DCCP_STATES; i++)
		set_name(&c->dccp[i], ct_proto_state_name(CT_L4_DCCP, i), 0, form);
	set_name(&c->no_state, NULL, 0, form);
	c->made = true;
}
