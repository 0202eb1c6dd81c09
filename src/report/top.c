/* SPDX-License-Identifier: GPL-2.0-only */
/* top.c - the largest sources, destinations, ports and pairs (--top). */
#include "report/top_view.h"

#include <string.h>

#include "report/formats.h"
#include "report/json.h"

#define WIDTH_COUNT 12

const char *top_by_name(enum top_by by)
{
	static const char *const names[TOP_KINDS] = {
		[TOP_SRC] = "src", [TOP_DST] = "dst", [TOP_PORT] = "port",
		[TOP_PAIR] = "pair",
	};

	return names[by];
}

int top_key_order(const struct top_key *a, const struct top_key *b)
{
	int order = memcmp(&a->src, &b->src, sizeof(a->src));

	if (a->l3num != b->l3num)
		return a->l3num == CT_L3_IPV4 ? -1 : 1;
	if (a->protonum != b->protonum)
		return (int)a->protonum - (int)b->protonum;
	if (a->port != b->port)
		return (int)a->port - (int)b->port;
	if (a->has_port != b->has_port)
		return (int)a->has_port - (int)b->has_port;
	return order ? order : memcmp(&a->dst, &b->dst, sizeof(a->dst));
}

int top_view_order(const struct top_view *a, const struct top_view *b)
{
	const uint64_t counts[][2] = {
		{ a->entries, b->entries }, { a->connections, b->connections },
		{ a->packets, b->packets }, { a->bytes, b->bytes },
		{ a->invalid, b->invalid },
	};

	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		if (counts[i][0] != counts[i][1])
			return counts[i][0] > counts[i][1] ? -1 : 1;
	return top_key_order(&a->key, &b->key);
}

/* Right-aligned. */
static void out_column(struct out *o, uint64_t n)
{
	char text[24 + OUT_SPARE];
	size_t len = (size_t)(put_u64(text, n) - text);

	out_pad(o, len, WIDTH_COUNT);
	out_mem(o, text, len);
}

/* "tcp/80", "icmp", "proto-89" */
static void out_protocol(struct out *o, const struct top_key *k)
{
	if (ct_proto_is_generic(k->protonum)) {
		out_str(o, "proto-");
		out_u64(o, k->protonum);
	} else {
		out_str(o, ct_proto_name(k->protonum));
	}
	if (k->has_port) {
		out_char(o, '/');
		out_u64(o, k->port);
	}
}

static void out_name(struct out *o, const struct top_view *v)
{
	const struct top_key *k = &v->key;

	switch (v->by) {
	case TOP_SRC:
		out_address(o, &k->src, k->l3num);
		break;
	case TOP_DST:
		out_address(o, &k->dst, k->l3num);
		break;
	case TOP_PORT:
		out_protocol(o, k);
		break;
	default:	/* TOP_PAIR */
		out_address(o, &k->src, k->l3num);
		out_str(o, " > ");
		out_address(o, &k->dst, k->l3num);
		break;
	}
}

void text_top(struct report *r, const struct top_view *v)
{
	struct out *o = &r->out;

	out_line(o);
	if (v->rank == 1) {
		out_str(o, "# top ");
		out_str(o, top_by_name(v->by));
		out_str(o, "\n     entries connections     packets       bytes     "
			"INVALID  ");
		out_str(o, top_by_name(v->by));
		out_char(o, '\n');
	}
	out_column(o, v->entries);
	out_column(o, v->connections);
	out_column(o, v->packets);
	out_column(o, v->bytes);
	out_column(o, v->invalid);
	out_str(o, "  ");
	out_name(o, v);
	out_char(o, '\n');
}

void json_top(struct report *r, const struct top_view *v)
{
	const struct top_key *k = &v->key;
	struct out *o = &r->out;

	out_line(o);
	out_str(o, "{\"type\":\"top\"");
	json_str(o, "by", top_by_name(v->by));
	json_u64(o, "rank", v->rank);
	if (v->by == TOP_SRC || v->by == TOP_PAIR)
		json_address(o, "src", &k->src, k->l3num);
	if (v->by == TOP_DST || v->by == TOP_PAIR)
		json_address(o, "dst", &k->dst, k->l3num);
	if (v->by == TOP_PORT) {
		json_str(o, "proto", ct_proto_name(k->protonum));
		json_u64(o, "protonum", k->protonum);
		json_u64_or_null(o, "dport", k->has_port, k->port);
	}
	json_u64(o, "entries", v->entries);
	json_u64(o, "connections", v->connections);
	json_u64(o, "packets", v->packets);
	json_u64(o, "bytes", v->bytes);
	json_u64(o, "invalid", v->invalid);
	out_str(o, "}\n");
}
