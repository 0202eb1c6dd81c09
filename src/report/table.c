/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * table.c - the table, a line an entry, in three styles.
 *
 * The kernel's ct_seq_show() prints "nf_conntrack"; "ip_conntrack" is what
 * Linux 2.4 and 2.6 printed for the same entry; "conntrack" is what the
 * program of that name makes of it.
 */
#include "report/report.h"

#include "report/json.h"
#include "report/words.h"

/* How the styles differ. */
struct style {
	bool family;		/* "ipv4     2 " in front */
	bool full_addresses;	/* IPv6 with all its digits */
	bool gre_timeouts;	/* "timeout=30, stream_timeout=180 " */
	bool mark, zone;
	uint32_t use_less;	/* references that this reader does not hold */
};

static const struct style styles[] = {
	[TABLE_IP_CONNTRACK] = {
		.full_addresses = true, .gre_timeouts = true, .use_less = 1,
	},
	[TABLE_NF_CONNTRACK] = {
		.family = true, .full_addresses = true, .gre_timeouts = true,
		.mark = true, .zone = true,
	},
	[TABLE_CONNTRACK] = { .mark = true, .use_less = 1 },
};

static uint64_t seconds_left(const struct ct_record *r)
{
	return r->expires > r->now ? (r->expires - r->now) / CT_NSEC_PER_SEC : 0;
}

static void number(struct out *o, const char *key, uint64_t n)
{
	out_str(o, key);
	out_u64(o, n);
	out_char(o, ' ');
}

/* print_tuple() */
static void tuple(struct out *o, const struct ct_tuple *t, const struct style *s)
{
	void (*address)(struct out *, const union ct_addr *, uint8_t) =
		s->full_addresses ? words_address_full : words_address;

	out_str(o, "src=");
	address(o, &t->src, t->l3num);
	out_str(o, " dst=");
	address(o, &t->dst, t->l3num);
	out_char(o, ' ');
	switch (t->protonum) {
	case CT_L4_ICMP:
	case CT_L4_ICMPV6:
		number(o, "type=", t->icmp_type);
		number(o, "code=", t->icmp_code);
		number(o, "id=", t->icmp_id);
		break;
	case CT_L4_TCP:
	case CT_L4_UDP:
	case CT_L4_UDPLITE:
	case CT_L4_SCTP:
		number(o, "sport=", t->sport);
		number(o, "dport=", t->dport);
		break;
	case CT_L4_GRE:
		out_str(o, "srckey=0x");
		out_hex(o, t->srckey);
		out_str(o, " dstkey=0x");
		out_hex(o, t->dstkey);
		out_char(o, ' ');
		break;
	}
}

static void direction(struct report *r, const struct ct_record *rec,
		      enum ct_dir dir, const struct style *s)
{
	tuple(&r->out, &rec->tuple[dir], s);
	if (r->acct) {
		number(&r->out, "packets=", rec->counter[dir].packets);
		number(&r->out, "bytes=", rec->counter[dir].bytes);
	}
}

static void protocol(struct report *r, const struct ct_record *rec,
		     const struct style *s)
{
	struct out *o = &r->out;
	const struct ct_tuple *t = &rec->tuple[0];
	const char *state = ct_proto_state_name(t->protonum, rec->state);

	if (s->family)
		out_str(o, t->l3num == CT_L3_IPV4 ? "ipv4     2 " :
						    "ipv6     10 ");
	out_str_left(o, ct_proto_name(t->protonum), 8);
	out_char(o, ' ');
	out_u64(o, t->protonum);
	out_char(o, ' ');
	out_u64(o, seconds_left(rec));
	out_char(o, ' ');
	if (state) {
		out_str(o, state);
		out_char(o, ' ');
	}
	if (t->protonum == CT_L4_GRE && s->gre_timeouts) {
		out_str(o, "timeout=");
		out_u64(o, rec->gre_timeout);
		number(o, ", stream_timeout=", rec->gre_timeout_stream);
	}
}

static void text_entry(struct report *r, const struct ct_record *rec)
{
	const struct style *s = &styles[r->table_style];
	struct out *o = &r->out;

	out_line(o);
	protocol(r, rec, s);
	direction(r, rec, CT_DIR_ORIGINAL, s);
	if (!(rec->status & CT_STATUS_SEEN_REPLY))
		out_str(o, "[UNREPLIED] ");
	direction(r, rec, CT_DIR_REPLY, s);
	if (rec->status & CT_STATUS_ASSURED)
		out_str(o, "[ASSURED] ");
	if (s->mark)
		out_str(o, "mark=0 ");
	if (s->zone)
		out_str(o, "zone=0 ");
	if (r->timestamp)
		number(o, "delta-time=",
		       (rec->now - rec->first_seen) / CT_NSEC_PER_SEC);
	out_str(o, "use=");
	out_u64(o, rec->use - s->use_less);
	out_char(o, '\n');
}

