/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fuzz_sctp.c - SCTP of any kind through its tracker, and errors that quote it
 * (libFuzzer); the input is that of track.h.
 */
#include "track.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t protos[] = {
		CT_L4_SCTP, CT_L4_SCTP, CT_L4_SCTP, CT_L4_ICMP, CT_L4_ICMPV6,
	};

	return track_fuzz(protos, sizeof(protos), data, size);
}
