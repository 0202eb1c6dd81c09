/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/filter_program.h"

#include <stdlib.h>

#include "base/bytes.h"
#include "base/compiler.h"

/*
 * S. McCanne, V. Jacobson: The BSD Packet Filter, 1993, section 3.2; pcap/bpf.h.  The
 * names are bpf_image(3)'s words, with _X where X takes part.  A fused step is two
 * instructions, a load and the comparison behind it, which also stays by itself: it may
 * be a jump's target.
 */
enum step_code {
	STEP_RET_K, STEP_RET_A,
	/* Loads of A from a fixed place, and from X on. */
	STEP_LD, STEP_LDH, STEP_LDB,
	STEP_LD_X, STEP_LDH_X, STEP_LDB_X,
	STEP_LD_PKTLEN, STEP_LD_K,
	STEP_LDX_K, STEP_LDX_PKTLEN, STEP_LDXB,
	STEP_JEQ, STEP_JGT, STEP_JGE, STEP_JSET, STEP_JA,
	STEP_JEQ_X, STEP_JGT_X, STEP_JGE_X, STEP_JSET_X,
	STEP_ADD, STEP_SUB, STEP_MUL, STEP_AND, STEP_OR, STEP_XOR, STEP_LSH, STEP_RSH,
	STEP_ADD_X, STEP_SUB_X, STEP_AND_X, STEP_OR_X,
	STEP_NEG, STEP_TAX, STEP_TXA,
	STEP_LD_JEQ, STEP_LDH_JEQ, STEP_LDB_JEQ, STEP_LDH_JSET,
	STEP_UNKNOWN,
};

/* What instructions become. */
static const struct {
	uint16_t insn;
	uint8_t step;		/* enum step_code */
} codes[] = {
	{ BPF_LD | BPF_W | BPF_ABS, STEP_LD },
	{ BPF_LD | BPF_H | BPF_ABS, STEP_LDH },
	{ BPF_LD | BPF_B | BPF_ABS, STEP_LDB },
	{ BPF_LD | BPF_W | BPF_IND, STEP_LD_X },
	{ BPF_LD | BPF_H | BPF_IND, STEP_LDH_X },
	{ BPF_LD | BPF_B | BPF_IND, STEP_LDB_X },
	{ BPF_LD | BPF_W | BPF_LEN, STEP_LD_PKTLEN },
	{ BPF_LD | BPF_IMM, STEP_LD_K },
	{ BPF_LDX | BPF_W | BPF_IMM, STEP_LDX_K },
	{ BPF_LDX | BPF_W | BPF_LEN, STEP_LDX_PKTLEN },
	{ BPF_LDX | BPF_MSH | BPF_B, STEP_LDXB },
	{ BPF_RET | BPF_K, STEP_RET_K },
	{ BPF_RET | BPF_A, STEP_RET_A },
	{ BPF_MISC | BPF_TAX, STEP_TAX },
	{ BPF_MISC | BPF_TXA, STEP_TXA },
	{ BPF_JMP | BPF_JA, STEP_JA },
	{ BPF_JMP | BPF_JEQ | BPF_K, STEP_JEQ },
	{ BPF_JMP | BPF_JGT | BPF_K, STEP_JGT },
	{ BPF_JMP | BPF_JGE | BPF_K, STEP_JGE },
	{ BPF_JMP | BPF_JSET | BPF_K, STEP_JSET },
	{ BPF_JMP | BPF_JEQ | BPF_X, STEP_JEQ_X },
	{ BPF_JMP | BPF_JGT | BPF_X, STEP_JGT_X },
	{ BPF_JMP | BPF_JGE | BPF_X, STEP_JGE_X },
	{ BPF_JMP | BPF_JSET | BPF_X, STEP_JSET_X },
	{ BPF_ALU | BPF_ADD | BPF_K, STEP_ADD },
	{ BPF_ALU | BPF_SUB | BPF_K, STEP_SUB },
	{ BPF_ALU | BPF_MUL | BPF_K, STEP_MUL },
	{ BPF_ALU | BPF_AND | BPF_K, STEP_AND },
	{ BPF_ALU | BPF_OR | BPF_K, STEP_OR },
	{ BPF_ALU | BPF_XOR | BPF_K, STEP_XOR },
	{ BPF_ALU | BPF_LSH | BPF_K, STEP_LSH },
	{ BPF_ALU | BPF_RSH | BPF_K, STEP_RSH },
	{ BPF_ALU | BPF_ADD | BPF_X, STEP_ADD_X },
	{ BPF_ALU | BPF_SUB | BPF_X, STEP_SUB_X },
	{ BPF_ALU | BPF_AND | BPF_X, STEP_AND_X },
	{ BPF_ALU | BPF_OR | BPF_X, STEP_OR_X },
	{ BPF_ALU | BPF_NEG, STEP_NEG },
};

