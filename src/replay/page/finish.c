/* SPDX-License-Identifier: GPL-2.0-only */
/* finish.c - what was collected becomes the columns of the page. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "replay/page/collector.h"

enum conn_column {
	CONN_ID, CONN_SRC, CONN_DST, CONN_SPORT, CONN_DPORT, CONN_PROTO, CONN_FIRST,
	CONN_LAST, CONN_PACKETS0, CONN_PACKETS1, CONN_BYTES0, CONN_BYTES1, CONN_INVALID,
	CONN_DROPPED, CONN_STATE, CONN_ENDED, CONN_MASTER, CONN_FLAGS,
	CONN_COLUMNS
};

enum segment_column { SEG_CONN, SEG_AT, SEG_STATE, SEG_COLUMNS };

struct named {
	const char *name;
	enum column_type type;
};

static const char *const packet_names[PACKET_COLUMNS] = {
	[PACKET_FRAME] = "packet.frame", [PACKET_DT] = "packet.dt",
	[PACKET_CONN] = "packet.conn", [PACKET_WORD] = "packet.word",
	[PACKET_REASON] = "packet.reason", [PACKET_DIR] = "packet.dir",
	[PACKET_STATE] = "packet.state", [PACKET_PROTO] = "packet.proto",
	[PACKET_LENGTH] = "packet.length",
	[PACKET_SRC] = "packet.src", [PACKET_DST] = "packet.dst",
	[PACKET_SPORT] = "packet.sport", [PACKET_DPORT] = "packet.dport",
	[PACKET_VERDICT] = "packet.verdict", [PACKET_RULE] = "packet.rule",
};

static const struct named conn_names[CONN_COLUMNS] = {
	[CONN_ID] = { "conn.id", COLUMN_VARINT },
	[CONN_SRC] = { "conn.src", COLUMN_VARINT },
	[CONN_DST] = { "conn.dst", COLUMN_VARINT },
	[CONN_SPORT] = { "conn.sport", COLUMN_VARINT },
	[CONN_DPORT] = { "conn.dport", COLUMN_VARINT },
	[CONN_PROTO] = { "conn.proto", COLUMN_U8 },
	[CONN_FIRST] = { "conn.first", COLUMN_SVARINT },
	[CONN_LAST] = { "conn.last", COLUMN_SVARINT },
	[CONN_PACKETS0] = { "conn.packets0", COLUMN_VARINT },
	[CONN_PACKETS1] = { "conn.packets1", COLUMN_VARINT },
	[CONN_BYTES0] = { "conn.bytes0", COLUMN_VARINT },
	[CONN_BYTES1] = { "conn.bytes1", COLUMN_VARINT },
	[CONN_INVALID] = { "conn.invalid", COLUMN_VARINT },
	[CONN_DROPPED] = { "conn.dropped", COLUMN_VARINT },
	[CONN_STATE] = { "conn.state", COLUMN_U8 },
	[CONN_ENDED] = { "conn.ended", COLUMN_U8 },
	[CONN_MASTER] = { "conn.master", COLUMN_SVARINT },
	[CONN_FLAGS] = { "conn.flags", COLUMN_U8 },
};

static const struct named segment_names[SEG_COLUMNS] = {
	[SEG_CONN] = { "seg.conn", COLUMN_SVARINT },
	[SEG_AT] = { "seg.at", COLUMN_SVARINT },
	[SEG_STATE] = { "seg.state", COLUMN_U8 },
};

/* One a word, dropped packets, entries, and one a state. */
#define BIN_COLUMNS	((unsigned int)CT_CTSTATES + 2 + PAGE_STATES)
#define COLUMNS		(PACKET_COLUMNS + CONN_COLUMNS + SEG_COLUMNS + BIN_COLUMNS)

#define FLAG_UNANSWERED	1u
#define FLAG_ASSURED	2u
#define FLAG_EXPECTED	4u

struct finish {
	struct collector *c;
	const struct page_parts *parts;
	struct column of_packets;	/* PACKET_CONN with numbers in place of ids */
	struct column conn[CONN_COLUMNS], segment[SEG_COLUMNS], bin[BIN_COLUMNS];
	struct page_column column[COLUMNS];
	size_t ncolumns;
	bool failed;
};

static void add_column(struct finish *f, const char *group, const char *name,
		       const struct column *column)
{
	struct page_column *to = &f->column[f->ncolumns++];

	snprintf(to->name, sizeof(to->name), "%s%s", group, name);
	to->column = column;
	f->failed |= column->failed;
}

/* The number + 1 of a connection, or 0: it is not kept. */
static uint32_t number_of(const struct lanes *l, uint64_t id)
{
	const struct page_connection *c = id ? lanes_by_id(l, id) : NULL;

	return c ? (uint32_t)(c - l->lane) + 1 : 0;
}

