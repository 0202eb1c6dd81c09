/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * memory.c - refuses each allocation of a replay in turn.
 *
 * 	memory [-t] FILE...
 *
 * Each is refused once alone, and once with all that follow it.  The test
 * demands that the run ends; that it prints either its whole output with the
 * same exit status, or the beginning of that, up to the end of a line, with a
 * message about memory and exit status 2 or 3; and that it leaks no memory.
 *
 * -t: with threads, whose timing decides which allocation fails.
 */
#include <getopt.h>
#include <inttypes.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "crash.h"
#include "program.h"
#include "shortage.h"

#define SECONDS		120u
#define SAID_MOST	20u
#define ARGS		12

static const char *const ways[][ARGS] = {
	{ "-p", "-v", "-e", "-t", "-x", "-s" },
	{ "-p", "-v", "-e", "-t", "-x", "-s", "-o", "json",
	  "--sysctl", "nf_conntrack_acct=1" },
	{ "-e", "-o", "json" },
	{ "-t", "-o", "csv", "--at", "+1", "-f", "ip or ip6", "-N", "icmp" },
	{ "-o", "timesketch", "--helper", "ftp:2121", "-k", "none" },
	{ "-w", "-", "-f", "ip or ip6", "-c", "1000" },
	{ "--annotate", "-", "-c", "1000" },
	{ "--report", "-", "-c", "1000" },
};
#define WAYS (sizeof(ways) / sizeof(ways[0]))
/* A page takes as many allocations whatever the capture, and as long as all other ways
 * together: one capture in these many has one. */
#define PAGES_EVERY	6

struct test {
	struct program p;
	const char *name;
	const char *const *way;
	char *good;		/* the output with enough memory */
	size_t good_len;
	int good_status;
	uint64_t runs, whole, failures;
};

/*
 * libpcap 1.10.3's parser of filters crashes without memory.  ctreplay checks that
 * there is enough before it calls it, so its allocations are not refused.
 */
int __real_pcap_compile(pcap_t *p, struct bpf_program *program,
			const char *expr, int optimize, bpf_u_int32 netmask);
int __wrap_pcap_compile(pcap_t *p, struct bpf_program *program,
			const char *expr, int optimize, bpf_u_int32 netmask);

int __wrap_pcap_compile(pcap_t *p, struct bpf_program *program,
			const char *expr, int optimize, bpf_u_int32 netmask)
{
	int result;

	shortage_pause(true);
	result = __real_pcap_compile(p, program, expr, optimize, netmask);
	shortage_pause(false);
	return result;
}

static void fail(struct test *t, const char *why)
{
	if (t->failures++ < SAID_MOST)
		fprintf(stderr, "FAILED: %s: %s\n  status %d, said: %s\n", doing,
			why, t->p.status, t->p.said_len ? t->p.said : "nothing");
}

/* The whole program: options, replay, the end. */
static void run(struct test *t, unsigned long at, bool lasting)
{
	struct options o;

	t->p.status = 2;
	program_empty(&t->p);
	shortage_begin(at, lasting);
	if (program_options(&t->p, &o, t->way) && !program_replay(&t->p, &o)) {
		perror(t->name);
		exit(1);
	}
	options_free(&o);
}

static bool annotates(const struct test *t)
{
	return strcmp(t->way[0], "--annotate") == 0;
}

static bool reports(const struct test *t)
{
	return strcmp(t->way[0], "--report") == 0;
}

static bool whole_lines(const struct test *t)
{
	return strcmp(t->way[0], "-w") == 0 || annotates(t) || reports(t) || t->p.len == 0 ||
	       t->p.text[t->p.len - 1] == '\n';
}

/*
 * A file that could not be read any further counts as damaged there: the
 * program must print the output of the frames so far, with their table, unless
 * it had no memory for that either.
 */
static bool as_far_as_frame(struct test *t, uint64_t frame)
{
	struct program got = t->p;
	bool no_end = strstr(t->p.said, "what is printed holds");
	struct options o;
	bool same;

	got.text = malloc(got.len + 1);
	if (!got.text)
		exit(1);
	memcpy(got.text, t->p.text, got.len);
	program_empty(&t->p);
	if (!program_options(&t->p, &o, t->way))
		exit(1);
	/* There is no option for no frames at all. */
	o.max_frames = frame > 1 ? frame - 1 : 1;
	if (!program_replay(&t->p, &o) || !program_output(&t->p))
		exit(1);
	options_free(&o);
	/* Blocks that follow the last frame are read with it, but not with -c. */
	if (annotates(t) && got.len > t->p.len)
		got.len = t->p.len;
	same = frame > 1 ? got.len <= t->p.len &&
			   (no_end || annotates(t) || got.len == t->p.len) &&
			   memcmp(got.text, t->p.text, got.len) == 0 :
			   got.len <= t->p.len;
	free(got.text);
	/* The messages are printed if the test fails. */
	memcpy(t->p.said, got.said, sizeof(got.said));
	t->p.said_len = got.said_len;
	t->p.status = got.status;
	return same;
}

