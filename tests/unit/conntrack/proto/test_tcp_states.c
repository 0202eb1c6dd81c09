/* SPDX-License-Identifier: GPL-2.0-only */
/* The state table, cell by cell, and valid combinations of flags. */
#include "support/tcp_cases.h"

#include <stdio.h>
#include <string.h>

/*
 * The state table: rows as in the kernel, columns
 * NONE SYN_SENT SYN_RECV ESTABLISHED FIN_WAIT CLOSE_WAIT LAST_ACK TIME_WAIT
 * CLOSE SYN_SENT2.
 */
#define COLUMNS 10

static const struct row {
	const char *name;	/* of the test */
	uint8_t dir, index;
	const char *flags, *cells[COLUMNS];
} rows[] = {
	{ "client SYN", ORIG, 0, "S",
	  { "SS", "SS", "IG", "IG", "IG", "IG", "IG", "SS", "SS", "S2" } },
	{ "client SYN/ACK", ORIG, 1, "S.",
	  { "IV", "IV", "SR", "IV", "IV", "IV", "IV", "IV", "IV", "SR" } },
	{ "client FIN", ORIG, 2, "F.",
	  { "IV", "IV", "FW", "FW", "LA", "LA", "LA", "TW", "CL", "IV" } },
	{ "client ACK", ORIG, 3, ".",
	  { "ES", "IV", "ES", "ES", "CW", "CW", "TW", "TW", "CL", "IV" } },
	{ "client RST", ORIG, 4, "R",
	  { "IV", "CL", "CL", "CL", "CL", "CL", "CL", "CL", "CL", "CL" } },
	{ "server SYN", REPL, 0, "S",
	  { "IV", "S2", "IV", "IV", "IV", "IV", "IV", "SS", "IV", "S2" } },
	{ "server SYN/ACK", REPL, 1, "S.",
	  { "IV", "SR", "IG", "IG", "IG", "IG", "IG", "IG", "IG", "SR" } },
	{ "server FIN", REPL, 2, "F.",
	  { "IV", "IV", "FW", "FW", "LA", "LA", "LA", "TW", "CL", "IV" } },
	{ "server ACK", REPL, 3, ".",
	  { "IV", "IG", "SR", "ES", "CW", "CW", "TW", "TW", "CL", "IG" } },
	{ "server RST", REPL, 4, "R",
	  { "IV", "CL", "CL", "CL", "CL", "CL", "CL", "CL", "CL", "CL" } },
};

static const char columns[COLUMNS][3] = {
	"NO", "SS", "SR", "ES", "FW", "CW", "LA", "TW", "CL", "S2"
};

/* Timeouts in seconds. */
static const uint32_t lives[COLUMNS] = {
	0, 120, 60, 432000, 120, 60, 30, 120, 10, 120
};

/* Segments that lead to each state. */
static const struct segment paths[COLUMNS][8] = {
	[SYN_SENT] = {
		C("S", 1000, 0, 8192, 0, NULL, NEW, SYN_SENT, OK) },
	[SYN_RECV] = {
		C("S", 1000, 0, 8192, 0, NULL, NEW, SYN_SENT, OK),
		S("S.", 5000, 1001, 16384, 0, NULL, EST, SYN_RECV, OK) },
	[ESTAB] = { HANDSHAKE },
	[FIN_WAIT] = { HANDSHAKE,
		C("F.", 1001, 5001, 8192, 0, NULL, EST, FIN_WAIT, OK) },
	[CLOSE_WAIT] = { HANDSHAKE,
		C("F.", 1001, 5001, 8192, 0, NULL, EST, FIN_WAIT, OK),
		S(".", 5001, 1002, 16384, 0, NULL, EST, CLOSE_WAIT, OK) },
	[LAST_ACK] = { HANDSHAKE, CLOSING },
	[TIME_WAIT] = { HANDSHAKE, CLOSING, LAST },
	[CLOSE] = { HANDSHAKE,
		C("R.", 1001, 5001, 0, 0, NULL, EST, CLOSE, OK) },
	[SYN_SENT2] = {
		C("S", 1000, 0, 8192, 0, NULL, NEW, SYN_SENT, OK),
		S("S", 5000, 0, 16384, 0, NULL, EST, SYN_SENT2, OK) },
};