/* Keys as jc's parser of conntrack's output names them. */
struct keys {
	const char *src, *dst, *sport, *dport, *type, *code, *id, *srckey,
		   *dstkey, *packets, *bytes;
};

#define KEYS(dir) { dir "_src", dir "_dst", dir "_sport", dir "_dport", \
		    dir "_type", dir "_code", dir "_id", dir "_srckey", \
		    dir "_dstkey", dir "_packets", dir "_bytes" }
static const struct keys keys[2] = { KEYS("orig"), KEYS("reply") };

static void json_direction(struct report *r, const struct ct_record *rec,
			   enum ct_dir dir)
{
	struct out *o = &r->out;
	const struct ct_tuple *t = &rec->tuple[dir];
	const struct keys *k = &keys[dir];

	json_address(o, k->src, &t->src, t->l3num);
	json_address(o, k->dst, &t->dst, t->l3num);
	switch (t->protonum) {
	case CT_L4_ICMP:
	case CT_L4_ICMPV6:
		json_u64(o, k->type, t->icmp_type);
		json_u64(o, k->code, t->icmp_code);
		json_u64(o, k->id, t->icmp_id);
		break;
	case CT_L4_TCP:
	case CT_L4_UDP:
	case CT_L4_UDPLITE:
	case CT_L4_SCTP:
		json_u64(o, k->sport, t->sport);
		json_u64(o, k->dport, t->dport);
		break;
	case CT_L4_GRE:
		json_u64(o, k->srckey, t->srckey);
		json_u64(o, k->dstkey, t->dstkey);
		break;
	}
	if (r->acct) {
		json_u64(o, k->packets, rec->counter[dir].packets);
		json_u64(o, k->bytes, rec->counter[dir].bytes);
	}
}

static void json_status(struct out *o, uint32_t status)
{
	const char *words[2];
	size_t n = 0;

	if (!(status & CT_STATUS_SEEN_REPLY))
		words[n++] = "UNREPLIED";
	if (status & CT_STATUS_ASSURED)
		words[n++] = "ASSURED";
	json_key(o, "status");
	out_char(o, '[');
	for (size_t i = 0; i < n; i++) {
		out_str(o, i ? ",\"" : "\"");
		out_str(o, words[i]);
		out_char(o, '"');
	}
	out_char(o, ']');
}

static void json_entry(struct report *r, const struct ct_record *rec)
{
	struct out *o = &r->out;
	const struct ct_tuple *t = &rec->tuple[0];

	out_line(o);
	out_str(o, "{\"type\":\"conntrack\"");
	json_u64(o, "id", rec->id);
	json_str(o, "l3proto", t->l3num == CT_L3_IPV4 ? "ipv4" : "ipv6");
	json_str(o, "proto", ct_proto_name(t->protonum));
	json_u64(o, "protonum", t->protonum);
	json_u64(o, "timeout", seconds_left(rec));
	json_str(o, "state", ct_proto_state_name(t->protonum, rec->state));
	json_direction(r, rec, CT_DIR_ORIGINAL);
	json_direction(r, rec, CT_DIR_REPLY);
	json_status(o, rec->status);
	json_u64(o, "mark", 0);
	json_u64(o, "zone", 0);
	json_u64(o, "use", rec->use - 1);
	if (r->timestamp)
		json_u64(o, "delta_time",
			 (rec->now - rec->first_seen) / CT_NSEC_PER_SEC);
	json_time(o, "first_seen", rec->first_seen);
	json_time(o, "last_seen", rec->last_seen);
	json_str(o, "helper", NULL);
	json_u64_or_null(o, "master", rec->master != 0, rec->master);
	out_str(o, "}\n");
}

static bool entry(void *arg, const struct ct_record *rec)
{
	struct report *r = arg;

	if (r->format == REPORT_JSON)
		json_entry(r, rec);
	else
		text_entry(r, rec);
	return !r->out.error;
}

bool report_table(struct report *r, struct ct *ct)
{
	if (r->format == REPORT_TEXT && r->headings) {
		out_line(&r->out);
		out_str(&r->out, "# table: ");
		out_u64(&r->out, ct_count(ct));
		out_str(&r->out, ct_count(ct) == 1 ? " connection at " :
						     " connections at ");
		words_seconds(&r->out, ct_now(ct) - r->start, 6);
		out_str(&r->out, " s\n");
	}
	return ct_table(ct, entry, r) == 0;
}
