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
#include "report/format.h"

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

__attribute__((always_inline))
static inline char *number(char *p, const char *key, uint64_t n)
{
	return put_char(put_u64(put_str(p, key), n), ' ');
}

char *put_addresses(char *p, const struct ct_tuple *t, bool full)
{
	char *(*address)(char *, const union ct_addr *, uint8_t) =
		full ? put_address_full : put_address;

	p = address(put_str(p, "src="), &t->src, t->l3num);
	p = address(put_str(p, " dst="), &t->dst, t->l3num);
	return put_char(p, ' ');
}

char *put_transport(char *p, const struct ct_tuple *t)
{
	switch (t->protonum) {
	case CT_L4_ICMP:
	case CT_L4_ICMPV6:
		p = number(p, "type=", t->icmp_type);
		p = number(p, "code=", t->icmp_code);
		return number(p, "id=", t->icmp_id);
	case CT_L4_TCP:
	case CT_L4_UDP:
	case CT_L4_UDPLITE:
	case CT_L4_SCTP:
		return number(number(p, "sport=", t->sport), "dport=", t->dport);
	case CT_L4_GRE:
		p = put_hex(put_str(p, "srckey=0x"), t->srckey);
		p = put_hex(put_str(p, " dstkey=0x"), t->dstkey);
		return put_char(p, ' ');
	}
	return p;
}

/* TCP or UDP, and the reply's tuple is the original's with its ends exchanged: so
 * it is for nearly all. */
static bool is_mirrored(const struct ct_record *rec)
{
	const struct ct_tuple *a = &rec->tuple[0], *b = &rec->tuple[1];

	return (a->protonum == CT_L4_TCP || a->protonum == CT_L4_UDP) &&
	       memcmp(&a->src, &b->dst, sizeof(a->src)) == 0 &&
	       memcmp(&a->dst, &b->src, sizeof(a->dst)) == 0 &&
	       a->sport == b->dport && a->dport == b->sport;
}

/* Where the parts of a tuple with ports have been written. */
struct parts {
	char *src, *dst, *sport, *dport, *end;
};

/* print_tuple() */
static char *put_parts(char *p, const struct ct_tuple *t, const struct style *s,
		       struct parts *at)
{
	char *(*address)(char *, const union ct_addr *, uint8_t) =
		s->full_addresses ? put_address_full : put_address;

	at->src = put_str(p, "src=");
	at->dst = put_str(address(at->src, &t->src, t->l3num), " dst=");
	at->sport = put_str(address(at->dst, &t->dst, t->l3num), " sport=");
	at->dport = put_str(put_u16(at->sport, t->sport), " dport=");
	at->end = put_u16(at->dport, t->dport);
	return put_char(at->end, ' ');
}

/* Copies what ends at 'end', a piece at a time; behind it stands enough that
 * a piece never reaches to 'p'. */
__attribute__((always_inline))
static inline char *again(char *p, const char *from, const char *end,
			  size_t piece)
{
	size_t n = (size_t)(end - from);

	for (size_t i = 0; i < n; i += piece)
		memcpy(p + i, from + i, piece);
	return p + n;
}

/* The other direction's, of the same text. */
static char *put_mirrored(char *p, const struct parts *at)
{
	p = again(put_str(p, "src="), at->dst, at->sport - strlen(" sport="), 16);
	p = again(put_str(p, " dst="), at->src, at->dst - strlen(" dst="), 16);
	p = again(put_str(p, " sport="), at->dport, at->end, 8);
	p = again(put_str(p, " dport="), at->sport,
		  at->dport - strlen(" dport="), 8);
	return put_char(p, ' ');
}

static char *tuple(char *p, const struct ct_tuple *t, const struct style *s)
{
	return put_transport(put_addresses(p, t, s->full_addresses), t);
}

static char *counters(char *p, const struct ct_record *rec, enum ct_dir dir)
{
	p = number(p, "packets=", rec->counter[dir].packets);
	return number(p, "bytes=", rec->counter[dir].bytes);
}

/* Up to the tuples; without a state where none is to be shown. */
static char *protocol(char *p, const struct ct_record *rec,
		      const struct style *s, bool with_timeout, bool with_state)
{
	const struct ct_tuple *t = &rec->tuple[0];
	const char *state = with_state ?
		ct_proto_state_name(t->protonum, rec->state) : NULL;
	char *start;

	if (s->family)
		p = put_str(p, t->l3num == CT_L3_IPV4 ? "ipv4     2 " :
							"ipv6     10 ");
	start = p;
	p = put_str(p, ct_proto_name(t->protonum));
	p = put_char(put_pad(p, start, 8), ' ');
	p = number(p, "", t->protonum);
	if (with_timeout)
		p = number(p, "", seconds_left(rec));
	if (state)
		p = put_char(put_str(p, state), ' ');
	if (t->protonum == CT_L4_GRE && s->gre_timeouts) {
		p = put_u64(put_str(p, "timeout="), rec->gre_timeout);
		p = number(p, ", stream_timeout=", rec->gre_timeout_stream);
	}
	return p;
}

static char *tuples(char *p, const struct ct_record *rec,
		    const struct style *s, bool counted)
{
	bool mirrored = is_mirrored(rec);
	struct parts parts;

	p = mirrored ? put_parts(p, &rec->tuple[0], s, &parts) :
		       tuple(p, &rec->tuple[0], s);
	if (counted)
		p = counters(p, rec, CT_DIR_ORIGINAL);
	if (!(rec->status & CT_STATUS_SEEN_REPLY))
		p = put_str(p, "[UNREPLIED] ");
	p = mirrored ? put_mirrored(p, &parts) : tuple(p, &rec->tuple[1], s);
	if (counted)
		p = counters(p, rec, CT_DIR_REPLY);
	if (rec->status & CT_STATUS_ASSURED)
		p = put_str(p, "[ASSURED] ");
	return p;
}

static char *helper_word(char *p, const struct ct_record *rec)
{
	if (!rec->helper)
		return p;
	return put_char(put_str(put_str(p, "helper="), rec->helper), ' ');
}

static uint64_t age(const struct ct_record *rec)
{
	return (rec->now - rec->first_seen) / CT_NSEC_PER_SEC;
}

static void text_entry(struct report *r, const struct ct_record *rec)
{
	const struct style *s = &styles[r->table_style];
	char *p = out_begin(&r->out);

	p = protocol(p, rec, s, true, true);
	p = tuples(p, rec, s, r->acct);
	if (s->mark)
		p = put_str(p, "mark=0 ");
	if (s->zone)
		p = put_str(p, "zone=0 ");
	if (r->timestamp)
		p = number(p, "delta-time=", age(rec));
	if (s->helper)
		p = helper_word(p, rec);
	p = put_u64(put_str(p, "use="), rec->use - s->use_less);
	out_end(&r->out, put_char(p, '\n'));
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
	out_seconds(o, when < r->start ? r->start - when : when - r->start, 6);
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
	char *p = out_begin(&r->out);

	p = put_micros(put_char(p, '['), ev->when, &r->event);
	p = put_str(put_str(p, "]\t"), tags[ev->type]);
	p = protocol(p, rec, s, !destroy || seconds_left(rec) > 0,
		     destroy || (ev->changed & CT_CHANGED_PROTOINFO));
	p = tuples(p, rec, s, r->acct && destroy);
	if (r->timestamp && destroy)
		p = number(p, "delta-time=", age(rec));
	if (!destroy)
		p = helper_word(p, rec);
	p = put_u64(put_str(p, "id="), rec->id);
	out_end(&r->out, put_char(p, '\n'));
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
