/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * damage.c - replays captures that are cut at every byte, and captures with
 * every byte changed, all in one process.
 *
 * 	damage [-s SEED] [-n POSITIONS] [-a BYTES] FILE...
 *
 * In a file of more than BYTES (4 KiB), only POSITIONS places are tried, which
 * SEED chooses.
 *
 * A cut file must give the output, tables at the end included, of the whole
 * file read as far as the last complete frame; the exit status must tell a cut
 * within a record from a cut between two; the message must name the byte and
 * the frame.  A changed file must give the lines of the good file up to the
 * frame with the changed byte, and a change of a frame's contents or time must
 * not lose a frame.
 *
 * A capture that is damaged already must stay readable as far as it was; one
 * that is refused must not cause a crash.  A cut compressed file must give the
 * beginning of the whole file's output; the contents of a changed one cannot be
 * predicted.
 */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "crash.h"
#include "layout.h"
#include "program.h"

#define SECONDS		120u	/* no run takes as long, not under valgrind */
#define THREADS_EVERY	16u
#define SAID_MOST	20u	/* failures that are told one by one */

enum format { TEXT, JSON, FORMATS };

struct piece { char *text; size_t len; };

/* The output of the undamaged file, read as far as a frame. */
struct gold {
	struct piece lines;	/* packets and events */
	struct piece all;	/* with the tables after them */
};

struct test {
	struct program p;
	struct options lines[FORMATS], all[FORMATS];
	uint64_t seed;
	size_t positions, small;

	const char *name;	/* of the capture */
	uint8_t *bytes;
	size_t n;
	struct layout layout;
	int good_status;	/* of the file as it is */
	struct piece whole;	/* compressed: its lines */
	struct gold *gold[FORMATS];	/* layout.nframes + 1 of them */

	uint64_t runs, cuts, changes, failures;
	uint64_t status[4];
};

