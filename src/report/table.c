/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * table.c - connections: the table in three styles, and events.
 *
 * The kernel's ct_seq_show() prints "nf_conntrack"; "ip_conntrack" is what
 * Linux 2.4 and 2.6 printed for the same entry; "conntrack" is what the
 * program of that name makes of it.  Events are what that program prints of
 * ctnetlink_conntrack_event()'s messages, which leave out what did not change.
 */
#include "report/report.h"

#include "report/formats.h"
#include "report/json.h"
#include "report/tuple.h"
#include "report/words.h"

/* How the styles differ. */
struct style {
	bool family;		/* "ipv4     2 " in front */
	bool full_addresses;	/* IPv6 with all its digits */
	bool gre_timeouts;	/* "timeout=30, stream_timeout=180 " */
	bool mark, zone, helper;
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
	[TABLE_CONNTRACK] = { .mark = true, .helper = true, .use_less = 1 },
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

void table_addresses(struct out *o, const struct ct_tuple *t, bool full)
{
	void (*address)(struct out *, const union ct_addr *, uint8_t) =
		full ? words_address_full : words_address;

	out_str(o, "src=");
	address(o, &t->src, t->l3num);
	out_str(o, " dst=");
	address(o, &t->dst, t->l3num);
	out_char(o, ' ');
}

void table_transport(struct out *o, const struct ct_tuple *t)
{
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

/* print_tuple() */
static void tuple(struct out *o, const struct ct_tuple *t, const struct style *s)
{
	table_addresses(o, t, s->full_addresses);
	table_transport(o, t);
}

static void direction(struct report *r, const struct ct_record *rec,
		      enum ct_dir dir, const struct style *s, bool counters)
{
	tuple(&r->out, &rec->tuple[dir], s);
	if (counters) {
		number(&r->out, "packets=", rec->counter[dir].packets);
		number(&r->out, "bytes=", rec->counter[dir].bytes);
	}
}

/* Up to the tuples; without a state where none is to be shown. */
static void protocol(struct report *r, const struct ct_record *rec,
		     const struct style *s, bool with_timeout, bool with_state)
{
	struct out *o = &r->out;
	const struct ct_tuple *t = &rec->tuple[0];
	const char *state = with_state ?
		ct_proto_state_name(t->protonum, rec->state) : NULL;

	if (s->family)
		out_str(o, t->l3num == CT_L3_IPV4 ? "ipv4     2 " :
						    "ipv6     10 ");
	out_str_left(o, ct_proto_name(t->protonum), 8);
	out_char(o, ' ');
	number(o, "", t->protonum);
	if (with_timeout)
		number(o, "", seconds_left(rec));
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

static void tuples(struct report *r, const struct ct_record *rec,
		   const struct style *s, bool counters)
{
	direction(r, rec, CT_DIR_ORIGINAL, s, counters);
	if (!(rec->status & CT_STATUS_SEEN_REPLY))
		out_str(&r->out, "[UNREPLIED] ");
	direction(r, rec, CT_DIR_REPLY, s, counters);
	if (rec->status & CT_STATUS_ASSURED)
		out_str(&r->out, "[ASSURED] ");
}

static void helper_word(struct out *o, const struct ct_record *rec)
{
	if (!rec->helper)
		return;
	out_str(o, "helper=");
	out_str(o, rec->helper);
	out_char(o, ' ');
}

static uint64_t age(const struct ct_record *rec)
{
	return (rec->now - rec->first_seen) / CT_NSEC_PER_SEC;
}

static void text_entry(struct report *r, const struct ct_record *rec)
{
	const struct style *s = &styles[r->table_style];
	struct out *o = &r->out;

	out_line(o);
	protocol(r, rec, s, true, true);
	tuples(r, rec, s, r->acct);
	if (s->mark)
		out_str(o, "mark=0 ");
	if (s->zone)
		out_str(o, "zone=0 ");
	if (r->timestamp)
		number(o, "delta-time=", age(rec));
	if (s->helper)
		helper_word(o, rec);
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

/* Members that a table record and an event have in common. */
static void json_connection(struct report *r, const struct ct_record *rec,
			    bool with_timeout, bool with_state)
{
	struct out *o = &r->out;
	const struct ct_tuple *t = &rec->tuple[0];

	json_u64(o, "id", rec->id);
	json_str(o, "l3proto", t->l3num == CT_L3_IPV4 ? "ipv4" : "ipv6");
	json_str(o, "proto", ct_proto_name(t->protonum));
	json_u64(o, "protonum", t->protonum);
	json_u64_or_null(o, "timeout", with_timeout, seconds_left(rec));
	json_str(o, "state", with_state ?
		 ct_proto_state_name(t->protonum, rec->state) : NULL);
	json_direction(r, rec, CT_DIR_ORIGINAL);
	json_direction(r, rec, CT_DIR_REPLY);
	json_status(o, rec->status);
	if (r->timestamp)
		json_u64(o, "delta_time", age(rec));
	json_time(o, "first_seen", rec->first_seen);
	json_time(o, "last_seen", rec->last_seen);
	json_str(o, "helper", rec->helper);
	json_u64_or_null(o, "master", rec->master != 0, rec->master);
}

static void json_entry(struct report *r, const struct ct_record *rec)
{
	struct out *o = &r->out;

	out_line(o);
	out_str(o, "{\"type\":\"conntrack\"");
	if (r->snapshot)
		json_time(o, "at", r->snapshot_at);
	json_connection(r, rec, true, true);
	json_u64(o, "mark", 0);
	json_u64(o, "zone", 0);
	json_u64(o, "use", rec->use - 1);
	out_str(o, "}\n");
}

static bool entry(void *arg, const struct ct_record *rec)
{
	struct report *r = arg;

	if (r->format == REPORT_JSON)
		json_entry(r, rec);
	else if (r->format == REPORT_CSV)
		csv_record(r, rec);
	else
		text_entry(r, rec);
	return !r->out.error;
}

static void heading(struct report *r, struct ct *ct)
{
	ct_time when = r->snapshot ? r->snapshot_at : ct_now(ct);
	struct out *o = &r->out;

	out_line(o);
	out_str(o, "# table at ");
	/* A moment before the first frame can be asked for, too. */
	if (when < r->start)
		out_char(o, '-');
	words_seconds(o, when < r->start ? r->start - when : when - r->start, 6);
	out_str(o, ": ");
	out_u64(o, ct_count(ct));
	out_str(o, ct_count(ct) == 1 ? " connection\n" : " connections\n");
}

bool report_table(struct report *r, struct ct *ct, bool snapshot)
{
	r->snapshot = snapshot;
	if (r->format == REPORT_TEXT && (r->headings || snapshot))
		heading(r, ct);
	return ct_table(ct, entry, r) == 0;
}

static const char *const event_names[] = { "NEW", "UPDATE", "DESTROY" };

static void text_event(struct report *r, const struct ct_event *ev)
{
	static const char *const tags[] = { "    [NEW] ", " [UPDATE] ",
					    "[DESTROY] " };
	const struct style *s = &styles[TABLE_CONNTRACK];
	const struct ct_record *rec = &ev->record;
	bool destroy = ev->type == CT_EVENT_DESTROY;
	struct out *o = &r->out;

	out_line(o);
	out_char(o, '[');
	words_seconds(o, ev->when, 6);
	out_str(o, "]\t");
	out_str(o, tags[ev->type]);
	protocol(r, rec, s, !destroy || seconds_left(rec) > 0,
		 destroy || (ev->changed & CT_CHANGED_PROTOINFO));
	tuples(r, rec, s, r->acct && destroy);
	if (r->timestamp && destroy)
		number(o, "delta-time=", age(rec));
	if (!destroy)
		helper_word(o, rec);
	out_str(o, "id=");
	out_u64(o, rec->id);
	out_char(o, '\n');
}

static void json_event(struct report *r, const struct ct_event *ev)
{
	bool destroy = ev->type == CT_EVENT_DESTROY;
	struct out *o = &r->out;

	out_line(o);
	out_str(o, "{\"type\":\"event\"");
	json_str(o, "event", event_names[ev->type]);
	json_time(o, "time", ev->when);
	json_connection(r, &ev->record,
			!destroy || seconds_left(&ev->record) > 0,
			destroy || (ev->changed & CT_CHANGED_PROTOINFO));
	out_str(o, "}\n");
}

void report_event(struct report *r, const struct ct_event *ev)
{
	switch (r->format) {
	case REPORT_TEXT:
		text_event(r, ev);
		break;
	case REPORT_JSON:
		json_event(r, ev);
		break;
	case REPORT_CSV:
		csv_event(r, ev);
		break;
	case REPORT_TIMESKETCH:
		timesketch_event(r, ev);
		break;
	}
}
