/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * collide.c - a million connections made to meet in few chains of the table.
 *
 * Whoever knew the key of the hash could choose such connections, which is done
 * here for one key: each has a hash whose low bits are 0.  Under that key they
 * do meet, so the attempt is a good one; under others they spread as any do,
 * and nobody can know which one the program takes from getrandom(2).  What
 * comes out is the same under all of them, byte for byte.
 *
 * Linked with --wrap=getrandom.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "program.h"

#include "conntrack/table/hash.h"

#define FLOWS		(1u << 20)
#define ZERO_BITS	5u		/* each is one of 32 tried */
/* Of as many balls in as many bins, none is likely to hold more. */
#define CHAIN_MOST	16u
#define PROGRAM_FLOWS	20000u
#define PACKET		28u

static const uint8_t keys[][16] = {
	"known to all: 0", "a secret: no. 1", "a secret: no. 2",
};
#define KEYS (sizeof(keys) / sizeof(keys[0]))

struct flow { uint32_t src; uint16_t sport; };	/* source in network order */

static const uint8_t *key_to_give;
static unsigned int keys_given;

ssize_t __wrap_getrandom(void *buf, size_t n, unsigned int flags);

ssize_t __wrap_getrandom(void *buf, size_t n, unsigned int flags)
{
	(void)flags;
	if (n != sizeof(keys[0]))
		return -1;
	memcpy(buf, key_to_give, n);
	keys_given++;
	return (ssize_t)n;
}

static struct ct_tuple tuple_of(const struct flow *f)
{
	struct ct_tuple t = {
		.sport = f->sport, .dport = 53, .l3num = CT_L3_IPV4,
		.protonum = CT_L4_UDP,
	};

	t.src.w[0] = f->src;
	memcpy(t.dst.b, (const uint8_t[]){ 192, 0, 2, 1 }, 4);
	return t;
}

static uint32_t hash_of(const struct flow *f, const struct hash_key *key)
{
	struct ct_tuple t = tuple_of(f);

	return tuple_hash(key, &t);
}

static void choose(struct flow *flows)
{
	struct flow f = { 0, 0 };
	uint32_t host = 0x0a000000;
	struct hash_key key;

	hash_key_expand(&key, keys[0]);
	for (uint32_t n = 0; n < FLOWS; f.sport++) {
		if (f.sport == 0)
			f.src = __builtin_bswap32(++host);
		if (hash_of(&f, &key) % (1u << ZERO_BITS) == 0)
			flows[n++] = f;
	}
}

/* The longest chain in a table with a bucket for each. */
static uint32_t longest(const struct flow *flows, const uint8_t *seed)
{
	struct hash_key key;
	uint16_t *n = calloc(FLOWS, sizeof(*n));
	uint32_t most = 0;

	hash_key_expand(&key, seed);
	for (uint32_t i = 0; n && i < FLOWS; i++) {
		uint16_t here = ++n[hash_of(&flows[i], &key) % FLOWS];

		if (here > most)
			most = here;
	}
	free(n);
	return most;
}

static void packet_of(const struct flow *f, uint8_t p[PACKET])
{
	static const uint8_t blank[PACKET] = {
		0x45, 0, 0, PACKET, 0, 0, 0, 0, 64, CT_L4_UDP, 0, 0, 0, 0, 0, 0,
		192, 0, 2, 1, 0, 0, 0, 53, 0, 8, 0, 0,
	};
	uint32_t sum = 0;

	memcpy(p, blank, PACKET);
	memcpy(p + 12, &f->src, 4);
	p[20] = (uint8_t)(f->sport >> 8);
	p[21] = (uint8_t)f->sport;
	for (int i = 0; i < 20; i += 2)
		sum += (uint32_t)p[i] << 8 | p[i + 1];
	sum = (sum & 0xffff) + (sum >> 16);
	sum = ~(sum + (sum >> 16));
	p[10] = (uint8_t)(sum >> 8);
	p[11] = (uint8_t)sum;
}

/* FNV-1a (Fowler, Noll and Vo), over eight octets at a time. */
static void mix(uint64_t *sum, uint64_t v)
{
	*sum = (*sum ^ v) * 0x100000001b3u;
}

static bool mix_record(void *arg, const struct ct_record *r)
{
	mix(arg, r->id);
	mix(arg, r->tuple[0].src.d[0]);
	mix(arg, r->tuple[0].l4);
	mix(arg, r->expires);
	return true;
}

