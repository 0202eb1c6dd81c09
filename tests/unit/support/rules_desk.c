/* SPDX-License-Identifier: GPL-2.0-only */
#include "support/rules_desk.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char routes[] =
	"192.0.2.0/24 dev lan0 scope link\n"
	"198.51.100.0/24 dev wan0 scope link\n"
	"local 192.0.2.1 dev lan0 table local scope host src 192.0.2.1\n"
	"broadcast 192.0.2.255 dev lan0 table local scope link\n"
	"local 198.51.100.1 dev wan0 table local scope host src 198.51.100.1\n"
	"2001:db8:1::/64 dev lan0 metric 256 pref medium\n"
	"2001:db8:2::/64 dev wan0 metric 256 pref medium\n"
	"local 2001:db8:1::1 dev lan0 table local metric 0 pref medium\n";

static void say(void *arg, enum diag_level level, const char *text)
{
	struct desk *d = arg;
	size_t n = strlen(d->said);

	(void)level;
	snprintf(d->said + n, sizeof(d->said) - n, "%s\n", text);
}

static void track(void *arg, const struct ct_packet *pkt,
		  const struct rules_template *tmpl, struct ct_verdict *v,
		  bool *more)
{
	struct desk *d = arg;

	(void)pkt;
	d->tracked++;
	d->notrack = tmpl->notrack;
	*v = (struct ct_verdict){ .ctstate = tmpl->notrack ? CT_UNTRACKED :
				  d->ctstate, .dir = d->ctdir };
	*more = true;
}

static void confirm(void *arg, struct ct_verdict *v)
{
	(void)v;
	((struct desk *)arg)->confirmed++;
}

static void drop(void *arg)
{
	((struct desk *)arg)->dropped++;
}

static bool conn(void *arg, struct rules_conn *out)
{
	struct desk *d = arg;

	*out = d->conn;
	return d->has_conn;
}

static void set_mark(void *arg, uint32_t mark)
{
	struct desk *d = arg;

	d->mark = d->conn.mark = mark;
}

void desk_open(struct desk *d, const struct rules_options *options)
{
	static struct diag diag;
	struct rules_options o = options ? *options : (struct rules_options){ 0 };

	memset(d, 0, sizeof(*d));
	diag = (struct diag){ say, d };
	o.diag = &diag;
	d->r = rules_create(&o);
	assert_non_null(d->r);
	assert_true(rules_read_routes(d->r, "routes", routes, strlen(routes)));
	d->engine = (struct rules_engine){ .arg = d, .track = track,
		.confirm = confirm, .drop = drop, .conn = conn,
		.set_mark = set_mark };
	d->frame.now = 1000 * CT_NSEC_PER_SEC;
	d->frame.has_mac = true;
	memcpy(d->frame.mac, "\2\0\0\0\1\1", 6);
	d->ctdir = CT_DIR_ORIGINAL;
}

void desk_close(struct desk *d)
{
	rules_destroy(d->r);
}

bool desk_load(struct desk *d, enum ct_l3 family, const char *text)
{
	return rules_read_save(d->r, "rules", text, strlen(text), family) &&
	       rules_ready(d->r);
}

const struct rules_outcome *desk_run(struct desk *d, const uint8_t *data,
				     size_t len)
{
	assert_int_equal(ct_packet_parse(&d->pkt, data, (uint32_t)len,
					 (uint32_t)len, data[0] >> 4 == 6 ?
					 CT_L3_IPV6 : CT_L3_IPV4, 0),
			 CT_PACKET_OK);
	d->frame.pkt = &d->pkt;
	d->frame.now += CT_NSEC_PER_SEC;
	rules_run(d->r, &d->engine, &d->frame, &d->out);
	return &d->out;
}

