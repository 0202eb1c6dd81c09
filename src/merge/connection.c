/* SPDX-License-Identifier: GPL-2.0-only */
#include "merge/connection.h"

#include <string.h>

#include "merge/address.h"

static const struct field fields[] = {
	{ "id", FIELD_COUNT, true, false },	/* null: it never was in the table */
	{ "l3proto", FIELD_TEXT, false, false },
	{ "proto", FIELD_TEXT, false, false },
	{ "protonum", FIELD_U8, false, false },
	{ "timeout", FIELD_U32, true, false },
	{ "state", FIELD_TEXT, true, false },
	{ "orig_src", FIELD_TEXT, false, false },
	{ "orig_dst", FIELD_TEXT, false, false },
	{ "orig_sport", FIELD_U16, false, true },
	{ "orig_dport", FIELD_U16, false, true },
	{ "orig_type", FIELD_U8, false, true },
	{ "orig_code", FIELD_U8, false, true },
	{ "orig_id", FIELD_U16, false, true },
	{ "orig_srckey", FIELD_U16, false, true },
	{ "orig_dstkey", FIELD_U16, false, true },
	{ "orig_packets", FIELD_COUNT, false, false },
	{ "orig_bytes", FIELD_COUNT, false, false },
	{ "reply_src", FIELD_TEXT, false, false },
	{ "reply_dst", FIELD_TEXT, false, false },
	{ "reply_sport", FIELD_U16, false, true },
	{ "reply_dport", FIELD_U16, false, true },
	{ "reply_type", FIELD_U8, false, true },
	{ "reply_code", FIELD_U8, false, true },
	{ "reply_id", FIELD_U16, false, true },
	{ "reply_srckey", FIELD_U16, false, true },
	{ "reply_dstkey", FIELD_U16, false, true },
	{ "reply_packets", FIELD_COUNT, false, false },
	{ "reply_bytes", FIELD_COUNT, false, false },
	{ "status", FIELD_TEXTS, false, false },
	{ "delta_time", FIELD_COUNT, false, true },
	{ "first_seen", FIELD_TIME, false, false },
	{ "last_seen", FIELD_TIME, false, false },
	{ "helper", FIELD_TEXT, true, false },
	{ "master", FIELD_COUNT, true, false },
	{ "new", FIELD_COUNT, false, false },
	{ "established", FIELD_COUNT, false, false },
	{ "related", FIELD_COUNT, false, false },
	{ "invalid", FIELD_COUNT, false, false },
	{ "rules_dropped", FIELD_COUNT, false, true },
	{ "rules_dropped_first", FIELD_TEXT, true, true },
	{ "rules_dropped_last", FIELD_TEXT, true, true },
	{ "end", FIELD_TEXT, true, false },
	{ "ended", FIELD_TIME, true, false },
	{ "file", FIELD_TEXT, false, true },
};

/* The members of a direction. */
struct keys {
	const char *src, *dst, *sport, *dport, *type, *code, *id, *srckey, *dstkey,
		   *packets, *bytes;
};

#define KEYS(dir) { dir "_src", dir "_dst", dir "_sport", dir "_dport", dir "_type", \
		    dir "_code", dir "_id", dir "_srckey", dir "_dstkey", \
		    dir "_packets", dir "_bytes" }
static const struct keys keys[2] = { KEYS("orig"), KEYS("reply") };

static bool read_protocol(struct ct_record *rec, const struct record *r)
{
	const char *l3 = record_text(r, "l3proto"), *proto = record_text(r, "proto");
	uint8_t protonum = (uint8_t)record_count(r, "protonum");
	uint8_t l3num = strcmp(l3, "ipv4") == 0 ? CT_L3_IPV4 :
			strcmp(l3, "ipv6") == 0 ? CT_L3_IPV6 : 0;

	if (!l3num)
		return record_refuse(r, "l3proto '%.20s' is not known", l3);
	rec->generic = strcmp(proto, "unknown") == 0;
	if (!rec->generic && strcmp(proto, ct_proto_name(protonum)) != 0)
		return record_refuse(r, "proto '%.20s' is not protocol %u", proto,
				     protonum);
	for (int dir = 0; dir < 2; dir++) {
		rec->tuple[dir].l3num = l3num;
		rec->tuple[dir].protonum = protonum;
	}
	return true;
}

static bool read_two(const struct record *r, const char *a, const char *b,
		     uint16_t *to_a, uint16_t *to_b)
{
	*to_a = (uint16_t)record_count(r, a);
	*to_b = (uint16_t)record_count(r, b);
	return (record_has(r, a) && record_has(r, b)) ||
	       record_refuse(r, "'%s' and '%s' are not there", a, b);
}

static bool read_transport(struct ct_tuple *t, const struct record *r,
			   const struct keys *k, bool generic)
{
	switch (generic ? 0 : t->protonum) {
	case CT_L4_ICMP:
	case CT_L4_ICMPV6:
		t->icmp_type = (uint8_t)record_count(r, k->type);
		t->icmp_code = (uint8_t)record_count(r, k->code);
		t->icmp_id = (uint16_t)record_count(r, k->id);
		return (record_has(r, k->type) && record_has(r, k->code) &&
			record_has(r, k->id)) ||
		       record_refuse(r, "'%s', '%s' and '%s' are not there", k->type,
				     k->code, k->id);
	case CT_L4_TCP:
	case CT_L4_UDP:
	case CT_L4_UDPLITE:
	case CT_L4_SCTP:
	case CT_L4_DCCP:
		return read_two(r, k->sport, k->dport, &t->sport, &t->dport);
	case CT_L4_GRE:
		return read_two(r, k->srckey, k->dstkey, &t->srckey, &t->dstkey);
	}
	return true;
}

