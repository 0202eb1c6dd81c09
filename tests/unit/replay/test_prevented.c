/* SPDX-License-Identifier: GPL-2.0-only */
/* Which packets would not have come when the rules drop others. */
#include "replay/prevented.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>

#define SYN 2
#define SYN_ACK 18
#define ACK 16

static uint8_t bytes[40];

/* From host 1 to host 2 or back; flags 0: UDP. */
static struct ct_packet packet(bool back, uint8_t flags)
{
	struct ct_packet p = {
		.data = bytes, .caplen = sizeof(bytes), .len = sizeof(bytes),
		.l4off = 20, .l3num = CT_L3_IPV4,
		.protonum = flags ? CT_L4_TCP : CT_L4_UDP,
	};

	memset(bytes, 0, sizeof(bytes));
	bytes[back ? 23 : 21] = 9;	/* ports 9 and 7 */
	bytes[back ? 21 : 23] = 7;
	bytes[33] = flags;
	p.src.b[3] = back ? 2 : 1;
	p.dst.b[3] = back ? 1 : 2;
	return p;
}

static bool is(const struct prevented *p, bool back, uint8_t flags)
{
	struct ct_packet pkt = packet(back, flags);

	return prevented_is(p, &pkt);
}

static void note(struct prevented *p, bool back, uint8_t flags, bool passed)
{
	struct ct_packet pkt = packet(back, flags);

	prevented_note(p, &pkt, passed);
}

static void tcp_after_a_dropped_syn(void **state)
{
	struct prevented p = { .flow = NULL };

	(void)state;
	assert_false(is(&p, true, SYN_ACK));
	note(&p, false, SYN, true);
	assert_null(p.flow);
	note(&p, false, SYN, false);
	assert_true(is(&p, true, SYN_ACK));
	assert_true(is(&p, false, ACK));
	/* It is sent again whatever the rules do, and may pass then. */
	assert_false(is(&p, false, SYN));
	note(&p, false, SYN, true);
	assert_false(is(&p, true, SYN_ACK));
	prevented_free(&p);
}

static void udp_answers_alone(void **state)
{
	struct prevented p = { .flow = NULL };

	(void)state;
	note(&p, false, 0, false);
	assert_true(is(&p, true, 0));
	assert_false(is(&p, false, 0));
	assert_false(is(&p, true, SYN_ACK));	/* another protocol */
	prevented_free(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tcp_after_a_dropped_syn),
		cmocka_unit_test(udp_answers_alone),
	};

	return cmocka_run_group_tests_name("prevented", tests, NULL, NULL);
}
