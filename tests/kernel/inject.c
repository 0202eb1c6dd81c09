/* SPDX-License-Identifier: GPL-2.0-only */
#include "inject.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctnl.h"
#include "nflog.h"
#include "offload.h"

enum { MOST_READINGS = 200, EQUAL_READINGS = 5, TABLE_READINGS = 10 };

/*
 * Reads the tap until it is empty; returns how many frames are ours and adds
 * the number of others.
 */
static unsigned int drain_tap(int fd, unsigned int *others)
{
	static uint8_t buf[FRAME_LINK_LEN + 65536 + 64];
	unsigned int ours = 0;

	for (;;) {
		ssize_t n = read(fd, buf, sizeof(buf));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return ours;
		if (n < 0)
			die("cannot read a tap: %s", strerror(errno));
		if (frame_link_is_ours(buf, (size_t)n))
			ours++;
		else
			(*others)++;
	}
}

/*
 * Wall-clock time without steps: if someone sets the clock meanwhile, entries
 * must not expire on one side only.
 */
static uint64_t stamp(void)
{
	static uint64_t offset, last;
	uint64_t t;

	if (!offset)
		offset = now_real() - now_mono();
	t = now_mono() + offset;
	last = t > last ? t : last + 1;
	return last;
}

static void write_frame(struct lab *lab, const struct frame *f)
{
	static uint8_t buf[OFFLOAD_HEADER + FRAME_LINK_LEN + LAB_MTU];
	uint8_t *p = buf + OFFLOAD_HEADER, *start = p;
	size_t len = FRAME_LINK_LEN + f->len;

	if (f->len > LAB_MTU)
		die("a frame is larger than the tap takes");
	frame_link_header(f, p);
	memcpy(p + FRAME_LINK_LEN, f->data, f->caplen);
	memset(p + FRAME_LINK_LEN + f->caplen, 0, f->len - f->caplen);
	if (lab->card) {
		start = buf;
		len += OFFLOAD_HEADER;
		offload_header(f, start);
	}
	while (write(lab->in, start, len) < 0)
		if (errno != EINTR)
			die("cannot write to a tap: %s", strerror(errno));
}

void inject_one(struct lab *lab, struct frame *f, struct verdict *v)
{
	f->sent = stamp();
	if (lab->host)
		lab->strays += host_pass(lab->host, lab->in, f);
	else
		write_frame(lab, f);
	if (nflog_drain(lab->log, v))
		die("NFLOG: %s", strerror(errno));
	if (lab->events >= 0 && ctnl_events_drain(lab->events, v))
		die("conntrack events: %s", strerror(errno));
	/* Packets that the host receives do not leave the lab. */
	if (lab->host)
		v->out = v->words;
	else
		v->out += drain_tap(lab->out, &lab->strays);
}

static void add_events(struct kernel_run *run, const struct verdict *v)
{
	char *copy = v->events ? xstrdup(v->events) : NULL, *line;

	for (char *p = copy; p && (line = strsep(&p, "\n")); )
		lines_add(&run->events, line);
	free(copy);
}

/* Reading the table deletes expired entries, which causes events, too. */
static void gather_events(struct lab *lab, struct kernel_run *run)
{
	struct verdict late = { 0 };

	for (size_t i = 0; i < run->n; i++)
		add_events(run, &run->verdicts[i]);
	run->late = run->events.n;
	if (lab->events >= 0 && ctnl_events_drain(lab->events, &late))
		die("conntrack events: %s", strerror(errno));
	add_events(run, &late);
	free(late.events);
}

/* The index of the word 'name' in 'line', or -1. */
static int column_of(const char *line, const char *name)
{
	char *copy = xstrdup(line), *state = NULL;
	int i = 0, found = -1;

	for (char *w = strtok_r(copy, " \n", &state); w && found < 0;
	     w = strtok_r(NULL, " \n", &state), i++)
		if (strcmp(w, name) == 0)
			found = i;
	free(copy);
	return found;
}

/* The sum of a column over all processors; it wraps as the counters do. */
static uint32_t sum_of(const struct lines *ls, const char *name)
{
	int column = column_of(ls->v[0], name);
	uint32_t sum = 0;

	if (column < 0)
		die("/proc/net/stat/nf_conntrack has no column %s", name);
	for (size_t i = 1; i < ls->n; i++) {
		const char *p = ls->v[i];
		unsigned long n = 0;
		char *end = NULL;

		for (int c = 0; c <= column; c++, p = end)
			n = strtoul(p, &end, 16);
		sum += (uint32_t)n;
	}
	return sum;
}

/* The number of this namespace's expectations, by its counters. */
static uint32_t live_expectations(void)
{
	static const char path[] = "/proc/net/stat/nf_conntrack";
	struct lines ls = { 0 };
	uint32_t n;

	if (lines_read(&ls, path) || ls.n == 0)
		die("%s: %s", path, strerror(errno));
	n = sum_of(&ls, "expect_create") - sum_of(&ls, "expect_delete");
	lines_free(&ls);
	return n;
}

