/* SPDX-License-Identifier: GPL-2.0-only */
/* page_json.c - the JSON in the page of --report. */
#include "report/page.h"

#include <errno.h>
#include <stdlib.h>

#include "ctreplay/version.h"
#include "report/explain.h"
#include "report/json.h"
#include "report/page_state.h"

#define FORMAT		1u
#define CAPACITY_MIN	(64u * 1024)

void page_text_free(struct page_text *t)
{
	free(t->text);
}

static bool reserve(struct page_text *t, size_t n)
{
	size_t capacity = t->capacity ? t->capacity : CAPACITY_MIN;
	char *text;

	while (capacity - t->n < n)
		capacity *= 2;
	if (capacity == t->capacity)
		return true;
	text = realloc(t->text, capacity);
	if (!text)
		return false;
	t->text = text;
	t->capacity = capacity;
	return true;
}

/* A struct out's sink. */
static int take(void *arg, const char *text, size_t n)
{
	struct page_text *t = arg;

	/* The container has 32 bits for the length. */
	if (n > UINT32_MAX - t->n || !reserve(t, n))
		return ENOMEM;
	memcpy(t->text + t->n, text, n);
	for (size_t i = t->n; t->records && i < t->n + n; i++)
		if (t->text[i] == '\n')
			t->text[i] = ',';
	t->n += n;
	return 0;
}

static void open_list(struct out *o, const char *key)
{
	json_key(o, key);
	out_char(o, '[');
}

/* Without the comma behind the last element. */
static void close_list(struct out *o, char end)
{
	if (o->buf[o->len - 1] == ',')
		o->len--;
	out_char(o, end);
}

static void put_records(struct report *r, const char *key, page_records *print, void *arg)
{
	struct out *o = &r->out;
	struct page_text *t = o->sink_arg;

	open_list(o, key);
	out_flush(o);
	t->records = true;
	if (!print(arg, r))
		o->error = ENOMEM;
	out_flush(o);
	t->records = false;
	if (t->n && t->text[t->n - 1] == ',')
		t->n--;
	out_char(o, ']');
}

static void put_names(struct out *o)
{
	static const char *const verdicts[] = { "", "ACCEPT", "DROP", "REJECT" };
	char name[PAGE_STATE_NAME];

	open_list(o, "words");
	for (int i = 0; i < CT_CTSTATES; i++)
		json_element(o, ct_ctstate_name((enum ct_ctstate)i));
	close_list(o, ']');
	open_list(o, "verdicts");
	for (size_t i = 0; i < sizeof(verdicts) / sizeof(verdicts[0]); i++)
		json_element(o, verdicts[i]);
	close_list(o, ']');
	open_list(o, "states");
	for (unsigned int i = 0; i < PAGE_STATES; i++) {
		page_state_name(name, i);
		json_element(o, name);
	}
	close_list(o, ']');
}

static void put_reason_list(struct out *o)
{
	open_list(o, "reasons");
	for (int i = 0; i < CT_REASON_COUNT; i++) {
		const struct explain_rule *rule = explain_reason((enum ct_reason)i);

		/* Codes have no character to escape. */
		out_str(o, "{\"name\":\"");
		out_str(o, ct_reason_code((enum ct_reason)i));
		out_char(o, '"');
		json_text(o, "sentence", i ? rule->sentence : "");
		json_text(o, "function", i ? rule->function : "");
		out_str(o, "},");
	}
	close_list(o, ']');
}

static void put_protocols(struct out *o)
{
	open_list(o, "protocols");
	for (unsigned int i = 0; i < 256; i++) {
		if (ct_proto_is_generic((uint8_t)i))
			continue;
		out_str(o, "{\"number\":");
		out_u64(o, i);
		json_str(o, "name", ct_proto_name((uint8_t)i));
		out_str(o, "},");
	}
	close_list(o, ']');
}

/* What is true of the whole page. */
static void put_head(struct out *o, const struct page *p)
{
	char kernel[CT_KERNEL_NAME_SIZE];

	ct_kernel_name(p->kernel, kernel);
	out_str(o, "{\"format\":");
	out_u64(o, FORMAT);
	json_str(o, "program", "ctreplay " CTREPLAY_VERSION);
	json_str(o, "kernel", kernel);
	open_list(o, "files");
	for (size_t i = 0; i < p->nfiles; i++)
		json_element(o, p->files[i]);
	close_list(o, ']');
	/* As strings: they have more digits than a number of JavaScript. */
	json_key(o, "start");
	out_char(o, '"');
	out_u64(o, p->start / 1000);
	out_str(o, "\",\"end\":\"");
	out_u64(o, p->end / 1000);
	out_char(o, '"');
	json_str(o, "ended_early", p->ended_early);
	json_u64(o, "max", p->max);
	out_str(o, ",\"bins\":{\"start_us\":0,\"width_us\":");
	out_u64(o, p->bin_width / 1000);
	json_u64(o, "count", p->bins);
	out_char(o, '}');
}