/* The frame at which the messages say that a file is damaged, or could not be
 * filtered. */
static uint64_t damaged_frame(const struct test *t)
{
	const char *at = strstr(t->p.said, " for the filter at frame ");
	uint64_t frame;

	if (at)
		return strtoull(at + 25, NULL, 10);
	at = t->p.said;
	while ((at = strstr(at, " at byte ")))
		if (sscanf(at += 9, "%*u, frame %" SCNu64, &frame) == 1 ||
		    sscanf(at, "%*u of the decompressed data, frame %" SCNu64,
			   &frame) == 1)
			return frame;
	return 0;
}

static void check(struct test *t, long in_use)
{
	uint64_t frame = damaged_frame(t);

	if (shortage_in_use() != in_use)
		fail(t, "memory is lost");
	if (frame && t->good_status == 0) {
		if (t->p.status != 3 || !as_far_as_frame(t, frame))
			fail(t, "prints something else than the frames so far give");
		return;
	}
	if (t->p.len > t->good_len || memcmp(t->p.text, t->good, t->p.len) != 0) {
		fail(t, "prints something else than with enough memory");
	} else if (t->p.status == t->good_status) {
		t->whole++;
		if (t->p.len != t->good_len)
			fail(t, "something is missing, and the exit status does not tell");
	} else if (t->p.status != 2 && t->p.status != 3) {
		fail(t, "status must be 2 or 3");
	} else if (t->p.status == 2 && t->p.len) {
		fail(t, "status 2 is for what cannot be done at all");
	} else if (!strstr(t->p.said, "memory")) {
		fail(t, "the message does not speak of memory");
	} else if (!whole_lines(t)) {
		fail(t, "a line is not whole");
	}
}

/* Refuses one allocation after the other until none is left. */
static void refuse_each(struct test *t, bool lasting)
{
	for (unsigned long at = 1; ; at++) {
		long in_use = shortage_in_use();
		bool hit;

		snprintf(doing, sizeof(doing), "%s, %s %s %s ...: allocation %lu refused%s",
			 t->name, t->way[0], t->way[1],
			 t->way[2] ? t->way[2] : "", at,
			 lasting ? ", and all after it" : "");
		alarm(SECONDS);
		run(t, at, lasting);
		shortage_end();
		hit = shortage_hit();
		if (!program_output(&t->p)) {
			perror(t->name);
			exit(1);
		}
		check(t, in_use);
		t->runs++;
		if (!hit)
			return;
	}
}

static void try_way(struct test *t)
{
	/* Twice: libraries are loaded, and keep some memory. */
	for (int i = 0; i < 2; i++) {
		run(t, 0, false);
		shortage_end();
		if (!program_output(&t->p))
			exit(1);
	}
	t->good_status = t->p.status;
	t->good_len = t->p.len;
	t->good = malloc(t->p.len + 1);
	if (!t->good)
		exit(1);
	memcpy(t->good, t->p.text, t->p.len);
	refuse_each(t, false);
	refuse_each(t, true);
	free(t->good);
}

int main(int argc, char **argv)
{
	struct test t = { .runs = 0 };
	bool threads = false;
	int first, c;

	while ((c = getopt(argc, argv, "t")) != -1) {
		if (c != 't')
			return 2;
		threads = true;
	}
	first = optind;
	crash_tell();
	if (!program_init(&t.p)) {
		perror("memory");
		return 1;
	}
	t.p.no_threads = !threads;
	for (int i = first; i < argc; i++) {
		size_t n;
		uint8_t *bytes = file_read(argv[i], &n);

		if (!bytes || !program_input(&t.p, bytes, n))
			return 1;
		free(bytes);
		t.name = argv[i];
		for (size_t way = 0; way < WAYS; way++) {
			t.way = ways[way];
			if (!reports(&t) || i % PAGES_EVERY == 0)
				try_way(&t);
		}
	}
	program_free(&t.p);
	fprintf(stderr, "%d captures, %" PRIu64 " runs with an allocation refused, %" PRIu64 " of them with the whole output; %" PRIu64 " failures\n",
		argc - first, t.runs, t.whole, t.failures);
	return t.failures != 0 || t.runs == 0;
}
