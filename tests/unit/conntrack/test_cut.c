/* SPDX-License-Identifier: GPL-2.0-only */
/* The snap length cut the transport header: what is missing reads as zero, and
 * the reason names the cut and not what a tracker makes of the zeros. */
#include "support/rig.h"

#define A4 "192.0.2.10"
#define B4 "198.51.100.20"

/* 'captured' bytes of the transport header of a good packet. */
static const struct cut {
	const char *name;
	uint8_t protonum;
	uint32_t captured;
	enum ct_ctstate ctstate;
	enum ct_reason reason;
} cuts[] = {
	{ "TCP without flags", CT_L4_TCP, 13, CT_INVALID, CT_REASON_CUT_HEADER },
	{ "TCP without the window", CT_L4_TCP, 14, CT_NEW, CT_REASON_NONE },
	{ "TCP up to the window", CT_L4_TCP, 16, CT_NEW, CT_REASON_NONE },
	{ "TCP ports alone", CT_L4_TCP, 4, CT_INVALID, CT_REASON_CUT_HEADER },
	{ "UDP without a length", CT_L4_UDP, 4, CT_INVALID, CT_REASON_CUT_HEADER },
	{ "UDP header", CT_L4_UDP, 8, CT_NEW, CT_REASON_NONE },
};

static void cut_header(void **state)
{
	const struct cut *cut = *state;
	struct craft_tcp tcp = { .sport = 40000, .dport = 80, .seq = 1000,
				 .flags = "S", .win = 8192 };
	struct ct_config cfg;
	struct craft c;
	struct rig r;

	ct_config_defaults(&cfg);
	rig_init(&r, &cfg);
	if (cut->protonum == CT_L4_TCP)
		craft_tcp(&c, CT_L3_IPV4, A4, B4, &tcp);
	else
		craft_udp(&c, CT_L3_IPV4, A4, B4, 40000, 53, 5);
	rig_send_cut(&r, &c, c.l4off + cut->captured);
	rig_expect(&r, cut->name, cut->ctstate,
		   cut->ctstate == CT_NEW ? CT_DIR_ORIGINAL : CT_DIR_NONE,
		   cut->reason);
	rig_free(&r);
}

/* A header that is too short on the wire is the sender's fault, and the kernel
 * saw the same. */
static void cut_short_on_the_wire(void **state)
{
	struct ct_config cfg;
	struct craft c;
	struct rig r;

	(void)state;
	ct_config_defaults(&cfg);
	rig_init(&r, &cfg);
	craft_ip(&c, CT_L3_IPV4, A4, B4, CT_L4_TCP);
	craft_be32(&c, 0x9c400050);
	craft_be32(&c, 1000);
	craft_be32(&c, 0);
	craft_end(&c);
	rig_send_cut(&r, &c, c.l4off + 9);
	rig_expect(&r, "12 bytes", CT_INVALID, CT_DIR_NONE, CT_REASON_TCP_SHORT);
	rig_free(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cut_short_on_the_wire),
	};
	int failed = cmocka_run_group_tests_name("cut", tests, NULL, NULL);

	failed += rig_run_cases("cut headers", cuts, sizeof(cuts[0]), ITEMS(cuts),
				cut_header);
	return failed != 0;
}
