/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rules_run.c - a capture through a firewall: prints rules with their counters as
 * iptables-save -c does, and with -v what became of each packet.
 *
 *	rules-run [-v] [-t] [-u] [-H] [-I] [-d DIR] [-4 RULES] [-6 RULES] [-s SETS]
 *		  [-r ROUTES] [-b legacy|nft] [-S SEED] CAPTURE...
 *
 * -t prints the table at the end, -u is --rules-unknown, -H: the host answers as one
 * without sockets, -I: ICMP errors are not limited, -M: the source's Ethernet address
 * tells the interface, as the judge's hosts have them.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"

static const char *files[4];	/* rules, rules6, ipsets, routes */
static bool verbose, by_mac, table;

static void say(void *arg, enum diag_level level, const char *text)
{
	static const char *const levels[] = { "note", "warning", "error" };

	(void)arg;
	fprintf(stderr, "rules-run: %s: %s\n", levels[level], text);
}

static char *slurp(const char *path, size_t *len)
{
	FILE *f = fopen(path, "rb");
	char *text = NULL;
	size_t n = 0, room = 0;

	if (!f)
		return NULL;
	do {
		room = room ? 2 * room : 65536;
		text = realloc(text, room);
		if (!text)
			abort();
		n += fread(text + n, 1, room - n, f);
	} while (n == room);
	fclose(f);
	*len = n;
	return text;
}

static bool read_file(struct rules *r, unsigned int which)
{
	size_t len = 0;
	char *text;
	bool ok;

	if (!files[which])
		return true;
	text = slurp(files[which], &len);
	if (!text) {
		fprintf(stderr, "rules-run: %s: %s\n", files[which],
			strerror(errno));
		return false;
	}
	ok = which == 2 ? rules_read_sets(r, files[which], text, len) :
	     which == 3 ? rules_read_routes(r, files[which], text, len) :
	     rules_read_save(r, files[which], text, len,
			     which ? CT_L3_IPV6 : CT_L3_IPV4);
	free(text);
	return ok;
}

static void write_text(void *arg, const char *text, size_t len)
{
	(void)arg;
	fwrite(text, 1, len, stdout);
}

static void print_outcome(const struct rules *r, const struct ct_packet *pkt,
			  const struct rules_outcome *o)
{
	static const char *const verdicts[] = { "ACCEPT", "DROP", "REJECT" };
	static const char *const whys[] = {
		"rule", "policy", "conntrack", "ttl", "no-route", "martian",
		"otherhost", "hotdrop", "local", "no-member", "ip-options"
	};

	printf("%" PRIu64 " %s %s", pkt->number, verdicts[o->verdict],
	       rules_hook_name(o->hook));
	if (o->tracked)
		printf(" %s", ct_ctstate_name(o->ct.ctstate));
	if (o->why <= RULES_WHY_POLICY && o->rule.table | o->rule.chain)
		printf(" %s:%s:%u", rules_table_name(o->rule.table),
		       rules_chain_name(r, pkt->l3num, &o->rule), o->rule.number);
	else
		printf(" %s", whys[o->why]);
	printf(" in %s out %s%s\n", rules_iface_name(o->in),
	       rules_iface_name(o->out), o->unknown ? " UNKNOWN" : "");
}

static void run_packet(struct firewall *fw, struct rules *r, struct ct_packet *pkt,
		       const uint8_t *frame)
{
	struct rules_frame f = { .pkt = pkt, .now = ct_now(fw->ct),
				 .has_mac = true };
	enum ct_reason why;

	if (pkt->flags & CT_PACKET_FRAGMENT &&
	    rules_needs(r, pkt->l3num) &&
	    ct_reassembly_packet(fw->reassembly, f.now, pkt, &why) >=
		    CT_REASSEMBLY_HELD)
		return;
	memcpy(f.mac, frame + 6, 6);
	f.pkttype = !(frame[0] & 1) ? RULES_PKT_HOST :
		    !memcmp(frame, "\xff\xff\xff\xff\xff\xff", 6) ?
		    RULES_PKT_BROADCAST : RULES_PKT_MULTICAST;
	if (by_mac)	/* the judge's hosts */
		f.in = rules_iface(r, frame[10] == 1 ? "lan0" : "wan0");
	engine_packet(fw, r, &f);
	if (verbose)
		print_outcome(r, pkt, &fw->outcome);
}

static bool run_file(struct firewall *fw, struct rules *r, const char *path,
		     uint64_t *number)
{
	char error[PCAP_ERRBUF_SIZE];
	pcap_t *p = pcap_open_offline_with_tstamp_precision(path,
			PCAP_TSTAMP_PRECISION_NANO, error);
	struct pcap_pkthdr *h;
	const uint8_t *d;

	if (!p) {
		fprintf(stderr, "rules-run: %s\n", error);
		return false;
	}
	while (pcap_next_ex(p, &h, &d) == 1) {
		struct ct_packet pkt;
		uint32_t type;

		++*number;
		ct_advance(fw->ct, (uint64_t)h->ts.tv_sec * CT_NSEC_PER_SEC +
				  (uint64_t)h->ts.tv_usec);
		if (h->caplen < 14)
			continue;
		type = (uint32_t)d[12] << 8 | d[13];
		if (type != 0x0800 && type != 0x86dd)
			continue;
		if (ct_packet_parse(&pkt, d + 14, h->caplen - 14, h->len - 14,
				    type == 0x0800 ? CT_L3_IPV4 : CT_L3_IPV6, 0) !=
		    CT_PACKET_OK)
			continue;
		pkt.number = *number;
		run_packet(fw, r, &pkt, d);
	}
	pcap_close(p);
	return true;
}