static uint64_t random_of(uint64_t seed, uint64_t i)
{
	uint64_t z = seed * 0xd1342543de82ef95u + (i + 1) * 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

static void fail(struct test *t, const char *why)
{
	if (t->failures++ < SAID_MOST)
		fprintf(stderr, "FAILED: %s: %s\n  status %d, said: %s\n", doing,
			why, t->p.status, t->p.said_len ? t->p.said : "nothing");
}

/* Leaves out what an interface's statistics say: they are in blocks of their own, of
 * which a cut capture has fewer, and whose bytes count. */
static void drop_statistics(struct program *p)
{
	char *note = strstr(p->text, "{\"type\":\"note\",\"code\":\"capture-lost\"");
	char *end = note ? strchr(note, '\n') : NULL;

	if (!end)
		return;
	memmove(note, end + 1, p->len - (size_t)(end + 1 - p->text) + 1);
	p->len -= (size_t)(end + 1 - note);
}

/* Starting threads takes longer than a small capture, so most runs do
 * without. */
static void run(struct test *t, const struct options *o)
{
	t->p.no_threads = t->runs++ % THREADS_EVERY != 0;
	if (!program_run(&t->p, o)) {
		perror(t->name);
		exit(1);
	}
	if (t->p.status >= 0 && t->p.status < 4)
		t->status[t->p.status]++;
	drop_statistics(&t->p);
}

static struct piece keep(const struct program *p)
{
	struct piece piece = { malloc(p->len + 1), p->len };

	if (!piece.text) {
		perror("malloc");
		exit(1);
	}
	memcpy(piece.text, p->text, p->len + 1);
	return piece;
}

/* Without the notes at the end, which come after the tables. */
static struct piece keep_lines(struct program *p)
{
	const char *note = strstr(p->text, "{\"type\":\"note\"");

	if (note)
		p->len = (size_t)(note - p->text);
	p->text[p->len] = '\0';
	return keep(p);
}

static bool begins_with(const struct program *p, const struct piece *piece)
{
	return p->len >= piece->len &&
	       memcmp(p->text, piece->text, piece->len) == 0;
}

static bool same(const struct program *p, const struct piece *piece)
{
	return p->len == piece->len && begins_with(p, piece);
}

/* The number of the packet or frame of a line; 0 for other lines. */
static uint64_t line_number(const char *line, enum format format)
{
	const char *number;

	if (format == TEXT) {
		line += strspn(line, " ");
		return *line >= '1' && *line <= '9' ? strtoull(line, NULL, 10) : 0;
	}
	if (strncmp(line, "{\"type\":\"packet\"", 16) != 0 &&
	    strncmp(line, "{\"type\":\"frame\"", 15) != 0)
		return 0;
	number = strstr(line, "\"number\":");
	return number ? strtoull(number + 9, NULL, 10) : 0;
}

/* The number of frames with a line, which must be 1, 2, 3 and so on.  The
 * tables at the end begin with a heading. */
static uint64_t frames_told(const struct program *p, enum format format)
{
	uint64_t n = 0;

	for (const char *line = p->text; *line && *line != '#';
	     line = strchr(line, '\n') + 1) {
		uint64_t number = line_number(line, format);

		if (number && number != ++n)
			return UINT64_MAX;
		if (!strchr(line, '\n'))
			break;
	}
	return n;
}

/* Every line must be complete, and in JSON an object. */
static bool lines_whole(const struct program *p, enum format format)
{
	if (p->len && p->text[p->len - 1] != '\n')
		return false;
	if (format == TEXT || !p->len)
		return true;
	if (p->text[0] != '{' || p->text[p->len - 2] != '}')
		return false;
	for (const char *end = p->text; (end = strchr(end, '\n')) && end[1]; end++)
		if (end[-1] != '}' || end[1] != '{')
			return false;
	return true;
}

/* The output of the good file as far as frame 'n', which may be 0. */
static void make_gold(struct test *t, enum format format, size_t n)
{
	struct gold *g = &t->gold[format][n];
	size_t first = 0;

	while (first < t->layout.nspans && !t->layout.span[first].frame)
		first++;
	if (n == 0)
		program_cut(&t->p, first < t->layout.nspans ?
			    t->layout.span[first].start : t->layout.good);
	t->lines[format].max_frames = t->all[format].max_frames = n;
	run(t, &t->lines[format]);
	if (t->p.status != 0 || frames_told(&t->p, format) != n)
		fail(t, "the good file does not give a line for each frame");
	g->lines = keep_lines(&t->p);
	run(t, &t->all[format]);
	if (t->p.status != 0 || !begins_with(&t->p, &g->lines))
		fail(t, "the good file does not give packets, then tables");
	g->all = keep(&t->p);
	t->lines[format].max_frames = t->all[format].max_frames = 0;
	program_input(&t->p, t->bytes, t->n);
}

static void make_all_gold(struct test *t)
{
	snprintf(doing, sizeof(doing), "%s undamaged", t->name);
	for (int f = 0; f < FORMATS; f++) {
		t->gold[f] = calloc(t->layout.nframes + 1, sizeof(struct gold));
		for (size_t n = 0; t->gold[f] && n <= t->layout.nframes; n++)
			make_gold(t, (enum format)f, n);
	}
}

static void free_gold(struct test *t)
{
	for (int f = 0; f < FORMATS; f++) {
		for (size_t n = 0; n <= t->layout.nframes; n++) {
			free(t->gold[f][n].lines.text);
			free(t->gold[f][n].all.text);
		}
		free(t->gold[f]);
	}
}

/* The message about the damage must name the place and the frame. */
static bool place_named(const struct test *t, size_t offset, size_t frame)
{
	char text[80];

	snprintf(text, sizeof(text), "at byte %zu, frame %zu: ", offset, frame);
	return strstr(t->p.said, text) != NULL;
}

/* For a compressed capture, whose lines are known. */
static void check_packed_cut(struct test *t)
{
	const struct piece got = { t->p.text, t->p.len };

	if (got.len > t->whole.len ||
	    memcmp(got.text, t->whole.text, got.len) != 0)
		fail(t, "prints something else than the whole file");
	else if (t->p.status != 2 && t->p.status != 3)
		fail(t, "cut short: status must be 2 or 3");
	else if (!t->p.said_len)
		fail(t, "fails without a message");
}

static void check_cut(struct test *t, size_t at, enum format format)
{
	const struct layout *l = &t->layout;
	size_t frames = layout_frames_before(l, at);

	if (at < l->head) {
		if (t->p.status != 2 || t->p.len || !t->p.said_len)
			fail(t, "what is no capture must be refused, with a message and status 2");
		return;
	}
	if (!same(&t->p, &t->gold[format][frames].all))
		fail(t, "prints something else than the whole file read so far");
	if (layout_whole_at(l, at)) {
		if (t->p.status != 0)
			fail(t, "cut between two records: status must be 0");
	} else if (t->p.status != 3) {
		fail(t, "cut within a record: status must be 3");
	} else if (!place_named(t, layout_start_of(l, at), frames + 1)) {
		fail(t, "the message does not name the byte and the frame");
	}
}

/* A change that concerns one frame only must lose none. */
static bool frames_kept(const struct test *t, size_t at, enum format format)
{
	const struct layout *l = &t->layout;
	enum byte_kind kind = layout_kind(l, at);

	if (at >= l->good || kind == BYTE_HEADER || kind == BYTE_LENGTH)
		return true;
	return t->p.status == t->good_status &&
	       frames_told(&t->p, format) == l->nframes &&
	       (kind != BYTE_IDLE ||
		same(&t->p, &t->gold[format][l->nframes].all));
}

static void check_change(struct test *t, size_t at, enum format format)
{
	const struct layout *l = &t->layout;
	size_t frames = l->known ? layout_frames_before(l, at) : 0;

	if (t->p.status != 0 && t->p.status != 2 && t->p.status != 3)
		fail(t, "status must be 0, 2 or 3");
	else if (t->p.status != 0 && !t->p.said_len)
		fail(t, "fails without a message");
	else if (t->p.status == 2 && t->p.len)
		fail(t, "status 2 is for what cannot be read at all");
	else if (!lines_whole(&t->p, format))
		fail(t, "a line is not whole");
	else if (t->p.status == 3 && !strstr(t->p.said, " at byte "))
		fail(t, "the message does not name a byte");
	if (!l->known)
		return;
	if (t->p.status == 2 && layout_kind(l, at) != BYTE_HEADER)
		fail(t, "status 2 is for what cannot be read at all");
	else if (t->p.status != 2 &&
		 !begins_with(&t->p, &t->gold[format][frames].lines))
		fail(t, "lines from before the damage are lost");
	else if (!frames_kept(t, at, format))
		fail(t, "a frame is lost, though only one frame's contents changed");
}

static void change_at(struct test *t, size_t at)
{
	uint64_t r = random_of(t->seed, at);
	enum format format = (enum format)(r >> 8) % FORMATS;
	uint8_t byte = (uint8_t)(t->bytes[at] ^ (1 + r % 255));

	snprintf(doing, sizeof(doing), "%s, byte %zu changed from %02x to %02x (%s)",
		 t->name, at, t->bytes[at], byte, format == TEXT ? "text" : "json");
	program_change(&t->p, at, byte);
	run(t, &t->all[format]);
	check_change(t, at, format);
	program_change(&t->p, at, t->bytes[at]);
	t->changes++;
}

/* From the end, so that the file in memory need not be written again. */
static void cut_at(struct test *t, size_t at)
{
	bool packed = !t->layout.known;
	enum format format = packed ? TEXT :
			     (enum format)random_of(t->seed, at) % FORMATS;

	snprintf(doing, sizeof(doing), "%s, cut to %zu bytes (%s)", t->name, at,
		 format == TEXT ? "text" : "json");
	program_cut(&t->p, at);
	run(t, packed ? &t->lines[format] : &t->all[format]);
	if (packed)
		check_packed_cut(t);
	else
		check_cut(t, at, format);
	t->cuts++;
}

/* Whether to try this place. */
static bool chosen(const struct test *t, uint64_t salt, size_t at)
{
	return t->n <= t->small ||
	       random_of(t->seed ^ salt, at) % t->n < t->positions;
}

static void try_places(struct test *t)
{
	for (size_t at = 0; at < t->n; at++) {
		if (at % 256 == 0)
			alarm(SECONDS);
		if (chosen(t, 1, at))
			change_at(t, at);
	}
	for (size_t at = t->n; at-- > 0; ) {
		if (at % 256 == 0)
			alarm(SECONDS);
		if (chosen(t, 2, at))
			cut_at(t, at);
	}
}

static void try_file(struct test *t)
{
	program_input(&t->p, t->bytes, t->n);
	if (!layout_read(&t->layout, t->bytes, t->n)) {
		perror("malloc");
		exit(1);
	}
	snprintf(doing, sizeof(doing), "%s undamaged", t->name);
	run(t, &t->lines[TEXT]);
	t->whole = keep(&t->p);
	t->good_status = t->p.status;
	/* A file that is refused unchanged makes no promise. */
	t->layout.known &= t->good_status != 2;
	if (t->layout.known) {
		make_all_gold(t);
		try_places(t);
		free_gold(t);
	} else {
		try_places(t);
	}
	free(t->whole.text);
	layout_free(&t->layout);
}

static bool init(struct test *t)
{
	static const char *const lines[FORMATS][8] = {
		{ "-p", "-v", "-e" }, { "-p", "-v", "-e", "-o", "json" },
	};
	static const char *const all[FORMATS][8] = {
		{ "-p", "-v", "-e", "-t", "-x" },
		{ "-p", "-v", "-e", "-t", "-x", "-o", "json" },
	};

	crash_tell();
	if (!program_init(&t->p))
		return false;
	for (int f = 0; f < FORMATS; f++)
		if (!program_options(&t->p, &t->lines[f], lines[f]) ||
		    !program_options(&t->p, &t->all[f], all[f])) {
			fputs(t->p.said, stderr);
			return false;
		}
	return true;
}

int main(int argc, char **argv)
{
	struct test t = { .seed = 1, .positions = 2000, .small = 4096 };
	int c, first;

	while ((c = getopt(argc, argv, "s:n:a:")) != -1) {
		if (c == 's')
			t.seed = strtoull(optarg, NULL, 0);
		else if (c == 'n')
			t.positions = strtoull(optarg, NULL, 0);
		else if (c == 'a')
			t.small = strtoull(optarg, NULL, 0);
		else
			return 2;
	}
	first = optind;		/* the program reads options as well */
	if (!init(&t)) {
		perror("damage");
		return 1;
	}
	for (int i = first; i < argc; i++) {
		t.name = argv[i];
		t.bytes = file_read(t.name, &t.n);
		if (!t.bytes)
			return 1;
		try_file(&t);
		free(t.bytes);
	}
	for (int f = 0; f < FORMATS; f++) {
		options_free(&t.lines[f]);
		options_free(&t.all[f]);
	}
	program_free(&t.p);
	fprintf(stderr, "%d captures, %" PRIu64 " cuts, %" PRIu64 " changes (seed %" PRIu64 "): exit status 0 %" PRIu64 " times, 2 %" PRIu64 ", 3 %" PRIu64 "; %" PRIu64 " failures\n",
		argc - first, t.cuts, t.changes, t.seed, t.status[0],
		t.status[2], t.status[3], t.failures);
	return t.failures != 0 || t.cuts == 0;
}
