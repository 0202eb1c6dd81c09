/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fuzz_icmp.c - ICMP and ICMPv6 of any kind, about packets of all kinds
 * (libFuzzer); the input is that of track.h.
 */
#include "track.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t protos[] = {
		CT_L4_ICMP, CT_L4_ICMPV6, CT_L4_UDP, CT_L4_TCP, CT_L4_GRE,
		CT_L4_SCTP, CT_L4_UDPLITE, 50,
	};

	return track_fuzz(protos, sizeof(protos), data, size);
}
