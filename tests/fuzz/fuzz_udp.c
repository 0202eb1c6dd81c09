/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fuzz_udp.c - UDP, UDP-Lite, GRE and protocols without a tracker
 * (libFuzzer); the input is that of track.h.
 */
#include "track.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t protos[] = {
		CT_L4_UDP, CT_L4_UDPLITE, CT_L4_GRE, 33, 50, 0, CT_L4_ICMP,
		CT_L4_ICMPV6,
	};

	return track_fuzz(protos, sizeof(protos), data, size);
}
