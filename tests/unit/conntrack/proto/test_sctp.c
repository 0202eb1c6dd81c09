/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SCTP: the state table, verification tags, chunks in one packet, heartbeats.
 *
 * Expected values were read off Linux 6.18's nf_conntrack_proto_sctp.c.
 */
#include "support/rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "packet/checksum.h"

#define CLIENT	"192.0.2.10"
#define SERVER	"198.51.100.20"

enum { ORIG = CT_DIR_ORIGINAL, REPL = CT_DIR_REPLY };

#define NEW	CT_NEW
#define EST	CT_ESTABLISHED
#define INV	CT_INVALID
#define NONE	CT_SCTP_NONE
#define CLOSED	CT_SCTP_CLOSED
#define WAIT	CT_SCTP_COOKIE_WAIT
#define ECHOED	CT_SCTP_COOKIE_ECHOED
#define ESTAB	CT_SCTP_ESTABLISHED
#define SENT	CT_SCTP_SHUTDOWN_SENT
#define RECD	CT_SCTP_SHUTDOWN_RECD
#define ACK_SENT CT_SCTP_SHUTDOWN_ACK_SENT
#define HEARTBEAT CT_SCTP_HEARTBEAT_SENT
#define OK	CT_REASON_NONE
#define CHUNKS	CT_REASON_SCTP_CHUNKS
#define VTAG	CT_REASON_SCTP_VTAG
#define CHUNK_VTAG CT_REASON_SCTP_CHUNK_VTAG
#define INIT_TAG CT_REASON_SCTP_INIT_TAG
#define STATE	CT_REASON_SCTP_STATE

/* The tags of packets to the client and to the server. */
#define CTAG 0xc1c1c1c1u
#define STAG 0x5e5e5e5eu

/* One packet.  Its chunks by name: "init=TAG", "init-ack=TAG", "cookie-echo",
 * "cookie-ack", "data", "sack", "shutdown", "shutdown-ack",
 * "shutdown-complete", "abort", "error", "heartbeat", "heartbeat-ack",
 * "ecne", "type=N", with "/t" for the T flag, "/N" for N bytes of length. */
struct packet {
	uint8_t dir;
	uint32_t vtag;
	const char *chunks;
	enum ct_ctstate ctstate;
	uint8_t state;
	enum ct_reason reason;
	uint32_t left;		/* seconds until it expires; 0: any */
	uint32_t after;		/* milliseconds since the previous packet */
};

#define C(...) { .dir = ORIG, __VA_ARGS__ }
#define S(...) { .dir = REPL, __VA_ARGS__ }

struct sctp_case {
	const char *name;
	struct packet packet[16];
};

static const struct { const char *name; uint8_t type; uint16_t len; } kinds[] = {
	{ "data", 0, 20 }, { "init-ack", 2, 20 }, { "init", 1, 20 },
	{ "sack", 3, 16 }, { "heartbeat-ack", 5, 8 }, { "heartbeat", 4, 8 },
	{ "abort", 6, 4 }, { "shutdown-ack", 8, 4 }, { "shutdown-complete", 14, 4 },
	{ "shutdown", 7, 8 }, { "error", 9, 8 }, { "cookie-echo", 10, 12 },
	{ "cookie-ack", 11, 4 }, { "ecne", 12, 8 },
};

static void chunk(struct craft *c, const char *word)
{
	const char *slash = strchr(word, '/'), *equal = strchr(word, '=');
	size_t n = strcspn(word, "/=");
	uint8_t type = 0, flags = 0;
	uint16_t len = 4;
	uint32_t start = c->n;

	if (strncmp(word, "type", n) == 0)
		type = (uint8_t)strtoul(equal + 1, NULL, 0);
	for (size_t i = 0; i < ITEMS(kinds); i++)
		if (strlen(kinds[i].name) == n &&
		    strncmp(word, kinds[i].name, n) == 0) {
			type = kinds[i].type;
			len = kinds[i].len;
		}
	if (slash && slash[1] == 't')
		flags = 1;
	craft_u8(c, type);
	craft_u8(c, flags);
	craft_be16(c, slash && slash[1] != 't' ?
		      (uint16_t)strtoul(slash + 1, NULL, 10) : len);
	if (equal && type <= 2)
		craft_be32(c, (uint32_t)strtoul(equal + 1, NULL, 0));
	while (c->n < start + ((len + 3u) & ~3u))
		craft_u8(c, 0);
}

