/* SPDX-License-Identifier: GPL-2.0-only */
/* An event's line, whatever its addresses and ports; against snprintf(3). */
#include "support/rig.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/report.h"

static const struct { uint8_t l3num; const char *src, *dst; } ends[] = {
	{ CT_L3_IPV4, "1.1.1.1", "2.2.2.2" },
	{ CT_L3_IPV4, "192.168.100.200", "1.1.1.1" },
	{ CT_L3_IPV4, "1.1.1.1", "255.255.255.255" },
	{ CT_L3_IPV6, "::", "::" },
	{ CT_L3_IPV6, "::1", "::" },
	{ CT_L3_IPV6, "::", "2001:db8:1111:2222:3333:4444:5555:6666" },
	{ CT_L3_IPV6, "2001:db8:1111:2222:3333:4444:5555:6666", "::" },
	{ CT_L3_IPV6, "2001:db8::1", "2001:db8:1111:2222:3333:4444:5555:6666" },
};

static const uint16_t ports[] = { 0, 9, 10, 443, 9999, 10000, 65535 };

static char *put_expected(char *p, const struct ct_tuple *t)
{
	char src[INET6_ADDRSTRLEN], dst[INET6_ADDRSTRLEN];
	int family = t->l3num == CT_L3_IPV4 ? AF_INET : AF_INET6;

	inet_ntop(family, &t->src, src, sizeof(src));
	inet_ntop(family, &t->dst, dst, sizeof(dst));
	return p + sprintf(p, "src=%s dst=%s sport=%u dport=%u ", src, dst,
			   t->sport, t->dport);
}

static void check(struct report *r, struct ct_event *ev)
{
	struct ct_record *rec = &ev->record;
	char expected[512], *p = expected;

	p += sprintf(p, "[12.000345]\t    [NEW] %s %u 30 ",
		     rec->tuple[0].protonum == CT_L4_TCP ? "tcp     " : "udp     ",
		     rec->tuple[0].protonum);
	p = put_expected(p, &rec->tuple[0]);
	if (!(rec->status & CT_STATUS_SEEN_REPLY))
		p += sprintf(p, "[UNREPLIED] ");
	p = put_expected(p, &rec->tuple[1]);
	sprintf(p, "id=%" PRIu64 "\n", rec->id);
	r->out.len = 0;
	report_event(r, ev);
	r->out.buf[r->out.len] = '\0';
	assert_string_equal(r->out.buf, expected);
}

static void fill(struct ct_record *rec, size_t i, uint16_t sport, uint16_t dport)
{
	struct ct_tuple *t = rec->tuple;

	t[0] = (struct ct_tuple){
		.src = craft_address(ends[i].src), .dst = craft_address(ends[i].dst),
		.sport = sport, .dport = dport, .l3num = ends[i].l3num,
	};
	t[1] = (struct ct_tuple){
		.src = t[0].dst, .dst = t[0].src, .sport = dport, .dport = sport,
		.l3num = ends[i].l3num,
	};
}

static void lines(void **state)
{
	struct report *r = calloc(1, sizeof(*r));
	struct ct_event ev = {
		.type = CT_EVENT_NEW, .when = 12000345678,
		.record = { .id = 7, .expires = 42 * CT_NSEC_PER_SEC,
			    .now = 12 * CT_NSEC_PER_SEC },
	};
	struct ct_tuple *t = ev.record.tuple;

	(void)state;
	assert_non_null(r);
	out_init(&r->out, -1);
	for (size_t i = 0; i < ITEMS(ends); i++)
		for (size_t a = 0; a < ITEMS(ports); a++)
			for (size_t b = 0; b < ITEMS(ports); b++) {
				fill(&ev.record, i, ports[a], ports[b]);
				ev.record.status = a & 1 ? CT_STATUS_SEEN_REPLY : 0;
				t[0].protonum = t[1].protonum =
					b & 1 ? CT_L4_TCP : CT_L4_UDP;
				check(r, &ev);
				/* Not the original's with its ends exchanged. */
				t[1].dport ^= 1;
				check(r, &ev);
			}
	free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(lines) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
