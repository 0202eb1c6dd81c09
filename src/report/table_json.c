/* SPDX-License-Identifier: GPL-2.0-only */
/* table_json.c - a connection's members of JSON, and the table's records. */
#include "report/record.h"

#include "ctreplay/firewall.h"
#include "report/formats.h"
#include "report/json.h"

/* The keys of one direction, which are those of jc's parser of conntrack(8). */
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
	switch (rec->generic ? 0 : t->protonum) {
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
	case CT_L4_DCCP:
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
	const char *names[2];
	size_t n = 0;

	if (!(status & CT_STATUS_SEEN_REPLY))
		names[n++] = "UNREPLIED";
	if (status & CT_STATUS_ASSURED)
		names[n++] = "ASSURED";
	json_key(o, "status");
	out_char(o, '[');
	for (size_t i = 0; i < n; i++) {
		out_str(o, i ? ",\"" : "\"");
		out_str(o, names[i]);
		out_char(o, '"');
	}
	out_char(o, ']');
}

void json_connection(struct report *r, const struct ct_record *rec,
		     bool with_timeout, bool with_state)
{
	struct out *o = &r->out;
	const struct ct_tuple *t = &rec->tuple[0];

	json_u64_or_null(o, "id", rec->id != 0, rec->id);
	json_str(o, "l3proto", shown_l3proto(t->l3num));
	json_str(o, "proto", record_proto(rec));
	json_u64(o, "protonum", t->protonum);
	json_u64_or_null(o, "timeout", with_timeout, record_timeout(rec));
	json_str(o, "state", with_state ? record_state(rec) : NULL);
	json_direction(r, rec, CT_DIR_ORIGINAL);
	json_direction(r, rec, CT_DIR_REPLY);
	json_status(o, rec->status);
	if (r->timestamp)
		json_u64(o, "delta_time", record_age(rec));
	json_time(o, "first_seen", rec->first_seen);
	json_time(o, "last_seen", rec->last_seen);
	json_str(o, "helper", rec->helper);
	json_u64_or_null(o, "master", rec->master != 0, rec->master);
}

/* Where it is in its zone in one direction alone. */
static void json_zone_dir(struct out *o, const struct ct_record *rec)
{
	if (rec->zone && rec->zone_dirs != CT_ZONE_BOTH)
		json_str(o, "zone_dir", rec->zone_dirs == CT_ZONE_ORIGINAL ?
					"original" : "reply");
}

void json_record_rules(struct out *o, const struct ct_record *rec, bool mark)
{
	if (mark || rec->mark)
		json_u64(o, "mark", rec->mark);
	if (rec->zone)
		json_u64(o, "zone", rec->zone);
	json_zone_dir(o, rec);
}

void json_record(struct report *r, const struct ct_record *rec)
{
	struct out *o = &r->out;

	out_line(o);
	out_str(o, "{\"type\":\"conntrack\"");
	if (r->snapshot)
		json_time(o, "at", r->snapshot_at);
	json_connection(r, rec, true, true);
	json_u64(o, "mark", rec->mark);
	json_u64(o, "zone", rec->zone);
	json_zone_dir(o, rec);
	json_u64(o, "use", rec->use - 1);
	out_str(o, "}\n");
}