static int column_of(const char *cell)
{
	for (int i = 0; i < COLUMNS; i++)
		if (strcmp(columns[i], cell) == 0)
			return i;
	return -1;
}

/*
 * Brings a new engine to the state of 'column', and records the next numbers.
 */
static void walk(struct rig *r, int column, uint32_t next[2])
{
	static const struct setting none[3];

	next[ORIG] = 1001;
	next[REPL] = 5001;
	tcp_init(r, none);
	for (const struct segment *s = paths[column];
	     s < paths[column] + ITEMS(paths[column]) && s->flags; s++) {
		tcp_send(r, s);
		tcp_check(r, "on the way", s);
		if (strchr(s->flags, 'F'))
			next[s->dir]++;
	}
}

/* The segment of this row, in the window and without data, and its verdict. */
static void expect_cell(struct segment *s, const struct row *row, int column,
			const uint32_t next[2])
{
	const char *cell = row->cells[column];
	bool syn = row->flags[0] == 'S';
	bool replied = column != NONE && column != SYN_SENT;
	int to = column_of(cell);

	*s = (struct segment){
		.dir = row->dir, .flags = row->flags,
		.seq = syn ? next[row->dir] - 1 : next[row->dir],
		.ack = strchr(row->flags, '.') ? next[!row->dir] : 0,
		.win = 8192, .after = 1000,
		.ctstate = row->dir == REPL || replied ? EST : NEW,
		.state = (uint8_t)column,
		.left = column == NONE ? GONE : lives[column] - 1,
	};
	if (strcmp(cell, "IV") == 0) {
		s->ctstate = INV;
		s->reason = column == NONE ? CT_REASON_TCP_INVALID_NEW :
					     INVALID_STATE;
	} else if (strcmp(cell, "IG") == 0) {
		s->reason = IGNORED;
	} else {
		s->state = (uint8_t)to;
		s->left = row->flags[0] == 'R' ? 10 : lives[to];
	}
}

/* The rules of nf_conntrack_tcp_packet() that the table does not contain. */
static void expect_rules(struct segment *s, const struct row *row, int column)
{
	bool rst = row->flags[0] == 'R', syn = strcmp(row->flags, "S") == 0;

	/* Picked up in mid-stream. */
	if (column == NONE && s->ctstate == NEW && !syn)
		s->reason = CT_REASON_TCP_PICKED_UP;
	/* A RST without any other reply removes the entry. */
	if (rst && column == SYN_SENT)
		s->left = GONE;
	/* A SYN in SYN_SENT does not restart the timeout, not even one of the
	 * other side. */
	if (syn && column == SYN_SENT)
		s->left = 119;
	/* The old connection ends, and this packet opens a new one. */
	if (syn && (column == TIME_WAIT || (column == CLOSE && row->dir == ORIG))) {
		s->ctstate = NEW;
		s->turned = row->dir == REPL;
	}
	/* Picked up in mid-stream, without a reply yet. */
	if (column == NONE && s->state == ESTAB)
		s->left = 300;
}

static void check_cell(const struct row *row, int column)
{
	struct segment s;
	uint32_t next[2];
	struct rig r;
	char what[100];

	snprintf(what, sizeof(what), "%s in %s", row->name, columns[column]);
	walk(&r, column, next);
	expect_cell(&s, row, column, next);
	expect_rules(&s, row, column);
	tcp_send(&r, &s);
	tcp_check(&r, what, &s);
	if (s.reason == IGNORED || s.reason == INVALID_STATE) {
		assert_int_equal(r.v.why[0].n[0], row->index);
		assert_int_equal(r.v.why[0].n[1], row->dir);
		assert_int_equal(r.v.why[0].n[2], column);
	}
	rig_free(&r);
}

static void tcp_states_state_table_row(void **state)
{
	const struct row *row = *state;

	/* In NONE the first packet defines the direction: its sender is the
	 * client. */
	for (int column = row->dir == ORIG ? NONE : SYN_SENT; column < COLUMNS;
	     column++)
		check_cell(row, column);
}