/* The line without the seconds left, which may change between two readings. */
static const char *without_seconds(const char *line)
{
	return line + strspn(line, "-0123456789");
}

static bool all_differ(const struct lines *ls)
{
	for (size_t i = 0; i < ls->n; i++)
		for (size_t j = 0; j < i; j++)
			if (strcmp(without_seconds(ls->v[i]),
				   without_seconds(ls->v[j])) == 0)
				return false;
	return true;
}

static bool same_lines(const struct lines *a, const struct lines *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (strcmp(without_seconds(a->v[i]), without_seconds(b->v[i])))
			return false;
	return true;
}

/*
 * All namespaces share the kernel's table of expectations, and a reader
 * continues by position: when another namespace adds or removes expectations
 * meanwhile, the reader loses lines or gets them twice. So this reads until the
 * number of lines equals the namespace's own counters and no line is there
 * twice. Since 7.2 the counters include expired expectations that the kernel
 * has not collected yet, so several equal readings in a row are accepted as
 * well.
 */
static int read_expectations(struct lines *ls)
{
	static const char path[] = "/proc/net/nf_conntrack_expect";
	struct lines before = { 0 };
	unsigned int same = 0;

	for (unsigned int i = 0; i < MOST_READINGS; i++) {
		lines_free(&before);
		before = *ls;
		memset(ls, 0, sizeof(*ls));
		if (lines_read(ls, path))
			return -1;
		same = i && same_lines(ls, &before) ? same + 1 : 0;
		if (all_differ(ls) &&
		    (ls->n == live_expectations() || same == EQUAL_READINGS))
			break;
		sleep_ns(10 * NSEC_PER_MSEC);
	}
	lines_free(&before);
	return 0;
}

/* Entries of this namespace, as the kernel counts them. */
static size_t live_entries(void)
{
	static const char path[] = "/proc/sys/net/netfilter/nf_conntrack_count";
	struct lines ls = { 0 };
	size_t n;

	if (lines_read(&ls, path) || ls.n == 0)
		die("%s: %s", path, strerror(errno));
	n = strtoul(ls.v[0], NULL, 10);
	lines_free(&ls);
	return n;
}

/* Up to the protocol's number lines are of one length; then come seconds. */
static bool same_entry(const char *a, const char *b)
{
	const char *x = strstr(a, " src="), *y = strstr(b, " src=");

	return x && y && !strncmp(a, b, 24) && !strcmp(x, y);
}

static bool all_entries_differ(const struct lines *ls)
{
	for (size_t i = 0; i < ls->n; i++)
		for (size_t j = 0; j < i; j++)
			if (same_entry(ls->v[i], ls->v[j]))
				return false;
	return true;
}

static bool same_entries(const struct lines *a, const struct lines *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (!same_entry(a->v[i], b->v[i]))
			return false;
	return true;
}

/*
 * Before 6.17 a reader continues by counting entries, and removes expired ones
 * as it meets them: it misses as many live ones after each page, and may get
 * others twice. So the first reading collects, and one counts that has as many
 * lines as there are entries, or the same ones as the reading before.
 */
static int read_table(struct lines *ls)
{
	struct lines before = { 0 };

	for (unsigned int i = 0; i < TABLE_READINGS; i++) {
		lines_free(&before);
		before = *ls;
		memset(ls, 0, sizeof(*ls));
		if (lines_read(ls, "/proc/net/nf_conntrack"))
			return -1;
		if (i > 0 && all_entries_differ(ls) &&
		    (ls->n == live_entries() || same_entries(ls, &before)))
			break;
	}
	lines_free(&before);
	return 0;
}

/* Whole seconds since the last frame. */
static uint64_t lag(const struct frames *fs)
{
	return fs->n ? (stamp() - fs->v[fs->n - 1].sent) / NSEC_PER_SEC : 0;
}

void inject_all(struct lab *lab, const struct setup *setup, struct frames *fs,
		struct kernel_run *run)
{
	memset(run, 0, sizeof(*run));
	run->verdicts = verdicts_new(fs->n);
	run->n = fs->n;
	for (size_t i = 0; i < fs->n; i++) {
		struct frame *f = &fs->v[i];
		uint64_t gap = f->gap < setup->max_gap ? f->gap : setup->max_gap;

		if (gap)
			sleep_ns(gap);
		inject_one(lab, f, &run->verdicts[i]);
	}
	if (read_table(&run->table))
		die("/proc/net/nf_conntrack: %s", strerror(errno));
	run->table_lag = lag(fs);
	if (read_expectations(&run->expect))
		die("/proc/net/nf_conntrack_expect: %s", strerror(errno));
	run->expect_lag = lag(fs);
	gather_events(lab, run);
	lab->strays += drain_tap(lab->in, &lab->strays);
	run->strays = lab->strays;
	lab->strays = 0;
}

void kernel_run_free(struct kernel_run *run)
{
	verdicts_free(run->verdicts, run->n);
	lines_free(&run->table);
	lines_free(&run->expect);
	lines_free(&run->events);
	memset(run, 0, sizeof(*run));
}