/* RFC 9260 appendix A, bit by bit. */
static uint32_t crc32c(const uint8_t *p, uint32_t n)
{
	uint32_t crc = 0xffffffff;

	for (uint32_t i = 0; i < n; i++) {
		crc ^= p[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc & 1 ? crc >> 1 ^ 0x82f63b78 : crc >> 1;
	}
	return ~crc;
}

static void sum(struct craft *c)
{
	uint32_t crc;

	memset(c->b + c->l4off + 8, 0, 4);
	crc = crc32c(c->b + c->l4off, c->n - c->l4off);
	for (int i = 0; i < 4; i++)
		c->b[c->l4off + 8 + (uint32_t)i] = (uint8_t)(crc >> 8 * i);
}

static void build(struct craft *c, uint8_t dir, uint32_t vtag, const char *chunks)
{
	char words[200], *save = NULL;

	craft_ip(c, CT_L3_IPV4, dir == ORIG ? CLIENT : SERVER,
		 dir == ORIG ? SERVER : CLIENT, CT_L4_SCTP);
	craft_be16(c, dir == ORIG ? 40000 : 2905);
	craft_be16(c, dir == ORIG ? 2905 : 40000);
	craft_be32(c, vtag);
	craft_be32(c, 0);
	snprintf(words, sizeof(words), "%s", chunks);
	for (char *w = strtok_r(words, " ", &save); w; w = strtok_r(NULL, " ", &save))
		chunk(c, w);
	craft_end(c);
	sum(c);
}

static void check(struct rig *r, const char *what, const struct packet *p)
{
	rig_expect(r, what, p->ctstate,
		   p->ctstate == INV ? CT_DIR_NONE : (enum ct_dir)p->dir, p->reason);
	if (r->v.state != p->state)
		fail_msg("%s: state %s, expected %s", what,
			 ct_proto_state_name(CT_L4_SCTP, r->v.state),
			 ct_proto_state_name(CT_L4_SCTP, p->state));
	if (p->left && rig_left(r) != p->left)
		fail_msg("%s: %u seconds left, expected %u", what, rig_left(r),
			 p->left);
}

static void send_packet(struct rig *r, const struct packet *p)
{
	struct craft c;

	rig_wait(r, p->after);
	build(&c, p->dir, p->vtag, p->chunks);
	rig_send(r, &c);
}

static void run_case(const struct sctp_case *sc, struct rig *rig)
{
	for (size_t i = 0; i < ITEMS(sc->packet) && sc->packet[i].chunks; i++) {
		const struct packet *p = &sc->packet[i];
		char what[120];

		snprintf(what, sizeof(what), "packet %zu (%s)", i + 1, p->chunks);
		send_packet(rig, p);
		check(rig, what, p);
	}
	rig_free(rig);
}

static void sctp_run_case(void **state)
{
	struct rig r;

	rig_init(&r, NULL);
	run_case(*state, &r);
}

#define OPENING \
	C(0, "init=0xc1c1c1c1", NEW, CLOSED, OK, .left = 10), \
	S(CTAG, "init-ack=0x5e5e5e5e", EST, WAIT, OK, .left = 3), \
	C(STAG, "cookie-echo", EST, ECHOED, OK, .left = 3), \
	S(CTAG, "cookie-ack", EST, ESTAB, OK, .left = 210)

static const struct sctp_case cases[] = {
	{ "open and close", { OPENING,
		C(STAG, "data", EST, ESTAB, OK, .left = 210),
		S(CTAG, "sack", EST, ESTAB, OK, .left = 210),
		C(STAG, "shutdown", EST, SENT, OK, .left = 3),
		S(CTAG, "shutdown-ack", EST, ACK_SENT, OK, .left = 3),
		C(STAG, "shutdown-complete", EST, CLOSED, OK, .left = 10),
	} },
	{ "close from the server", { OPENING,
		S(CTAG, "shutdown", EST, RECD, OK, .left = 3),
		C(STAG, "shutdown-ack", EST, ACK_SENT, OK),
		S(CTAG, "shutdown-complete", EST, CLOSED, OK),
	} },
	{ "abort, with its own tag", { OPENING,
		C(STAG, "abort", EST, CLOSED, OK, .left = 10),
	} },
	{ "abort, with the peer's tag and T", { OPENING,
		C(CTAG, "abort/t", EST, CLOSED, OK),
	} },
	{ "abort, with the peer's tag and no T", { OPENING,
		C(CTAG, "abort", INV, ESTAB, CHUNK_VTAG, .left = 210),
	} },
	{ "abort, with its own tag and T", { OPENING,
		C(STAG, "abort/t", INV, ESTAB, CHUNK_VTAG),
	} },
	{ "a heartbeat's answer first", {
		C(STAG, "heartbeat-ack", NEW, CLOSED, OK),
		S(STAG, "data", INV, CLOSED, VTAG),
	} },
	{ "abort in answer to INIT", {
		C(0, "init=0xc1c1c1c1", NEW, CLOSED, OK),
		S(CTAG, "abort", EST, CLOSED, OK, .left = 10),
	} },
	{ "data with a wrong tag", { OPENING,
		C(STAG + 1, "data", INV, ESTAB, VTAG, .left = 209, .after = 1000),
		S(STAG, "data", INV, ESTAB, VTAG),
	} },
	{ "cookies with a wrong tag", {
		C(0, "init=0xc1c1c1c1", NEW, CLOSED, OK),
		S(CTAG, "init-ack=0x5e5e5e5e", EST, WAIT, OK),
		C(CTAG, "cookie-echo", INV, WAIT, CHUNK_VTAG),
		C(STAG, "cookie-echo", EST, ECHOED, OK),
		S(STAG, "cookie-ack", INV, ECHOED, VTAG),
		S(CTAG, "cookie-ack", EST, ESTAB, OK),
	} },
	{ "shutdown complete with T", { OPENING,
		C(STAG, "shutdown", EST, SENT, OK),
		S(CTAG, "shutdown-ack", EST, ACK_SENT, OK),
		C(CTAG, "shutdown-complete", INV, ACK_SENT, CHUNK_VTAG),
		C(CTAG, "shutdown-complete/t", EST, CLOSED, OK),
	} },
	/* There is no tag rule for SHUTDOWN ACK. */
	{ "shutdown ACK with any tag", { OPENING,
		C(STAG, "shutdown", EST, SENT, OK),
		S(0x12345678, "shutdown-ack", EST, ACK_SENT, OK),
	} },
	{ "INIT with a tag", {
		C(1, "init=0xc1c1c1c1", INV, NONE, CT_REASON_SCTP_NEW),
		C(0, "init=0xc1c1c1c1", NEW, CLOSED, OK),
		C(1, "init=0xc1c1c1c1", INV, CLOSED, CHUNK_VTAG),
	} },
	{ "INIT sent again does not refresh", {
		C(0, "init=0xc1c1c1c1", NEW, CLOSED, OK, .left = 10),
		C(0, "init=0xc1c1c1c1", NEW, CLOSED, OK, .left = 8, .after = 2000),
		C(0, "init=0xdddddddd", NEW, CLOSED, OK, .left = 6, .after = 2000),
		S(0xdddddddd, "init-ack=0x5e5e5e5e", EST, WAIT, OK, .left = 3),
	} },
	{ "INIT ACK sent again", {
		C(0, "init=0xc1c1c1c1", NEW, CLOSED, OK),
		S(CTAG, "init-ack=0x5e5e5e5e", EST, WAIT, OK),
		S(CTAG, "init-ack=0x5e5e5e5e", EST, WAIT, OK),
	} },
	{ "INIT ACK with the wrong tag", {
		C(0, "init=0xc1c1c1c1", NEW, CLOSED, OK),
		S(CTAG + 1, "init-ack=0x5e5e5e5e", INV, CLOSED, VTAG),
	} },
	/* No INIT of this side was seen, so another tag is not accepted. */
	{ "INIT ACK that answers no INIT", { OPENING,
		C(STAG, "init-ack=0x77777777", INV, ESTAB, INIT_TAG),
		S(CTAG, "init-ack=0x77777777", INV, ESTAB, INIT_TAG),
	} },
	{ "INIT collision", {
		C(0, "init=0xc1c1c1c1", NEW, CLOSED, OK),
		S(0, "init=0x5e5e5e5e", EST, CLOSED, OK),
		/* Each tag is that of the other side's INIT. */
		S(CTAG, "init-ack=0x5e5e5e5e", EST, WAIT, OK),
		C(STAG, "cookie-echo", EST, ECHOED, OK),
		S(CTAG, "cookie-ack", EST, ESTAB, OK),
	} },
	{ "INIT collision, INIT ACK with a third tag", {
		C(0, "init=0xc1c1c1c1", NEW, CLOSED, OK),
		S(0, "init=0x5e5e5e5e", EST, CLOSED, OK),
		S(CTAG, "init-ack=0x77777777", INV, CLOSED, INIT_TAG),
		C(STAG, "init-ack=0x77777777", INV, CLOSED, INIT_TAG),
	} },
	{ "INIT collision, and then a third INIT", {
		C(0, "init=0xc1c1c1c1", NEW, CLOSED, OK),
		S(0, "init=0x5e5e5e5e", EST, CLOSED, OK),
		C(0, "init=0xdddddddd", EST, CLOSED, OK),
		S(0xdddddddd, "init-ack=0x77777777", EST, WAIT, OK),
	} },
	{ "a stale INIT permits no new tag", { OPENING,
		C(0, "init=0xc1c1c1c1", EST, ESTAB, OK),
		S(CTAG, "init-ack=0x66666666", INV, ESTAB, INIT_TAG),
		S(CTAG, "data", EST, ESTAB, OK),
	} },
	/* The fixed part of an INIT has 16 bytes, this one 4. */
	{ "INIT and INIT ACK that end with the tag", { OPENING,
		C(0, "type=1/8", INV, ESTAB, INIT_TAG),
		S(CTAG, "type=2/8", INV, ESTAB, INIT_TAG),
		C(STAG, "data", EST, ESTAB, OK),
	} },
	{ "restart of the client", { OPENING,
		C(0, "init=0xdddddddd", EST, ESTAB, OK),
		S(0xdddddddd, "init-ack=0x66666666", EST, ESTAB, OK),
		C(0x66666666, "cookie-echo", EST, ESTAB, OK),
		S(0xdddddddd, "cookie-ack", EST, ESTAB, OK),
	} },
	{ "out of the blue", {
		C(STAG, "abort", INV, NONE, CT_REASON_SCTP_OOTB),
		C(STAG, "cookie-ack", INV, NONE, CT_REASON_SCTP_OOTB),
		C(STAG, "shutdown-complete", INV, NONE, CT_REASON_SCTP_OOTB),
		C(STAG, "data", INV, NONE, CT_REASON_SCTP_NEW),
		C(STAG, "sack", INV, NONE, CT_REASON_SCTP_NEW),
	} },
	{ "a shutdown ACK out of the blue", {
		C(STAG, "shutdown-ack", NEW, ACK_SENT, OK, .left = 3),
		S(STAG, "shutdown-complete", EST, CLOSED, OK),
	} },
	{ "a shutdown out of the blue", {
		C(0, "shutdown", NEW, CLOSED, OK),
	} },
	{ "a cookie echo out of the blue", {
		C(0, "cookie-echo", NEW, CLOSED, OK),
		C(STAG, "cookie-echo", INV, CLOSED, CHUNK_VTAG),
	} },
	{ "heartbeat on a new path", {
		C(STAG, "heartbeat", NEW, HEARTBEAT, OK, .left = 30),
		S(CTAG, "heartbeat-ack", EST, ESTAB, OK, .left = 210),
		C(STAG, "data", EST, ESTAB, OK),
		S(CTAG, "data", EST, ESTAB, OK),
	} },
	{ "heartbeat with a wrong tag passes, without time", { OPENING,
		C(STAG + 1, "heartbeat", EST, ESTAB, OK, .left = 209, .after = 1000),
	} },
	{ "heartbeat with a wrong tag and its answer move the tags", { OPENING,
		C(0x77777777, "heartbeat", EST, ESTAB, OK),
		S(0x88888888, "heartbeat-ack", EST, ESTAB, OK),
		S(0x88888888, "data", EST, ESTAB, OK),
		C(0x77777777, "heartbeat", EST, ESTAB, OK),
		C(0x77777777, "data", EST, ESTAB, OK),
		S(CTAG, "data", INV, ESTAB, VTAG),
	} },
	{ "heartbeat with a wrong tag and data", { OPENING,
		C(0x77777777, "heartbeat data", INV, ESTAB, CHUNK_VTAG),
		C(0x77777777, "heartbeat heartbeat", INV, ESTAB, CHUNK_VTAG),
	} },
	{ "heartbeat ACK with a wrong tag, not asked for", { OPENING,
		S(0x88888888, "heartbeat-ack", INV, ESTAB, CHUNK_VTAG),
	} },
	{ "heartbeat ACK with a wrong tag and data", { OPENING,
		C(0x77777777, "heartbeat", EST, ESTAB, OK),
		S(0x88888888, "heartbeat-ack data", INV, ESTAB, CHUNK_VTAG),
	} },
	{ "heartbeat ACK from the same side", { OPENING,
		C(0x77777777, "heartbeat", EST, ESTAB, OK),
		C(0x88888888, "heartbeat-ack", INV, ESTAB, CHUNK_VTAG),
	} },
	{ "a right heartbeat between ends the permission", { OPENING,
		C(0x77777777, "heartbeat", EST, ESTAB, OK),
		C(STAG, "heartbeat", EST, ESTAB, OK, .left = 210),
		S(0x88888888, "heartbeat-ack", INV, ESTAB, CHUNK_VTAG),
	} },
	{ "several chunks", { OPENING,
		C(STAG, "sack data data", EST, ESTAB, OK),
		C(STAG, "data shutdown", EST, SENT, OK),
		S(CTAG, "sack shutdown-ack", EST, ACK_SENT, OK),
	} },
	{ "cookie echo with data behind it", {
		C(0, "init=0xc1c1c1c1", NEW, CLOSED, OK),
		S(CTAG, "init-ack=0x5e5e5e5e", EST, WAIT, OK),
		C(STAG, "cookie-echo data", EST, ECHOED, OK),
		S(CTAG, "cookie-ack sack", EST, ESTAB, OK),
	} },
	{ "INIT is alone", {
		C(0, "init=0xc1c1c1c1 data", INV, NONE, CHUNKS),
		C(0, "init=0xc1c1c1c1", NEW, CLOSED, OK),
		C(0, "data init=0xc1c1c1c1", INV, CLOSED, CHUNKS),
		S(CTAG, "init-ack=0x5e5e5e5e data", INV, CLOSED, CHUNKS),
		S(CTAG, "shutdown-complete data", INV, CLOSED, CHUNKS),
	} },
	{ "cookies come first", {
		C(0, "init=0xc1c1c1c1", NEW, CLOSED, OK),
		S(CTAG, "init-ack=0x5e5e5e5e", EST, WAIT, OK),
		C(STAG, "data cookie-echo", INV, WAIT, CHUNKS),
		C(STAG, "cookie-echo", EST, ECHOED, OK),
		S(CTAG, "sack cookie-ack", INV, ECHOED, CHUNKS),
	} },
	{ "a chunk of length 0", { OPENING,
		C(STAG, "data/0", INV, ESTAB, CHUNKS),
		C(STAG, "data data/0", INV, ESTAB, CHUNKS),
	} },
	{ "a chunk longer than the packet is the last", { OPENING,
		C(STAG, "data/9999", EST, ESTAB, OK),
	} },
	{ "chunks of length 1 to 3 count as 4", { OPENING,
		C(STAG, "type=13/1 type=13/3", EST, ESTAB, OK),
	} },
	{ "no chunk", {
		C(STAG, "", INV, NONE, CT_REASON_SCTP_NO_CHUNK),
	} },
	{ "unknown chunks change nothing", { OPENING,
		C(STAG, "type=0xc0", EST, ESTAB, OK),
		C(STAG, "ecne type=13 type=15 type=0x80", EST, ESTAB, OK),
	} },
	{ "an error in answer to a cookie echo", {
		C(0, "init=0xc1c1c1c1", NEW, CLOSED, OK),
		S(CTAG, "init-ack=0x5e5e5e5e", EST, WAIT, OK),
		C(STAG, "cookie-echo", EST, ECHOED, OK),
		S(CTAG, "error", EST, CLOSED, OK, .left = 10),
	} },
	{ "an answer in HEARTBEAT_SENT that is none", {
		C(STAG, "heartbeat", NEW, HEARTBEAT, OK),
		S(0, "shutdown", INV, HEARTBEAT, STATE),
		S(CTAG, "heartbeat", EST, HEARTBEAT, OK),
		S(CTAG, "heartbeat-ack", EST, ESTAB, OK),
	} },
};

#define ACKED	CT_SCTP_HEARTBEAT_ACKED

/*
 * Kernels that lack a behaviour: read off Linux 5.10.223, and for what that has
 * already off the patches that brought it to 5.10.102 up to 5.10.211.
 */
static const struct kernel_case {
	struct sctp_case c;
	const char *lacks;
} kernel_cases[] = {
	{ { "INIT sent again refreshes", {
		C(0, "init=0xc1c1c1c1", NEW, CLOSED, OK, .left = 10),
		C(0, "init=0xc1c1c1c1", NEW, CLOSED, OK, .left = 10, .after = 2000),
	} }, "sctp-closed-no-refresh" },
	{ { "five days, and HEARTBEAT_ACKED", {
		C(STAG, "heartbeat", NEW, HEARTBEAT, OK, .left = 30),
		S(CTAG, "heartbeat-ack", EST, ACKED, OK, .left = 210),
		C(STAG, "data", EST, ACKED, OK, .left = 210),
		C(STAG, "shutdown", EST, SENT, OK, .left = 3),
	} }, "sctp-one-established" },
	{ { "established for five days", {
		C(0, "init=0xc1c1c1c1", NEW, CLOSED, OK),
		S(CTAG, "init-ack=0x5e5e5e5e", EST, WAIT, OK),
		C(STAG, "cookie-echo", EST, ECHOED, OK),
		S(CTAG, "cookie-ack", EST, ESTAB, OK, .left = 432000),
	} }, "sctp-one-established" },
	{ { "abort, with either tag", { OPENING,
		C(CTAG, "abort", EST, CLOSED, OK),
	} }, "sctp-vtag-by-t" },
	{ { "shutdown of 0.3 s, which INIT does not end", { OPENING,
		C(STAG, "shutdown", EST, SENT, OK),
		C(0, "init=0xdddddddd", EST, SENT, OK),
	} }, "sctp-shutdown-3s" },
	{ { "INIT ACK that answers no INIT is believed", { OPENING,
		C(STAG, "init-ack=0x77777777", EST, ESTAB, OK),
		S(0x77777777, "data", EST, ESTAB, OK),
	} }, "sctp-init-collision" },
	{ { "the first chunk fixes the tag", {
		C(STAG, "heartbeat-ack", NEW, CLOSED, OK),
		S(STAG, "data", EST, CLOSED, OK),
	} }, "sctp-first-vtag" },
	{ { "a repeated INIT counts as a crossing one", {
		C(0, "init=0xc1c1c1c1", NEW, CLOSED, OK),
		S(0, "init=0x5e5e5e5e", EST, CLOSED, OK),
		C(0, "init=0xc1c1c1c1", EST, CLOSED, OK),
		S(CTAG, "init-ack=0x77777777", EST, WAIT, OK),
	} }, "sctp-stale-init" },
};

static void sctp_run_kernel_case(void **state)
{
	const struct kernel_case *k = *state;
	struct ct_config cfg;
	struct rig r;

	ct_config_defaults(&cfg);
	cfg.checksum = CT_CHECKSUM_ALL;
	rig_kernel(&cfg, k->lacks, NULL);
	rig_init(&r, &cfg);
	run_case(&k->c, &r);
}

static void sctp_reasons_are_silent(void **state)
{
	static const enum ct_reason reasons[] = { CHUNKS, VTAG, STATE };
	struct ct_config cfg, old;

	(void)state;
	ct_config_defaults(&cfg);
	old = cfg;
	rig_kernel(&old, "sctp-reasons", NULL);
	for (size_t i = 0; i < ITEMS(reasons); i++) {
		assert_true(ct_kernel_logs(&cfg.kernel, reasons[i]));
		assert_false(ct_kernel_logs(&old.kernel, reasons[i]));
	}
}

/* The table, rows by chunk and columns by state, as in the kernel. */
static const struct row {
	const char *chunks;
	const char *orig, *repl;	/* nine states each, "--" invalid */
} rows[] = {
	{ "init=0xc1c1c1c1", "CL CL CW CE ES CL CL SA CW",
			     "-- CL CW CE ES SS SR SA --" },
	{ "init-ack=0x5e5e5e5e", "CL CL CW CE ES SS SR SA CL",
				 "-- CW CW CE ES SS SR SA --" },
	{ "abort", "CL CL CL CL CL CL CL CL CL",
		   "-- CL CL CL CL CL CL CL --" },
	{ "shutdown", "CL CL CW CE SS SS SR SA CL",
		      "-- CL CW CE SR SS SR SA --" },
	{ "shutdown-ack", "SA CL CW CE ES SA SA SA SA",
			  "-- CL CW CE ES SA SA SA --" },
	{ "error", "CL CL CW CE ES SS SR SA CL",
		   "-- CL CW CL ES SS SR SA --" },
	{ "cookie-echo", "CL CL CE CE ES SS SR SA CL",
			 "-- CL CE CE ES SS SR SA --" },
	{ "cookie-ack", "CL CL CW ES ES SS SR SA CL",
			"-- CL CW ES ES SS SR SA --" },
	{ "shutdown-complete", "CL CL CW CE ES SS SR CL CL",
			       "-- CL CW CE ES SS SR CL --" },
	{ "heartbeat", "HS CL CW CE ES SS SR SA HS",
		       "-- CL CW CE ES SS SR SA HS" },
	{ "heartbeat-ack", "CL CL CW CE ES SS SR SA HS",
			   "-- CL CW CE ES SS SR SA ES" },
};

/* HEARTBEAT_ACKED comes after these: only older kernels have it. */
#define STATES CT_SCTP_HEARTBEAT_ACKED

static const char states[STATES][3] = {
	"NO", "CL", "CW", "CE", "ES", "SS", "SR", "SA", "HS"
};

static const struct packet paths[STATES][5] = {
	[CLOSED] = { C(0, "init=0xc1c1c1c1", NEW, CLOSED, OK) },
	[WAIT] = { C(0, "init=0xc1c1c1c1", NEW, CLOSED, OK),
		S(CTAG, "init-ack=0x5e5e5e5e", EST, WAIT, OK) },
	[ECHOED] = { C(0, "init=0xc1c1c1c1", NEW, CLOSED, OK),
		S(CTAG, "init-ack=0x5e5e5e5e", EST, WAIT, OK),
		C(STAG, "cookie-echo", EST, ECHOED, OK) },
	[ESTAB] = { OPENING },
	[SENT] = { OPENING, C(STAG, "shutdown", EST, SENT, OK) },
	[RECD] = { OPENING, S(CTAG, "shutdown", EST, RECD, OK) },
	[ACK_SENT] = { C(STAG, "shutdown-ack", NEW, ACK_SENT, OK) },
	[HEARTBEAT] = { C(STAG, "heartbeat", NEW, HEARTBEAT, OK) },
};

/* The tag with which the state table decides about a chunk. */
static uint32_t right_tag(const char *chunks, uint8_t dir, int column)
{
	if (strncmp(chunks, "init=", 5) == 0)
		return 0;
	switch (column) {
	case CLOSED:
		/* Before the INIT ACK the server's tag is not known. */
		return dir == REPL ? CTAG : 0;
	case ACK_SENT:
		/* Out of the blue, only the tag of the answer is known. */
		return dir == REPL ? STAG : 0;
	case HEARTBEAT:
		return dir == ORIG ? STAG : 0;
	}
	return dir == ORIG ? STAG : CTAG;
}

/* An INIT ACK is accepted with the known tag of its sender, or where none is
 * known. */
static const char *right_chunk(const char *chunks, uint8_t dir, int column)
{
	if (strncmp(chunks, "init-ack", 8) != 0 || dir == REPL)
		return chunks;
	return column == ACK_SENT ? chunks : "init-ack=0xc1c1c1c1";
}

static void check_cell(const struct row *row, uint8_t dir, int column)
{
	const char *cell = (dir == ORIG ? row->orig : row->repl) + 3 * column;
	struct packet p = {
		.dir = dir, .chunks = right_chunk(row->chunks, dir, column),
	};
	struct rig r;
	char what[100];

	snprintf(what, sizeof(what), "%s, direction %u, in %s", row->chunks, dir,
		 states[column]);
	rig_init(&r, NULL);
	for (size_t i = 0; i < ITEMS(paths[column]) && paths[column][i].chunks; i++) {
		send_packet(&r, &paths[column][i]);
		check(&r, "on the way", &paths[column][i]);
	}
	p.vtag = right_tag(row->chunks, dir, column);
	p.ctstate = dir == REPL || r.v.ctstate == EST ? EST : NEW;
	p.state = (uint8_t)column;
	if (strncmp(cell, "--", 2) == 0) {
		p.ctstate = INV;
		p.reason = STATE;
	}
	for (int i = 0; i < STATES; i++)
		if (strncmp(cell, states[i], 2) == 0)
			p.state = (uint8_t)i;
	send_packet(&r, &p);
	check(&r, what, &p);
	rig_free(&r);
}

static void sctp_state_table_row(void **state)
{
	const struct row *row = *state;

	for (int column = CLOSED; column < STATES; column++)
		for (uint8_t dir = 0; dir < 2; dir++)
			check_cell(row, dir, column);
}

/* NONE: the state after the first packet. */
static void sctp_first_packets(void **state)
{
	(void)state;
	for (size_t i = 0; i < ITEMS(rows); i++) {
		bool out_of_the_blue = strcmp(rows[i].chunks, "abort") == 0 ||
			strcmp(rows[i].chunks, "cookie-ack") == 0 ||
			strcmp(rows[i].chunks, "shutdown-complete") == 0;
		struct packet p = { .chunks = rows[i].chunks, .ctstate = NEW };
		struct rig r;

		for (int s = 0; s < STATES; s++)
			if (strncmp(rows[i].orig, states[s], 2) == 0)
				p.state = (uint8_t)s;
		if (out_of_the_blue) {
			p.ctstate = INV;
			p.state = NONE;
			p.reason = CT_REASON_SCTP_OOTB;
		}
		rig_init(&r, NULL);
		send_packet(&r, &p);
		check(&r, rows[i].chunks, &p);
		rig_free(&r);
	}
}

static void sctp_invalid_packets(void **state)
{
	struct craft c;
	struct rig r;

	(void)state;
	rig_init(&r, NULL);
	for (uint32_t n = 0; n < 12; n++) {
		build(&c, ORIG, 0, "init=1");
		c.n = c.l4off + n;
		craft_end(&c);
		rig_send(&r, &c);
		rig_expect(&r, "short", INV, CT_DIR_NONE,
			   n < 4 ? CT_REASON_NO_TUPLE : CT_REASON_SCTP_SHORT);
	}
	build(&c, ORIG, 0, "init=1");
	c.b[c.l4off + 9] ^= 0x10;
	rig_send(&r, &c);
	rig_expect(&r, "CRC", INV, CT_DIR_NONE, CT_REASON_SCTP_CRC);
	/* An INIT whose fixed part is not complete. */
	build(&c, ORIG, 0, "init=1");
	c.n -= 1;
	craft_end(&c);
	sum(&c);
	rig_send(&r, &c);
	rig_expect(&r, "cut INIT", INV, CT_DIR_NONE, CT_REASON_SCTP_NEW);
	/* Three bytes are not a chunk. */
	build(&c, ORIG, 0, "");
	craft_bytes(&c, "\1\0\0", 3);
	craft_end(&c);
	sum(&c);
	rig_send(&r, &c);
	rig_expect(&r, "three bytes", INV, CT_DIR_NONE, CT_REASON_SCTP_NO_CHUNK);
	assert_int_equal(ct_count(r.ct), 0);
	rig_free(&r);
}

/* "123456789" in an SCTP packet, whose bytes 8 to 11 are the CRC itself. */
static void sctp_known_crc(void **state)
{
	static const uint8_t check[] = "123456789";
	struct ct_packet pkt;
	struct craft c;

	(void)state;
	/* The check value of CRC-32C in all catalogues of CRCs. */
	assert_int_equal(crc32c(check, 9), 0xe3069283);
	build(&c, ORIG, 0, "init=1");
	assert_int_equal(ct_packet_parse(&pkt, c.b, c.n, c.n, CT_L3_IPV4, 0),
			 CT_PACKET_OK);
	assert_int_equal(packet_checksum_sctp(&pkt), CHECKSUM_GOOD);
	for (uint32_t i = 0; i < c.n - c.l4off; i++) {
		c.b[c.l4off + i] ^= 0x80;
		assert_int_equal(packet_checksum_sctp(&pkt), CHECKSUM_BAD);
		c.b[c.l4off + i] ^= 0x80;
	}
}

/* Numbers of the reasons as the kernel prints them; tags in memory order. */
static void sctp_numbers_of_reasons(void **state)
{
	static const struct packet packets[] = { OPENING,
		C(0x11223344, "data", INV, ESTAB, VTAG),
		C(STAG, "data data/0", INV, ESTAB, CHUNKS),
		C(STAG, "ecne cookie-echo/258", INV, ESTAB, CHUNKS),
	};
	struct rig r;

	(void)state;
	rig_init(&r, NULL);
	for (size_t i = 0; i < ITEMS(packets); i++) {
		const uint32_t *n = r.v.why[0].n;

		send_packet(&r, &packets[i]);
		check(&r, packets[i].chunks, &packets[i]);
		if (i == 4) {
			assert_int_equal(n[0], 0x44332211);
			assert_int_equal(n[1], 0x5e5e5e5e);
			assert_int_equal(n[2], 0);
		} else if (i == 5) {
			assert_int_equal(n[0], 1);
			assert_int_equal(n[1], 0);
			assert_int_equal(n[2], 0);
			assert_int_equal(n[3], 0);
		} else if (i == 6) {
			assert_int_equal(n[1], 10);
			assert_int_equal(n[2], 0x0201);	/* 258, bytes swapped */
			assert_int_equal(n[3], 0);
		}
	}
	rig_free(&r);
}

/* Each change of the state causes an event, the last one with ASSURED. */
static void sctp_events_and_assured(void **state)
{
	static const struct packet packets[] = { OPENING };
	struct rig r;

	(void)state;
	rig_init(&r, NULL);
	for (size_t i = 0; i < ITEMS(packets); i++) {
		send_packet(&r, &packets[i]);
		rig_table(&r);
		assert_int_equal(!!(r.record[0].status & CT_STATUS_ASSURED), i == 3);
		assert_int_equal(r.events, i + 1);
		if (i > 0)
			assert_true(r.event[i].changed & CT_CHANGED_PROTOINFO);
		assert_int_equal(!!(r.event[i].changed & CT_CHANGED_ASSURED), i == 3);
	}
	rig_free(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sctp_first_packets),
		cmocka_unit_test(sctp_invalid_packets),
		cmocka_unit_test(sctp_known_crc),
		cmocka_unit_test(sctp_numbers_of_reasons),
		cmocka_unit_test(sctp_events_and_assured),
		cmocka_unit_test(sctp_reasons_are_silent),
	};
	int failed = 0;

	failed += rig_run_cases("sctp state table", rows, sizeof(rows[0]),
				ITEMS(rows), sctp_state_table_row);
	failed += rig_run_cases("sctp", cases, sizeof(cases[0]), ITEMS(cases),
				sctp_run_case);
	failed += rig_run_cases("sctp of other kernels", kernel_cases,
				sizeof(kernel_cases[0]), ITEMS(kernel_cases),
				sctp_run_kernel_case);
	failed += cmocka_run_group_tests_name("sctp packets", tests, NULL, NULL);
	return failed != 0;
}