/* In a connection that is closing, the numbers of a RST are not checked. */
static void tcp_states_rst_while_closing(void **state)
{
	static const uint8_t closing[] = {
		FIN_WAIT, CLOSE_WAIT, LAST_ACK, TIME_WAIT, CLOSE,
	};

	(void)state;
	for (size_t i = 0; i < ITEMS(closing); i++)
		for (uint8_t dir = 0; dir < 2; dir++) {
			struct segment s = {
				.dir = dir, .flags = "R.", .seq = 0x80001234,
				.ack = 0x80005678, .ctstate = EST, .state = CLOSE,
				.left = 10,
			};
			uint32_t next[2];
			struct rig r;

			walk(&r, closing[i], next);
			tcp_send(&r, &s);
			tcp_check(&r, columns[closing[i]], &s);
			rig_free(&r);
		}
}

/* A segment without SYN, FIN, RST and ACK is rejected before the table. */
static void tcp_states_segment_without_flags(void **state)
{
	static const char *const none[] = { "", "P", "U", "E", "W", "PUEW" };

	(void)state;
	for (int column = SYN_SENT; column < COLUMNS; column++)
		for (size_t i = 0; i < ITEMS(none); i++) {
			struct segment s = C(none[i], 1001, 0, 8192, 0, NULL, INV,
					     (uint8_t)column,
					     CT_REASON_TCP_FLAGS);
			uint32_t next[2];
			struct rig r;

			walk(&r, column, next);
			tcp_send(&r, &s);
			tcp_check(&r, columns[column], &s);
			rig_free(&r);
		}
}

/*
 * tcp_valid_flags: nine of 32 combinations; PSH, ECE and CWR may accompany any.
 */
static bool sane(unsigned int flags)
{
	static const unsigned int good[] = {
		0x02, 0x22, 0x12, 0x04, 0x14, 0x11, 0x31, 0x10, 0x30,
	};

	for (size_t i = 0; i < ITEMS(good); i++)
		if ((flags & 0x37) == good[i])
			return true;
	return false;
}

static void tcp_states_all_flag_combinations(void **state)
{
	(void)state;
	for (unsigned int flags = 0; flags < 256; flags++) {
		struct segment s = C("S", 1000, 0, 8192, 0, NULL, NEW,
				     SYN_SENT, OK);
		struct craft_tcp tcp = { CLIENT_PORT, SERVER_PORT, 1001, 0, "",
					 8192, 0, NULL };
		struct craft c;
		struct rig r;

		rig_init(&r, NULL);
		tcp_send(&r, &s);
		craft_tcp(&c, CT_L3_IPV4, CLIENT, SERVER, &tcp);
		c.b[c.l4off + 13] = (uint8_t)flags;
		craft_sum(&c, 16);
		rig_send(&r, &c);
		if ((rig_reason(&r) != CT_REASON_TCP_FLAGS) != sane(flags))
			fail_msg("flags 0x%02x are %staken for sane", flags,
				 sane(flags) ? "not " : "");
		rig_free(&r);
	}
}

/* The bits of the 13th byte, for AccECN and reserved ones, are ignored. */
static void tcp_states_reserved_bits(void **state)
{
	struct craft_tcp tcp = { CLIENT_PORT, SERVER_PORT, 1000, 0, "SEW", 8192, 0,
				 NULL };
	struct craft c;
	struct rig r;

	(void)state;
	rig_init(&r, NULL);
	craft_tcp(&c, CT_L3_IPV4, CLIENT, SERVER, &tcp);
	c.b[c.l4off + 12] |= 0x0f;
	craft_sum(&c, 16);
	rig_send(&r, &c);
	rig_expect(&r, "SYN", CT_NEW, CT_DIR_ORIGINAL, CT_REASON_NONE);
	rig_free(&r);
}

int main(void)
{
	const struct CMUnitTest others[] = {
		cmocka_unit_test(tcp_states_rst_while_closing),
		cmocka_unit_test(tcp_states_segment_without_flags),
		cmocka_unit_test(tcp_states_all_flag_combinations),
		cmocka_unit_test(tcp_states_reserved_bits),
	};
	int failed = 0;

	failed += rig_run_cases("tcp state table", rows, sizeof(rows[0]),
				ITEMS(rows), tcp_states_state_table_row);
	failed += cmocka_run_group_tests_name("tcp flags", others, NULL, NULL);
	return failed != 0;
}
