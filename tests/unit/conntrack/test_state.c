/* SPDX-License-Identifier: GPL-2.0-only */
/* ct_save() and ct_load() beyond what the rig does before each packet: what is refused,
 * what fails, and what a state depends on. */
#include "support/rig.h"

#include <errno.h>
#include <string.h>

#include "base/state_io.h"
#include "base/xxh64.h"
#include "ctreplay/state.h"
#include "support/bag.h"

static void send_one(struct ct *ct, uint16_t sport, struct ct_verdict *v, bool confirm)
{
	struct ct_packet pkt;
	struct craft c;

	craft_udp(&c, CT_L3_IPV4, "10.0.0.1", "10.0.0.2", sport, 53, 8);
	assert_int_equal(ct_packet_parse(&pkt, c.b, c.n, c.n, CT_L3_IPV4, 0),
			 CT_PACKET_OK);
	ct_track(ct, &pkt, v);
	if (confirm)
		ct_confirm(ct, v);
}

static struct ct *engine(struct ct_config *cfg)
{
	struct ct *ct;

	assert_int_equal(ct_create(&ct, cfg, NULL), 0);
	ct_advance(ct, RIG_START);
	return ct;
}

static void defaults(struct ct_config *cfg)
{
	ct_config_defaults(cfg);
	ct_config_all_helpers(cfg);
}

/* The reason why the state of an engine with defaults is refused. */
static const char *refusal(struct ct_config *other)
{
	static struct ct_error error;
	struct bag bag = { .n = 0 };
	struct ct_config cfg;
	struct ct *ct;

	defaults(&cfg);
	ct = engine(&cfg);
	assert_int_equal(ct_save(ct, bag_write, &bag), 0);
	ct_destroy(ct);
	assert_int_equal(ct_create(&ct, other, NULL), 0);
	assert_int_equal(ct_load(ct, bag_read, &bag, &error), -EINVAL);
	assert_int_equal(error.code, -EINVAL);
	ct_destroy(ct);
	bag_free(&bag);
	return error.text;
}

static void another_configuration_is_refused(void **state)
{
	struct ct_config cfg;

	(void)state;
	defaults(&cfg);
	cfg.sysctl.udp_timeout = 31;
	assert_string_equal(refusal(&cfg), "it was saved with \"nf_conntrack_udp_timeout "
			    "30\", and this is \"nf_conntrack_udp_timeout 31\"");
	defaults(&cfg);
	cfg.kernel.has[0] ^= 1;
	assert_non_null(strstr(refusal(&cfg), "behaviours"));
	defaults(&cfg);
	cfg.track_bounds = true;
	assert_string_equal(refusal(&cfg), "it was saved with \"track-bounds 0\", and "
			    "this is \"track-bounds 1\"");
	defaults(&cfg);
	cfg.nhelpers--;
	assert_non_null(strstr(refusal(&cfg), "saved with \"helpers ... "));
}

/* One that is not in the table is no part of it, and leaves its id to the next. */
static void a_packet_that_waits_is_dropped(void **state)
{
	struct bag bag = { .n = 0 };
	struct ct_config cfg;
	struct ct_verdict v;
	struct ct *ct, *other;

	(void)state;
	defaults(&cfg);
	ct = engine(&cfg);
	send_one(ct, 1000, &v, false);
	assert_int_equal(v.ctstate, CT_NEW);
	assert_int_equal(ct_save(ct, bag_write, &bag), 0);
	assert_int_equal(ct_create(&other, &cfg, NULL), 0);
	assert_int_equal(ct_load(other, bag_read, &bag, NULL), 0);
	assert_int_equal(ct_count(other), 0);
	for (int i = 0; i < 2; i++) {
		send_one(i ? other : ct, 1001, &v, true);
		assert_int_equal(v.id, 1);
	}
	ct_destroy(ct);
	ct_destroy(other);
	bag_free(&bag);
}

static void what_cannot_be_written_fails(void **state)
{
	struct bag bag = { .room = 100 };
	struct ct_config cfg;
	struct ct *ct;

	(void)state;
	defaults(&cfg);
	ct = engine(&cfg);
	assert_int_equal(ct_save(ct, bag_write, &bag), -ENOSPC);
	ct_destroy(ct);
	bag_free(&bag);
}

/* Any place where a state is cut, and any bit: never a crash, always a reason. */
static void damage_is_refused(void **state)
{
	struct bag bag = { .n = 0 };
	struct ct_error error;
	struct ct_config cfg;
	struct ct_verdict v;
	struct ct *ct;
	size_t n;

	(void)state;
	defaults(&cfg);
	ct = engine(&cfg);
	for (uint16_t i = 0; i < 3; i++)
		send_one(ct, 1000 + i, &v, true);
	assert_int_equal(ct_save(ct, bag_write, &bag), 0);
	ct_destroy(ct);
	n = bag.n;
	for (size_t i = 0; i < 2 * n; i += 7) {
		bag.at = 0;
		bag.n = i < n ? i : n;
		if (i >= n)
			bag.p[i - n] ^= 4;
		assert_int_equal(ct_create(&ct, &cfg, NULL), 0);
		assert_int_equal(ct_load(ct, bag_read, &bag, &error), -EINVAL);
		assert_true(strlen(error.text) > 10);
		ct_destroy(ct);
		if (i >= n)
			bag.p[i - n] ^= 4;
	}
	bag_free(&bag);
}

