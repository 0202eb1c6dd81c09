/* SPDX-License-Identifier: GPL-2.0-only */
/* rule_view.c - what the rules say of a packet, as text, JSON and CSV. */
#include "report/formats.h"

#include "report/json.h"

const char *rule_verdict_name(const struct rule_view *v)
{
	static const char *const names[RULE_VERDICTS] = {
		[RULE_VERDICT_ACCEPT] = "accept", [RULE_VERDICT_DROP] = "drop",
		[RULE_VERDICT_REJECT] = "reject",
	};

	return names[v->verdict];
}

/* "filter:FORWARD:3"; a chain's policy is "filter:FORWARD:policy". */
char *put_place(char *p, const struct rule_place *place)
{
	p = put_char(put_str(p, place->table), ':');
	p = put_char(put_str(p, place->chain), ':');
	return place->number ? put_u64(p, place->number) : put_str(p, "policy");
}

char *put_rule(char *p, const struct rule_view *v)
{
	static const char *const names[RULE_VERDICTS] = {
		[RULE_VERDICT_ACCEPT] = "ACCEPT", [RULE_VERDICT_DROP] = "DROP",
		[RULE_VERDICT_REJECT] = "REJECT",
	};

	p = put_str(p, names[v->verdict]);
	if (v->rule.chain)
		p = put_place(put_char(p, ' '), &v->rule);
	else if (v->why)
		p = put_str(put_char(p, ' '), v->why);
	if (v->doubt.chain)
		p = put_place(put_str(p, ", not known: "), &v->doubt);
	if (v->nat)
		p = put_str(p, ", nat");
	if (v->prevented)
		p = put_str(p, ", would not have come");
	return p;
}

void out_rule(struct out *o, const struct rule_view *v)
{
	out_reserve(o);
	out_end(o, put_rule(o->buf + o->len, v));
}

static char *put_place_member(char *p, const char *key, const struct rule_place *place)
{
	p = put_str(put_str(put_str(p, ",\""), key), "\":");
	if (!place->chain)
		return put_str(p, "null");
	return put_char(put_place(put_char(p, '"'), place), '"');
}

void json_place(struct out *o, const char *key, const struct rule_place *place)
{
	out_reserve(o);
	out_end(o, put_place_member(o->buf + o->len, key, place));
}

static char *put_str_member(char *p, const char *key, const char *value)
{
	p = put_str(put_str(put_str(p, ",\""), key), "\":");
	if (!value)
		return put_str(p, "null");
	return put_char(put_str(put_char(p, '"'), value), '"');
}

static const struct rule_view no_rule;

/* Names of chains have no character that JSON escapes: rules_read_save() refuses
 * them. */
void json_rule_word(struct report *r, const struct rule_view *v)
{
	const struct rule_view *view = v->verdict ? v : &no_rule;
	struct out *o = &r->out;
	char *p;

	out_reserve(o);
	p = put_str_member(o->buf + o->len, "rule_verdict", rule_verdict_name(view));
	out_end(o, put_place_member(p, "rule", &view->rule));
}

void json_rule(struct report *r, const struct rule_view *v)
{
	const struct rule_view *view = v->verdict ? v : &no_rule;
	struct out *o = &r->out;
	char *p;

	json_rule_word(r, v);
	out_reserve(o);
	p = put_str_member(o->buf + o->len, "rule_why", view->why);
	p = put_place_member(p, "rule_unknown", &view->doubt);
	p = put_str(p, view->nat ? ",\"rule_nat\":true" : ",\"rule_nat\":false");
	p = put_str(p, view->prevented ? ",\"rule_prevented\":true" :
					 ",\"rule_prevented\":false");
	if (!view->path_known) {
		out_end(o, put_str(p, ",\"rule_path\":null"));
		return;
	}
	out_end(o, put_str(p, ",\"rule_path\":["));
	for (uint32_t i = 0; i < view->npath; i++) {
		out_reserve(o);
		p = put_str(o->buf + o->len, i ? ",\"" : "\"");
		out_end(o, put_char(put_place(p, &view->path[i]), '"'));
	}
	out_char(o, ']');
}

void csv_place(struct out *o, const struct rule_place *place)
{
	out_char(o, ',');
	if (!place->chain)
		return;
	out_reserve(o);
	out_end(o, put_place(o->buf + o->len, place));
}

void csv_rule(struct report *r, const struct rule_view *v)
{
	const struct rule_view *view = v->verdict ? v : &no_rule;
	struct out *o = &r->out;

	out_char(o, ',');
	if (view->verdict)
		out_str(o, rule_verdict_name(view));
	csv_place(o, &view->rule);
	out_char(o, ',');
	if (view->why)
		out_str(o, view->why);
	csv_place(o, &view->doubt);
	out_str(o, view->nat ? ",true" : ",false");
	out_str(o, view->prevented ? ",true" : ",false");
}

void csv_rule_header(struct report *r)
{
	out_str(&r->out, ",rule_verdict,rule,rule_why,rule_unknown,rule_nat,rule_prevented");
}

void report_rules_heading(struct report *r, uint8_t l3num)
{
	struct out *o = &r->out;

	if (r->format != REPORT_TEXT)
		return;
	out_line(o);
	out_str(o, l3num == CT_L3_IPV6 ? "# rules of IPv6\n" : "# rules of IPv4\n");
}

void report_rules_text(struct report *r, const char *text, size_t len)
{
	while (len) {
		const char *end = memchr(text, '\n', len);
		size_t n = end ? (size_t)(end - text) : len;

		out_foreign(&r->out, text, n);
		if (end)
			out_char(&r->out, '\n');
		n += end != NULL;
		text += n;
		len -= n;
	}
}

void report_rule(struct report *r, const struct rule_count *c)
{
	struct out *o = &r->out;

	out_line(o);
	out_str(o, "{\"type\":\"rule\"");
	json_str(o, "l3proto", shown_l3proto(c->l3num));
	json_str(o, "table", c->place.table);
	json_str(o, "chain", c->place.chain);
	json_u64_or_null(o, "number", c->place.number, c->place.number);
	json_text(o, "rule", c->text);
	json_u64(o, "packets", c->packets);
	json_u64(o, "bytes", c->bytes);
	json_u64(o, "unknown", c->unknown);
	out_str(o, "}\n");
}
