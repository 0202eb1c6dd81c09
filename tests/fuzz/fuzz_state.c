/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fuzz_state.c - saved states, and what becomes of those that are taken (libFuzzer).
 *
 * The first byte says which: an engine's state behind its configuration, a reassembly's,
 * what some rules remember, or the sections of the tracker that are not these.  An engine
 * that has loaded one gets packets of its connections, is saved, loaded again, and lives
 * until all has expired.  Sums of chunks are not compared, see state_io.c.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "ctreplay/state.h"
#include "replay/connections.h"
#include "replay/dedup.h"
#include "replay/quality/quality_state.h"
#include "replay/tops.h"
#include "rules/rules.h"
/* The notes have another structure of this name. */
#define flow wire_flow
#include "wire.h"
#undef flow

#define PACKETS	8u	/* connections that get packets */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct bytes_in {
	const uint8_t *p;
	size_t n;
	const uint8_t *front;	/* read before */
	size_t nfront;
};

static size_t take(const uint8_t **from, size_t *left, uint8_t *to, size_t n)
{
	if (n > *left)
		n = *left;
	if (!n)
		return 0;
	memcpy(to, *from, n);
	*from += n;
	*left -= n;
	return n;
}

static size_t read_in(void *arg, void *to, size_t n)
{
	struct bytes_in *in = arg;
	size_t got = take(&in->front, &in->nfront, to, n);

	return got + take(&in->p, &in->n, (uint8_t *)to + got, n - got);
}

struct bytes_out {
	uint8_t *p;
	size_t n;
};

static bool write_out(void *arg, const void *data, size_t n)
{
	struct bytes_out *out = arg;
	uint8_t *p = realloc(out->p, out->n + n);

	if (!p)
		abort();
	memcpy(p + out->n, data, n);
	out->p = p;
	out->n += n;
	return true;
}

static struct ct *engine(bool counts)
{
	struct ct_config cfg;
	struct ct *ct;

	ct_config_defaults(&cfg);
	ct_config_all_helpers(&cfg);
	cfg.checksum = CT_CHECKSUM_NONE;
	cfg.sysctl.acct = counts;
	cfg.track_bounds = counts;
	if (ct_create(&ct, &cfg, NULL) != 0)
		abort();
	return ct;
}

struct some {
	struct ct_record record[PACKETS];
	size_t n;
};

static bool note(void *arg, const struct ct_record *r)
{
	struct some *some = arg;

	some->record[some->n++] = *r;
	return some->n < PACKETS;
}

static bool look(void *arg, const struct ct_expect_record *r)
{
	*(size_t *)arg += r->helper[0] != 0;
	return true;
}

/* A packet each way, with a payload that no helper takes. */
static void use(struct wire *w, const struct ct_record *r)
{
	static const uint32_t seq[2] = { 1, 1 };
	uint8_t l3num = r->tuple[0].l3num, header = wire_header_of(r->tuple[0].protonum);
	uint32_t n = header + 32u, ip = l3num == CT_L3_IPV6 ? 40 : 20;

	for (int dir = 0; dir < 2; dir++) {
		uint8_t *l4;

		memset(w->packet, 0, ip + n);
		l4 = wire_ip(w->packet, &r->tuple[dir], n);
		wire_transport(l4, &r->tuple[dir], ACK | PSH, seq, 32);
		wire_through(w, l3num, ip + n, ip + n);
	}
}

/* What an engine has loaded, it saves, and that can be loaded. */
static void save_again(struct ct *ct, bool counts)
{
	struct bytes_out out = { .n = 0 };
	struct ct *other = engine(counts);
	struct bytes_in in;

	if (ct_save(ct, write_out, &out) != 0)
		abort();
	in = (struct bytes_in){ .p = out.p, .n = out.n };
	if (ct_load(other, read_in, &in, NULL) != 0 || in.n ||
	    ct_count(other) != ct_count(ct))
		abort();
	ct_destroy(other);
	free(out.p);
}

static void live(struct ct *ct, bool counts)
{
	static struct wire w;
	struct some some = { .n = 0 };
	size_t expectations = 0;

	save_again(ct, counts);
	ct_table(ct, note, &some);
	ct_expectations(ct, look, &expectations);
	w.ct = ct;
	for (size_t i = 0; i < some.n; i++)
		if (some.record[i].tuple[0].protonum != CT_L4_ICMP &&
		    some.record[i].tuple[0].protonum != CT_L4_ICMPV6)
			use(&w, &some.record[i]);
	save_again(ct, counts);
	ct_advance(ct, UINT64_MAX);
}

/* The configuration is that of the target. */
static void load_engine(const uint8_t *data, size_t size, bool counts)
{
	struct ct *ct = engine(counts);
	struct bytes_out conf = { .n = 0 };
	struct bytes_in in = { .p = data, .n = size };

	if (ct_save(ct, write_out, &conf) != 0)
		abort();
	in.front = conf.p;
	in.nfront = 16 + (conf.p[12] | (size_t)conf.p[13] << 8 | (size_t)conf.p[14] << 16);
	if (ct_load(ct, read_in, &in, NULL) == 0)
		live(ct, counts);
	ct_destroy(ct);
	free(conf.p);
}