/* Sets a number in the payload of the section 'tag', which is one chunk, and makes the
 * sums that then fit: whoever forges a state does the same. */
static void forge(struct bag *bag, uint32_t tag, size_t at, uint64_t value)
{
	uint64_t sum = CT_STATE_VERSION;
	uint8_t *c = bag->p;
	size_t n;

	for (; c < bag->p + bag->n; c += n) {
		n = STATE_HEADER + (load_le32(c + 12) & 0x7fffffff);
		if (load_le32(c + 8) == tag)
			store_le64(c + STATE_HEADER + at, value);
		sum = xxh64(c + 8, n - 8, sum);
		store_le64(c, sum);
	}
}

/* Ids that would reach 2^64, and then be 0. */
static void numbers_at_their_end_are_refused(void **state)
{
	/* Behind the clock and a flag: connections, expectations. */
	static const struct {
		size_t at;
		uint64_t value;
		const char *what;
	} forged[] = {
		{ 9, UINT64_MAX, "its last connection has a number that it cannot have" },
		{ 9, UINT64_MAX / 2 + 1,
		  "its last connection has a number that it cannot have" },
		{ 9, UINT64_MAX / 2, NULL },
		{ 17, UINT64_MAX, "its last expectation has a number that it cannot have" },
		{ 17, UINT64_MAX / 2, NULL },
	};
	struct ct_error error;
	struct ct_config cfg;
	struct ct *ct;

	(void)state;
	defaults(&cfg);
	for (size_t i = 0; i < sizeof(forged) / sizeof(forged[0]); i++) {
		struct bag bag = { .n = 0 };

		ct = engine(&cfg);
		assert_int_equal(ct_save(ct, bag_write, &bag), 0);
		ct_destroy(ct);
		forge(&bag, STATE_TAG('C', 'L', 'C', 'K'), forged[i].at, forged[i].value);
		assert_int_equal(ct_create(&ct, &cfg, NULL), 0);
		assert_int_equal(ct_load(ct, bag_read, &bag, &error),
				 forged[i].what ? -EINVAL : 0);
		if (forged[i].what)
			assert_string_equal(error.text, forged[i].what);
		ct_destroy(ct);
		bag_free(&bag);
	}
}

static void fragments_go_on(void **state)
{
	struct bag bag = { .n = 0 };
	struct ct_reassembly *r, *other;
	struct ct_sysctl sysctl;
	struct ct_packet pkt;
	enum ct_reason why;
	struct craft c;

	(void)state;
	ct_sysctl_defaults(&sysctl);
	r = ct_reassembly_create(&sysctl);
	other = ct_reassembly_create(&sysctl);
	craft_ip(&c, CT_L3_IPV4, "10.0.0.1", "10.0.0.2", CT_L4_UDP);
	craft_fill(&c, 24);
	craft_set_be16(&c, 6, 0x2000);	/* more fragments */
	craft_end(&c);
	assert_int_equal(ct_packet_parse(&pkt, c.b, c.n, c.n, CT_L3_IPV4, 0),
			 CT_PACKET_OK);
	assert_int_equal(ct_reassembly_packet(r, RIG_START, &pkt, &why),
			 CT_REASSEMBLY_HELD);
	assert_int_equal(ct_reassembly_save(r, bag_write, &bag), 0);
	assert_int_equal(ct_reassembly_load(other, bag_read, &bag, NULL), 0);
	assert_memory_equal(ct_reassembly_stats(r), ct_reassembly_stats(other),
			    sizeof(struct ct_reassembly_stats));
	craft_set_be16(&c, 6, 24 / 8);
	craft_end(&c);
	assert_int_equal(ct_packet_parse(&pkt, c.b, c.n, c.n, CT_L3_IPV4, 0),
			 CT_PACKET_OK);
	assert_int_equal(ct_reassembly_packet(other, RIG_START, &pkt, &why),
			 CT_REASSEMBLY_WHOLE);
	assert_int_equal(pkt.len, 20 + 48);
	ct_reassembly_free(r);
	ct_reassembly_free(other);
	bag_free(&bag);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(another_configuration_is_refused),
		cmocka_unit_test(a_packet_that_waits_is_dropped),
		cmocka_unit_test(what_cannot_be_written_fails),
		cmocka_unit_test(damage_is_refused),
		cmocka_unit_test(numbers_at_their_end_are_refused),
		cmocka_unit_test(fragments_go_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
