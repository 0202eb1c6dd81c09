/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * attack.c - the program under floods, with little memory.
 *
 * 	attack CTREPLAY [NAME]
 *
 * Each flood comes through a pipe, in two sizes, the second four times the
 * first.  The test demands that the program needs no more memory than its limit
 * (setrlimit), that this memory does not grow with the flood unless the flood
 * may do that, that processor time grows no faster than the flood, and that the
 * statistics tell what was refused.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "flood.h"

#define ARGS		12
#define MIB		(1024ul * 1024)
#define SECONDS		100	/* of processor time, a run */
#define TRIES		3	/* others use the machine as well */
#define GROWTH		4u
/* Time may grow by this factor more than the flood; if quadratic, it grows by
 * four times as much. */
#define SLACK		2.5
#define SLACK_SECONDS	0.02
#define SLACK_KIB	1024

/* The result of a run. */
struct outcome {
	int status;
	double seconds;		/* of processor time */
	long kib;		/* resident, at most */
	char out[8192];		/* the statistics */
	char err[4096];
};

struct attack {
	const char *name;
	flood *make;
	unsigned int what;
	uint64_t n;		/* the smaller size */
	unsigned int mib;	/* of address space */
	const char *args[ARGS];
	/* NULL if the statistics are right, or what is wrong. */
	const char *(*check)(const struct outcome *o, uint64_t n);
	int status;
	bool grows;		/* its memory may grow, within the limit */
};

static uint64_t count(const struct outcome *o, const char *name)
{
	char key[64];
	const char *at;

	snprintf(key, sizeof(key), "\"%s\":", name);
	at = strstr(o->out, key);
	return at ? strtoull(at + strlen(key), NULL, 10) : 0;
}

static const char *all_frames(const struct outcome *o, uint64_t frames)
{
	return count(o, "frames") == frames ? NULL : "not all frames were read";
}

#define MAX_DEFAULT 262144u	/* nf_conntrack_max */
#define MAX_SMALL   1000u

static const char *dropped_early(const struct outcome *o, uint64_t n,
				 uint64_t max)
{
	if (count(o, "created") != n || count(o, "NEW") != n)
		return "not every SYN made an entry";
	if (count(o, "most_entries") != max)
		return "the table was not filled up";
	if (count(o, "early-dropped") != n - max)
		return "entries dropped early are not counted";
	return all_frames(o, n);
}

static const char *check_syn(const struct outcome *o, uint64_t n)
{
	return dropped_early(o, n, MAX_DEFAULT);
}

static const char *check_syn_small(const struct outcome *o, uint64_t n)
{
	return dropped_early(o, n, MAX_SMALL);
}

static const char *check_syn_full(const struct outcome *o, uint64_t n)
{
	if (count(o, "created") != FLOOD_ASSURED ||
	    count(o, "most_entries") != FLOOD_ASSURED)
		return "established connections should stay, and be all";
	if (count(o, "refused") != n || count(o, "DROP") != n ||
	    count(o, "table-full") != n)
		return "what the full table refused is not counted";
	return strstr(o->err, "table full, dropping packet") ? NULL :
	       "that the table was full is not told";
}

static const char *check_fragments(const struct outcome *o, uint64_t n)
{
	uint64_t held = count(o, "fragment-held");

	/* 4 MiB, at least 512 bytes each. */
	if (held == 0 || held > 8192)
		return "fragments beyond the memory for them are held";
	if (count(o, "fragment-limit") != n - held)
		return "fragments refused are not counted";
	return all_frames(o, n);
}

static const char *check_tiny(const struct outcome *o, uint64_t n)
{
	if (count(o, "NEW") != n / FLOOD_DATAGRAM ||
	    count(o, "FRAGMENT") != n - n / FLOOD_DATAGRAM)
		return "not every datagram became whole";
	return all_frames(o, n);
}

static const char *check_overlaps(const struct outcome *o, uint64_t n)
{
	if (!count(o, "fragment-overlap") || count(o, "NEW"))
		return "overlaps are not counted";
	return all_frames(o, n);
}

#define EXPECT_MAX 4096u	/* nf_conntrack_expect_max */

static const char *check_expect(const struct outcome *o, uint64_t n)
{
	if (count(o, "made") != EXPECT_MAX)
		return "expectations beyond nf_conntrack_expect_max are made";
	if (count(o, "dropped_by_helpers") != n - EXPECT_MAX ||
	    count(o, "helper-no-expectation") != n - EXPECT_MAX)
		return "expectations refused are not counted";
	return all_frames(o, 5 * n);
}

