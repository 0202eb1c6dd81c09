/* SPDX-License-Identifier: GPL-2.0-only */
/* Zones, helpers and marks that rules give; recorded cases in tests/rules hold zones
 * against the kernel. */
#include "ctreplay/firewall.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>

struct rig {
	struct ct *ct;
	struct ct_verdict v;
	struct ct_packet pkt;
	uint8_t bytes[64];
	uint32_t changed;	/* of the last UPDATE */
};

static void on_event(void *arg, const struct ct_event *ev)
{
	if (ev->type == CT_EVENT_UPDATE)
		((struct rig *)arg)->changed = ev->changed;
}

static void open_rig(struct rig *r)
{
	struct ct_config cfg;

	memset(r, 0, sizeof(*r));
	ct_config_defaults(&cfg);
	cfg.checksum = CT_CHECKSUM_NONE;
	cfg.on_event = on_event;
	cfg.event_arg = r;
	assert_int_equal(ct_create(&r->ct, &cfg, NULL), 0);
	ct_advance(r->ct, CT_NSEC_PER_SEC);
}

/* A UDP packet, or TCP with flags, between 10.0.0.1 and 10.0.0.2. */
static void make(struct rig *r, bool reply, uint8_t flags)
{
	uint8_t *p = r->bytes, len = flags ? 40 : 28;
	uint32_t sum = 0;

	memset(p, 0, sizeof(r->bytes));
	p[0] = 0x45;
	p[3] = len;
	p[8] = 64;
	p[9] = flags ? CT_L4_TCP : CT_L4_UDP;
	p[12] = p[16] = 10;
	p[15] = reply ? 2 : 1;
	p[19] = reply ? 1 : 2;
	for (int i = 0; i < 20; i += 2)
		sum += (uint32_t)p[i] << 8 | p[i + 1];
	sum = ~((sum & 0xffff) + (sum >> 16));
	p[10] = (uint8_t)(sum >> 8);
	p[11] = (uint8_t)sum;
	p[20 + (reply ? 2 : 0)] = 0x10;	/* 4096 ... */
	p[21 + (reply ? 0 : 2)] = 21;	/* ... and 21 */
	p[25] = 8;
	if (flags) {
		p[25] = 0;
		p[32] = 0x50;
		p[33] = flags;
		p[34] = 0x10;
	}
	assert_int_equal(ct_packet_parse(&r->pkt, p, len, len, CT_L3_IPV4, 0),
			 CT_PACKET_OK);
}

/* Its ctstate; the packet leaves. */
static enum ct_ctstate pass(struct rig *r, bool reply, uint8_t flags,
			    struct ct_template tmpl)
{
	make(r, reply, flags);
	ct_track_as(r->ct, &r->pkt, &tmpl, &r->v);
	ct_confirm(r->ct, &r->v);
	return (enum ct_ctstate)r->v.ctstate;
}

#define ZONE(n, dirs) (struct ct_template){ .zone = n, .zone_dirs = dirs }
#define NONE (struct ct_template){ .zone = 0 }

static void zones_are_apart(void **state)
{
	struct ct_tuple t = { .sport = 4096, .dport = 21, .l3num = CT_L3_IPV4,
			      .protonum = CT_L4_UDP };
	struct ct_record record;
	enum ct_dir dir;
	struct rig r;

	(void)state;
	open_rig(&r);
	memcpy(t.src.b, "\x0a\0\0\1", 4);
	memcpy(t.dst.b, "\x0a\0\0\2", 4);
	assert_int_equal(pass(&r, false, 0, ZONE(5, CT_ZONE_BOTH)), CT_NEW);
	assert_int_equal(pass(&r, true, 0, NONE), CT_NEW);
	assert_int_equal(pass(&r, true, 0, ZONE(6, CT_ZONE_BOTH)), CT_NEW);
	assert_int_equal(pass(&r, true, 0, ZONE(5, CT_ZONE_BOTH)), CT_ESTABLISHED);
	assert_int_equal(ct_count(r.ct), 3);
	assert_true(ct_lookup_zone(r.ct, &t, 5, &dir, &record));
	assert_int_equal(dir, CT_DIR_ORIGINAL);
	assert_int_equal(record.zone, 5);
	assert_int_equal(record.zone_dirs, CT_ZONE_BOTH);
	assert_int_equal(record.tuple[0].zero, 0);
	assert_int_equal(record.tuple[1].zero, 0);
	assert_true(ct_lookup(r.ct, &t, &dir, &record));
	assert_int_equal(dir, CT_DIR_REPLY);
	assert_int_equal(record.zone, 0);
	assert_false(ct_lookup_zone(r.ct, &t, 7, NULL, &record));
	ct_destroy(r.ct);
}

