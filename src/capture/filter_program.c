/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/filter_program.h"

#include <stdlib.h>

#include "base/bytes.h"
#include "base/compiler.h"

/*
 * S. McCanne, V. Jacobson: The BSD Packet Filter, 1993, section 3.2; pcap/bpf.h.  The
 * names are those of bpf_image(3).  A fused step is two instructions, a load and the
 * comparison behind it, which also stays by itself: it may be a jump's target.
 */
enum step_code {
	STEP_RET_K, STEP_RET_A,
	/* Loads of A from a fixed place, and from X on. */
	STEP_LD, STEP_LDH, STEP_LDB,
	STEP_LD_X, STEP_LDH_X, STEP_LDB_X,
	STEP_LD_LENGTH, STEP_LD_K,
	STEP_LDX_K, STEP_LDX_LENGTH, STEP_LDX_HEADER,
	STEP_JEQ, STEP_JGT, STEP_JGE, STEP_JSET, STEP_JUMP,
	STEP_JEQ_X, STEP_JGT_X, STEP_JGE_X, STEP_JSET_X,
	STEP_ADD, STEP_SUB, STEP_MUL, STEP_AND, STEP_OR, STEP_XOR, STEP_LSH, STEP_RSH,
	STEP_ADD_X, STEP_SUB_X, STEP_AND_X, STEP_OR_X,
	STEP_NEG, STEP_TAX, STEP_TXA,
	STEP_LD_JEQ, STEP_LDH_JEQ, STEP_LDB_JEQ, STEP_LDH_JSET,
	STEP_UNKNOWN,
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

static enum step_code load_code(const struct bpf_insn *i)
{
	switch (i->code) {
	case BPF_LD | BPF_W | BPF_ABS:
		return STEP_LD;
	case BPF_LD | BPF_H | BPF_ABS:
		return STEP_LDH;
	case BPF_LD | BPF_B | BPF_ABS:
		return STEP_LDB;
	case BPF_LD | BPF_W | BPF_IND:
		return STEP_LD_X;
	case BPF_LD | BPF_H | BPF_IND:
		return STEP_LDH_X;
	case BPF_LD | BPF_B | BPF_IND:
		return STEP_LDB_X;
	case BPF_LDX | BPF_MSH | BPF_B:
		return STEP_LDX_HEADER;
	}
	return STEP_UNKNOWN;
}

static enum step_code set_code(const struct bpf_insn *i)
{
	switch (i->code) {
	case BPF_LD | BPF_W | BPF_LEN:
		return STEP_LD_LENGTH;
	case BPF_LD | BPF_IMM:
		return STEP_LD_K;
	case BPF_LDX | BPF_W | BPF_IMM:
		return STEP_LDX_K;
	case BPF_LDX | BPF_W | BPF_LEN:
		return STEP_LDX_LENGTH;
	case BPF_RET | BPF_K:
		return STEP_RET_K;
	case BPF_RET | BPF_A:
		return STEP_RET_A;
	case BPF_MISC | BPF_TAX:
		return STEP_TAX;
	case BPF_MISC | BPF_TXA:
		return STEP_TXA;
	}
	return STEP_UNKNOWN;
}

static enum step_code jump_code(const struct bpf_insn *i)
{
	switch (i->code) {
	case BPF_JMP | BPF_JA:
		return STEP_JUMP;
	case BPF_JMP | BPF_JEQ | BPF_K:
		return STEP_JEQ;
	case BPF_JMP | BPF_JGT | BPF_K:
		return STEP_JGT;
	case BPF_JMP | BPF_JGE | BPF_K:
		return STEP_JGE;
	case BPF_JMP | BPF_JSET | BPF_K:
		return STEP_JSET;
	case BPF_JMP | BPF_JEQ | BPF_X:
		return STEP_JEQ_X;
	case BPF_JMP | BPF_JGT | BPF_X:
		return STEP_JGT_X;
	case BPF_JMP | BPF_JGE | BPF_X:
		return STEP_JGE_X;
	case BPF_JMP | BPF_JSET | BPF_X:
		return STEP_JSET_X;
	}
	return STEP_UNKNOWN;
}

static enum step_code compute_code(const struct bpf_insn *i)
{
	switch (i->code) {
	case BPF_ALU | BPF_ADD | BPF_K:
		return STEP_ADD;
	case BPF_ALU | BPF_SUB | BPF_K:
		return STEP_SUB;
	case BPF_ALU | BPF_MUL | BPF_K:
		return STEP_MUL;
	case BPF_ALU | BPF_AND | BPF_K:
		return STEP_AND;
	case BPF_ALU | BPF_OR | BPF_K:
		return STEP_OR;
	case BPF_ALU | BPF_XOR | BPF_K:
		return STEP_XOR;
	case BPF_ALU | BPF_LSH | BPF_K:
		return i->k < 32 ? STEP_LSH : STEP_UNKNOWN;
	case BPF_ALU | BPF_RSH | BPF_K:
		return i->k < 32 ? STEP_RSH : STEP_UNKNOWN;
	case BPF_ALU | BPF_ADD | BPF_X:
		return STEP_ADD_X;
	case BPF_ALU | BPF_SUB | BPF_X:
		return STEP_SUB_X;
	case BPF_ALU | BPF_AND | BPF_X:
		return STEP_AND_X;
	case BPF_ALU | BPF_OR | BPF_X:
		return STEP_OR_X;
	case BPF_ALU | BPF_NEG:
		return STEP_NEG;
	}
	return STEP_UNKNOWN;
}

static enum step_code code_of(const struct bpf_insn *i)
{
	enum step_code code = load_code(i);

	/* libpcap's extensions for the tags that a kernel has taken off are beyond it. */
	if (code != STEP_UNKNOWN)
		return i->k <= OFFSET_MAX ? code : STEP_UNKNOWN;
	if ((code = set_code(i)) == STEP_UNKNOWN &&
	    (code = jump_code(i)) == STEP_UNKNOWN)
		code = compute_code(i);
	return code;
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

	if (code == STEP_UNKNOWN || (code == STEP_JUMP && i->k >= UINT16_MAX - 2))
		return false;
	*s = (struct step){
		.code = (uint16_t)code, .k = i->k,
		.yes = (uint16_t)(code == STEP_JUMP ? i->k + 1 : i->jt + 1u),
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
		STEP(STEP_LDX_HEADER, LOAD(x, s->k, 1, load_byte); x = (x & 15) << 2);
		STEP(STEP_LD_LENGTH, a = wirelen);
		STEP(STEP_LDX_LENGTH, x = wirelen);
		STEP(STEP_LD_K, a = s->k);
		STEP(STEP_LDX_K, x = s->k);
		JUMP(STEP_JUMP, true);
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
