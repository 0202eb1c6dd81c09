/* SPDX-License-Identifier: GPL-2.0-only */
/* verdict.h - what one side says about one frame, and the settings of a run. */
#ifndef CHECK_KERNEL_VERDICT_H
#define CHECK_KERNEL_VERDICT_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * WORD_NONE: no rule saw the frame, because it was dropped before or because
 * reassembly holds it. ctreplay says DROP or FRAGMENT for some of these.
 */
enum word {
	WORD_NONE, WORD_NEW, WORD_ESTABLISHED, WORD_RELATED, WORD_INVALID,
	WORD_UNTRACKED, WORD_FRAGMENT, WORD_DROP, WORD_OTHER
};

enum direction { DIR_NONE, DIR_ORIGINAL, DIR_REPLY };

struct verdict {
	enum word word;
	enum direction dir;
	unsigned int words;	/* kernel: how often a rule saw the packet */
	unsigned int out;	/* kernel: frames that came out of the second tap */
	bool dropped;		/* ctreplay: "verdict":"drop" */
	char *reason;		/* NULL for none */
	char *code;		/* ctreplay: reason_code; NULL for none */
	char *events;		/* kernel: conntrack events; NULL for none */
};

const char *word_name(enum word w);
enum word word_parse(const char *name);
const char *direction_name(enum direction d);
enum direction direction_parse(const char *name);

struct verdict *verdicts_new(size_t n);
void verdicts_free(struct verdict *v, size_t n);

/* The settings of a run, the same for both sides. */
struct setup {
	bool checksum;		/* verify checksums */
	bool card;		/* frames come as a card takes them; offload.h */
	bool events;		/* record conntrack events */
	bool expiry;		/* entries expire; the kernel removes them at any later time */
	bool helpers;		/* all of them, on their usual ports */
	const char *host;	/* "192.0.2.10/24": the address of a host in the lab; or NULL */
	uint64_t max_gap;	/* nanoseconds; longer gaps are cut to this */
	const char *const *sysctls;	/* NAME=VALUE */
	size_t nsysctls;
	const char *const *raw_rules;	/* nft rules for prerouting, before tracking */
	size_t nraw_rules;
	const char *program;	/* ctreplay */
	const char *kernel;	/* its --kernel; or NULL */
	const char *const *program_args;	/* more arguments for it */
	size_t nprogram_args;
};

#endif