static bool read_direction(struct ct_record *rec, enum ct_dir dir,
			   const struct record *r)
{
	const struct keys *k = &keys[dir];
	struct ct_tuple *t = &rec->tuple[dir];
	uint8_t l3num = t->l3num;

	rec->counter[dir].packets = record_count(r, k->packets);
	rec->counter[dir].bytes = record_count(r, k->bytes);
	return address_read(r, k->src, &t->src, &l3num) &&
	       address_read(r, k->dst, &t->dst, &l3num) &&
	       read_transport(t, r, k, rec->generic);
}

static uint8_t count_states(uint8_t protonum)
{
	return protonum == CT_L4_TCP ? CT_TCP_STATES :
	       protonum == CT_L4_SCTP ? CT_SCTP_STATES :
	       protonum == CT_L4_DCCP ? CT_DCCP_STATES : 0;
}

static bool read_state(struct ct_record *rec, const struct record *r)
{
	const char *state = record_text(r, "state");
	uint8_t protonum = rec->tuple[0].protonum;
	uint8_t states = rec->generic ? 0 : count_states(protonum);

	if (!state && !states)
		return true;
	for (uint8_t i = 0; state && i < states; i++)
		if (strcmp(state, ct_proto_state_name(protonum, i)) == 0) {
			rec->state = i;
			return true;
		}
	return record_refuse(r, "state '%.40s' is none of protocol %u",
			     state ? state : "null", protonum);
}

static bool read_status(struct ct_record *rec, const struct record *r)
{
	const json_t *status = record_member(r, "status");

	rec->status = CT_STATUS_SEEN_REPLY;
	for (size_t i = 0; i < json_array_size(status); i++) {
		const char *name = json_string_value(json_array_get(status, i));

		if (strcmp(name, "UNREPLIED") == 0)
			rec->status &= ~CT_STATUS_SEEN_REPLY;
		else if (strcmp(name, "ASSURED") == 0)
			rec->status |= CT_STATUS_ASSURED;
		else
			return record_refuse(r, "status '%.40s' is not known", name);
	}
	return true;
}

/* It has ended, and why and when is known, or it has a timeout. */
static bool read_end(struct connection_view *v, const struct record *r)
{
	const char *name = record_text(r, "end");

	if (record_has(r, "timeout") == (name != NULL) ||
	    record_has(r, "ended") != (name != NULL))
		return record_refuse(r, "'end', 'ended' and 'timeout' do not fit "
				     "together");
	v->record.expires = record_count(r, "timeout") * CT_NSEC_PER_SEC;
	v->when = record_time(r, "ended");
	v->refused = name && strcmp(name, "dropped") == 0;
	if (v->refused == record_has(r, "id"))
		return record_refuse(r, "'id' and 'end' do not fit together");
	if (v->refused)
		return true;
	for (int i = 0; i < CT_ENDS; i++) {
		const char *end = i == CT_END_NONE ? NULL : ct_end_name((enum ct_end)i);

		if (name && end ? strcmp(name, end) == 0 : !name && !end) {
			v->end = (enum ct_end)i;
			return true;
		}
	}
	return record_refuse(r, "end '%.40s' is not known", name);
}

static bool read_helper(struct ct_record *rec, const struct record *r)
{
	rec->helper = record_text(r, "helper");
	return !rec->helper || strlen(rec->helper) < 32 ||
	       record_refuse(r, "helper '%.40s' is too long", rec->helper);
}

/* With a firewall.  The same place has the same pointers, as in a run. */
static bool read_drops(struct merged_connection *c, const struct record *r)
{
	const char *first = record_text(r, "rules_dropped_first");
	const char *last = record_text(r, "rules_dropped_last");
	struct connection_view *v = &c->view;

	v->drops.packets = record_count(r, "rules_dropped");
	if ((first != NULL) != (v->drops.packets > 0) ||
	    (last != NULL) != (v->drops.packets > 0))
		return record_refuse(r, "'rules_dropped' and its rules do not fit "
				     "together");
	if (!first)
		return true;
	if (!place_read(&v->drops.first, c->place[0], first) ||
	    !place_read(&v->drops.last, c->place[1], last))
		return record_refuse(r, "'%.60s' or '%.60s' is no place of a rule, such "
				     "as 'filter:FORWARD:3'", first, last);
	if (strcmp(first, last) == 0)
		v->drops.last = v->drops.first;
	return true;
}

bool merged_connection_read(struct merged_connection *c, const struct record *r)
{
	struct connection_view *v = &c->view;
	struct ct_record *rec = &v->record;

	*c = (struct merged_connection){ .file = NULL };
	if (!record_check(r, fields, sizeof(fields) / sizeof(fields[0])))
		return false;
	rec->id = record_count(r, "id");
	rec->master = record_count(r, "master");
	rec->first_seen = record_time(r, "first_seen");
	rec->last_seen = record_time(r, "last_seen");
	v->ctstate[CT_NEW] = record_count(r, "new");
	v->ctstate[CT_ESTABLISHED] = record_count(r, "established");
	v->ctstate[CT_RELATED] = record_count(r, "related");
	v->ctstate[CT_INVALID] = record_count(r, "invalid");
	c->file = record_text(r, "file");
	return read_protocol(rec, r) && read_direction(rec, CT_DIR_ORIGINAL, r) &&
	       read_direction(rec, CT_DIR_REPLY, r) && read_state(rec, r) &&
	       read_status(rec, r) && read_helper(rec, r) && read_end(v, r) &&
	       read_drops(c, r);
}
