/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * table_short.c - the table for a terminal of 80 columns.
 *
 * An entry has five columns and then words, of which as many stand in a line as fit;
 * the rest goes into lines below, under the first word.  The columns leave 47 bytes,
 * and that is the longest address with a port: "[", 39 bytes of IPv6, "]:65535".  So
 * no address is cut.
 */
#include "report/record.h"

#include "report/formats.h"

#define WIDTH_LINE	80u
#define WIDTH_COLUMNS	33u	/* the words begin here */
#define MARK_TO		"> "	/* in front of the destination, in the margin */

struct short_line {
	char *p, *start;	/* where to write, and where the line begins */
};

/* Right-aligned in a column, and a blank. */
static char *put_right(char *p, uint64_t n, uint64_t limit)
{
	for (; n < limit && limit > 1; limit /= 10)
		*p++ = ' ';
	return put_char(put_u64(p, n), ' ');
}

/* Left-aligned in a column, and a blank. */
static char *put_left(char *p, const char *s, size_t width)
{
	char *start = p;

	for (p = put_str(p, s); p < start + width;)
		*p++ = ' ';
	return put_char(p, ' ');
}

/* Makes space for a word of 'n' bytes: behind the others, or at 'column' of a new
 * line. */
static void begin_word(struct short_line *l, size_t n, size_t column)
{
	size_t used = (size_t)(l->p - l->start);

	if (used + n <= WIDTH_LINE && used >= column)
		return;
	while (l->p > l->start && l->p[-1] == ' ')
		l->p--;
	*l->p++ = '\n';
	l->start = l->p;
	while (l->p < l->start + column)
		*l->p++ = ' ';
}

/* The word from 'word' to 'end', and a blank. */
static void put_word(struct short_line *l, const char *word, const char *end)
{
	size_t n = (size_t)(end - word);

	begin_word(l, n, WIDTH_COLUMNS);
	l->p = put_char(put_mem(l->p, word, n), ' ');
}

static void put_number(struct short_line *l, const char *key, uint64_t n)
{
	char word[64 + OUT_SPARE];

	put_word(l, word, put_u64(put_str(word, key), n));
}

/* One number of each direction. */
static void put_numbers(struct short_line *l, const char *key, uint64_t a, uint64_t b)
{
	char word[64 + OUT_SPARE], *p = put_u64(put_str(word, key), a);

	put_word(l, word, put_u64(put_char(p, '/'), b));
}

static bool has_ports(const struct ct_record *rec)
{
	switch (rec->generic ? 0 : rec->tuple[0].protonum) {
	case CT_L4_TCP:
	case CT_L4_UDP:
	case CT_L4_UDPLITE:
	case CT_L4_SCTP:
	case CT_L4_DCCP:
		return true;
	}
	return false;
}

/* The addresses, with ports where the protocol has them. */
static void put_ends(struct short_line *l, const struct ct_record *rec)
{
	const struct ct_tuple *t = &rec->tuple[CT_DIR_ORIGINAL];
	bool ports = has_ports(rec);
	char word[64 + OUT_SPARE], *end;

	end = put_endpoint(word, &t->src, t->l3num, ports, t->sport);
	put_word(l, word, end);
	end = put_endpoint(put_str(word, MARK_TO), &t->dst, t->l3num, ports, t->dport);
	begin_word(l, (size_t)(end - word), WIDTH_COLUMNS - strlen(MARK_TO));
	l->p = put_char(put_mem(l->p, word, (size_t)(end - word)), ' ');
}

/* What tells connections of a protocol without ports apart. */
static void put_key(struct short_line *l, const struct ct_record *rec)
{
	const struct ct_tuple *t = &rec->tuple[CT_DIR_ORIGINAL];
	char word[64 + OUT_SPARE], *p;

	if (t->protonum == CT_L4_ICMP || t->protonum == CT_L4_ICMPV6) {
		put_number(l, "type=", t->icmp_type);
		if (t->icmp_code)
			put_number(l, "code=", t->icmp_code);
		put_number(l, "id=", t->icmp_id);
	} else if (t->protonum == CT_L4_GRE) {
		p = put_hex(put_str(word, "key=0x"), t->srckey);
		put_word(l, word, put_hex(put_str(p, "/0x"), t->dstkey));
	}
}

static char *put_columns(char *p, const struct ct_record *rec)
{
	const char *state = record_state(rec);
	char flag = '-';

	if (rec->status & CT_STATUS_ASSURED)
		flag = 'A';
	else if (!(rec->status & CT_STATUS_SEEN_REPLY))
		flag = 'U';
	p = put_right(p, rec->id, 1000);
	/* As in packets' lines: "unknown" would say less than the number. */
	if (rec->generic)
		p = put_char(put_u64(put_str(p, "proto-"), rec->tuple[0].protonum), ' ');
	else
		p = put_left(p, ct_proto_name(rec->tuple[0].protonum), 6);
	p = put_right(p, record_timeout(rec), 100000);
	p = put_left(p, state ? state : "-", 11);
	return put_char(put_char(p, flag), ' ');
}

void text_short_record(struct report *r, const struct ct_record *rec)
{
	struct short_line l;
	const char *helper = rec->helper;

	l.start = out_begin(&r->out);
	l.p = put_columns(l.start, rec);
	put_ends(&l, rec);
	if (!rec->generic)
		put_key(&l, rec);
	if (r->acct) {
		put_numbers(&l, "packets=", rec->counter[0].packets,
			    rec->counter[1].packets);
		put_numbers(&l, "bytes=", rec->counter[0].bytes,
			    rec->counter[1].bytes);
	}
	if (r->timestamp)
		put_number(&l, "age=", record_age(rec));
	if (helper)
		put_word(&l, helper, helper + strlen(helper));
	if (rec->master)
		put_number(&l, "master=", rec->master);
	out_end(&r->out, put_char(l.p - 1, '\n'));
}

void text_table_columns(struct report *r)
{
	if (r->table_style == TABLE_SHORT)
		out_str(&r->out, "# id proto    left state       A from > to\n");
}