static void make_packets(struct finish *f)
{
	struct packets *p = &f->c->packets;
	const struct column *ids = &p->column[PACKET_CONN];
	uint64_t id = 0, number = 0, step;

	f->of_packets.type = COLUMN_SVARINT;
	for (size_t at = 0; at < ids->n;) {
		step = (uint64_t)column_read_signed(ids, &at);
		id += step;
		if (step)
			number = number_of(&f->c->lanes, id);
		column_delta(&f->of_packets, number);
	}
	for (unsigned int i = 0; i < PACKET_COLUMNS; i++)
		add_column(f, "", packet_names[i],
			   i == PACKET_CONN ? &f->of_packets : &p->column[i]);
}

static uint8_t flags_of(const struct page_connection *c)
{
	return (c->status & CT_STATUS_SEEN_REPLY ? 0 : FLAG_UNANSWERED) |
	       (c->status & CT_STATUS_ASSURED ? FLAG_ASSURED : 0) |
	       (c->master ? FLAG_EXPECTED : 0);
}

static bool host_of(struct finish *f, enum conn_column to, const union ct_addr *a,
		    uint8_t l3num)
{
	uint32_t host;

	if (!hosts_find(&f->c->hosts, a, l3num, UINT32_MAX, &host))
		return false;
	column_varint(&f->conn[to], host - 1);
	return true;
}

static bool make_connection(struct finish *f, const struct page_connection *c)
{
	struct column *to = f->conn;
	uint64_t last = c->ended ? c->last : f->c->end - f->c->start;

	column_varint(&to[CONN_ID], c->id);
	column_varint(&to[CONN_SPORT], c->sport);
	column_varint(&to[CONN_DPORT], c->dport);
	column_u8(&to[CONN_PROTO], c->protonum);
	column_svarint(&to[CONN_FIRST], (int64_t)c->first / 1000);
	column_svarint(&to[CONN_LAST], (int64_t)last / 1000);
	column_varint(&to[CONN_PACKETS0], c->counter[0].packets);
	column_varint(&to[CONN_PACKETS1], c->counter[1].packets);
	column_varint(&to[CONN_BYTES0], c->counter[0].bytes);
	column_varint(&to[CONN_BYTES1], c->counter[1].bytes);
	column_varint(&to[CONN_INVALID], c->invalid);
	column_varint(&to[CONN_DROPPED], c->dropped);
	column_u8(&to[CONN_STATE], c->state);
	column_u8(&to[CONN_ENDED], c->ended);
	column_svarint(&to[CONN_MASTER], number_of(&f->c->lanes, c->master));
	column_u8(&to[CONN_FLAGS], flags_of(c));
	return host_of(f, CONN_SRC, &c->src, c->l3num) &&
	       host_of(f, CONN_DST, &c->dst, c->l3num);
}

static bool make_connections(struct finish *f)
{
	const struct lanes *l = &f->c->lanes;

	for (unsigned int i = 0; i < CONN_COLUMNS; i++)
		f->conn[i].type = conn_names[i].type;
	for (uint32_t i = 0; i < l->n; i++)
		if (!make_connection(f, &l->lane[i]))
			return false;
	for (unsigned int i = 0; i < CONN_COLUMNS; i++)
		add_column(f, "", conn_names[i].name, &f->conn[i]);
	return true;
}

/* The segments are in the order of time; the page wants those of a connection together.
 * Their numbers in its order, which the caller frees; NULL: no memory. */
static uint32_t *order_segments(const struct lanes *l)
{
	uint32_t *next = calloc((size_t)l->n + 1, sizeof(*next));
	uint32_t *order = calloc((size_t)l->nsegments + 1, sizeof(*order));

	if (!next || !order) {
		free(next);
		free(order);
		return NULL;
	}
	for (uint32_t i = 0; i < l->nsegments; i++)
		next[l->segment[i].connection + 1]++;
	for (uint32_t i = 0; i < l->n; i++)
		next[i + 1] += next[i];
	for (uint32_t i = 0; i < l->nsegments; i++)
		order[next[l->segment[i].connection]++] = i;
	free(next);
	return order;
}

static bool make_segments(struct finish *f)
{
	const struct lanes *l = &f->c->lanes;
	uint32_t *order = order_segments(l);

	if (!order)
		return false;
	for (unsigned int i = 0; i < SEG_COLUMNS; i++)
		f->segment[i].type = segment_names[i].type;
	for (uint32_t i = 0; i < l->nsegments; i++) {
		const struct page_segment *s = &l->segment[order[i]];

		/* The first of a connection is the difference to the start. */
		if (s->connection != f->segment[SEG_CONN].last || !i)
			f->segment[SEG_AT].last = 0;
		column_delta(&f->segment[SEG_CONN], s->connection);
		column_delta(&f->segment[SEG_AT], s->at / 1000);
		column_u8(&f->segment[SEG_STATE], s->state);
	}
	free(order);
	for (unsigned int i = 0; i < SEG_COLUMNS; i++)
		add_column(f, "", segment_names[i].name, &f->segment[i]);
	return true;
}

