/* SPDX-License-Identifier: GPL-2.0-only */
#include "inject.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctnl.h"
#include "nflog.h"

/* Counts the frames of ours that come out of a tap, and the others. */
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
			die("reading a tap: %s", strerror(errno));
		if (frame_link_is_ours(buf, (size_t)n))
			ours++;
		else
			(*others)++;
	}
}

/*
 * The time of day, but without its steps: a clock that is set meanwhile must
 * not make entries expire on one side.
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
	static uint8_t buf[FRAME_LINK_LEN + LAB_MTU];
	size_t len = FRAME_LINK_LEN + f->len;

	if (f->len > LAB_MTU)
		die("a frame is larger than the tap takes");
	frame_link_header(f, buf);
	memcpy(buf + FRAME_LINK_LEN, f->data, f->caplen);
	memset(buf + FRAME_LINK_LEN + f->caplen, 0, f->len - f->caplen);

	while (write(lab->in, buf, len) < 0)
		if (errno != EINTR)
			die("writing to a tap: %s", strerror(errno));
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
	/* What reaches the host comes out nowhere. */
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

/* Reading the table threw out what had run out: that has events, too. */
static void gather_events(struct lab *lab, struct kernel_run *run)
{
	struct verdict late = { 0 };

	for (size_t i = 0; i < run->n; i++)
		add_events(run, &run->verdicts[i]);
	if (lab->events >= 0 && ctnl_events_drain(lab->events, &late))
		die("conntrack events: %s", strerror(errno));
	add_events(run, &late);
	free(late.events);
}

/* But for the seconds left, which may go on from one reading to the next. */
static bool same_lines(const struct lines *a, const struct lines *b)
{
	static const char digits[] = "-0123456789";

	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (strcmp(a->v[i] + strspn(a->v[i], digits),
			   b->v[i] + strspn(b->v[i], digits)) != 0)
			return false;
	return true;
}

/*
 * All namespaces share the kernel's table of expectations, and whoever reads
 * it goes on by position: lines are lost where others of another namespace go
 * meanwhile.  Two readings that agree have lost none.
 */
static int read_expectations(struct lines *ls)
{
	static const char path[] = "/proc/net/nf_conntrack_expect";
	struct lines again = { 0 };
	bool same = false;

	if (lines_read(ls, path))
		return -1;
	for (int i = 0; i < 20 && !same; i++) {
		if (lines_read(&again, path))
			return -1;
		same = same_lines(ls, &again);
		lines_free(ls);
		*ls = again;
		memset(&again, 0, sizeof(again));
	}
	return 0;
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
	if (lines_read(&run->table, "/proc/net/nf_conntrack") ||
	    read_expectations(&run->expect))
		die("/proc/net/nf_conntrack: %s", strerror(errno));
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
