// SPDX-License-Identifier: GPL-2.0-only
//
// embed.cc - a C++ program that embeds the engine: every header, and a call of
// each part of the library.
#include <ctreplay/conntrack.h>
#include <ctreplay/fast.h>
#include <ctreplay/packet.h>
#include <ctreplay/reason.h>
#include <ctreplay/reassembly.h>
#include <ctreplay/sysctl.h>
#include <ctreplay/version.h>

#include <cstdio>
#include <cstring>
#include <memory>

// 192.0.2.1:53 to 198.51.100.1:1024, UDP without a checksum and without data.
static const uint8_t datagram[] = {
	0x45, 0, 0, 28, 0, 1, 0, 0, 64, 17, 0x8e, 0x9a, 192, 0, 2, 1,
	198, 51, 100, 1, 0, 53, 4, 0, 0, 8, 0, 0,
};

static int events;

static void on_event(void *, const struct ct_event *)
{
	events++;
}

static bool fail(const char *what)
{
	std::fprintf(stderr, "embed.cc: %s\n", what);
	return false;
}

static bool track(struct ct *ct, struct ct_reassembly *reassembly)
{
	struct ct_packet pkt;
	struct ct_verdict v;
	enum ct_reason why;

	if (ct_packet_parse(&pkt, datagram, sizeof(datagram), sizeof(datagram),
			    CT_L3_IPV4, 0) != CT_PACKET_OK)
		return fail("the datagram is not parsed");
	if (ct_reassembly_packet(reassembly, ct_now(ct), &pkt, &why) !=
	    CT_REASSEMBLY_PASS)
		return fail("the datagram is taken for a fragment");
	ct_prepare(ct, &pkt);
	if (!ct_track(ct, &pkt, &v) || v.ctstate != CT_NEW)
		return fail("the datagram opens no connection");
	ct_confirm(ct, &v);
	return events == 1 && ct_count(ct) == 1 ? true :
	       fail("the connection is not in the table");
}

int main()
{
	struct ct_config cfg;

	if (std::strcmp(ct_version(), CTREPLAY_VERSION) != 0)
		return fail("the library is of another version"), 1;
	ct_config_defaults(&cfg);
	cfg.on_event = on_event;
	std::unique_ptr<struct ct, decltype(&ct_destroy)>
		ct(ct_create(&cfg), ct_destroy);
	std::unique_ptr<struct ct_reassembly, decltype(&ct_reassembly_free)>
		reassembly(ct_reassembly_create(&cfg.sysctl), ct_reassembly_free);
	if (!ct || !reassembly)
		return fail("no memory"), 1;
	return track(ct.get(), reassembly.get()) ? 0 : 1;
}