static void put_limits(struct out *o, const struct page_limits *l)
{
	out_str(o, ",\"limits\":{\"packets_kept\":");
	out_u64(o, l->packets_kept);
	json_u64(o, "packets_seen", l->packets_seen);
	json_u64(o, "connections_kept", l->connections_kept);
	json_u64(o, "connections_seen", l->connections_seen);
	json_u64(o, "segments_kept", l->segments_kept);
	json_u64(o, "segments_seen", l->segments_seen);
	json_u64(o, "hosts_kept", l->hosts_kept);
	json_u64(o, "top_left", l->top_left);
	out_char(o, '}');
}

static void put_hosts(struct out *o, const struct page *p)
{
	open_list(o, "hosts");
	for (size_t i = 0; i < p->nhosts; i++) {
		out_char(o, '"');
		out_address(o, &p->hosts[i].addr, p->hosts[i].l3num);
		out_str(o, "\",");
	}
	close_list(o, ']');
}

/* One sentence, or a few; the paragraphs of an explanation are broken into lines. */
static void put_told(struct report *r, const struct page_told *told,
		     struct explain_view *view)
{
	struct out *o = &r->out;
	char text[OUT_SLACK];
	size_t n = 0;

	view->packet.l3num = told->l3num;
	view->packet.v = told->v;
	view->comparison = told->comparison;
	out_str(o, "{\"frame\":");
	out_u64(o, told->frame);
	/* From an empty buffer: the explanation is several lines, and each of them would
	 * flush one that is nearly full. */
	out_flush(o);
	text_explain_told(r, view);
	for (size_t i = 0; i < o->len && n < sizeof(text) - 1; i++) {
		char c = o->buf[i] == '\n' ? ' ' : o->buf[i];

		if (c != ' ' || (n && text[n - 1] != ' '))
			text[n++] = c;
	}
	o->len = 0;
	while (n && text[n - 1] == ' ')
		n--;
	text[n] = '\0';
	json_text(o, "text", text);
	out_str(o, "},");
}

static bool put_all_told(struct report *r, const struct page *p)
{
	struct explain_view *view = calloc(1, sizeof(*view));

	if (!view)
		return false;
	open_list(&r->out, "told");
	for (size_t i = 0; i < p->ntold; i++)
		put_told(r, &p->told[i], view);
	close_list(&r->out, ']');
	json_u64(&r->out, "told_left", p->told_left);
	free(view);
	return true;
}

static void put_columns(struct out *o, const struct page *p)
{
	size_t offset = 0;

	out_str(o, ",\"columns\":{");
	for (size_t i = 0; i < p->ncolumns; i++) {
		const struct column *c = p->columns[i].column;

		/* Names of states have no character to escape. */
		out_char(o, '"');
		out_str(o, p->columns[i].name);
		out_str(o, "\":{\"type\":\"");
		out_str(o, column_type_name(c->type));
		out_char(o, '"');
		json_u64(o, "count", c->count);
		json_u64(o, "offset", offset);
		json_u64(o, "bytes", c->n);
		out_str(o, "},");
		offset += (c->n + 7) / 8 * 8;
	}
	close_list(o, '}');
}

static bool put_members(struct report *r, const struct page *p)
{
	struct out *o = &r->out;

	put_head(o, p);
	put_limits(o, &p->limits);
	put_names(o);
	put_reason_list(o);
	put_protocols(o);
	put_records(r, "statistics", p->statistics, p->arg);
	put_records(r, "notes", p->notes, p->arg);
	put_records(r, "top", p->tops, p->arg);
	if (p->rules)
		put_records(r, "rules", p->rules, p->arg);
	else
		out_str(o, ",\"rules\":null");
	put_hosts(o, p);
	if (!put_all_told(r, p))
		return false;
	put_columns(o, p);
	out_char(o, '}');
	return out_flush(o);
}

bool page_json(struct page_text *to, const struct page *p)
{
	struct report *r = malloc(sizeof(*r));
	bool ok;

	if (!r)
		return false;
	report_copy(r, p->like);
	r->format = REPORT_JSON;
	r->out.sink = take;
	r->out.sink_arg = to;
	ok = put_members(r, p);
	free(r);
	return ok;
}
