/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * table_proc.c - the table as text, in the styles of /proc and of conntrack(8).
 *
 * The kernel's ct_seq_show() prints "nf_conntrack"; "ip_conntrack" is what Linux
 * 2.4 and 2.6 printed of the same entry; "conntrack" is what conntrack -L makes
 * of it.
 */
#include "base/compiler.h"
#include "report/record.h"

#include "ctreplay/firewall.h"
#include "report/formats.h"
#include "report/tuple.h"

const struct record_style record_styles[] = {
	[TABLE_IP_CONNTRACK] = {
		.full_addresses = true, .gre_timeouts = true, .use_less = 1,
	},
	[TABLE_NF_CONNTRACK] = {
		.family = true, .full_addresses = true, .gre_timeouts = true,
		.mark = true, .zone = true,
	},
	[TABLE_CONNTRACK] = {
		.mark = true, .helper = true, .by_number = true, .use_less = 1,
	},
};

/* Whether the connection is TCP or UDP and its reply tuple is the inverse of the
 * original one, which is so for nearly all. */
static bool is_mirrored(const struct ct_record *rec)
{
	const struct ct_tuple *a = &rec->tuple[0], *b = &rec->tuple[1];

	return (a->protonum == CT_L4_TCP || a->protonum == CT_L4_UDP) &&
	       memcmp(&a->src, &b->dst, sizeof(a->src)) == 0 &&
	       memcmp(&a->dst, &b->src, sizeof(a->dst)) == 0 &&
	       a->sport == b->dport && a->dport == b->sport;
}

/* Where the parts of a tuple with ports begin, and where the last one ends. */
struct parts {
	char *src, *dst, *sport, *dport, *end;
};

static always_inline char *put_tuple_address(char *p, const union ct_addr *a,
					     uint8_t l3num, const struct record_style *s)
{
	if (l3num == CT_L3_IPV4)
		return put_ipv4(p, a->b);
	return s->full_addresses ? put_address_full(p, a, l3num) : put_address(p, a, l3num);
}

/* A tuple with ports, as the kernel's print_tuple() writes it. */
static char *put_parts(char *p, const struct ct_tuple *t,
		       const struct record_style *s, struct parts *at)
{
	at->src = put_str(p, "src=");
	at->dst = put_str(put_tuple_address(at->src, &t->src, t->l3num, s), " dst=");
	at->sport = put_str(put_tuple_address(at->dst, &t->dst, t->l3num, s), " sport=");
	at->dport = put_str(put_u16(at->sport, t->sport), " dport=");
	at->end = put_u16(at->dport, t->dport);
	return put_char(at->end, ' ');
}

/* Copies a text that is already written, up to 'end', in pieces of 'piece' bytes.
 * The text between 'end' and 'p' is longer than a piece, so no piece overlaps. */
static always_inline char *put_again(char *p, const char *from, const char *end,
			      size_t piece)
{
	size_t n = (size_t)(end - from);

	for (size_t i = 0; i < n; i += piece)
		memcpy(p + i, from + i, piece);
	return p + n;
}

/* The inverse of the tuple at 'at', made of the same text. */
static char *put_mirrored(char *p, const struct parts *at)
{
	p = put_again(put_str(p, "src="), at->dst, at->sport - strlen(" sport="), 16);
	p = put_again(put_str(p, " dst="), at->src, at->dst - strlen(" dst="), 16);
	p = put_again(put_str(p, " sport="), at->dport, at->end, 8);
	p = put_again(put_str(p, " dport="), at->sport,
		  at->dport - strlen(" dport="), 8);
	return put_char(p, ' ');
}

/*
 * conntrack(8) knows protocols by their numbers, and prints ports even if the
 * kernel has no tracker for the protocol and so no ports.
 */
static bool shows_as_generic(const struct ct_record *rec,
			     const struct record_style *s)
{
	return rec->generic && !s->by_number;
}

static char *put_tuple(char *p, const struct ct_record *rec, enum ct_dir dir,
		       const struct record_style *s)
{
	const struct ct_tuple *t = &rec->tuple[dir];

	p = put_addresses(p, t, s->full_addresses);
	return shows_as_generic(rec, s) ? p : put_transport(p, t);
}

static char *put_counters(char *p, const struct ct_record *rec, enum ct_dir dir)
{
	p = put_member(p, "packets=", rec->counter[dir].packets);
	return put_member(p, "bytes=", rec->counter[dir].bytes);
}

