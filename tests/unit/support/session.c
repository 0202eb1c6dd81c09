/* SPDX-License-Identifier: GPL-2.0-only */
#include "support/session.h"

#include <string.h>

#define CLIENT4	"192.0.2.10"
#define SERVER4	"198.51.100.20"
#define CLIENT6	"2001:db8:1::10"
#define SERVER6	"2001:db8:2::20"

static void rig_with_helpers(struct rig *r, uint32_t max)
{
	struct ct_config cfg;

	ct_config_defaults(&cfg);
	ct_config_all_helpers(&cfg);
	if (max)
		cfg.sysctl.expect_max = max;
	rig_init(r, &cfg);
}

void session_rig_kernel(struct rig *r, const char *lacks, const char *has)
{
	struct ct_config cfg;

	ct_config_defaults(&cfg);
	rig_kernel(&cfg, lacks, has);
	ct_config_all_helpers(&cfg);
	cfg.netbios_prefix = cfg.snmp_prefix = 24;
	rig_init(r, &cfg);
}

void session_rig(struct rig *r)
{
	rig_with_helpers(r, 0);
}

void session_rig_max(struct rig *r, uint32_t max)
{
	rig_with_helpers(r, max);
}

static void begin(const struct session *s, enum ct_dir dir, struct craft *c)
{
	craft_ip(c, s->l3num, s->ends[dir], s->ends[!dir], s->protonum);
}

static void segment(struct session *s, enum ct_dir dir, const char *flags,
		    uint32_t seq, const void *data, uint32_t n, struct craft *c)
{
	struct craft_tcp t = {
		.sport = s->ports[dir], .dport = s->ports[!dir], .seq = seq,
		.ack = strchr(flags, '.') ? s->seq[!dir] : 0,
		.flags = flags, .win = 65535,
	};

	begin(s, dir, c);
	craft_tcp_header(c, &t);
	craft_bytes(c, data, n);
	craft_end(c);
	craft_sum(c, 16);
}

static void datagram(struct session *s, enum ct_dir dir, const void *data,
		     uint32_t n, struct craft *c)
{
	begin(s, dir, c);
	craft_be16(c, s->ports[dir]);
	craft_be16(c, s->ports[!dir]);
	craft_be16(c, (uint16_t)(8 + n));
	craft_be16(c, 0);
	craft_bytes(c, data, n);
	craft_end(c);
	craft_sum(c, 6);
}

static void open_tcp(struct session *s)
{
	static const char *const flags[] = { "S", "S.", "." };

	for (unsigned int i = 0; i < 3; i++) {
		struct craft c;

		segment(s, i & 1, flags[i], s->seq[i & 1], "", 0, &c);
		s->seq[i & 1] += i < 2;
		rig_send(s->rig, &c);
	}
	assert_int_equal(s->rig->v.ctstate, CT_ESTABLISHED);
}

void session_open_from(struct session *s, struct rig *r, uint8_t l3num,
		       uint8_t protonum, uint16_t from, uint16_t port)
{
	bool ipv4 = l3num == CT_L3_IPV4;

	memset(s, 0, sizeof(*s));
	s->rig = r;
	s->l3num = l3num;
	s->protonum = protonum;
	s->ends[0] = ipv4 ? CLIENT4 : CLIENT6;
	s->ends[1] = ipv4 ? SERVER4 : SERVER6;
	s->ports[0] = from;
	s->ports[1] = port;
	/* The client's wraps soon. */
	s->seq[0] = 0xfffffff0;
	s->seq[1] = 5000;
	if (protonum == CT_L4_TCP)
		open_tcp(s);
}

void session_open(struct session *s, struct rig *r, uint8_t l3num,
		  uint8_t protonum, uint16_t port)
{
	session_open_from(s, r, l3num, protonum, 40000, port);
}

static void put(struct session *s, enum ct_dir dir, uint32_t seq,
		const void *data, uint32_t n, uint32_t cut)
{
	struct craft c;

	if (s->protonum == CT_L4_TCP)
		segment(s, dir, "P.", seq, data, n, &c);
	else
		datagram(s, dir, data, n, &c);
	rig_send_cut(s->rig, &c, c.n - cut);
}

