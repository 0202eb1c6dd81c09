/* SPDX-License-Identifier: GPL-2.0-only */
#include "support/sample.h"

#include <stdlib.h>
#include <string.h>

#include "support/craft.h"

struct report *sample_report(enum report_format format)
{
	struct report *r = calloc(1, sizeof(*r));

	if (!r)
		abort();
	out_init(&r->out, -1);
	r->format = format;
	r->start = SAMPLE_TIME;
	return r;
}

const char *sample_printed(struct report *r)
{
	r->out.buf[r->out.len] = '\0';
	r->out.len = 0;
	return r->out.buf;
}

void sample_packet(struct packet_view *pkt, uint8_t protonum)
{
	*pkt = (struct packet_view){
		.number = 17, .time = SAMPLE_TIME + 119804001,
		.src = craft_address("192.0.2.1"),
		.dst = craft_address("198.51.100.2"),
		.len = 44, .l3num = CT_L3_IPV4, .protonum = protonum,
		.v = { .id = 21, .ctstate = CT_NEW, .dir = CT_DIR_ORIGINAL },
	};
}

void sample_reason(struct packet_view *pkt, enum ct_reason reason)
{
	struct ct_why *w = &pkt->v.why[0];

	pkt->v.nwhy = 1;
	*w = (struct ct_why){ .reason = (uint16_t)reason, .l3num = CT_L3_IPV4 };
	for (size_t i = 0; i < sizeof(w->n) / sizeof(w->n[0]); i++)
		w->n[i] = 1;
}

static void set_tuple(struct ct_tuple *t, uint8_t protonum, const char *src,
		      const char *dst, uint16_t a, uint16_t b)
{
	*t = (struct ct_tuple){
		.src = craft_address(src), .dst = craft_address(dst),
		.l3num = CT_L3_IPV4, .protonum = protonum,
	};
	switch (protonum) {
	case CT_L4_ICMP:
		t->icmp_id = a;
		t->icmp_type = (uint8_t)b;
		break;
	case CT_L4_GRE:
		t->srckey = a;
		t->dstkey = b;
		break;
	case CT_L4_TCP:
	case CT_L4_UDP:
	case CT_L4_SCTP:
	case CT_L4_UDPLITE:
	case CT_L4_DCCP:
		t->sport = a;
		t->dport = b;
		break;
	}
}

void sample_record(struct ct_record *rec, uint8_t protonum)
{
	*rec = (struct ct_record){
		.id = 21, .use = 2, .first_seen = SAMPLE_TIME,
		.last_seen = SAMPLE_TIME + 7 * CT_NSEC_PER_SEC,
		.now = SAMPLE_TIME + 11 * CT_NSEC_PER_SEC,
		.expires = SAMPLE_TIME + 41 * CT_NSEC_PER_SEC + 5,
		.counter = { { 101, 1001 }, { 102, 1002 } },
	};
	rec->generic = ct_proto_is_generic(protonum);
	set_tuple(&rec->tuple[0], protonum, "192.0.2.1", "198.51.100.2", 40001, 81);
	set_tuple(&rec->tuple[1], protonum, "198.51.100.2", "192.0.2.1", 82, 40002);
}

void sample_expect(struct ct_expect_record *x, uint8_t protonum)
{
	*x = (struct ct_expect_record){
		.id = 31, .master = 22, .helper = "pptp", .class_name = "",
		.now = SAMPLE_TIME, .expires = SAMPLE_TIME + 33 * CT_NSEC_PER_SEC,
	};
	set_tuple(&x->tuple, protonum, "192.0.2.1", "198.51.100.2", 40001, 81);
	set_tuple(&x->mask, protonum, "255.255.255.255", "255.255.255.255", 65535,
		  65535);
	set_tuple(&x->master_tuple, CT_L4_TCP, "192.0.2.9", "198.51.100.9", 40003,
		  83);
}
