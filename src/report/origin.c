/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * origin.c - names of files and interfaces, which may have any bytes: what is
 * valid UTF-8 stays, what is not is replaced.
 */
#include "report/origin.h"

#include <string.h>

#include "report/json.h"
#include "report/report.h"

/* The size of the character at 's' (RFC 3629); 0 if it is not valid UTF-8. */
static size_t utf8_size(const unsigned char *s)
{
	static const struct {
		unsigned char mask, first, least, most;	/* of the second byte */
		size_t n;
	} forms[] = {
		{ 0xff, 0xe0, 0xa0, 0xbf, 3 }, { 0xff, 0xed, 0x80, 0x9f, 3 },
		{ 0xf0, 0xe0, 0x80, 0xbf, 3 }, { 0xff, 0xf0, 0x90, 0xbf, 4 },
		{ 0xff, 0xf4, 0x80, 0x8f, 4 }, { 0xfc, 0xf0, 0x80, 0xbf, 4 },
	};
	size_t n = 2;
	unsigned char least = 0x80, most = 0xbf;

	if (s[0] < 0x80)
		return 1;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		if ((s[0] & forms[i].mask) == forms[i].first) {
			n = forms[i].n;
			least = forms[i].least;
			most = forms[i].most;
			break;
		}
	if (s[0] < 0xc2 || s[0] > 0xf4 || s[1] < least || s[1] > most)
		return 0;
	for (size_t i = 2; i < n; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	return n;
}

static void json_char(struct out *o, unsigned char c)
{
	static const char digits[] = "0123456789abcdef";

	if (c == '"' || c == '\\') {
		out_char(o, '\\');
		out_char(o, (char)c);
	} else if (c < ' ' || c == 0x7f) {
		out_str(o, "\\u00");
		out_char(o, digits[c >> 4]);
		out_char(o, digits[c & 15]);
	} else {
		out_char(o, (char)c);
	}
}

static void json_string(struct out *o, const char *s)
{
	out_char(o, '"');
	while (*s) {
		size_t n = utf8_size((const unsigned char *)s);

		if (n == 0)
			out_str(o, "\xef\xbf\xbd");	/* U+FFFD */
		else if (n == 1)
			json_char(o, (unsigned char)*s);
		else
			out_mem(o, s, n);
		s += n ? n : 1;
	}
	out_char(o, '"');
}

void json_text(struct out *o, const char *key, const char *s)
{
	json_key(o, key);
	json_string(o, s);
}

void json_element(struct out *o, const char *s)
{
	json_string(o, s);
	out_char(o, ',');
}

static void json_interface(struct out *o, const struct origin *f)
{
	if (!f->known) {
		json_str(o, "interface", NULL);
	} else if (f->interface) {
		json_text(o, "interface", f->interface);
	} else {
		json_key(o, "interface");
		out_char(o, '"');
		out_u64(o, f->number);
		out_char(o, '"');
	}
}

void json_origin(struct report *r)
{
	const struct origin *f = &r->origin;
	struct out *o = &r->out;

	if (r->files) {
		json_text(o, "file", f->file);
		json_u64(o, "file_frame", f->file_frame);
	}
	/* An interface that was described after the first frames must not go
	 * unseen. */
	if (r->interfaces || f->late)
		json_interface(o, f);
}

/* A field in quotation marks, without characters that would end its line. */
static void csv_text(struct out *o, const char *s)
{
	out_char(o, '"');
	while (*s) {
		size_t n = utf8_size((const unsigned char *)s);

		if (n > 1)
			out_mem(o, s, n);
		else if (n == 0 || (unsigned char)*s < ' ' || *s == 0x7f)
			out_char(o, '?');
		else
			out_char(o, *s);
		if (*s == '"')
			out_char(o, '"');
		s += n ? n : 1;
	}
	out_char(o, '"');
}

void csv_origin(struct report *r)
{
	const struct origin *f = &r->origin;
	struct out *o = &r->out;

	if (r->files) {
		out_char(o, ',');
		csv_text(o, f->file);
		out_char(o, ',');
		out_u64(o, f->file_frame);
	}
	if (!r->interfaces)
		return;
	out_char(o, ',');
	if (f->known && f->interface)
		csv_text(o, f->interface);
	else if (f->known)
		out_u64(o, f->number);
}

void csv_origin_header(struct report *r)
{
	if (r->files)
		out_str(&r->out, ",file,file_frame");
	if (r->interfaces)
		out_str(&r->out, ",interface");
}
