/* SPDX-License-Identifier: GPL-2.0-only */
/* fuzz_helper_amanda.c - any payloads for the helper of Amanda (libFuzzer); the
 * input is that of talk.h. */
#include "talk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct talk_helper helper = {
		.name = "amanda", .protonum = CT_L4_UDP, .port = 10080, .most = 4,
	};

	return talk_fuzz(&helper, data, size);
}
