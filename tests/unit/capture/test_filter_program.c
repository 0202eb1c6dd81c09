/* SPDX-License-Identifier: GPL-2.0-only */
/* Filters by the program of filter_program.h against bpf_filter(3): what libpcap makes of
 * expressions, over frames whole and cut at every byte, and programs put together at
 * random. */
#include "support/captures.h"

#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>

#include "capture/filter_program.h"

/* pcap-filter(7), one of each primitive and what is often asked. */
static const char *const expressions[] = {
	"", "tcp", "udp", "icmp", "icmp6", "ip", "ip6", "arp", "rarp", "sctp", "igmp",
	"ah", "esp", "pim", "vrrp", "carp", "ip proto 47", "ip6 proto 58", "proto 17",
	"ip protochain 6", "ip6 protochain 17", "ether proto 0x88cc", "ip broadcast",
	"ip multicast", "ip6 multicast", "ether broadcast", "ether multicast",
	"host 192.0.2.1", "src host 10.0.0.1", "dst host 10.0.0.2", "host 2001:db8::1",
	"net 10.0.0.0/8", "src net 192.168", "dst net 198.51.100.0 mask 255.255.255.0",
	"ip6 net 2001:db8::/32", "port 53", "src port 80", "dst port 443", "tcp port 21",
	"udp port 5060", "portrange 1000-2000", "src portrange 1-1023",
	"tcp dst portrange 80-90", "not port 22", "less 100", "greater 200", "len > 60",
	"len = 42", "ether host 02:00:00:00:00:01", "ether src 02:00:00:00:00:01",
	"ether dst ff:ff:ff:ff:ff:ff", "vlan", "vlan 100", "vlan and ip", "vlan and vlan",
	"mpls", "mpls 1000 and ip", "pppoed", "pppoes", "pppoes and ip", "geneve",
	"ip[0] & 0xf != 5", "ip[6:2] & 0x1fff = 0", "ip[8] < 64", "ip[2:2] > 576",
	"tcp[tcpflags] & (tcp-syn|tcp-fin) != 0", "tcp[13] = 2", "tcp[0:4] = 0",
	"tcp[((tcp[12] & 0xf0) >> 2):4] = 0x47455420", "udp[4:2] = 8",
	"icmp[icmptype] = icmp-echo", "icmp6[0] = 128", "ether[0] & 1 = 0",
	"ether[12:2] > 1500", "ip[ip[0] & 0xf] = 1", "len - 14 = ip[2:2]",
	"ip[2:2] / 2 = 30", "ip[2:2] * 3 > 100", "ip[2:2] % 7 = 1", "ip[1] | 3 = 3",
	"ip[1] ^ 5 = 5", "1 << 4 = ip[8]", "tcp and (port 80 or port 443)",
	"src net 10 and dst net 198.18.0.0/15", "tcp or udp or icmp",
	"ip and not (tcp or udp)", "llc", "iso", "stp", "ipx", "atalk", "inbound",
	"decnet host 10.1", "gateway 02:00:00:00:00:01",
};

static const int linktypes[] = {
	DLT_RAW, DLT_NULL, DLT_LOOP, DLT_LINUX_SLL, DLT_LINUX_SLL2, DLT_PPP,
	DLT_PPP_SERIAL, DLT_IEEE802_11, DLT_IEEE802_11_RADIO, DLT_IPV4, DLT_IPV6,
};

/* Something that looks like frames of several kinds, from a simple generator. */
struct noise {
	uint32_t state;
};

static uint32_t next_of(struct noise *n)
{
	n->state = n->state * 1664525u + 1013904223u;
	return n->state >> 8;
}

#define FRAME_SIZE 90u