struct step {
	uint16_t code;		/* enum step_code */
	uint16_t yes, no;	/* steps from here on */
	uint32_t k;
	uint32_t off;		/* of a fused step's load */
};

struct filter_program {
	struct step step[1];	/* as many as there are instructions */
};

/* No sum of an offset and a size overflows. */
#define OFFSET_MAX 0x7fffffffu

/* Whether a step can be done with this operand. */
static bool takes_operand(enum step_code code, uint32_t k)
{
	switch (code) {
	case STEP_LD:
	case STEP_LDH:
	case STEP_LDB:
	case STEP_LD_X:
	case STEP_LDH_X:
	case STEP_LDB_X:
	case STEP_LDXB:
		/* libpcap's extensions for the tags that a kernel has taken off are
		 * beyond it. */
		return k <= OFFSET_MAX;
	case STEP_LSH:
	case STEP_RSH:
		return k < 32;
	case STEP_JA:
		return k < UINT16_MAX - 2;	/* step.yes */
	default:
		return true;
	}
}

static enum step_code code_of(const struct bpf_insn *insn)
{
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (codes[i].insn == insn->code) {
			enum step_code code = (enum step_code)codes[i].step;

			return takes_operand(code, insn->k) ? code : STEP_UNKNOWN;
		}
	return STEP_UNKNOWN;
}

/* What a step becomes with the comparison behind it. */
static enum step_code fused_code(enum step_code load, enum step_code next)
{
	if (load == STEP_LDH && next == STEP_JSET)
		return STEP_LDH_JSET;
	if (next != STEP_JEQ)
		return load;
	return load == STEP_LD ? STEP_LD_JEQ : load == STEP_LDH ? STEP_LDH_JEQ :
	       load == STEP_LDB ? STEP_LDB_JEQ : load;
}

static void fuse(struct step *s, unsigned int n)
{
	for (; n > 1; n--, s++) {
		enum step_code code = fused_code((enum step_code)s->code,
						 (enum step_code)s[1].code);

		if (code == s->code)
			continue;
		*s = (struct step){
			.code = (uint16_t)code, .off = s->k, .k = s[1].k,
			.yes = (uint16_t)(s[1].yes + 1), .no = (uint16_t)(s[1].no + 1),
		};
	}
}

static bool decode(struct step *s, const struct bpf_insn *i)
{
	enum step_code code = code_of(i);

	if (code == STEP_UNKNOWN)
		return false;
	*s = (struct step){
		.code = (uint16_t)code, .k = i->k,
		.yes = (uint16_t)(code == STEP_JA ? i->k + 1 : i->jt + 1u),
		.no = (uint16_t)(i->jf + 1u),
	};
	return true;
}

struct filter_program *filter_program_create(const struct bpf_insn *insns, unsigned int n)
{
	struct filter_program *p;

	/* All jumps are within the program, which ends with a return. */
	if (n == 0 || !bpf_validate(insns, (int)n))
		return NULL;
	p = malloc(sizeof(*p) + n * sizeof(p->step[0]));
	if (!p)
		return NULL;
	for (unsigned int i = 0; i < n; i++)
		if (!decode(&p->step[i], &insns[i])) {
			free(p);
			return NULL;
		}
	fuse(p->step, n);
	return p;
}

