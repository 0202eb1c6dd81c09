/* SPDX-License-Identifier: GPL-2.0-only */
/* fuzz_helper_amanda.c - what the helper for Amanda makes of anything (libFuzzer); the
 * input is as talk.h says. */
#include "talk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct talk_helper helper = {
		.name = "amanda", .protonum = CT_L4_UDP, .port = 10080, .most = 4,
	};

	return talk_fuzz(&helper, data, size);
}