static size_t count_bins(const struct collector *c)
{
	return c->started ? c->bins.current + 1 : 0;
}

/* A column of the bins' numbers that are 'offset' bytes into a struct bin; false: all
 * of them are 0. */
static bool make_bin_column(const struct finish *f, struct column *to, size_t offset)
{
	const struct bin *bin = f->c->bins.bin;
	size_t n = count_bins(f->c);
	bool any = false;

	to->type = COLUMN_U32;
	for (size_t i = 0; i < n; i++) {
		uint32_t v;

		memcpy(&v, (const char *)&bin[i] + offset, sizeof(v));
		column_u32(to, v);
		any |= v != 0;
	}
	return any;
}

static void make_bins(struct finish *f)
{
	struct column *to = f->bin;
	char state[PAGE_STATE_NAME];

	for (unsigned int i = 0; i < CT_CTSTATES; i++, to++) {
		make_bin_column(f, to, offsetof(struct bin, word) + 4 * i);
		add_column(f, "bin.word.", ct_ctstate_name((enum ct_ctstate)i), to);
	}
	make_bin_column(f, to, offsetof(struct bin, dropped));
	add_column(f, "bin.", "drop", to++);
	make_bin_column(f, to, offsetof(struct bin, most));
	add_column(f, "bin.", "entries", to++);
	for (unsigned int i = 0; i < PAGE_STATES; i++, to++) {
		page_state_name(state, i);
		if (make_bin_column(f, to, offsetof(struct bin, live) + 4 * i))
			add_column(f, "bin.table.", state, to);
	}
}

static bool print_tops(void *arg, struct report *r)
{
	struct finish *f = arg;

	return tops_print(&f->c->tops, r);
}

static bool print_rules(void *arg, struct report *r)
{
	const struct finish *f = arg;

	firewall_print(f->c->firewall, r);
	return true;
}

static bool print_statistics(void *arg, struct report *r)
{
	const struct finish *f = arg;

	return f->parts->statistics(f->parts->arg, r);
}

static bool print_notes(void *arg, struct report *r)
{
	const struct finish *f = arg;

	return f->parts->notes(f->parts->arg, r);
}

/* The most connections that one of the tops leaves out. */
static uint64_t left_by_tops(const struct tops *t)
{
	uint64_t most = 0;

	for (int by = 0; by < TOP_KINDS; by++)
		if (t->top[by].others > most)
			most = t->top[by].others;
	return most;
}

static int write_page(struct finish *f, int fd)
{
	const struct collector *c = f->c;
	const struct options *o = c->settings->opt;
	const struct page page = {
		.like = f->parts->like, .files = o->files, .nfiles = o->nfiles,
		.kernel = &o->config.kernel, .start = c->start, .end = c->end,
		.ended_early = f->parts->ended_early,
		.max = o->config.sysctl.max,
		.bins = count_bins(c), .bin_width = c->bins.width,
		.limits = {
			.packets_kept = c->packets.kept, .packets_seen = c->packets.seen,
			.connections_kept = c->lanes.n,
			.connections_seen = c->lanes.seen,
			.segments_kept = c->lanes.nsegments,
			.segments_seen = c->lanes.segments_seen,
			.hosts_kept = c->hosts.n,
			.top_left = left_by_tops(&c->tops),
		},
		.hosts = c->hosts.host, .nhosts = c->hosts.n,
		.told = c->told.packet, .ntold = c->told.n, .told_left = c->told.left,
		.statistics = print_statistics, .notes = print_notes,
		.tops = print_tops, .rules = c->firewall ? print_rules : NULL,
		.arg = f, .columns = f->column, .ncolumns = f->ncolumns,
	};

	return page_write(fd, &page);
}

static void free_columns(struct finish *f)
{
	column_free(&f->of_packets);
	for (unsigned int i = 0; i < CONN_COLUMNS; i++)
		column_free(&f->conn[i]);
	for (unsigned int i = 0; i < SEG_COLUMNS; i++)
		column_free(&f->segment[i]);
	for (unsigned int i = 0; i < BIN_COLUMNS; i++)
		column_free(&f->bin[i]);
	free(f);
}

int collector_write(struct collector *c, int fd, const struct page_parts *parts)
{
	struct finish *f = calloc(1, sizeof(*f));
	int error = ENOMEM;

	if (!f)
		return error;
	f->c = c;
	f->parts = parts;
	if (lanes_reduce(&c->lanes) && make_connections(f) && make_segments(f)) {
		make_packets(f);
		make_bins(f);
		if (!f->failed)
			error = write_page(f, fd);
	}
	free_columns(f);
	return error;
}