static void make_frame(struct noise *n, uint8_t frame[FRAME_SIZE])
{
	static const uint16_t types[] = { 0x0800, 0x86dd, 0x8100, 0x8847, 0x8864, 0x0806 };
	static const uint8_t protocols[] = { 6, 17, 1, 58, 132, 47, 44, 51 };
	uint16_t type = types[next_of(n) % 6];
	unsigned int at = next_of(n) % 3 ? 14 : next_of(n) % 2 ? 0 : 16;

	for (unsigned int i = 0; i < FRAME_SIZE; i++)
		frame[i] = (uint8_t)(next_of(n) % 5 ? next_of(n) % 4 : next_of(n));
	frame[12] = (uint8_t)(type >> 8);
	frame[13] = (uint8_t)type;
	if (type == 0x8100)
		memcpy(frame + 16, "\x08\x00", 2);
	frame[at] = type == 0x86dd ? 0x60 : 0x45;
	frame[at + (type == 0x86dd ? 6 : 9)] = protocols[next_of(n) % 8];
	if (next_of(n) % 2)
		memcpy(frame + at + 12, "\x0a\0\0\x01\xc0\0\x02\x01\0\x50\x01\xbb", 12);
}

static void assert_same(const struct bpf_insn *insns, const struct filter_program *p,
			const uint8_t *frame, uint32_t caplen, uint32_t wirelen)
{
	/* Behind 'caplen' nothing may be read: a copy of that size, for the sanitizer. */
	uint8_t *copy = malloc(caplen ? caplen : 1);

	assert_non_null(copy);
	memcpy(copy, frame, caplen);
	assert_int_equal(filter_program_run(p, copy, caplen, wirelen),
			 bpf_filter(insns, copy, wirelen, caplen) != 0);
	free(copy);
}

/* Returns how many expressions there is a program for. */
static unsigned int compare_expressions(int linktype, unsigned int *compiled)
{
	pcap_t *pcap = pcap_open_dead(linktype, 262144);
	struct noise noise = { .state = (uint32_t)linktype };
	unsigned int programs = 0;
	uint8_t frame[FRAME_SIZE];

	assert_non_null(pcap);
	for (size_t i = 0; i < sizeof(expressions) / sizeof(expressions[0]); i++) {
		struct filter_program *p;
		struct bpf_program bpf;

		if (pcap_compile(pcap, &bpf, expressions[i], 1, PCAP_NETMASK_UNKNOWN) < 0)
			continue;
		++*compiled;
		p = filter_program_create(bpf.bf_insns, bpf.bf_len);
		programs += p != NULL;
		for (unsigned int n = 0; p && n < 40; n++) {
			make_frame(&noise, frame);
			for (uint32_t len = 0; len <= FRAME_SIZE; len += n % 8 ? 11 : 1)
				assert_same(bpf.bf_insns, p, frame, len, FRAME_SIZE);
		}
		filter_program_free(p);
		pcap_freecode(&bpf);
	}
	pcap_close(pcap);
	return programs;
}

static void programs_agree(void **state)
{
	unsigned int programs = 0, compiled = 0;

	(void)state;
	/* Few are left to libpcap. */
	programs = compare_expressions(DLT_EN10MB, &compiled);
	assert_true(compiled > 80 && programs > compiled * 9 / 10);
	for (size_t i = 0; i < sizeof(linktypes) / sizeof(linktypes[0]); i++)
		programs += compare_expressions(linktypes[i], &compiled);
	assert_true(compiled > 500);
	assert_true(programs > compiled * 7 / 10);
}

