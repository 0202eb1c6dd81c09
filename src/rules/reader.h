/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * reader.h - words of a line, and what options take of them.
 *
 * Everything that reads text below src/rules goes through here.  An error is told
 * once, with file, line and word, and 'failed' is set; the functions that take a
 * value return false then.
 */
#ifndef RULES_READER_H
#define RULES_READER_H 1

#include "rules/match.h"
#include "rules/program.h"

#define WORDS_MAX	1024u
#define LINE_MAX_BYTES	(64u << 10)

struct words {
	char *text;		/* the line's copy, cut into words */
	char *word[WORDS_MAX];
	bool quoted[WORDS_MAX];
	uint32_t n;
};

struct reader {
	struct rules *rules;
	struct ruleset *set;
	const char *file;
	const char *text, *end;	/* what is left */
	uint32_t line;
	uint8_t family;
	struct words words;
	uint32_t next;		/* word */
	const char *option;	/* in hand */
	bool invert;		/* "!" before it, or before its value */
	bool invert_used;
	bool failed;
	/* of a rule */
	struct rule *rule;
	uint8_t table;
	uint32_t first_rule;	/* of the table */
	uint32_t chain;
	bool unknown;		/* the rule has a match that is not understood */
};

/* Starts on a text; false: no memory. */
bool rules_reader_open(struct reader *r, struct rules *rules, const char *file,
		 const char *text, size_t len);
void rules_reader_close(struct reader *r);
/* The next line that is neither empty nor a comment, cut into words; false at
 * the end, or where it cannot be cut.  *raw is the line as it stands. */
bool reader_line(struct reader *r, const char **raw, size_t *raw_len);

/* Tells what is wrong with 'word' (NULL: with the line).  Always false. */
__attribute__((format(printf, 3, 4)))
bool refuse(struct reader *r, const char *word, const char *fmt, ...);
__attribute__((format(printf, 2, 3)))
void reader_warn(struct reader *r, const char *fmt, ...);

static inline bool more_words(const struct reader *r)
{
	return r->next < r->words.n;
}

/* Whether the option in hand is inverted; marks that it may be. */
static inline bool inverted(struct reader *r)
{
	r->invert_used = true;
	return r->invert;
}

/* The option's value; NULL and told where there is none. */
const char *take(struct reader *r);

static inline bool is(const char *opt, const char *name)
{
	return !strcmp(opt, name);
}

enum took took(bool ok);

/* Numbers as strtoul(3) takes them with base 0. */
bool parse_u64(const char *s, const char *end, uint64_t max, uint64_t *v);
bool take_u64(struct reader *r, uint64_t max, uint64_t *v);
bool take_u32(struct reader *r, uint32_t max, uint32_t *v);
bool take_u8(struct reader *r, uint8_t *v);
/* "a", "a:b", ":b", "a:". */
bool parse_range(struct reader *r, const char *s, char sep, uint64_t max,
		 uint64_t *lo, uint64_t *hi);
bool take_range(struct reader *r, uint64_t max, uint64_t *lo, uint64_t *hi);
/* A port or service. */
bool parse_port(struct reader *r, const char *s, const char *end, uint16_t *v);
bool take_ports(struct reader *r, uint16_t *lo, uint16_t *hi);
/* The same, but a range that ends before it begins is one, which holds no port. */
bool take_ports_unordered(struct reader *r, uint16_t *lo, uint16_t *hi);
/* "value" or "value/mask". */
bool take_mark(struct reader *r, uint32_t *value, uint32_t *mask);
/* "1.2.3.4", "::1", in the reader's family. */
bool parse_addr(struct reader *r, const char *s, const char *end,
		union ct_addr *a);
bool parse_addr_of(unsigned int family, const char *s, const char *end,
		   union ct_addr *a);
/* "addr", "addr/24", "addr/255.255.0.0". */
bool parse_masked(struct reader *r, const char *s, const char *end,
		  union ct_addr *a, union ct_addr *mask);
void prefix_mask(unsigned int family, unsigned int bits, union ct_addr *mask);
bool parse_proto(struct reader *r, const char *s, const char *end, uint8_t *v);
/* A name of 'list' (ending in NULL) as its number; -1. */
int name_in(const char *const *list, const char *s, size_t len);

/* Parts of a word between 'sep':
 *	for (struct part p = first_part(word, ','); p.s; next_part(&p, ',')) */
struct part { const char *s, *end; };
struct part first_part(const char *s, char sep);
void next_part(struct part *p, char sep);
static inline bool part_is(const struct part *p, const char *text)
{
	size_t n = strlen(text);

	return (size_t)(p->end - p->s) == n && !memcmp(p->s, text, n);
}

/* match_ip.c: "AF11", "EF", ... */
bool take_dscp_class(struct reader *r, uint8_t *v);

void *reader_alloc(struct reader *r, size_t size);
const char *reader_text(struct reader *r, const char *s);
/* The name of a table that rules of one name share, as long as the rules. */
bool take_table_name(struct reader *r, const char **name);

/* save.c */
bool read_save(struct reader *r);
/* links.c */
bool links_read(struct reader *r);
/* bind.c: at the end of a table. */
bool bind_table(struct reader *r);

#endif