int desk_match(const char *rule, const uint8_t *data, size_t len)
{
	enum ct_l3 family = data[0] >> 4 == 6 ? CT_L3_IPV6 : CT_L3_IPV4;
	struct desk d;
	char text[1024];
	int found = -1;

	desk_open(&d, NULL);
	snprintf(text, sizeof(text), "*mangle\n:PREROUTING ACCEPT [0:0]\n"
		 "-A PREROUTING %s\nCOMMIT\n", rule);
	if (desk_load(&d, family, text)) {
		desk_run(&d, data, len);
		found = (int)desk_count(&d, family, "mangle", "PREROUTING", 1);
	}
	desk_close(&d);
	return found;
}

struct text { char s[1 << 16]; size_t n; };

static void collect(void *arg, const char *s, size_t len)
{
	struct text *t = arg;

	assert_true(t->n + len < sizeof(t->s));
	memcpy(t->s + t->n, s, len);
	t->n += len;
}

uint64_t desk_count(struct desk *d, enum ct_l3 family, const char *table,
		    const char *chain, unsigned int n)
{
	struct text *t = calloc(1, sizeof(*t));
	char start[64], find[64];
	uint64_t count = 0;
	char *s;

	rules_print(d->r, family, collect, t);
	snprintf(start, sizeof(start), "*%s\n", table);
	s = strstr(t->s, start);
	assert_non_null(s);
	snprintf(find, sizeof(find), n ? "] -A %s" : ":%s ", chain);
	for (unsigned int i = 0; i < (n ? n : 1); i++) {
		s = strstr(s + 1, find);
		assert_non_null(s);
	}
	if (n)
		while (*s != '\n')
			s--;
	s = strchr(s, '[');
	count = strtoull(s + 1, NULL, 10);
	free(t);
	return count;
}

static void put16(uint8_t *p, size_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static size_t ip4(uint8_t *p, uint8_t proto, size_t payload)
{
	static const uint8_t addresses[] = { 192, 0, 2, 10, 198, 51, 100, 20 };
	uint32_t sum = 0;

	memset(p, 0, 20);
	p[0] = 0x45;
	put16(p + 2, 20 + payload);
	p[8] = 64;
	p[9] = proto;
	memcpy(p + 12, addresses, sizeof(addresses));
	for (int i = 0; i < 20; i += 2)
		sum += (uint32_t)p[i] << 8 | p[i + 1];
	sum = (sum & 0xffff) + (sum >> 16);
	put16(p + 10, ~sum & 0xffff);
	return 20 + payload;
}

size_t desk_tcp(uint8_t *p, uint16_t sport, uint16_t dport, uint8_t flags,
		const char *options, size_t noptions, const char *data)
{
	memset(p + 20, 0, 20);
	put16(p + 20, sport);
	put16(p + 22, dport);
	p[32] = (uint8_t)((20 + noptions) / 4 << 4);
	p[33] = flags;
	memcpy(p + 40, options, noptions);
	memcpy(p + 40 + noptions, data, strlen(data));
	return ip4(p, 6, 20 + noptions + strlen(data));
}

size_t desk_udp(uint8_t *p, uint16_t sport, uint16_t dport, const char *data)
{
	put16(p + 20, sport);
	put16(p + 22, dport);
	put16(p + 24, 8 + strlen(data));
	put16(p + 26, 0);
	memcpy(p + 28, data, strlen(data));
	return ip4(p, 17, 8 + strlen(data));
}

size_t desk_icmp(uint8_t *p, uint8_t type, uint8_t code)
{
	memset(p + 20, 0, 8);
	p[20] = type;
	p[21] = code;
	return ip4(p, 1, 8);
}

size_t desk_udp6(uint8_t *p, uint16_t sport, uint16_t dport)
{
	static const uint8_t addresses[32] = {
		0x20, 1, 0x0d, 0xb8, 0, 1, [15] = 0x10,
		[16] = 0x20, 1, 0x0d, 0xb8, 0, 2, [31] = 0x20
	};

	memset(p, 0, 48);
	p[0] = 0x60;
	p[5] = 8;
	p[6] = 17;
	p[7] = 64;
	memcpy(p + 8, addresses, sizeof(addresses));
	put16(p + 40, sport);
	put16(p + 42, dport);
	put16(p + 44, 8);
	return 48;
}
