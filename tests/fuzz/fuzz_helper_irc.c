/* SPDX-License-Identifier: GPL-2.0-only */
/* fuzz_helper_irc.c - what the helper for IRC makes of anything (libFuzzer); the
 * input is as talk.h says. */
#include "talk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct talk_helper helper = {
		.name = "irc", .protonum = CT_L4_TCP, .port = 6667, .most = 8,
	};

	return talk_fuzz(&helper, data, size);
}
