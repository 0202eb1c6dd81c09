/* SPDX-License-Identifier: GPL-2.0-only */
/* --interface: names and numbers of pcapng's interfaces, indexes of LINUX_SLL2. */
#include "support/rig.h"

#include <pcap/dlt.h>
#include <stdio.h>
#include <string.h>

#include "capture/interface_choice.h"

#define SLL2_HEADER 20u

static const struct frame_section section;

static struct frame_interface interface(uint32_t number, const char *name)
{
	return (struct frame_interface){
		.file = "f", .section = &section, .number = number, .name = name,
		.linktype = DLT_EN10MB,
	};
}

static bool matches(struct interface_choice *c, const struct frame_interface *i)
{
	struct frame f = { .linktype = DLT_EN10MB, .interface = i };

	return interface_matches(c, &f);
}

/* A frame of tcpdump -i any: the index is at offset 4 of its header. */
static bool matches_sll2(struct interface_choice *c, uint32_t index, uint32_t caplen)
{
	static const struct frame_interface any = {
		.file = "f", .section = &section, .number = 0, .name = "any",
	};
	uint8_t header[SLL2_HEADER] = { 0x08, 0, 0, 0, (uint8_t)(index >> 24),
					(uint8_t)(index >> 16),
					(uint8_t)(index >> 8), (uint8_t)index };
	struct frame f = { .data = header, .caplen = caplen, .wirelen = SLL2_HEADER,
			   .linktype = DLT_LINUX_SLL2, .interface = &any };

	return interface_matches(c, &f);
}

static void interface_by_name_and_number(void **state)
{
	static const char *const wanted[] = { "eth0", "2" };
	const struct frame_interface eth0 = interface(0, "eth0"),
				     eth1 = interface(1, "eth1"),
				     third = interface(2, NULL),
				     other = interface(0, "2"),
				     tenth = interface(10, "eth00");
	struct interface_choice c;

	(void)state;
	assert_true(interface_choice_init(&c, wanted, ITEMS(wanted)));
	assert_true(matches(&c, &eth0));
	assert_true(matches(&c, &eth0));
	assert_false(matches(&c, &eth1));
	assert_true(matches(&c, &third));
	/* A name that looks like a number. */
	assert_true(matches(&c, &other));
	assert_false(matches(&c, &tenth));
	assert_false(matches(&c, &eth1));
	interface_choice_free(&c);
}

/* The interface of a pcap file has neither name nor number, and none matches it. */
static void interface_of_pcap(void **state)
{
	static const char *const wanted[] = { "0" };
	const struct frame_interface pcap = { .file = "f" };
	struct interface_choice c;

	(void)state;
	assert_true(interface_choice_init(&c, wanted, ITEMS(wanted)));
	assert_false(matches(&c, &pcap));
	assert_false(matches(&c, NULL));
	interface_choice_free(&c);
}

/* The index of each frame, and not "any", the interface of the file. */
static void interface_of_sll2(void **state)
{
	static const char *const wanted[] = { "7", "4294967295", "any" };
	struct interface_choice c;

	(void)state;
	assert_true(interface_choice_init(&c, wanted, ITEMS(wanted)));
	assert_true(matches_sll2(&c, 7, SLL2_HEADER));
	assert_false(matches_sll2(&c, 3, SLL2_HEADER));
	assert_true(matches_sll2(&c, UINT32_MAX, SLL2_HEADER));
	/* "any" has number 0 in the file. */
	assert_false(matches_sll2(&c, 0, SLL2_HEADER));
	/* The index was not captured. */
	assert_false(matches_sll2(&c, 7, 7));
	assert_true(c.met[0] && c.met[1] && !c.met[2]);
	interface_choice_free(&c);
}

static char said[2000];

static void say(void *arg, enum diag_level level, const char *text)
{
	(void)arg;
	assert_int_equal(level, DIAG_NOTE);
	strcat(strcat(said, text), "\n");
}

static const char *say_absent(const struct interface_choice *c)
{
	const struct diag diag = { .say = say };

	said[0] = '\0';
	interface_choice_say(c, &diag);
	return said;
}

static void interface_that_is_absent(void **state)
{
	static const char *const wanted[] = { "eth9", "eth0" };
	const struct frame_interface eth0 = interface(0, "eth0"),
				     nasty = interface(1, "a\033\n%s"),
				     unnamed = interface(2, NULL), pcap = { .file = "f" };
	struct interface_choice c;

	(void)state;
	assert_true(interface_choice_init(&c, wanted, ITEMS(wanted)));
	assert_non_null(strstr(say_absent(&c), "the interfaces of the frames are: none\n"));
	matches(&c, &pcap);
	assert_non_null(strstr(say_absent(&c), "none that is named"));
	matches(&c, &eth0);
	matches(&c, &nasty);
	matches(&c, &unnamed);
	assert_string_equal(say_absent(&c),
		"--interface eth9: no frame was captured on it; the interfaces of the "
		"frames are: ones without a name or number, eth0 (0), a??%s (1), 2\n");
	interface_choice_free(&c);
}

/* The list ends, and says so; the longest names fit. */
static void interface_many_absent(void **state)
{
	static const char *const wanted[] = { "x" };
	struct frame_interface many[INTERFACES_SEEN + 1];
	struct interface_choice c;

	(void)state;
	assert_true(interface_choice_init(&c, wanted, ITEMS(wanted)));
	for (uint32_t i = 0; i < ITEMS(many); i++) {
		many[i] = interface(4000000000u + i, "a-very-long-name-of-an-interface");
		matches(&c, &many[i]);
		assert_int_equal(c.more, i >= INTERFACES_SEEN);
	}
	assert_non_null(strstr(say_absent(&c), "a-very-long-name-of- (4000000000), "));
	assert_non_null(strstr(said, ", and more\n"));
	interface_choice_free(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(interface_by_name_and_number),
		cmocka_unit_test(interface_of_pcap),
		cmocka_unit_test(interface_of_sll2),
		cmocka_unit_test(interface_that_is_absent),
		cmocka_unit_test(interface_many_absent),
	};

	return cmocka_run_group_tests_name("interface_choice", tests, NULL, NULL);
}