static const char *check_headers(const struct outcome *o, uint64_t n)
{
	if (count(o, "NEW") != n)
		return "the transport header behind the chain was not found";
	return all_frames(o, n);
}

static const char *check_400(const struct outcome *o, uint64_t n)
{
	(void)n;
	return check_headers(o, 400);
}

static const char *check_too_different(const struct outcome *o, uint64_t n)
{
	(void)n;
	if (!strstr(o->err, "the interfaces that differ take more than 24 MiB"))
		return "what is refused is not told";
	return NULL;
}

static const char *check_too_many(const struct outcome *o, uint64_t n)
{
	(void)n;
	if (!strstr(o->err, "a section has more than 65536 interfaces"))
		return "what is refused is not told";
	return all_frames(o, 65536);
}

#define STATS "-q", "-s", "-k", "none", "-o", "json"
#define SMALL_TABLE "--sysctl", "nf_conntrack_max=1000"

static const struct attack attacks[] = {
	{ "syn-flood", flood_syn, 0, 500000, 192, { STATS }, check_syn, 0, false },
	{ "syn-flood, small table", flood_syn, 0, 500000, 64,
	  { STATS, SMALL_TABLE }, check_syn_small, 0, false },
	{ "syn-flood, table full of assured", flood_syn_full, 0, 500000, 64,
	  { STATS, SMALL_TABLE }, check_syn_full, 0, false },
	{ "syn-flood, all printed", flood_syn, 0, 200000, 64,
	  { "-p", "-e", "-o", "json", SMALL_TABLE }, NULL, 0, false },
	{ "fragments", flood_fragments, 4, 250000, 64, { STATS },
	  check_fragments, 0, false },
	{ "fragments, IPv6", flood_fragments, 6, 250000, 64, { STATS },
	  check_fragments, 0, false },
	{ "fragments, written", flood_fragments, 4, 250000, 80,
	  { STATS, "-w", "/dev/null" }, check_fragments, 0, false },
	{ "fragments of 8 octets", flood_tiny_fragments, 0, 50 * FLOOD_DATAGRAM,
	  64, { STATS }, check_tiny, 0, false },
	{ "fragments that overlap", flood_overlaps, 0, 250000, 64, { STATS },
	  check_overlaps, 0, false },
	{ "expectations", flood_expect, 0, 20000, 96, { STATS },
	  check_expect, 0, true },
	{ "expectations of one port", flood_expect, 1, 10000, 96, { STATS },
	  check_expect, 0, true },
	{ "IPv6 headers", flood_headers, 0, 20000, 128, { STATS },
	  check_headers, 0, true },
	{ "IPv6 headers, long chains", flood_headers, 1, 2000, 64, { STATS },
	  check_400, 0, false },
	{ "pcapng interfaces", flood_interfaces, 0, 16384, 64,
	  { STATS, "-f", "udp" }, all_frames, 0, true },
	{ "pcapng interfaces, a thousand a section", flood_interfaces, 1, 50000,
	  64, { STATS, "-f", "udp" }, all_frames, 0, true },
	{ "pcapng interfaces that differ, too many", flood_interfaces, 1, 500000,
	  64, { STATS }, check_too_different, 3, false },
	{ "pcapng interfaces, too many", flood_interfaces, 0, 100000, 64,
	  { STATS }, check_too_many, 3, false },
};
#define ATTACKS (sizeof(attacks) / sizeof(attacks[0]))

