/* SPDX-License-Identifier: GPL-2.0-only */
/* fuzz_helper_ftp.c - any payloads for the helper of FTP (libFuzzer); the
 * input is that of talk.h. */
#include "talk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct talk_helper helper = {
		.name = "ftp", .protonum = CT_L4_TCP, .port = 21, .most = 1,
	};

	return talk_fuzz(&helper, data, size);
}