static void zone_of_one_direction(void **state)
{
	struct rig r;

	(void)state;
	open_rig(&r);
	assert_int_equal(pass(&r, false, 0, ZONE(5, CT_ZONE_ORIGINAL)), CT_NEW);
	/* The reply is in zone 0, a second packet of its own is not. */
	assert_int_equal(pass(&r, true, 0, NONE), CT_ESTABLISHED);
	assert_int_equal(pass(&r, false, 0, ZONE(5, CT_ZONE_ORIGINAL)), CT_ESTABLISHED);
	assert_int_equal(ct_count(r.ct), 1);
	assert_int_equal(pass(&r, false, 0, NONE), CT_NEW);
	ct_destroy(r.ct);
}

static void template_gives_helper(void **state)
{
	struct ct_template tmpl = { .helper = "ftp" };
	struct ct_record record;
	struct rig r;

	(void)state;
	open_rig(&r);
	assert_true(ct_helper_known("ftp", CT_L3_IPV6, CT_L4_TCP));
	assert_false(ct_helper_known("ftp", CT_L3_IPV4, CT_L4_UDP));
	assert_false(ct_helper_known("nothing", CT_L3_IPV4, CT_L4_UDP));
	assert_int_equal(pass(&r, false, 2, tmpl), CT_NEW);
	assert_true(ct_current(r.ct, &r.pkt, &r.v, &record));
	assert_string_equal(record.helper, "ftp");
	assert_null(ct_master_helper(r.ct, &r.pkt, &r.v));
	ct_destroy(r.ct);
}

static void untracked_by_template(void **state)
{
	struct ct_template tmpl = { .notrack = true };
	struct rig r;

	(void)state;
	open_rig(&r);
	assert_int_equal(pass(&r, false, 2, tmpl), CT_UNTRACKED);
	assert_int_equal(ct_count(r.ct), 0);
	ct_destroy(r.ct);
}

static void marks(void **state)
{
	struct ct_record record;
	struct rig r;

	(void)state;
	open_rig(&r);
	make(&r, false, 0);
	ct_track_as(r.ct, &r.pkt, NULL, &r.v);
	assert_true(ct_set_mark(r.ct, &r.pkt, &r.v, 7));
	ct_confirm(r.ct, &r.v);
	assert_true(ct_current(r.ct, &r.pkt, &r.v, &record));
	assert_int_equal(record.mark, 7);

	make(&r, true, 0);
	ct_track_as(r.ct, &r.pkt, NULL, &r.v);
	ct_confirm(r.ct, &r.v);
	assert_false(r.changed & CT_CHANGED_MARK);
	assert_true(ct_set_mark(r.ct, &r.pkt, &r.v, 8));
	ct_confirm(r.ct, &r.v);
	assert_true(r.changed & CT_CHANGED_MARK);
	/* The place is another connection's after the end of this one. */
	ct_advance(r.ct, 1000 * CT_NSEC_PER_SEC);
	assert_int_equal(ct_count(r.ct), 0);
	assert_int_equal(pass(&r, false, 0, NONE), CT_NEW);
	assert_true(ct_current(r.ct, &r.pkt, &r.v, &record));
	assert_int_equal(record.mark, 0);
	r.v.ctstate = CT_INVALID;
	assert_false(ct_set_mark(r.ct, &r.pkt, &r.v, 1));
	ct_destroy(r.ct);
}

static void closing(void **state)
{
	struct ct_record record;
	struct rig r;

	(void)state;
	open_rig(&r);
	pass(&r, false, 2, NONE);
	ct_set_closing(r.ct, &r.pkt, &r.v);
	assert_true(ct_current(r.ct, &r.pkt, &r.v, &record));
	assert_int_equal(record.state, CT_TCP_CLOSE);
	assert_int_equal(record.expires - record.now, 10 * CT_NSEC_PER_SEC);
	assert_true(r.changed & CT_CHANGED_PROTOINFO);
	ct_destroy(r.ct);
}

/* The members that rules brought fill gaps: programs of before have the same struct. */
static void record_has_its_size(void **state)
{
	(void)state;
	if (sizeof(void *) == 8)
		assert_int_equal(sizeof(struct ct_record), 200);
	assert_true(offsetof(struct ct_record, zone) < offsetof(struct ct_record, use));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(zones_are_apart),
		cmocka_unit_test(zone_of_one_direction),
		cmocka_unit_test(template_gives_helper),
		cmocka_unit_test(untracked_by_template),
		cmocka_unit_test(marks), cmocka_unit_test(closing),
		cmocka_unit_test(record_has_its_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