/* In the child. */
static void exec_program(const char *program, const struct attack *a, int in,
			 int out, int err)
{
	const struct rlimit space = { a->mib * MIB, a->mib * MIB };
	const struct rlimit time = { SECONDS, SECONDS };
	char *argv[ARGS + 3];
	int n = 0;

	argv[n++] = strdup(program);
	for (int i = 0; i < ARGS && a->args[i]; i++)
		argv[n++] = strdup(a->args[i]);
	argv[n++] = strdup("-");
	argv[n] = NULL;
	if (dup2(in, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0 ||
	    dup2(err, STDERR_FILENO) < 0 || setrlimit(RLIMIT_CPU, &time) < 0 ||
	    setrlimit(RLIMIT_AS, &space) < 0)
		_exit(99);
	execv(program, argv);
	_exit(98);
}

static void read_back(int fd, char *to, size_t size)
{
	ssize_t n = pread(fd, to, size - 1, 0);

	to[n > 0 ? n : 0] = '\0';
	close(fd);
}

static int output_of(const struct attack *a)
{
	return a->check ? memfd_create("output", MFD_CLOEXEC) :
			  open("/dev/null", O_WRONLY | O_CLOEXEC);
}

static bool run(const char *program, const struct attack *a, uint64_t n,
		struct outcome *o)
{
	int pipes[2], out = output_of(a), err = memfd_create("errors", MFD_CLOEXEC);
	struct rusage used;
	FILE *to;
	pid_t pid;

	if (out < 0 || err < 0 || pipe2(pipes, O_CLOEXEC) < 0)
		return false;
	pid = fork();
	if (pid == 0)
		exec_program(program, a, pipes[0], out, err);
	close(pipes[0]);
	to = fdopen(pipes[1], "w");
	if (pid < 0 || !to)
		return false;
	setvbuf(to, NULL, _IOFBF, 1024 * 1024);
	a->make(to, n, a->what);
	fclose(to);	/* may fail: the program may stop reading early */
	if (wait4(pid, &o->status, 0, &used) != pid)
		return false;
	o->seconds = (double)used.ru_utime.tv_sec + (double)used.ru_stime.tv_sec +
		     (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
	o->kib = used.ru_maxrss;
	read_back(out, o->out, sizeof(o->out));
	read_back(err, o->err, sizeof(o->err));
	return true;
}

static bool judge(const struct attack *a, const struct outcome *o, uint64_t n)
{
	const char *why = NULL;

	if (!WIFEXITED(o->status) || WEXITSTATUS(o->status) != a->status)
		why = "wrong exit status";
	else if (strstr(o->err, "memory"))
		why = "memory ran out";
	else if (a->check)
		why = a->check(o, n);
	if (why)
		fprintf(stderr, "FAILED: %s of %" PRIu64 ": %s\n  status %#x, said: %s\n  %s\n",
			a->name, n, why, o->status, o->err, o->out);
	return !why;
}

static double least(double a, double b)
{
	return a < b ? a : b;
}

static bool attack(const char *program, const struct attack *a)
{
	struct outcome small, large;
	double t1 = 1e9, t2 = 1e9;
	bool linear = false;

	for (int i = 0; i < TRIES && !linear; i++) {
		if (!run(program, a, a->n, &small) ||
		    !run(program, a, GROWTH * a->n, &large)) {
			perror(a->name);
			return false;
		}
		if (!judge(a, &small, a->n) || !judge(a, &large, GROWTH * a->n))
			return false;
		t1 = least(t1, small.seconds);
		t2 = least(t2, large.seconds);
		linear = t2 <= GROWTH * SLACK * t1 + SLACK_SECONDS;
	}
	printf("%-40s %8" PRIu64 " %6.2f s %5ld KiB   %8" PRIu64 " %6.2f s %5ld KiB of %u MiB\n",
	       a->name, a->n, t1, small.kib, GROWTH * a->n, t2, large.kib, a->mib);
	fflush(stdout);
	if (!a->grows && large.kib > small.kib + small.kib / 8 + SLACK_KIB) {
		fprintf(stderr, "FAILED: %s: memory grows with the flood\n",
			a->name);
		return false;
	}
	if (!linear)
		fprintf(stderr, "FAILED: %s: time grows more than the flood\n",
			a->name);
	return linear;
}

static bool attack_talks(const char *program, const char *name)
{
	bool ok = true;

	for (unsigned int what = 0; what < FLOOD_TALKS; what++) {
		const struct attack a = {
			flood_talk_name(what), flood_talk, what, 16000, 64,
			{ "-s", "-q", "-k", "none" }, NULL, 0, false,
		};

		if (!name || strcmp(name, a.name) == 0)
			ok = attack(program, &a) && ok;
	}
	return ok;
}

int main(int argc, char **argv)
{
	const char *name = argc > 2 ? argv[2] : NULL;
	bool ok = true;

	if (argc < 2) {
		fputs("usage: attack CTREPLAY [NAME]\n", stderr);
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	for (size_t i = 0; i < ATTACKS; i++)
		if (!name || strcmp(name, attacks[i].name) == 0)
			ok = attack(argv[1], &attacks[i]) && ok;
	ok = attack_talks(argv[1], name) && ok;
	return !ok;
}