void filter_program_free(struct filter_program *p)
{
	free(p);
}

/* A load beyond what was captured ends the program, without a match. */
#define LOAD(a, at, size, read)							\
	do {									\
		if (unlikely((at) + (size) > caplen))				\
			return false;						\
		(a) = read(data + (at));					\
	} while (0)

static inline uint32_t load_byte(const uint8_t *p)
{
	return *p;
}

/* The same of a place that depends on X. */
#define LOAD_X(size, read)							\
	do {									\
		uint64_t from = (uint64_t)x + s->k;				\
										\
		LOAD(a, from, size, read);					\
	} while (0)

#define STEP(code, action)							\
	case code:								\
		action;								\
		s++;								\
		break

#define JUMP(code, condition)							\
	case code:								\
		s += (condition) ? s->yes : s->no;				\
		break

#define LOAD_JUMP(code, size, read, condition)					\
	case code:								\
		LOAD(a, s->off, size, read);					\
		s += (condition) ? s->yes : s->no;				\
		break

bool filter_program_run(const struct filter_program *p, const uint8_t *data,
			uint32_t caplen, uint32_t wirelen)
{
	const struct step *s = p->step;
	uint32_t a = 0, x = 0;

	for (;;) {
		switch (s->code) {
		case STEP_RET_K:
			return s->k != 0;
		case STEP_RET_A:
			return a != 0;
		LOAD_JUMP(STEP_LD_JEQ, 4, load_be32, a == s->k);
		LOAD_JUMP(STEP_LDH_JEQ, 2, load_be16, a == s->k);
		LOAD_JUMP(STEP_LDB_JEQ, 1, load_byte, a == s->k);
		LOAD_JUMP(STEP_LDH_JSET, 2, load_be16, a & s->k);
		STEP(STEP_LD, LOAD(a, s->k, 4, load_be32));
		STEP(STEP_LDH, LOAD(a, s->k, 2, load_be16));
		STEP(STEP_LDB, LOAD(a, s->k, 1, load_byte));
		STEP(STEP_LD_X, LOAD_X(4, load_be32));
		STEP(STEP_LDH_X, LOAD_X(2, load_be16));
		STEP(STEP_LDB_X, LOAD_X(1, load_byte));
		STEP(STEP_LDXB, LOAD(x, s->k, 1, load_byte); x = (x & 15) << 2);
		STEP(STEP_LD_PKTLEN, a = wirelen);
		STEP(STEP_LDX_PKTLEN, x = wirelen);
		STEP(STEP_LD_K, a = s->k);
		STEP(STEP_LDX_K, x = s->k);
		JUMP(STEP_JA, true);
		JUMP(STEP_JEQ, a == s->k);
		JUMP(STEP_JGT, a > s->k);
		JUMP(STEP_JGE, a >= s->k);
		JUMP(STEP_JSET, a & s->k);
		JUMP(STEP_JEQ_X, a == x);
		JUMP(STEP_JGT_X, a > x);
		JUMP(STEP_JGE_X, a >= x);
		JUMP(STEP_JSET_X, a & x);
		STEP(STEP_ADD, a += s->k);
		STEP(STEP_SUB, a -= s->k);
		STEP(STEP_MUL, a *= s->k);
		STEP(STEP_AND, a &= s->k);
		STEP(STEP_OR, a |= s->k);
		STEP(STEP_XOR, a ^= s->k);
		STEP(STEP_LSH, a <<= s->k);
		STEP(STEP_RSH, a >>= s->k);
		STEP(STEP_ADD_X, a += x);
		STEP(STEP_SUB_X, a -= x);
		STEP(STEP_AND_X, a &= x);
		STEP(STEP_OR_X, a |= x);
		STEP(STEP_NEG, a = 0 - a);
		STEP(STEP_TAX, x = a);
		STEP(STEP_TXA, a = x);
		default:	/* STEP_UNKNOWN, which is in no program */
			__builtin_unreachable();
		}
	}
}