void session_send(struct session *s, enum ct_dir dir, const void *data,
		  uint32_t n)
{
	session_send_cut(s, dir, data, n, n);
}

void session_say(struct session *s, enum ct_dir dir, const char *text)
{
	session_send(s, dir, text, (uint32_t)strlen(text));
}

void session_say_at(struct session *s, enum ct_dir dir, uint32_t seq,
		    const char *text)
{
	put(s, dir, seq, text, (uint32_t)strlen(text), 0);
}

void session_send_cut(struct session *s, enum ct_dir dir, const void *data,
		      uint32_t n, uint32_t captured)
{
	put(s, dir, s->seq[dir], data, n, n - captured);
	s->seq[dir] += n;
}

void session_say_cut(struct session *s, enum ct_dir dir, const char *text,
		     uint32_t captured)
{
	session_send_cut(s, dir, text, (uint32_t)strlen(text), captured);
}

static bool note(void *arg, const struct ct_expect_record *record)
{
	struct session *s = arg;

	if (s->expects < SESSION_EXPECTS)
		s->expect[s->expects] = *record;
	s->expects++;
	return true;
}

size_t session_expects(struct session *s)
{
	s->expects = 0;
	assert_int_equal(ct_expectations(s->rig->ct, note, s), 0);
	return s->expects;
}

static bool is_from(const struct ct_expect_record *x, const char *src)
{
	union ct_addr a = { 0 }, mask = { 0 };

	if (src) {
		a = craft_address(src);
		memset(&mask, 0xff, x->tuple.l3num == CT_L3_IPV4 ? 4 : 16);
	}
	return memcmp(&x->tuple.src, &a, sizeof(a)) == 0 &&
	       memcmp(&x->mask.src, &mask, sizeof(mask)) == 0 &&
	       x->tuple.sport == 0 && x->mask.sport == 0;
}

void session_only_at(struct session *s, const char *what, uint8_t protonum,
		     const char *src, const char *dst, uint16_t dport,
		     const char *file, int line)
{
	const struct ct_expect_record *x = &s->expect[0];
	union ct_addr a = craft_address(dst);

	if (session_expects(s) != 1) {
		print_error("%s: %zu expectations\n", what, s->expects);
		_fail(file, line);
	}
	if (x->tuple.protonum == protonum && x->tuple.l3num == s->l3num &&
	    is_from(x, src) && x->tuple.dport == dport &&
	    memcmp(&x->tuple.dst, &a, sizeof(a)) == 0)
		return;
	print_error("%s: another expectation, with port %u\n", what,
		    x->tuple.dport);
	_fail(file, line);
}

void session_check_helper(const struct session *s, const char *helper,
			  uint32_t seconds)
{
	const struct ct_expect_record *x = &s->expect[0];

	assert_string_equal(x->helper, helper);
	assert_true(x->expires - x->now == seconds * CT_NSEC_PER_SEC);
}

void session_clash(struct session *s, void (*announce)(struct session *s),
		   enum ct_ctstate ctstate, enum ct_dir dir,
		   enum ct_reason reason)
{
	struct session other;
	uint64_t master;
	size_t expects;

	announce(s);
	expects = session_expects(s);
	assert_in_range(expects, 1, SESSION_EXPECTS);
	master = s->expect[0].master;
	session_open_from(&other, s->rig, s->l3num, s->protonum,
			  (uint16_t)(s->ports[0] + 1), s->ports[1]);
	announce(&other);
	rig_expect(s->rig, "clash", ctstate, dir, reason);
	assert_true(s->rig->v.dropped);
	assert_int_equal(session_expects(s), expects);
	for (size_t i = 0; i < expects; i++)
		assert_int_equal(s->expect[i].master, master);
}

enum ct_ctstate session_syn(struct rig *r, uint8_t l3num, const char *src,
			    const char *dst, uint16_t sport, uint16_t dport)
{
	struct craft_tcp t = { .sport = sport, .dport = dport, .seq = 1,
			       .flags = "S", .win = 65535 };
	struct craft c;

	craft_tcp(&c, l3num, src, dst, &t);
	rig_send(r, &c);
	return (enum ct_ctstate)r->v.ctstate;
}