/* Fragments of every queue come, and some become whole. */
static void load_reassembly(const uint8_t *data, size_t size)
{
	struct bytes_in in = { .p = data, .n = size };
	struct bytes_out out = { .n = 0 };
	struct ct_reassembly *r;
	struct ct_sysctl sysctl;
	struct ct_packet pkt;
	enum ct_reason why;

	ct_sysctl_defaults(&sysctl);
	r = ct_reassembly_create(&sysctl);
	if (!r)
		abort();
	if (ct_reassembly_load(r, read_in, &in, NULL) == 0) {
		if (ct_reassembly_save(r, write_out, &out) != 0)
			abort();
		/* What is left of the input is fragments. */
		for (; in.n > 1; in.p += pkt.len, in.n -= pkt.len)
			if (ct_packet_parse(&pkt, in.p, (uint32_t)in.n, (uint32_t)in.n,
					    in.p[0] >> 4 == 6 ? CT_L3_IPV6 : CT_L3_IPV4,
					    0) != CT_PACKET_OK ||
			    ct_reassembly_packet(r, 1, &pkt, &why) ==
			    CT_REASSEMBLY_WHOLE || !pkt.len)
				break;
	}
	ct_reassembly_free(r);
	free(out.p);
}

static void load_tracker(const uint8_t *data, size_t size)
{
	struct bytes_in in = { .p = data, .n = size };
	struct options opt = { .top = { 3, 3, 3, 3 } };
	struct connections connections = { .wanted = true };
	struct quality quality = { .skip = 0 };
	struct ct *ct = engine(false);
	struct state_io io;
	struct dedup dedup;
	struct tops tops;

	tops_init(&tops, &opt);
	if (!quality_init(&quality) || !dedup_init(&dedup, 1000) ||
	    !state_load_begin(&io, read_in, &in, 0))
		abort();
	quality_state(&quality, &io);
	dedup_state(&dedup, &io);
	connections_state(&connections, ct, NULL, &io);
	tops_state(&tops, ct, &io);
	state_finish(&io);
	tops_free(&tops);
	connections_free(&connections);
	dedup_free(&dedup);
	quality_free(&quality);
	ct_destroy(ct);
}

static const char sets[] =
	"create nets hash:net,iface family inet counters timeout 300\n"
	"add nets 10.0.0.0/8,eth0 timeout 200\n"
	"create macs bitmap:ip,mac range 10.0.0.0/24\n"
	"create both list:set size 8 timeout 10\n"
	"add both macs timeout 5\n";
static const char rules[] =
	"*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n"
	"-A FORWARD -m limit --limit 5/sec\n"
	"-A FORWARD -m quota --quota 1000\n"
	"-A FORWARD -m statistic --mode nth --every 3 --packet 0\n"
	"-A FORWARD -m hashlimit --hashlimit-upto 5/sec --hashlimit-mode srcip,dstport "
	"--hashlimit-name h\n"
	"-A FORWARD -m recent --rcheck --seconds 5 --hitcount 4 --name r --rsource\n"
	"-A FORWARD -m connlimit --connlimit-above 3 --connlimit-mask 32 --connlimit-saddr\n"
	"-A FORWARD -m set --match-set nets src,src\n"
	"-A FORWARD -m set --match-set both src,src\n"
	"-A FORWARD -j REJECT\nCOMMIT\n";

static void ignore(void *arg, const char *text, size_t len)
{
	*(size_t *)arg += len + (text[0] != 0);
}

static void load_rules(const uint8_t *data, size_t size)
{
	const struct rules_options options = { .path = RULES_PATH_FORWARD, .answers = true };
	struct bytes_in in = { .p = data, .n = size };
	struct rules *r = rules_create(&options);
	struct state_io io;
	size_t printed = 0;

	if (!r || !rules_read_sets(r, "sets", sets, sizeof(sets) - 1) ||
	    !rules_read_save(r, "rules", rules, sizeof(rules) - 1, CT_L3_IPV4) ||
	    !rules_ready(r) || !state_load_begin(&io, read_in, &in, 0))
		abort();
	rules_state(r, &io);
	if (state_finish(&io)) {
		struct bytes_out out = { .n = 0 };

		if (!state_save_begin(&io, write_out, &out, 0))
			abort();
		rules_state(r, &io);
		if (!state_finish(&io))
			abort();
		free(out.p);
	}
	rules_print(r, CT_L3_IPV4, ignore, &printed);
	rules_destroy(r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size)
		return 0;
	switch (data[0] & 7) {
	case 0:
	case 1:
		load_engine(data + 1, size - 1, data[0] & 1);
		break;
	case 2:
		load_reassembly(data + 1, size - 1);
		break;
	case 3:
		load_tracker(data + 1, size - 1);
		break;
	default:
		load_rules(data + 1, size - 1);
		break;
	}
	return 0;
}