char *put_record_protocol(char *p, const struct ct_record *rec,
			  const struct record_style *s, bool with_timeout,
			  bool with_state)
{
	const struct ct_tuple *t = &rec->tuple[0];
	const char *state = with_state ? record_state(rec) : NULL;
	char *start;

	if (s->family)
		p = put_str(p, t->l3num == CT_L3_IPV4 ? "ipv4     2 " :
							"ipv6     10 ");
	start = p;
	p = put_str(p, shows_as_generic(rec, s) ? "unknown" :
						  ct_proto_name(t->protonum));
	p = put_char(put_pad(p, start, 8), ' ');
	p = put_member(p, "", t->protonum);
	if (with_timeout)
		p = put_member(p, "", record_timeout(rec));
	if (state)
		p = put_char(put_str(p, state), ' ');
	if (t->protonum == CT_L4_GRE && s->gre_timeouts) {
		p = put_u64(put_str(p, "timeout="), rec->gre_timeout);
		p = put_member(p, ", stream_timeout=", rec->gre_timeout_stream);
	}
	return p;
}

/* A zone of one direction alone; ct_show_zone(). */
static char *put_zone_of(char *p, const struct ct_record *rec, uint8_t dirs,
			 const char *name)
{
	if (!rec->zone || rec->zone_dirs != dirs)
		return p;
	return put_member(p, name, rec->zone);
}

char *put_record_rules(char *p, const struct ct_record *rec, bool mark, bool zone)
{
	if (mark || rec->mark)
		p = put_member(p, "mark=", rec->mark);
	if ((zone || rec->zone) && (!rec->zone || rec->zone_dirs == CT_ZONE_BOTH))
		p = put_member(p, "zone=", rec->zone);
	return p;
}

char *put_record_tuples(char *p, const struct ct_record *rec,
			const struct record_style *s, bool counted)
{
	bool mirrored = is_mirrored(rec);
	struct parts parts;

	p = mirrored ? put_parts(p, &rec->tuple[0], s, &parts) :
		       put_tuple(p, rec, CT_DIR_ORIGINAL, s);
	p = put_zone_of(p, rec, CT_ZONE_ORIGINAL, "zone-orig=");
	if (counted)
		p = put_counters(p, rec, CT_DIR_ORIGINAL);
	if (!(rec->status & CT_STATUS_SEEN_REPLY))
		p = put_str(p, "[UNREPLIED] ");
	p = mirrored ? put_mirrored(p, &parts) : put_tuple(p, rec, CT_DIR_REPLY, s);
	p = put_zone_of(p, rec, CT_ZONE_REPLY, "zone-reply=");
	if (counted)
		p = put_counters(p, rec, CT_DIR_REPLY);
	if (rec->status & CT_STATUS_ASSURED)
		p = put_str(p, "[ASSURED] ");
	return p;
}

char *put_record_helper(char *p, const struct ct_record *rec)
{
	if (!rec->helper)
		return p;
	return put_char(put_str(put_str(p, "helper="), rec->helper), ' ');
}

void text_record(struct report *r, const struct ct_record *rec)
{
	const struct record_style *s = &record_styles[r->table_style];
	char *p;

	if (r->table_style == TABLE_SHORT) {
		text_short_record(r, rec);
		return;
	}
	p = out_begin(&r->out);
	p = put_record_protocol(p, rec, s, true, true);
	p = put_record_tuples(p, rec, s, r->acct);
	p = put_record_rules(p, rec, s->mark, s->zone);
	if (r->timestamp)
		p = put_member(p, "delta-time=", record_age(rec));
	if (s->helper)
		p = put_record_helper(p, rec);
	p = put_u64(put_str(p, "use="), rec->use - s->use_less);
	if (r->ids)
		p = put_u64(put_str(p, " id="), rec->id);
	out_end(&r->out, put_char(p, '\n'));
}

void text_table_heading(struct report *r, struct ct *ct, size_t shown)
{
	ct_time when = r->snapshot ? r->snapshot_at : ct_now(ct);
	struct out *o = &r->out;

	out_line(o);
	out_str(o, "# table at ");
	out_moment(r, when, TIME_RELATIVE);
	if (r->snapshot) {
		out_str(o, " (--at ");
		out_str(o, r->snapshot_text);
		out_char(o, ')');
	}
	out_str(o, ": ");
	if (shown != ct_count(ct)) {
		out_u64(o, shown);
		out_str(o, " of ");
	}
	out_u64(o, ct_count(ct));
	out_str(o, ct_count(ct) == 1 ? " connection\n" : " connections\n");
}