/* What the engine makes of them: a sum over all words and the table. */
static uint64_t track(const struct flow *flows, const uint8_t *key,
		      double *seconds)
{
	uint64_t sum = 0xcbf29ce484222325u;
	clock_t start = clock();
	struct ct_config cfg;
	struct ct *ct;

	ct_config_defaults(&cfg);
	cfg.sysctl.max = 0;
	memcpy(cfg.hash_key, key, sizeof(cfg.hash_key));
	ct = ct_create(&cfg);
	if (!ct)
		exit(1);
	for (uint32_t i = 0; i < FLOWS; i++) {
		uint8_t bytes[PACKET];
		struct ct_packet pkt;
		struct ct_verdict v;

		packet_of(&flows[i], bytes);
		ct_advance(ct, i);
		if (ct_packet_parse(&pkt, bytes, PACKET, PACKET, CT_L3_IPV4, 0) !=
		    CT_PACKET_OK)
			exit(1);
		ct_track(ct, &pkt, &v);
		ct_confirm(ct, &v);
		mix(&sum, v.ctstate);
		mix(&sum, v.id);
	}
	*seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
	if (ct_count(ct) != FLOWS || ct_table(ct, mix_record, &sum) != 0)
		exit(1);
	ct_destroy(ct);
	return sum;
}

static bool check_engine(const struct flow *flows)
{
	uint64_t sum[KEYS];
	double seconds;
	bool ok = true;

	for (size_t k = 0; k < KEYS; k++) {
		uint32_t most = longest(flows, keys[k]);

		sum[k] = track(flows, keys[k], &seconds);
		fprintf(stderr, "key '%s': the longest chain of %u connections has %u, tracked in %.2f s\n",
		       (const char *)keys[k], FLOWS, most, seconds);
		if (k == 0 ? most < 1u << ZERO_BITS : most > CHAIN_MOST) {
			fprintf(stderr, "FAILED: %s\n", k == 0 ?
				"the attempt is none" : "the attempt succeeds");
			ok = false;
		}
		if (sum[k] != sum[0]) {
			fputs("FAILED: words or table depend on the key\n", stderr);
			ok = false;
		}
	}
	return ok;
}

/* A capture of the first of them. */
static bool make_capture(struct program *p, const struct flow *flows)
{
	static const uint32_t header[] = {
		0xa1b2c3d4, 2 | 4 << 16, 0, 0, 262144, 101,
	};
	size_t n = sizeof(header);
	uint8_t *bytes = malloc(n + PROGRAM_FLOWS * (16 + PACKET));
	bool ok;

	if (!bytes)
		return false;
	memcpy(bytes, header, n);
	for (uint32_t i = 0; i < PROGRAM_FLOWS; i++) {
		const uint32_t record[] = { 1000000000, i, PACKET, PACKET };

		memcpy(bytes + n, record, sizeof(record));
		packet_of(&flows[i], bytes + n + sizeof(record));
		n += sizeof(record) + PACKET;
	}
	ok = program_input(p, bytes, n);
	free(bytes);
	return ok;
}

/* The whole program, early drop included. */
static bool check_program(const struct flow *flows)
{
	static const char *const args[] = {
		"-p", "-e", "-t", "-s", "-o", "json",
		"--sysctl", "nf_conntrack_max=1000", NULL,
	};
	struct program p;
	struct options o;
	char *first = NULL;
	size_t first_len = 0;
	bool ok = true;

	if (!program_init(&p) || !make_capture(&p, flows) ||
	    !program_options(&p, &o, args)) {
		perror("collide");
		return false;
	}
	for (size_t k = 0; k < KEYS && ok; k++) {
		key_to_give = keys[k];
		ok = program_run(&p, &o) && p.status == 0 && keys_given == k + 1;
		if (!first && ok) {
			first = strdup(p.text);
			first_len = p.len;
		}
		ok = ok && first && p.len == first_len &&
		     memcmp(p.text, first, p.len) == 0;
	}
	fprintf(stderr, "the program under each key: %zu bytes of output, %s\n", first_len,
	       ok ? "the same" : "not the same");
	if (!ok)
		fprintf(stderr, "FAILED: output depends on the key, or that is not from getrandom(2)\n%s",
			p.said);
	free(first);
	options_free(&o);
	program_free(&p);
	return ok;
}

int main(void)
{
	struct flow *flows = malloc(FLOWS * sizeof(*flows));
	bool ok;

	if (!flows)
		return 1;
	choose(flows);
	ok = check_engine(flows);
	ok = check_program(flows) && ok;
	free(flows);
	return !ok;
}
