/* SPDX-License-Identifier: GPL-2.0-only */
/* fuzz_helper_tftp.c - any payloads for the helper of TFTP (libFuzzer); the
 * input is that of talk.h. */
#include "talk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct talk_helper helper = {
		.name = "tftp", .protonum = CT_L4_UDP, .port = 69, .most = 1,
	};

	return talk_fuzz(&helper, data, size);
}