static struct bpf_insn random_insn(struct noise *n, unsigned int left)
{
	static const uint16_t codes[] = {
		BPF_LD | BPF_W | BPF_ABS, BPF_LD | BPF_H | BPF_ABS, BPF_LD | BPF_B | BPF_ABS,
		BPF_LD | BPF_W | BPF_IND, BPF_LD | BPF_H | BPF_IND, BPF_LD | BPF_B | BPF_IND,
		BPF_LD | BPF_W | BPF_LEN, BPF_LD | BPF_IMM, BPF_LDX | BPF_W | BPF_IMM,
		BPF_LDX | BPF_W | BPF_LEN, BPF_LDX | BPF_MSH | BPF_B,
		BPF_JMP | BPF_JEQ | BPF_K, BPF_JMP | BPF_JGT | BPF_K,
		BPF_JMP | BPF_JGE | BPF_K, BPF_JMP | BPF_JSET | BPF_K,
		BPF_JMP | BPF_JEQ | BPF_X, BPF_JMP | BPF_JGT | BPF_X,
		BPF_JMP | BPF_JGE | BPF_X, BPF_JMP | BPF_JSET | BPF_X, BPF_JMP | BPF_JA,
		BPF_ALU | BPF_ADD | BPF_K, BPF_ALU | BPF_SUB | BPF_K, BPF_ALU | BPF_MUL | BPF_K,
		BPF_ALU | BPF_AND | BPF_K, BPF_ALU | BPF_OR | BPF_K, BPF_ALU | BPF_XOR | BPF_K,
		BPF_ALU | BPF_LSH | BPF_K, BPF_ALU | BPF_RSH | BPF_K, BPF_ALU | BPF_ADD | BPF_X,
		BPF_ALU | BPF_SUB | BPF_X, BPF_ALU | BPF_AND | BPF_X, BPF_ALU | BPF_OR | BPF_X,
		BPF_ALU | BPF_NEG, BPF_MISC | BPF_TAX, BPF_MISC | BPF_TXA, BPF_RET | BPF_A,
		/* Those that libpcap's interpreter must run. */
		BPF_ST, BPF_LD | BPF_MEM, BPF_ALU | BPF_DIV | BPF_X, BPF_ALU | BPF_LSH | BPF_X,
	};
	const bool rare = next_of(n) % 60 == 0;
	struct bpf_insn i = {
		.code = codes[next_of(n) % (sizeof(codes) / sizeof(codes[0]) - (rare ? 0 : 4))],
		.k = next_of(n) % 8 ? next_of(n) % 100 : 0xfffffff0u + next_of(n) % 16,
	};

	if (BPF_CLASS(i.code) == BPF_JMP) {
		i.jt = (u_char)(next_of(n) % left);
		i.jf = (u_char)(next_of(n) % left);
		if (BPF_OP(i.code) == BPF_JA)
			i.k = next_of(n) % left;
	}
	return i;
}

static void random_programs_agree(void **state)
{
	struct noise noise = { .state = 1 };
	unsigned int programs = 0, matched = 0;
	struct bpf_insn insns[12];
	uint8_t frame[FRAME_SIZE];

	(void)state;
	for (unsigned int round = 0; round < 60000; round++) {
		unsigned int n = 2 + next_of(&noise) % 11;
		struct filter_program *p;

		for (unsigned int i = 0; i < n - 1; i++)
			insns[i] = random_insn(&noise, n - 1 - i);
		insns[n - 1] = (struct bpf_insn){ BPF_RET | BPF_K, 0, 0, round % 2 };
		p = filter_program_create(insns, n);
		if (!p)
			continue;
		programs++;
		make_frame(&noise, frame);
		for (uint32_t len = 0; len <= FRAME_SIZE; len += 9) {
			assert_same(insns, p, frame, len, FRAME_SIZE);
			matched += filter_program_run(p, frame, len, FRAME_SIZE);
		}
		filter_program_free(p);
	}
	assert_true(programs > 10000);
	assert_true(matched > 10000);
}

/* What is not known, and what libpcap does not take. */
static void refused(void **state)
{
	const struct bpf_insn memory[] = { { BPF_ST, 0, 0, 1 }, { BPF_LD | BPF_MEM, 0, 0, 1 },
					   { BPF_RET | BPF_A, 0, 0, 0 } };
	const struct bpf_insn endless[] = { { BPF_LD | BPF_IMM, 0, 0, 1 } };
	const struct bpf_insn outside[] = { { BPF_JMP | BPF_JEQ, 1, 0, 1 },
					    { BPF_RET | BPF_K, 0, 0, 1 } };
	const struct bpf_insn tag[] = { { BPF_LD | BPF_B | BPF_ABS, 0, 0, 0xfffff030u },
					{ BPF_RET | BPF_A, 0, 0, 0 } };
	const struct bpf_insn shift[] = { { BPF_ALU | BPF_LSH | BPF_K, 0, 0, 40 },
					  { BPF_RET | BPF_A, 0, 0, 0 } };

	(void)state;
	assert_null(filter_program_create(memory, 3));
	assert_null(filter_program_create(endless, 1));
	assert_null(filter_program_create(endless, 0));
	assert_null(filter_program_create(outside, 2));
	assert_null(filter_program_create(tag, 2));
	assert_null(filter_program_create(shift, 2));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(programs_agree),
		cmocka_unit_test(random_programs_agree),
		cmocka_unit_test(refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