static void use_directory(const char *dir)
{
	static const char *const names[] = { "rules", "rules6", "ipsets", "routes" };

	for (unsigned int i = 0; i < 4; i++) {
		char *path;
		FILE *f;

		if (asprintf(&path, "%s/%s", dir, names[i]) < 0)
			abort();
		f = fopen(path, "rb");
		if (f)
			fclose(f);
		files[i] = f ? path : NULL;
	}
}

/* The table, a line an entry, for the judge: family, protocol, seconds left, state, each
 * direction's addresses and two numbers, status, mark, zone. */
static void print_tuple(const struct ct_tuple *t, bool generic)
{
	char text[2][INET6_ADDRSTRLEN];
	int family = t->l3num == CT_L3_IPV6 ? AF_INET6 : AF_INET;
	unsigned int a = t->sport, b = t->dport;

	if (t->protonum == CT_L4_ICMP || t->protonum == CT_L4_ICMPV6) {
		a = t->icmp_id;
		b = (unsigned int)t->icmp_type << 8 | t->icmp_code;
	} else if (t->protonum == CT_L4_GRE) {
		a = t->srckey;
		b = t->dstkey;
	}
	printf(" %s %s %u %u", inet_ntop(family, &t->src, text[0], sizeof(text[0])),
	       inet_ntop(family, &t->dst, text[1], sizeof(text[1])), generic ? 0 : a,
	       generic ? 0 : b);
}

static bool print_entry(void *arg, const struct ct_record *rec)
{
	const char *state = ct_proto_state_name(rec->tuple[0].protonum, rec->state);

	(void)arg;
	printf("= %u %u %" PRIu64 " %s", rec->tuple[0].l3num == CT_L3_IPV6 ? 6 : 4,
	       rec->tuple[0].protonum, (uint64_t)((rec->expires - rec->now) / CT_NSEC_PER_SEC),
	       state && !rec->generic ? state : "-");
	print_tuple(&rec->tuple[0], rec->generic);
	print_tuple(&rec->tuple[1], rec->generic);
	printf(" %c%c %u %u\n", rec->status & CT_STATUS_SEEN_REPLY ? 'r' : '-',
	       rec->status & CT_STATUS_ASSURED ? 'a' : '-', rec->mark, rec->zone);
	return true;
}

int main(int argc, char **argv)
{
	static const struct diag diag = { say, NULL };
	static const unsigned int order[] = { 2, 3, 0, 1 };
	struct rules_options options = { .diag = &diag, .answers = true };
	struct rules *r;
	static struct firewall fw;
	uint64_t number = 0;
	uint32_t needs;
	bool ok = true;
	int opt;

	while ((opt = getopt(argc, argv, "vtuHIMd:4:6:s:r:b:S:")) >= 0) {
		switch (opt) {
		case 'v': verbose = true; break;
		case 't': table = true; break;
		case 'u': options.unknown_ok = true; break;
		case 'H': options.answer_local = true; break;
		case 'I': options.icmp_unlimited = true; break;
		case 'M': by_mac = true; break;
		case 'd': use_directory(optarg); break;
		case '4': files[0] = optarg; break;
		case '6': files[1] = optarg; break;
		case 's': files[2] = optarg; break;
		case 'r': files[3] = optarg; break;
		case 'S': options.has_seed = true;
			  options.seed = strtoull(optarg, NULL, 0); break;
		case 'b': options.backend = strcmp(optarg, "nft") ?
			  RULES_BACKEND_LEGACY : RULES_BACKEND_NFT; break;
		default: return 2;
		}
	}
	r = rules_create(&options);
	for (unsigned int i = 0; r && ok && i < 4; i++)
		ok = read_file(r, order[i]);
	if (!r || !ok || !rules_ready(r))
		return 2;
	needs = rules_needs(r, CT_L3_IPV4) | rules_needs(r, CT_L3_IPV6);
	if (!engine_open(&fw, needs))
		return 3;
	for (int i = optind; i < argc && ok; i++)
		ok = run_file(&fw, r, argv[i], &number);
	rules_print(r, CT_L3_IPV4, write_text, NULL);
	rules_print(r, CT_L3_IPV6, write_text, NULL);
	/* Where no rule asks for it, the kernel does not track. */
	if (table && needs & RULES_NEED_CONNTRACK)
		ct_table(fw.ct, print_entry, NULL);
	engine_close(&fw);
	rules_destroy(r);
	return ok ? 0 : 3;
}
